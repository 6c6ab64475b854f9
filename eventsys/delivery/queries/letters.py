"""Reads of letters: one condition behind a list, its counts and its search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased

from eventsys.core import reading
from eventsys.core.actor import Actor, Role
from eventsys.core.clock import now
from eventsys.core.language import choose
from eventsys.core.outbox import UNDELIVERED, Letter, LetterBatch, LetterEvent, LetterState, LetterStep
from eventsys.delivery.policy import READERS
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Leave, Reply
from eventsys.meetings.models import Meeting

PAGE = 50
LONGEST_SEARCH = 100
UNSETTLED = (LetterState.QUEUED, LetterState.SENDING, LetterState.DEFERRED)
COUNTED = (*UNSETTLED, *UNDELIVERED)
LATE = timedelta(minutes=5)
LOCAL_KEY = ".local"
TROUBLE = "trouble"
WITH_FACTS = ("invitation", "update", "resend", "return")
OVERTAKEN = (*WITH_FACTS, "reminder")

_later = aliased(Letter)
# Made once: naming the columns of an alias costs more than the query. An invitation, update or reminder is overtaken
# once a later letter with the meeting's facts to the same person is on its way.
_OVERTAKEN = exists().where(
    Letter.kind.in_(OVERTAKEN),
    _later.attendee_id == Letter.attendee_id,
    _later.id > Letter.id,
    _later.kind.in_(WITH_FACTS),
    _later.state.in_((*UNSETTLED, LetterState.SENT)),
)
IN_TROUBLE = and_(Letter.state.in_(UNDELIVERED), ~_OVERTAKEN)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of letters is asked for: a state, words, and the key of the last line before this page.

    The state TROUBLE stands for every letter that did not arrive and that no later one has overtaken.
    """

    state: str = ""
    q: str = ""
    before: int | None = None

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Wanted:
        """Read from an address; what cannot be read is not asked for."""
        state, before = arguments.get("state", ""), arguments.get("before", "")
        return cls(
            state if state in {*LetterState, TROUBLE} else "",
            " ".join(arguments.get("q", "").split())[:LONGEST_SEARCH],
            int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
        )

    def query(self, **changes: Any) -> str:
        """This question as part of an address, with changes; another filter begins at the first page."""
        asked = replace(self, **{"before": None, **changes})
        values = {"state": asked.state, "q": asked.q, "before": asked.before}
        return urlencode({name: str(value) for name, value in values.items() if value})

    def condition(self) -> ColumnElement[bool]:
        """Of letters in the state."""
        if self.state == TROUBLE:
            return IN_TROUBLE
        return Letter.state == LetterState(self.state) if self.state else true()


