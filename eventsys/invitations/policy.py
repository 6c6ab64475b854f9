"""Who may ask, answer, and see who was asked: pure predicates."""

from __future__ import annotations

from eventsys.core.actor import Actor, Role
from eventsys.invitations.models import Place
from eventsys.meetings.models import Meeting
from eventsys.meetings.policy import STAFF, can_change_meeting, can_read_meeting


def can_invite(actor: Actor, meeting: Meeting) -> bool:
    """Prepare, send, remind, change and cancel: organizers of the convening organization or of one above it."""
    return can_change_meeting(actor, meeting)


def can_withdraw(actor: Actor, place: Place) -> bool:
    """Ask no longer for a place: whoever may invite to its meeting."""
    return can_invite(actor, place.meeting)


def can_see_invitations(actor: Actor, meeting: Meeting) -> bool:
    """The whole list of who was asked and what they answered: staff of the convening office or of one above it."""
    return can_read_meeting(actor, meeting)


def can_see_contacts(actor: Actor, meeting: Meeting) -> bool:
    """Telephone numbers and addresses of those asked: organizers and administrators."""
    return can_change_meeting(actor, meeting)


def can_answer_for(actor: Actor, meeting: Meeting) -> bool:
    """Answer on behalf, logged as such: organizers of the convening organization or of one above it."""
    return actor.holds(Role.ORGANIZER, meeting.convener.path)


def can_decide_leave(actor: Actor, meeting: Meeting) -> bool:
    """Grant or refuse leave: organizers and approvers."""
    return can_answer_for(actor, meeting) or actor.holds(Role.APPROVER, meeting.convener.path)


def can_see_other_meeting(actor: Actor, convener_path: str) -> bool:
    """That somebody is expected at a meeting of the organization at this tree path: its staff alone."""
    return actor.is_administrator or any(actor.holds(role, convener_path) for role in STAFF)


def can_list_leave(actor: Actor) -> bool:
    """The list of all leave requests that wait: whoever decides on leave of some office."""
    return actor.has(Role.ORGANIZER, Role.APPROVER)


def can_name_person(actor: Actor, meeting: Meeting) -> bool:
    """Name somebody for a place: whoever may invite."""
    return can_invite(actor, meeting)


def is_liaison(actor: Actor) -> bool:
    """Whether somebody answers for an organization at all."""
    return bool(actor.liaison_for)


def can_answer_organization(actor: Actor, organization_id: int | None) -> bool:
    """Answer for an organization's places: its liaison, where no nearer one exists."""
    return organization_id in actor.liaison_for


def can_see_letters_of(actor: Actor, meeting: Meeting) -> bool:
    """The letters of a meeting: its organizers and approvers."""
    path = meeting.convener.path
    return actor.is_administrator or actor.holds(Role.ORGANIZER, path) or actor.holds(Role.APPROVER, path)
