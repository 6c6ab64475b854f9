"""Who answers for an organization, and who sees what it answered: pure predicates."""

from __future__ import annotations

from typing import Protocol

from eventsys.core.actor import Actor
from eventsys.invitations.policy import can_answer_organization, can_invite, can_see_invitations
from eventsys.meetings.models import Meeting


class OfOrganization(Protocol):
    """A page about what one organization answers."""

    @property
    def organization_id(self) -> int: ...


class OfMeeting(Protocol):
    """A page about something of one meeting."""

    @property
    def meeting(self) -> Meeting: ...


def can_answer(actor: Actor, page: OfOrganization) -> bool:
    """Answer for the organization: its liaison, where no nearer one exists."""
    return can_answer_organization(actor, page.organization_id)


def can_see_sheet(actor: Actor, page: OfMeeting) -> bool:
    """Read what an organization sent: whoever sees the meeting's list of invitations."""
    return can_see_invitations(actor, page.meeting)


def can_see_papers(actor: Actor, page: OfMeeting) -> bool:
    """Read documents handed in beside a reply: whoever sees the reply with its reason."""
    return can_see_invitations(actor, page.meeting)


def can_ask_questions(actor: Actor, page: OfMeeting) -> bool:
    """Define a meeting's own questions: whoever may invite to it."""
    return can_invite(actor, page.meeting)


def can_manage_sheet(actor: Actor, page: OfMeeting) -> bool:
    """Close an organization's requests: whoever may invite."""
    return can_invite(actor, page.meeting)
