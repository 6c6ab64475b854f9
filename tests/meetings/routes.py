"""Who gets the pages of meetings."""

STAFF = {"administrator", "organizer", "approver", "editor"}
ORGANIZERS = {"administrator", "organizer"}
EVERYBODY = {*STAFF, "liaison", "check_in", "member", "invitee", "stranger"}

ROUTES: dict[str, set[str]] = {
    "meeting_lists.index": STAFF,
    "meeting_lists.as_csv": STAFF,
    "meeting_lists.as_xlsx": STAFF,
    "meeting_lists.public_index": EVERYBODY,
    "calendar.feed": EVERYBODY,
    "calendar.one": {*STAFF, "liaison"},
    "meetings.new": ORGANIZERS,
    "meetings.edit": ORGANIZERS,
    "meeting_acts.start": ORGANIZERS,
    "meeting_acts.conclude": ORGANIZERS,
    "meeting_acts.archive": ORGANIZERS,
}
