"""Every reminder of a meeting that was sent, by sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, bindparam, case, func, select

from eventsys.chasing.queries.waiting import REMINDER
from eventsys.core import reading
from eventsys.core.outbox import UNDELIVERED, Letter, LetterBatch, LetterState

PLANNED = f"{REMINDER}:%:plan%"
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Sending:
    """One act of reminding: when, how many letters, how many never left or came back, whether it was planned."""

    at: datetime
    letters: int
    superseded: int
    troubled: int
    is_planned: bool


_SENDINGS = (
    select(
        LetterBatch.created_at,
        func.count(),
        func.sum(case((Letter.state == LetterState.SUPERSEDED, 1), else_=0)),
        func.sum(case((Letter.state.in_(UNDELIVERED), 1), else_=0)),
        func.max(case((Letter.key.like(PLANNED), 1), else_=0)),
    )
    .join(LetterBatch, LetterBatch.id == Letter.batch_id)
    .where(Letter.meeting_id == bindparam("meeting_id", type_=Integer), Letter.kind == REMINDER)
    .group_by(LetterBatch.id, LetterBatch.created_at)
    .order_by(LetterBatch.id.desc())
    .limit(SHOWN)
)


def sendings(meeting_id: int) -> list[Sending]:
    """The acts of reminding, the latest first; one query."""
    rows = reading.rows(_SENDINGS, meeting_id=meeting_id)
    return [Sending(row[0], row[1], row[2], row[3], bool(row[4])) for row in rows]
