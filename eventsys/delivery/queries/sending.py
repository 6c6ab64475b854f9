"""Sending as a whole, for those who keep it running: the queue, what went out, trouble by domain, workers, pauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select

from eventsys.core import reading
from eventsys.core.clock import now
from eventsys.core.outbox import UNDELIVERED, Letter, LetterState
from eventsys.core.sending import SendingPause, WorkerBeat
from eventsys.delivery.queries.letters import LATE, UNSETTLED
from eventsys.extensions import db

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
LONGEST_TRY = timedelta(minutes=10)
ALIVE = timedelta(minutes=1)
STUCK = timedelta(minutes=2)
HOURS = 24
DOMAINS = 20
PAUSES = 5


@dataclass(frozen=True, slots=True)
class Sent:
    """How many letters the relay accepted in each of the last 24 hours, the latest last."""

    hours: list[tuple[datetime, int]]

    @property
    def last_hour(self) -> int:
        return self.hours[-1][1]

    @property
    def last_day(self) -> int:
        return sum(number for _at, number in self.hours)


@dataclass(frozen=True, slots=True)
class Domain:
    """Trouble with one domain: letters put off, refused and returned within a week, and what its servers said last."""

    name: str
    deferred: int
    failed: int
    returned: int
    reason: str


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker that was seen within a day."""

    name: str
    started_at: datetime
    seen_at: datetime
    busy_since: datetime | None
    is_alive: bool


@dataclass(frozen=True, slots=True)
class Standstill:
    """No letter leaves since then: by order, for this reason, or (None) because nobody or nothing takes them."""

    since: datetime
    reason: str | None


_OPEN_PAUSE = SendingPause.is_open.is_(True)
_STANDSTILL = select(
    select(func.min(Letter.due_at)).where(Letter.state.in_(UNSETTLED)).scalar_subquery(),
    select(SendingPause.paused_at).where(_OPEN_PAUSE).scalar_subquery(),
    select(SendingPause.reason).where(_OPEN_PAUSE).scalar_subquery(),
)


def standstill() -> Standstill | None:
    """Whether letters are kept from leaving, from one statement."""
    row = reading.row(_STANDSTILL)
    oldest, paused_at, reason = row if row else (None, None, None)
    if paused_at:
        return Standstill(paused_at, reason)
    return Standstill(oldest, None) if oldest and oldest < now() - LATE else None


def sent_lately() -> Sent:
    """By hours that end now; one statement over the letters of the last day."""
    at = now()
    ends = [at - HOUR * number for number in range(HOURS - 1, -1, -1)]
    sums = [func.sum(case(((Letter.sent_at > end - HOUR) & (Letter.sent_at <= end), 1), else_=0)) for end in ends]
    row = db.session.execute(select(*sums).where(Letter.tried_at > at - DAY - LONGEST_TRY)).one()
    return Sent([(end, int(number or 0)) for end, number in zip(ends, row, strict=True)])


def waiting_by_state() -> dict[LetterState, int]:
    """How many letters are not settled, by state."""
    rows = db.session.execute(
        select(Letter.state, func.count().label("number")).where(Letter.state.in_(UNSETTLED)).group_by(Letter.state)
    )
    found = {row.state: row.number for row in rows}
    return {state: found.get(state, 0) for state in UNSETTLED}


def troubled_domains() -> list[Domain]:
    """The domains with most trouble within a week, from two statements."""
    since = now() - WEEK
    troubled = (*UNDELIVERED, LetterState.DEFERRED)

    def number_in(state: LetterState) -> object:
        return func.sum(case((Letter.state == state, 1), else_=0))

    rows = db.session.execute(
        select(
            Letter.domain,
            number_in(LetterState.DEFERRED),  # type: ignore[call-overload]
            number_in(LetterState.FAILED),
            number_in(LetterState.BOUNCED),
            func.max(Letter.id),
        )
        .where(Letter.state.in_(troubled), Letter.tried_at > since)
        .group_by(Letter.domain)
        .order_by(func.count().desc(), Letter.domain)
        .limit(DOMAINS)
    ).all()
    said = _reasons([row[4] for row in rows])
    return [
        Domain(name, int(deferred), int(failed), int(returned), said.get(latest, ""))
        for name, deferred, failed, returned, latest in map(tuple, rows)
    ]


def workers() -> list[Worker]:
    """Those seen within a day, the latest first."""
    at = now()
    rows = db.session.execute(
        select(WorkerBeat.name, WorkerBeat.started_at, WorkerBeat.seen_at, WorkerBeat.busy_since)
        .where(WorkerBeat.seen_at > at - DAY)
        .order_by(WorkerBeat.seen_at.desc(), WorkerBeat.name)
    )
    return [Worker(*row, is_alive=row.seen_at > at - ALIVE) for row in rows]


def latest_pauses() -> Sequence[SendingPause]:
    """The latest pauses, the newest first, whether over or not."""
    return db.session.scalars(select(SendingPause).order_by(SendingPause.id.desc()).limit(PAUSES)).all()


def _reasons(ids: list[int]) -> dict[int, str]:
    rows = db.session.execute(select(Letter.id, Letter.reason).where(Letter.id.in_(ids)))
    return {row.id: row.reason for row in rows}
