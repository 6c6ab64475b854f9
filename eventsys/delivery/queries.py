"""Reads of letters: one condition behind a list, its counts and its search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select, true

from eventsys.core.actor import Actor, Role
from eventsys.core.clock import now
from eventsys.core.language import choose
from eventsys.core.outbox import Letter, LetterBatch, LetterState
from eventsys.delivery.policy import READERS
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.meetings.models import Meeting

PAGE = 50
LONGEST_SEARCH = 100
UNSETTLED = (LetterState.QUEUED, LetterState.SENDING, LetterState.DEFERRED)
COUNTED = (*UNSETTLED, LetterState.FAILED)
LATE = timedelta(minutes=5)
LOCAL_KEY = ".local"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of letters is asked for: a state, words, and the key of the last line before this page."""

    state: LetterState | None = None
    q: str = ""
    before: int | None = None

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Wanted:
        """Read from an address; what cannot be read is not asked for."""
        state, before = arguments.get("state", ""), arguments.get("before", "")
        return cls(
            LetterState(state) if state in set(LetterState) else None,
            " ".join(arguments.get("q", "").split())[:LONGEST_SEARCH],
            int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
        )

    def query(self, **changes: Any) -> str:
        """This question as part of an address, with changes; another filter begins at the first page."""
        asked = replace(self, **{"before": None, **changes})
        values = {"state": asked.state.value if asked.state else "", "q": asked.q, "before": asked.before}
        return urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True, slots=True)
class Scope:
    """Which letters somebody may see, and of which they may see the address."""

    visible: ColumnElement[bool]
    with_address: ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Line:
    """A letter in a list, with its meeting."""

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
    sent_at: datetime | None
    attendee_id: int | None
    organization_id: int | None
    meeting_id: int | None
    meeting_title: str
    convener_path: str


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
        statement = statement.where(Letter.state == wanted.state)
    if wanted.before:
        statement = statement.where(Letter.id < wanted.before)
    rows = db.session.execute(statement.order_by(Letter.id.desc()).limit(size + 1)).all()
    lines = [_line(row) for row in rows[:size]]
    return Page(lines, lines[-1].id if len(rows) > size else None)


def counts(
    scope: Scope, wanted: Wanted, states: tuple[LetterState, ...] = tuple(LetterState)
) -> dict[LetterState, int]:
    """How many letters are in each of the states, under the same condition as the list."""
    rows = db.session.execute(
        _joined(select(Letter.state, func.count().label("number")))
        .where(_condition(scope, wanted), Letter.state.in_(states))
        .group_by(Letter.state)
    )
    found = {row.state: row.number for row in rows}
    return {state: found.get(state, 0) for state in states}


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
    """With the meeting and its convener, which most letters have."""
    return (
        statement.select_from(Letter)
        .outerjoin(Meeting, Meeting.id == Letter.meeting_id)
        .outerjoin(Organization, Organization.id == Meeting.convener_id)
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
            Letter.sent_at,
            Letter.attendee_id,
            Letter.organization_id,
            Letter.meeting_id,
            Meeting.title_zh,
            Meeting.title_en,
            Organization.path,
        )
    )


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    *own, title_zh, title_en, path = tuple(row)
    return Line(*own, choose(title_zh, title_en), path or "")  # type: ignore[call-arg]
