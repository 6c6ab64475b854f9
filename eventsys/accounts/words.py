"""What roles and states are called."""

from __future__ import annotations

from eventsys.core.actor import Role
from eventsys.core.language import lazy_gettext as _l

ROLES = {
    Role.ORGANIZER: _l("Organizer"),
    Role.APPROVER: _l("Approver"),
    Role.EDITOR: _l("Editor"),
    Role.LIAISON: _l("Liaison"),
    Role.CHECK_IN: _l("Check-in staff"),
    Role.ADMINISTRATOR: _l("Administrator"),
}

ROLE_HINTS = {
    Role.ORGANIZER: _l("Schedules and runs the organization's meetings, also of those below it."),
    Role.APPROVER: _l("Signs off summary notices written by others, and grants leave."),
    Role.EDITOR: _l("Writes and publishes summary notices."),
    Role.LIAISON: _l(
        "Answers invitations for the organization, and for those below it that have no liaison of their own."
    ),
    Role.CHECK_IN: _l("Records who arrives, at one meeting."),
    Role.ADMINISTRATOR: _l("Keeps people, organizations, accounts and roles of the whole installation."),
}

STATES = {
    "active": (_l("Active"), "ink"),
    "invited": (_l("Invited"), "ochre"),
    "closed": (_l("Closed"), "grey"),
    "none": (_l("No account"), "outline"),
}
