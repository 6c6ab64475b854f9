"""Who may do what with meetings: pure predicates over an actor and a meeting whose convener is loaded."""

from __future__ import annotations

from datetime import datetime

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


def is_shown(state: MeetingState, scheduled_at: datetime | None) -> bool:
    """Whether it has a page at all: drafts have none, cancelled ones keep theirs if they had one."""
    if state is MeetingState.CANCELLED:
        return scheduled_at is not None
    return state is not MeetingState.DRAFT


def can_see_page(actor: Actor, meeting: Meeting, *, participates: bool = False) -> bool:
    """The page at /meetings/<id>: anybody's for a public meeting, else its staff's, perhaps its participants'.

    `participates` says whether the actor is invited to it or answers for somebody who is.
    """
    if not is_shown(meeting.state, meeting.scheduled_at):
        return False
    return meeting.visibility is Visibility.PUBLIC or sees_inside(
        actor, meeting.visibility, meeting.convener.path, participates=participates
    )


def sees_inside(actor: Actor, visibility: Visibility, path: str, *, participates: bool) -> bool:
    """Whether the actor sees what is for participants only: online link, reply deadline, contact, notes.

    `path` is the convening organization's place in the tree.
    """
    if actor.is_administrator or any(actor.holds(role, path) for role in STAFF):
        return True
    return participates and visibility is not Visibility.INTERNAL
