"""Who gets the statistics."""

STAFF = {"administrator", "organizer", "approver", "editor"}

ROUTES: dict[str, set[str]] = {
    "statistics.index": STAFF,
    "statistics.as_csv": STAFF,
    "statistics.as_xlsx": STAFF,
    "statistics.places": STAFF,
    "statistics.places_as_csv": STAFF,
    "statistics.places_as_xlsx": STAFF,
}
