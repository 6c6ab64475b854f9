"""Who gets the pages of attendance."""

DOOR = {"organizer", "check_in"}
STAFF = {"administrator", "organizer", "approver", "editor"}

ROUTES: dict[str, set[str]] = {
    "door.index": DOOR,
    "door.show": DOOR,
    "door.record": DOOR,
    "door.walk_in": DOOR,
    "roll.show": STAFF,
    "roll.as_csv": STAFF,
    "roll.as_xlsx": STAFF,
    "roll.close": {"organizer"},
    "roll.reopen": {"organizer"},
    "roll.sheet": {"organizer"},
}
