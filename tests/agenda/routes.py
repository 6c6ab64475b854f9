"""Who gets the pages of the agenda, and those of a meeting that show it."""

STAFF = {"administrator", "organizer", "approver", "editor"}
ORGANIZERS = {"administrator", "organizer"}

ROUTES: dict[str, set[str]] = {
    "agenda.index": STAFF,
    "agenda.new": ORGANIZERS,
    "agenda.edit": ORGANIZERS,
    "agenda.remove": ORGANIZERS,
    "agenda.order": ORGANIZERS,
    "meeting_page.show": {*STAFF, "liaison"},
    "preview.show": STAFF,
    "preview.frame": STAFF,
    "preview.schedule": ORGANIZERS,
    "meeting_copy.copy": ORGANIZERS,
}
