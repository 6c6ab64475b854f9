"""Who gets the pages of calendars to subscribe to."""

MEMBERS = {"administrator", "organizer", "approver", "editor", "liaison", "check_in", "member"}
EVERYBODY = {*MEMBERS, "stranger", "invitee"}

ROUTES: dict[str, set[str]] = {
    "subscribed.calendar": EVERYBODY,
    "own_calendar.show": MEMBERS,
    "own_calendar.replace": {"liaison"},
    "own_calendar.revoke": {"liaison", "administrator"},
    "organization_calendars.index": {"liaison"},
    "organization_calendars.show": {"liaison"},
    "calendars.index": {"administrator"},
    "public_calendar.show": EVERYBODY,
}
