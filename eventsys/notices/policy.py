"""Who may do what with notices: pure predicates over an actor and what stands on the desk (see `queries.work`)."""

from __future__ import annotations

from typing import Protocol

from eventsys.core.actor import Actor, Role
from eventsys.directory.models import Organization
from eventsys.meetings.models import Meeting
from eventsys.meetings.policy import STAFF, can_list_meetings, can_read_meeting


class OnDesk(Protocol):
    """A meeting, who wrote on its notice since it was last published, and who can take a step of its review now."""

    @property
    def meeting(self) -> Meeting: ...

    @property
    def authors(self) -> frozenset[int]: ...

    @property
    def reviewers(self) -> frozenset[int]: ...


def can_list_notices(actor: Actor) -> bool:
    """The workspace's list: staff of any office."""
    return can_list_meetings(actor)


def can_read_notice(actor: Actor, work: OnDesk) -> bool:
    """Texts and review record: staff of the convening organization or of one above it."""
    return can_read_meeting(actor, work.meeting)


def can_write_notice(actor: Actor, work: OnDesk) -> bool:
    """Start, edit, send for approval: organizers and editors of the convening organization."""
    path = work.meeting.convener.path
    return actor.holds(Role.ORGANIZER, path) or actor.holds(Role.EDITOR, path)


def can_sign_off(actor: Actor, work: OnDesk) -> bool:
    """Open the page on which a text is reviewed: approvers of the convening organization, and whose step it is."""
    return actor.holds(Role.APPROVER, work.meeting.convener.path) or actor.account_id in work.reviewers


def can_assign(actor: Actor, work: OnDesk) -> bool:
    """Say who else may take an open step: who sets the office's steps, unless they wrote on the text."""
    return can_set_steps(actor, work.meeting.convener) and not wrote(actor, work)


def wrote(actor: Actor, work: OnDesk) -> bool:
    """Whether the actor saved a text since the last publication."""
    return actor.account_id in work.authors


def can_approve(actor: Actor, work: OnDesk) -> bool:
    """Pass a step: whoever can take one now, which an author never can."""
    return actor.account_id in work.reviewers and not wrote(actor, work)


def can_return(actor: Actor, work: OnDesk) -> bool:
    """Send a text back to be changed: reviewers, approvers, and writers who take their own back."""
    return can_sign_off(actor, work) or can_write_notice(actor, work)


def can_publish(actor: Actor, work: OnDesk) -> bool:
    """Publish an approved text, correct and withdraw a published one: editors of the convening organization."""
    return actor.holds(Role.EDITOR, work.meeting.convener.path)


def can_keep_house(actor: Actor, office: Organization) -> bool:
    """The office's words to avoid and its sentences: its editors and approvers."""
    return any(actor.holds(role, office.path) for role in (Role.EDITOR, Role.APPROVER))


def can_see_house(actor: Actor, office: Organization) -> bool:
    """Read what the office keeps: its staff."""
    return actor.is_administrator or any(actor.holds(role, office.path) for role in STAFF)


def can_set_steps(actor: Actor, office: Organization) -> bool:
    """The office's steps of review: its approvers and administrators."""
    return actor.is_administrator or actor.holds(Role.APPROVER, office.path)
