"""Who may do what with meetings: pure predicates over an actor and a meeting whose convener is loaded."""

from __future__ import annotations

from eventsys.core.actor import Actor, Role
from eventsys.meetings.models import Meeting, MeetingState, Visibility

STAFF = (Role.ORGANIZER, Role.APPROVER, Role.EDITOR)


def can_list_meetings(actor: Actor) -> bool:
    """The list of the workspace: staff of any office."""
    return actor.is_administrator or actor.has(*STAFF)


def can_convene(actor: Actor) -> bool:
    """Draft a meeting for at least one organization."""
    return actor.is_administrator or actor.has(Role.ORGANIZER)


def can_convene_for(actor: Actor, path: str) -> bool:
    """Draft a meeting for the organization at this tree path."""
    return actor.is_administrator or actor.holds(Role.ORGANIZER, path)


def can_read_meeting(actor: Actor, meeting: Meeting) -> bool:
    """Its working pages: staff of the convening organization or of one above it."""
    return actor.is_administrator or any(actor.holds(role, meeting.convener.path) for role in STAFF)


def can_change_meeting(actor: Actor, meeting: Meeting) -> bool:
    """Change it and act on it: organizers of the convening organization or of one above it."""
    return can_convene_for(actor, meeting.convener.path)


def is_shown(meeting: Meeting) -> bool:
    """Whether it has a page at all: drafts have none, cancelled ones keep theirs if they had one."""
    if meeting.state is MeetingState.CANCELLED:
        return meeting.scheduled_at is not None
    return meeting.state is not MeetingState.DRAFT


def can_see_page(actor: Actor, meeting: Meeting, *, participates: bool = False) -> bool:
    """The page at /meetings/<id>: anybody's for a public meeting, else its staff's, perhaps its participants'.

    `participates` says whether the actor is invited to it or answers for somebody who is.
    """
    if not is_shown(meeting):
        return False
    if meeting.visibility is Visibility.PUBLIC:
        return True
    return can_read_meeting(actor, meeting) or (meeting.visibility is Visibility.PARTICIPANTS and participates)
