"""Who gets the pages of chasing."""

CHASES = {"administrator", "organizer"}
ROUTES: dict[str, set[str]] = {
    "remind.show": CHASES,
    "remind.letter": CHASES,
    "reminders.show": CHASES,
    "reminders.take_proposed": CHASES,
    "reminders.one": CHASES,
    "reminders.switch": CHASES,
    "reminders.remove": CHASES,
    "reminders.send_now": CHASES,
    "calls.show": CHASES,
    "calls.on_paper": CHASES,
    "calls.as_csv": CHASES,
    "calls.as_xlsx": CHASES,
    "calls.note": CHASES,
}
