"""To enter what reached the office by telephone or on paper, for one place or a whole organization in one go.

Every answer is one like any other, given through the channel `ON_BEHALF`; the organization's liaisons get one receipt
for the act.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from eventsys.core.actor import Actor, Channel
from eventsys.core.errors import DomainError, Stale
from eventsys.extensions import db
from eventsys.invitations.facts import called
from eventsys.invitations.models import Attendee, Place, Reply, ReplyEvent
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.operations.substitute import Named, name_person, name_substitute
from eventsys.invitations.operations.tell import tell_liaisons
from eventsys.invitations.queries.send import liaisons_of_place

ON_BEHALF = "on_behalf"
LEAVE, SUBSTITUTE, NAMED = "leave", "substitute", "named"
LATER = frozenset({SUBSTITUTE, NAMED})


@dataclass(frozen=True, slots=True)
class Heard:
    """How it reached the office (a key of `words.SOURCES`), and who told it."""

    source: str
    caller: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is entered for one place: a `Reply`'s value, `LEAVE`, `SUBSTITUTE`, or `NAMED` where nobody was.

    `attendee_id` and `version` are those that the form showed; None where the place was to be named.
    """

    place_id: int
    attendee_id: int | None
    version: int
    choice: str
    comment: str = ""
    named: Named | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of it: who is concerned, and how many liaisons get a receipt."""

    attendees: tuple[int, ...]
    receipts: int


@dataclass(frozen=True, slots=True)
class _Row:
    id: int


class EntryRefused(DomainError):
    """One of several entries cannot be: `place_id` says which, `is_stale` that somebody else answered meanwhile."""

    def __init__(self, place_id: int, refusal: DomainError) -> None:
        super().__init__(refusal.message, field=refusal.field)
        self.place_id = place_id
        self.is_stale = isinstance(refusal, Stale)


def enter(entries: Sequence[Entry], heard: Heard, *, by: Actor) -> Entered:
    """Enter answers on behalf for places of one organization, all or none; its liaisons get one receipt.

    Who stays away comes first, then somebody named elsewhere is free. Raises `EntryRefused` for the first that cannot
    be, and what the verbs raise for a single one.
    """
    concerned: list[tuple[Attendee, Entry]] = []
    for entry in sorted(entries, key=lambda each: (each.choice in LATER, each.place_id)):
        try:
            concerned.append((_carry_out(entry, heard, by=by), entry))
        except DomainError as refusal:
            if len(entries) == 1:
                raise
            raise EntryRefused(entry.place_id, refusal) from refusal
    return Entered(tuple(row.id for row, _entry in concerned), _send_receipt(concerned, heard, by=by))


def _carry_out(entry: Entry, heard: Heard, *, by: Actor) -> Attendee:
    said: dict[str, Any] = {"channel": Channel.ON_BEHALF, "source": heard.source, "caller": heard.caller}
    if entry.attendee_id is None:
        return name_person(_Row(entry.place_id), entry.named or Named(), by=by, **said)
    row = _Row(entry.attendee_id)
    if entry.choice == SUBSTITUTE:
        return name_substitute(row, entry.named or Named(), by=by, version=entry.version, reason=entry.comment, **said)
    leave = entry.choice == LEAVE
    reply = Reply.DECLINED if leave else Reply(entry.choice)
    return answer(row, reply, entry.comment, leave, by=by, version=entry.version, **said)


def _send_receipt(concerned: Sequence[tuple[Attendee, Entry]], heard: Heard, *, by: Actor) -> int:
    """Queue the receipt to the liaisons of the places' organization; nobody where it has none with an address."""
    first = concerned[0][0]
    liaisons = liaisons_of_place(db.session.get_one(Place, first.place_id))
    if not liaisons:
        return 0
    last = db.session.scalar(select(func.max(ReplyEvent.id)).where(ReplyEvent.meeting_id == first.meeting_id))
    facts = {
        "source": heard.source,
        "caller": heard.caller,
        "recorded_by": by.label,
        "attendees": [row.id for row, _entry in concerned],
        "recorded": [_recorded(row, entry) for row, entry in concerned],
    }
    letters = [(f"{ON_BEHALF}:e{last}:p{liaison.person_id}", liaison, facts) for liaison in liaisons]
    return tell_liaisons(ON_BEHALF, first.meeting_id, letters)


def _recorded(row: Attendee, entry: Entry) -> Mapping[str, str]:
    """One line of the receipt: the person, what is recorded, in which words."""
    return {
        **called(row),
        "reply": entry.choice,
        "note": entry.comment,
    }
