"""Who gets the pages of incoming mail: those who organize the meeting, and administrators."""

READERS = {"administrator", "organizer"}

ROUTES: dict[str, set[str]] = {
    "incoming.index": READERS,
    "incoming.as_csv": READERS,
    "incoming.of_meeting": READERS,
    "incoming.of_meeting_as_csv": READERS,
    "incoming_entry.show": READERS,
    "incoming_entry.message": READERS,
    "incoming_entry.apply": {"organizer"},
    "incoming_entry.undo": {"organizer"},
    "incoming_entry.settle": READERS,
    "incoming_entry.back": READERS,
    "incoming_entry.substitute": {"organizer"},
    "incoming_entry.invite": READERS,
    "incoming_entry.accept": READERS,
    "incoming_entry.refuse": READERS,
}
