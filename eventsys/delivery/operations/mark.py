"""Marking what became of a letter that this worker holds: only the holder of the lease marks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, select, update

from eventsys.core.clock import now
from eventsys.core.outbox import Letter, LetterState, LetterStep
from eventsys.core.sending import SendingPause
from eventsys.core.transaction import AtOnce
from eventsys.delivery.operations.claim import Claimed
from eventsys.delivery.operations.history import note, plain
from eventsys.extensions import db
from eventsys.mail.retry import pause

_LETTER: Any = Letter.__table__
_IS_PAUSED = select(exists().where(SendingPause.is_open.is_(True))).scalar_subquery()
_SENT = (
    update(_LETTER)
    .where(
        _LETTER.c.id == bindparam("letter_id"),
        _LETTER.c.lease_by == bindparam("worker"),
        _LETTER.c.state == LetterState.SENDING,
    )
    .values(
        state=LetterState.SENT,
        sent_at=bindparam("at"),
        reason=bindparam("answer"),
        lease_until=None,
        unsure_since=None,
    )
    .returning(_IS_PAUSED)
)


def mark_sent(marks: AtOnce, letter: Claimed, worker: str, answer: str = "", at: datetime | None = None) -> bool:
    """The next server has it, and said so; whether the next letter may leave, or sending was paused meanwhile.

    Does not wait for the disk: were the mark lost with the power, the letter would be one of unknown fate.
    """
    row = marks.run(_SENT, letter_id=letter.id, worker=worker, at=at or now(), answer=plain(answer))
    return not (row and row[0])


def mark_deferred(letter: Claimed, worker: str, reason: str, *, is_unsure: bool = False) -> None:
    """Nobody has it yet, or nobody can tell: it waits for its next try, or fails when the tries are used up."""
    attempts = db.session.scalar(select(Letter.attempts).where(Letter.id == letter.id)) or 1
    wait = pause(attempts)
    if wait is None:
        return mark_failed(letter, worker, reason, is_unsure=is_unsure)
    if _mark(letter, worker, is_unsure, state=LetterState.DEFERRED, due_at=now() + wait, reason=plain(reason)):
        note(letter.id, LetterStep.DEFERRED, plain(reason))
    return None


def mark_failed(letter: Claimed, worker: str, reason: str, *, is_unsure: bool = False) -> None:
    """It will not be sent again unless somebody asks for it."""
    if _mark(letter, worker, is_unsure, state=LetterState.FAILED, reason=plain(reason)):
        note(letter.id, LetterStep.FAILED, plain(reason))


def _mark(letter: Claimed, worker: str, is_unsure: bool, **values: Any) -> bool:
    """Write what became of it, unless another worker holds it by now; whether that was written."""
    if is_unsure:
        values["unsure_since"] = func.coalesce(Letter.unsure_since, Letter.tried_at)
    held = Letter.id == letter.id, Letter.lease_by == worker, Letter.state == LetterState.SENDING
    statement = update(Letter).where(*held).values(lease_until=None, **values).returning(Letter.id)
    return db.session.scalar(statement.execution_options(synchronize_session=False)) is not None
