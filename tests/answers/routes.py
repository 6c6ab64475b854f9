"""Who gets the pages of answers."""

from tests.invitations.routes import ASKS, EVERYBODY, STAFF

BY_LINK: dict[str, set[str]] = {
    "organization_link.show": EVERYBODY,
    "organization_link.send": EVERYBODY,
    "organization_link.draft": EVERYBODY,
    "organization_link.slip": EVERYBODY,
    "organization_link.document": EVERYBODY,
    "organization_link.request": EVERYBODY,
}
PORTAL: dict[str, set[str]] = {
    "organization_portal.first": {"liaison"},
    "organization_portal.show": {"liaison"},
    "organization_portal.send": {"liaison"},
    "organization_portal.draft": {"liaison"},
    "organization_portal.slip": {"liaison"},
    "organization_portal.document": {"liaison"},
    "organization_portal.request": {"liaison"},
}
OFFICE: dict[str, set[str]] = {
    "organization_answers.index": STAFF,
    "organization_answers.as_csv": STAFF,
    "organization_answers.as_xlsx": STAFF,
    "organization_answers.show": STAFF,
    "organization_answers.close": ASKS,
    "organization_answers.document": STAFF,
    "meeting_questions.index": ASKS,
    "meeting_questions.common": ASKS,
    "meeting_questions.order": ASKS,
    "meeting_questions.new": ASKS,
    "meeting_questions.edit": ASKS,
    "meeting_questions.withdraw": ASKS,
}
ROUTES: dict[str, set[str]] = {**BY_LINK, **PORTAL, **OFFICE}
