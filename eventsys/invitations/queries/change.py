"""What a change of a scheduled meeting means: which kind it is, who is told, whose answer is reset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from eventsys.core.outbox import Letter, LetterState
from eventsys.extensions import db
from eventsys.invitations.facts import REQUESTS, Invitee, Liaison
from eventsys.invitations.models import Attendee, Place, Reply
from eventsys.invitations.queries import send
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting, MeetingState

TIME, PLACE, LINK, WORDS = "time", "place", "link", "words"
KIND_OF = {
    "starts_at": TIME,
    "ends_at": TIME,
    "zone": TIME,
    "venue_zh": PLACE,
    "venue_en": PLACE,
    "address_zh": PLACE,
    "address_en": PLACE,
    "online_url": LINK,
}
ORDER = (TIME, PLACE, LINK, WORDS)
NEWS = ("invitation", "update")
OPEN = (MeetingState.SCHEDULED, MeetingState.IN_SESSION)
UNSENT = (LetterState.QUEUED, LetterState.DEFERRED, LetterState.SENDING)
Reader = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """The kinds of facts that differ, in order, and whether the start or the end is another instant."""

    kinds: tuple[str, ...]
    resets: bool

    @property
    def is_significant(self) -> bool:
        """Time, place or link: everybody told is told again, with a higher SEQUENCE."""
        return any(kind != WORDS for kind in self.kinds)

    @property
    def shown(self) -> list[str]:
        """What the letter points out."""
        return [kind for kind in self.kinds if kind != WORDS]


def change_of(meeting: Meeting, facts: MeetingFacts) -> Change:
    """What these facts would change."""
    before, after = MeetingFacts.of(meeting).columns(), facts.columns()
    differing = {name for name, value in after.items() if before[name] != value}
    kinds = {KIND_OF.get(name, WORDS) for name in differing}
    return Change(tuple(kind for kind in ORDER if kind in kinds), bool(differing & {"starts_at", "ends_at"}))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter about the meeting that has not left; `untried` when no server was ever asked to take it.

    Of several to one reader the last that brings news, before any copy of what they know.
    """

    kind: str
    untried: bool
    facts: Mapping[str, Any]
    batch_id: int


@dataclass(frozen=True, slots=True)
class Told:
    """Everybody who was told the facts as they stand, and what still lies in the queue for them.

    `answered` are those on a place who have answered: a new time asks them again.
    """

    invitees: Sequence[Invitee]
    liaisons: Sequence[Liaison]
    waiting: Mapping[Reader, Waiting]
    answered: Sequence[Invitee] = ()

    def new_to(self, reader: Invitee | Liaison) -> bool:
        """Whether they know nothing yet: their invitation lies in the queue, never tried."""
        letter = self.waiting.get(reader_key(reader))
        return letter is not None and letter.untried and letter.kind == "invitation"

    @property
    def readers(self) -> list[Invitee | Liaison]:
        return [*(row for row in self.invitees if row.has_address), *self.liaisons]

    @property
    def informed(self) -> list[Invitee | Liaison]:
        """Those whom some letter may have reached."""
        return [row for row in self.readers if not self.new_to(row)]

    def in_language(self, language: str) -> int:
        return sum(row.language == language for row in self.readers)


IS_ANSWERED = Attendee.is_current & (Attendee.reply != Reply.PENDING)


def told(meeting: Meeting, *, letters: bool = True) -> Told:
    """Who was told, from a constant number of queries; without `letters` nobody looks at what waits in the queue."""
    rows = send.invitees(meeting, send.IS_TOLD | IS_ANSWERED)
    # Who is not on a place came by having been told; who is may have answered before anybody told them.
    return Told(
        invitees=[row for row in rows if row.told_at is not None or not row.is_current],
        liaisons=send.liaisons_told(meeting),
        waiting=_waiting(meeting) if letters else {},
        answered=[row for row in rows if row.is_current and row.reply is not Reply.PENDING],
    )


def answers_to_reset(meeting: Meeting) -> list[Invitee]:
    """Those on a place who have answered: a new time asks them again."""
    return send.invitees(meeting, IS_ANSWERED)


def reader_key(reader: Invitee | Liaison) -> Reader:
    """Who a letter belongs to: the attendee, or the liaison's organization and address."""
    if isinstance(reader, Invitee):
        return "attendee", reader.attendee_id
    return "liaison", (reader.organization_id, reader.email)


def _waiting(meeting: Meeting) -> dict[Reader, Waiting]:
    rows = db.session.execute(
        select(
            Letter.attendee_id,
            Letter.organization_id,
            Letter.address,
            Letter.kind,
            Letter.state,
            Letter.facts,
            Letter.batch_id,
        )
        .where(Letter.meeting_id == meeting.id, Letter.kind.in_(REQUESTS), Letter.state.in_(UNSENT))
        .order_by(Letter.id)
    )
    found: dict[Reader, Waiting] = {}
    for row in rows:
        key = ("attendee", row.attendee_id) if row.attendee_id else ("liaison", (row.organization_id, row.address))
        if key not in found or found[key].kind not in NEWS or row.kind in NEWS:
            found[key] = Waiting(row.kind, row.state is LetterState.QUEUED, row.facts, row.batch_id)
    return found


def has_places(meeting: Meeting) -> bool:
    """Whether anybody at all is asked."""
    statement = select(Place.id).where(Place.meeting_id == meeting.id, Place.withdrawn_at.is_(None)).limit(1)
    return db.session.scalar(statement) is not None