@dataclass(frozen=True, slots=True)
class Scope:
    """Which letters somebody may see, and of which they may see the address."""

    visible: ColumnElement[bool]
    with_address: ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Line:
    """A letter in a list, with its meeting and the answer of whom it went to."""

    id: int
    kind: str
    recipient: str
    address: str
    language: str
    state: LetterState
    reason: str
    attempts: int
    queued_at: datetime
    due_at: datetime
    tried_at: datetime | None
    sent_at: datetime | None
    unsure_since: datetime | None
    message_id: str | None
    attendee_id: int | None
    organization_id: int | None
    meeting_id: int | None
    reply: Reply | None
    leave: Leave | None
    meeting_title: str
    convener_path: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a letter's life; with AGAIN, `reason` is who asked and `address` where it went before."""

    step: LetterStep
    at: datetime
    reason: str
    address: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of letters, newest first; `next` is the key that the next one is asked with."""

    lines: list[Line]
    next: int | None


@dataclass(frozen=True, slots=True)
class QueueState:
    """How many letters are not settled, since when the oldest is due, and whether that is too long ago."""

    waiting: int
    oldest: datetime | None
    is_late: bool


def scope_of_meeting(meeting: Meeting, *, with_address: bool) -> Scope:
    """All letters of one meeting."""
    return Scope(Letter.meeting_id == meeting.id, true() if with_address else false())


def scope_of(actor: Actor) -> Scope:
    """Everything that this actor may see, as `policy.can_read_letter` says."""
    if actor.is_administrator:
        return Scope(true(), true())
    to_own = Letter.organization_id.in_(actor.liaison_for)
    return Scope(
        or_(_convened_under(actor, *READERS), to_own),
        or_(_convened_under(actor, Role.ORGANIZER), to_own),
    )


def scope_of_mailbox(actor: Actor) -> Scope:
    """The letters that lie in the local mailbox and may be opened there, as `policy.can_open_letter` says."""
    mine = true() if actor.is_administrator else _convened_under(actor, Role.ORGANIZER)
    return Scope(and_(mine, Letter.state == LetterState.SENT, Letter.reason.endswith(LOCAL_KEY)), true())


def page_of(scope: Scope, wanted: Wanted, size: int = PAGE) -> Page:
    """A page of the letters asked for."""
    statement = _lines().where(_condition(scope, wanted))
    if wanted.state:
        statement = statement.where(wanted.condition())
    if wanted.before:
        statement = statement.where(Letter.id < wanted.before)
    rows = reading.rows(statement.order_by(Letter.id.desc()).limit(size + 1))
    lines = [_line(row) for row in rows[:size]]
    return Page(lines, lines[-1].id if len(rows) > size else None)


def all_of(scope: Scope, wanted: Wanted) -> list[Line]:
    """Every letter asked for, oldest first: the list as a file."""
    statement = _lines().where(_condition(scope, wanted), wanted.condition()).order_by(Letter.id)
    return [_line(row) for row in db.session.execute(statement)]


def number_in_trouble(scope: Scope, wanted: Wanted) -> int:
    """How many letters did not arrive and that somebody has to see to, under the same condition as the list."""
    statement = _joined(select(func.count())).where(_condition(scope, wanted), IN_TROUBLE)
    found: int = reading.rows(statement)[0][0]
    return found


def counts(
    scope: Scope, wanted: Wanted, states: tuple[LetterState, ...] = tuple(LetterState)
) -> dict[LetterState, int]:
    """How many letters are in each of the states, under the same condition as the list."""
    rows = reading.rows(
        _joined(select(Letter.state, func.count().label("number")))
        .where(_condition(scope, wanted), Letter.state.in_(states))
        .group_by(Letter.state)
    )
    found = {row.state: row.number for row in rows}
    return {state: found.get(state, 0) for state in states}


def steps_of(letter_id: int) -> list[Step]:
    """What happened to a letter that its row does not say, oldest first."""
    statement = (
        select(LetterEvent.step, LetterEvent.at, LetterEvent.reason, LetterEvent.address)
        .where(LetterEvent.letter_id == letter_id)
        .order_by(LetterEvent.at, LetterEvent.id)
    )
    return [Step(*row) for row in db.session.execute(statement)]


def queue_state() -> QueueState:
    """The whole queue, for those who keep it running."""
    waiting, oldest = db.session.execute(
        select(func.count(), func.min(Letter.due_at)).where(Letter.state.in_(UNSETTLED))
    ).one()
    return QueueState(waiting, oldest, oldest is not None and oldest < now() - LATE)


def find_letter(letter_id: int) -> Line | None:
    """One letter, None when there is none."""
    row = db.session.execute(_lines().where(Letter.id == letter_id)).one_or_none()
    return _line(row) if row else None


def facts_of(letter_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a letter says: what all of its sending share, and its own."""
    row = db.session.execute(
        select(LetterBatch.common, Letter.facts)
        .join(Letter, Letter.batch_id == LetterBatch.id)
        .where(Letter.id == letter_id)
    ).one()
    return row.common, row.facts


def _condition(scope: Scope, wanted: Wanted) -> ColumnElement[bool]:
    """Visible, and each word in the recipient's name, or in the address where that may be seen."""
    found = [
        or_(
            Letter.recipient.icontains(word, autoescape=True),
            and_(scope.with_address, Letter.address.icontains(word, autoescape=True)),
        )
        for word in wanted.q.split()
    ]
    return and_(scope.visible, *found)


def _convened_under(actor: Actor, *roles: Role) -> ColumnElement[bool]:
    return or_(false(), *(Organization.path.startswith(path, autoescape=True) for path in actor.paths(*roles)))


def _joined(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """With the meeting, its convener, and the attendee, which most letters have."""
    return (
        statement.select_from(Letter)
        .outerjoin(Meeting, Meeting.id == Letter.meeting_id)
        .outerjoin(Organization, Organization.id == Meeting.convener_id)
        .outerjoin(Attendee, Attendee.id == Letter.attendee_id)
    )


def _lines() -> Select[*tuple[Any, ...]]:
    return _joined(
        select(
            Letter.id,
            Letter.kind,
            Letter.recipient,
            Letter.address,
            Letter.language,
            Letter.state,
            Letter.reason,
            Letter.attempts,
            Letter.queued_at,
            Letter.due_at,
            Letter.tried_at,
            Letter.sent_at,
            Letter.unsure_since,
            Letter.message_id,
            Letter.attendee_id,
            Letter.organization_id,
            Letter.meeting_id,
            Attendee.reply,
            Attendee.leave,
            Meeting.title_zh,
            Meeting.title_en,
            Organization.path,
        )
    )


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    *own, title_zh, title_en, path = tuple(row)
    return Line(*own, choose(title_zh, title_en), path or "")  # type: ignore[call-arg]
