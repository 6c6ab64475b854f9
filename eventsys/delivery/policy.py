"""Who may see letters and send them again: pure predicates.

A letter is seen with its convener's tree path and its organization (`queries.Line`). Bodies are shown without their
personal links; only the local mailbox has them, and only for those who may send the letters.
"""

from __future__ import annotations

from typing import Protocol

from eventsys.core.actor import Actor, Role
from eventsys.meetings.models import Meeting

READERS = (Role.ORGANIZER, Role.APPROVER)


class Addressed(Protocol):
    """Where a letter belongs: its meeting's convener (empty for none) and the recipient's organization."""

    @property
    def convener_path(self) -> str: ...

    @property
    def organization_id(self) -> int | None: ...


def can_list_letters(actor: Actor) -> bool:
    """The list of everything they may see."""
    return actor.is_administrator or actor.has(*READERS) or bool(actor.liaison_for)


def can_see_letters(actor: Actor, meeting: Meeting) -> bool:
    """All letters of a meeting: its organizers and approvers."""
    return actor.is_administrator or _reads(actor, meeting.convener.path)


def can_read_letter(actor: Actor, letter: Addressed) -> bool:
    """One letter: as its meeting's, or as one to an organization they answer for."""
    return actor.is_administrator or _reads(actor, letter.convener_path) or letter.organization_id in actor.liaison_for


def can_see_address(actor: Actor, letter: Addressed) -> bool:
    """The address that it went to."""
    return can_send_again(actor, letter) or letter.organization_id in actor.liaison_for


def can_see_beside(actor: Actor, letter: Addressed) -> bool:
    """The other letters of its meeting."""
    return bool(letter.convener_path) and (actor.is_administrator or _reads(actor, letter.convener_path))


def can_send_again(actor: Actor, letter: Addressed) -> bool:
    """Queue it once more: those who may send the meeting's letters."""
    return actor.is_administrator or _sends(actor, letter.convener_path)


def can_send_all_again(actor: Actor, meeting: Meeting) -> bool:
    """Queue all of a meeting's failed letters once more."""
    return actor.is_administrator or _sends(actor, meeting.convener.path)


def can_keep_sending(actor: Actor, subject: object = None) -> bool:
    """See how sending goes, pause and resume it: administrators."""
    return actor.is_administrator


def can_open_mailbox(actor: Actor) -> bool:
    """The local mailbox: administrators, and organizers for the letters of their meetings."""
    return actor.is_administrator or actor.has(Role.ORGANIZER)


can_open_letter = can_send_again


def _reads(actor: Actor, path: str) -> bool:
    return bool(path) and any(actor.holds(role, path) for role in READERS)


def _sends(actor: Actor, path: str) -> bool:
    return bool(path) and actor.holds(Role.ORGANIZER, path)
