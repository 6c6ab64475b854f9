"""Taking letters from the outbox: claim with a lease, supersede what is stale, put back what was not tried.

Each step is a short unit of work; rendering and sending happen between them. A worker killed at any moment loses
nothing: an unmarked letter's lease runs out and another claim takes it, under the same Message-ID.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update

from eventsys.core.clock import now
from eventsys.core.letters import Facts, kind_of
from eventsys.core.outbox import Letter, LetterBatch, LetterState, LetterStep
from eventsys.core.reasons import GIVEN_UP, UNCHECKED, UNKNOWN_FATE, UNKNOWN_KIND
from eventsys.delivery.operations import pace
from eventsys.delivery.operations.history import note
from eventsys.delivery.way import Way
from eventsys.extensions import db
from eventsys.mail.retry import pause

log = logging.getLogger("eventsys.delivery")

LEASE = timedelta(minutes=5)
RECHECK = timedelta(minutes=5)
CLAIM = 50
SUSPECT_ATTEMPTS = 3
REWRITTEN = "stamp"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter that one worker holds until its lease runs out."""

    id: int
    message_id: str
    kind: str
    common: Facts
    facts: Facts
    language: str
    recipient: str
    address: str
    written_at: datetime
    unsure_since: datetime | None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a claim came to: the letters to send, and how many were due at all (some may not be sent any more)."""

    letters: list[Claimed]
    due: int


def claim(worker: str, way: Way, limit: int = CLAIM) -> Claim:
    """Lease the letters that are due, oldest first, and name those that have no Message-ID yet.

    A letter found in `sending` with an expired lease has an unknown fate: it is taken again where somebody can be asked
    or its kind allows it, else it fails with that reason. Where nobody can be asked, letters that must not go twice are
    taken one at a time, so that a worker's death leaves no doubt about the others; so are those whose workers died
    again and again, to find the one that kills them. Domains get no more at a time than `way` allows.
    """
    at = now()
    rows = _due_rows(worker, way, at, limit)
    for row in rows:
        if row.state is LetterState.SENDING:
            note(row.id, LetterStep.INTERRUPTED, at=row.tried_at)
            row.unsure_since = row.unsure_since or row.tried_at
    ready = _without_stale(_without_abandoned(_without_unknown_kinds(rows), way), at)
    ready = _one_at_a_time(ready, way)
    common = _common_of(ready)
    for row in ready:
        row.state, row.lease_by, row.lease_until, row.tried_at = LetterState.SENDING, worker, at + LEASE, at
        row.message_id = row.message_id or way.identities.message_id(row.key, row.life)
        row.attempts += 1
    return Claim([_claimed(row, common[row.batch_id]) for row in ready], len(rows))


def keep(letters: Sequence[Claimed], worker: str) -> set[int]:
    """Lengthen the lease of what is still to be sent; returns the ids that this worker still holds."""
    statement = _held(letters, worker).values(lease_until=now() + LEASE).returning(Letter.id)
    return set(db.session.scalars(statement))


def put_back(letters: Sequence[Claimed], worker: str) -> None:
    """Give up what was claimed and not tried, as if it had never been claimed."""
    values = {"state": LetterState.QUEUED, "lease_until": None, "attempts": Letter.attempts - 1}
    db.session.execute(_held(letters, worker).values(values))


def _due_rows(worker: str, way: Way, at: datetime, limit: int) -> Sequence[Letter]:
    """The rows that may leave now, locked."""
    allowance = pace.allowance(worker, way, at)
    due = select(Letter).where(_due(at), allowance.condition()).order_by(Letter.due_at, Letter.id).limit(limit)
    return allowance.within(db.session.scalars(due.with_for_update(skip_locked=True)).all())


def _due(at: datetime) -> ColumnElement[bool]:
    waiting = and_(Letter.state.in_((LetterState.QUEUED, LetterState.DEFERRED)), Letter.due_at <= at)
    abandoned = and_(Letter.state == LetterState.SENDING, Letter.lease_until < at)
    return or_(waiting, abandoned)


def _without_unknown_kinds(rows: Sequence[Letter]) -> list[Letter]:
    return [row for row in rows if _is_known(row.kind) or _settle(row, LetterState.FAILED, UNKNOWN_KIND)]


def _without_abandoned(rows: Sequence[Letter], way: Way) -> list[Letter]:
    """Without those that must not be tried again after their worker stopped, or stopped it once too often."""
    kept = []
    for row in rows:
        if row.state is LetterState.SENDING and not (way.resolves or kind_of(row.kind).resend):
            _settle(row, LetterState.FAILED, UNKNOWN_FATE)
        elif row.state is LetterState.SENDING and pause(row.attempts) is None:
            _settle(row, LetterState.FAILED, GIVEN_UP)
        else:
            kept.append(row)
    return kept


def _without_stale(rows: Sequence[Letter], at: datetime) -> list[Letter]:
    """In the order in which they were queued: what was said first to somebody is read first."""
    by_kind: dict[str, list[Letter]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    kept = {row.id for name, letters in by_kind.items() for row in _still_true(name, letters, at)}
    return [row for row in rows if row.id in kept]


def _still_true(kind: str, rows: Sequence[Letter], at: datetime) -> list[Letter]:
    """The letters whose facts the record still says. A check that breaks holds up its own kind alone."""
    try:
        with db.session.begin_nested():
            stale = kind_of(kind).stale(rows)
    except Exception:
        log.exception("letters of kind %s could not be compared with the record", kind)
        for row in rows:
            _settle(row, LetterState.DEFERRED, UNCHECKED)
            row.due_at = at + RECHECK
        return []
    return [row for row in rows if row.id not in stale or _settle(row, LetterState.SUPERSEDED, "")]


def _one_at_a_time(rows: Sequence[Letter], way: Way) -> list[Letter]:
    alone = [row for row in rows if not (way.resolves or kind_of(row.kind).resend) or _is_suspect(row)]
    return [row for row in rows if row not in alone[1:]]


def _is_suspect(row: Letter) -> bool:
    return row.state is LetterState.SENDING and row.attempts >= SUSPECT_ATTEMPTS


def _settle(row: Letter, state: LetterState, reason: str) -> bool:
    """Leave the letter in a state in which nobody holds it; False, for it is not to be sent."""
    row.state, row.lease_until, row.reason = state, None, reason
    note(row.id, LetterStep(state.value), reason)
    return False


def _is_known(kind: str) -> bool:
    try:
        kind_of(kind)
    except KeyError:
        return False
    return True


def _common_of(rows: Sequence[Letter]) -> dict[int, dict[str, Any]]:
    ids = {row.batch_id for row in rows}
    found = db.session.execute(select(LetterBatch.id, LetterBatch.common).where(LetterBatch.id.in_(ids)))
    return {row.id: row.common for row in found}


def _claimed(row: Letter, common: Facts) -> Claimed:
    """What the worker needs of it. A letter in another life than its first was written anew (RFC 5545 3.8.7.2)."""
    assert row.message_id is not None
    facts, written_at = row.facts, row.queued_at
    if REWRITTEN in facts:
        common, written_at = {**common, REWRITTEN: facts[REWRITTEN]}, datetime.fromisoformat(facts[REWRITTEN])
    return Claimed(
        row.id,
        row.message_id,
        row.kind,
        common,
        facts,
        row.language,
        row.recipient,
        row.address,
        written_at,
        row.unsure_since,
    )


def _held(letters: Sequence[Claimed], worker: str) -> Any:
    """Only the holder of the lease marks: a worker that lost it must not overwrite what another did."""
    return (
        update(Letter)
        .where(
            Letter.id.in_([letter.id for letter in letters]),
            Letter.lease_by == worker,
            Letter.state == LetterState.SENDING,
        )
        .execution_options(synchronize_session=False)
    )
