"""Who gets the pages of answers."""

from tests.invitations.routes import EVERYBODY

BY_LINK: dict[str, set[str]] = {
    "organization_link.show": EVERYBODY,
    "organization_link.send": EVERYBODY,
    "organization_link.draft": EVERYBODY,
}
PORTAL: dict[str, set[str]] = {
    "organization_portal.first": {"liaison"},
    "organization_portal.show": {"liaison"},
    "organization_portal.send": {"liaison"},
    "organization_portal.draft": {"liaison"},
}
ROUTES: dict[str, set[str]] = {**BY_LINK, **PORTAL}
