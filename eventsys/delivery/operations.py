"""Taking letters from the outbox: claim with a lease, supersede what is stale, mark what became of each.

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

from eventsys.core.actor import Actor
from eventsys.core.audit import record
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.letters import kind_of
from eventsys.core.outbox import Letter, LetterBatch, LetterState, wake
from eventsys.core.transaction import locked
from eventsys.delivery.words import GIVEN_UP, UNCHECKED, UNKNOWN_FATE, UNKNOWN_KIND
from eventsys.extensions import db
from eventsys.invitations.models import Attendee
from eventsys.mail.retry import pause

log = logging.getLogger("eventsys.delivery")

LEASE = timedelta(minutes=5)
RECHECK = timedelta(minutes=5)
CLAIM = 50
SUSPECT_ATTEMPTS = 3
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter that one worker holds until its lease runs out."""

    id: int
    key: str
    kind: str
    common: dict[str, Any]
    facts: dict[str, Any]
    language: str
    recipient: str
    address: str
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """What a claim came to: the letters to send, and how many were due at all (some may not be sent any more)."""

    letters: list[Claimed]
    due: int


def claim(worker: str, limit: int = CLAIM) -> Claim:
    """Lease the letters that are due, oldest first; opens no unit of work itself.

    A letter found in `sending` with an expired lease has an unknown fate: it is taken again where its kind allows it,
    else it fails with that reason. Of letters that must not go twice one is taken at a time, so that a worker's death
    leaves no doubt about the others; so are those whose workers died again and again, to find the one that kills them.
    """
    at = now()
    rows = db.session.scalars(
        select(Letter).where(_due(at)).order_by(Letter.due_at, Letter.id).limit(limit).with_for_update(skip_locked=True)
    ).all()
    ready = _one_at_a_time(_without_stale(_without_abandoned(_without_unknown_kinds(rows)), at))
    common = _common_of(ready)
    for row in ready:
        row.state, row.lease_by, row.lease_until = LetterState.SENDING, worker, at + LEASE
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


def mark_sent(letter: Claimed, worker: str, answer: str = "") -> None:
    """The next server has it; `answer` is what it said."""
    _mark(letter, worker, state=LetterState.SENT, sent_at=now(), reason=answer)


def mark_deferred(letter: Claimed, worker: str, reason: str) -> None:
    """Nobody has it yet: it waits for its next try, or fails when the tries are used up."""
    attempts = db.session.scalar(select(Letter.attempts).where(Letter.id == letter.id)) or 1
    wait = pause(attempts)
    if wait is None:
        mark_failed(letter, worker, reason)
    else:
        _mark(letter, worker, state=LetterState.DEFERRED, due_at=now() + wait, reason=reason)


def mark_failed(letter: Claimed, worker: str, reason: str) -> None:
    """It will not be sent again unless somebody asks for it."""
    _mark(letter, worker, state=LetterState.FAILED, reason=reason)


def send_again(letter_id: int, *, by: Actor) -> Letter:
    """Queue a failed letter once more, to the person's present address. Raises `DomainError` if it did not fail."""
    row = locked(Letter, letter_id)
    if row.state is not LetterState.FAILED:
        raise DomainError(_("Only a letter that could not be delivered can be sent again."))
    before = row.address
    _requeue([row])
    changed = {"address": row.address} if row.address != before else {}
    record(
        "letter.send_again",
        row,
        by=by,
        label=row.recipient,
        meeting_id=row.meeting_id,
        before={"address": before} if changed else None,
        after=changed,
    )
    return row


def send_all_again(meeting_id: int, *, by: Actor) -> int:
    """Queue all failed letters of a meeting once more; returns how many."""
    failed = select(Letter).where(Letter.meeting_id == meeting_id, Letter.state == LetterState.FAILED)
    rows = db.session.scalars(failed.with_for_update()).all()
    if rows:
        _requeue(rows)
        record("letter.send_all_again", rows[0], by=by, after={"letters": len(rows)}, meeting_id=meeting_id)
    return len(rows)


def present_addresses(rows: Sequence[Letter]) -> dict[int, str]:
    """For letters to an attendee's own address: what that address is now, by letter."""
    own = {row.id: row.attendee_id for row in rows if row.attendee_id and row.facts.get("email") == row.address}
    found = db.session.execute(select(Attendee.id, Attendee.email).where(Attendee.id.in_(own.values())))
    addresses = {row.id: row.email for row in found}
    return {letter: addresses[attendee] for letter, attendee in own.items() if addresses.get(attendee)}


def _requeue(rows: Sequence[Letter]) -> None:
    addresses = present_addresses(rows)
    for row in rows:
        row.state, row.due_at, row.attempts, row.reason = LetterState.QUEUED, now(), 0, ""
        address = addresses.get(row.id, row.address)
        if address != row.address:
            row.address, row.facts = address, {**row.facts, "email": address}
    wake()


def _due(at: datetime) -> ColumnElement[bool]:
    waiting = and_(Letter.state.in_((LetterState.QUEUED, LetterState.DEFERRED)), Letter.due_at <= at)
    abandoned = and_(Letter.state == LetterState.SENDING, Letter.lease_until < at)
    return or_(waiting, abandoned)


def _without_unknown_kinds(rows: Sequence[Letter]) -> list[Letter]:
    return [row for row in rows if _is_known(row.kind) or _settle(row, LetterState.FAILED, UNKNOWN_KIND)]


def _without_abandoned(rows: Sequence[Letter]) -> list[Letter]:
    """Without those that must not be tried again after their worker stopped, or stopped it once too often."""
    kept = []
    for row in rows:
        if row.state is LetterState.SENDING and not kind_of(row.kind).resend:
            _settle(row, LetterState.FAILED, UNKNOWN_FATE)
        elif row.state is LetterState.SENDING and pause(row.attempts) is None:
            _settle(row, LetterState.FAILED, GIVEN_UP)
        else:
            kept.append(row)
    return kept


def _without_stale(rows: Sequence[Letter], at: datetime) -> list[Letter]:
    by_kind: dict[str, list[Letter]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    return [row for name, letters in by_kind.items() for row in _still_true(name, letters, at)]


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


def _one_at_a_time(rows: Sequence[Letter]) -> list[Letter]:
    alone = [row for row in rows if not kind_of(row.kind).resend or _is_suspect(row)]
    return [row for row in rows if row not in alone[1:]]


def _is_suspect(row: Letter) -> bool:
    return row.state is LetterState.SENDING and row.attempts >= SUSPECT_ATTEMPTS


def _settle(row: Letter, state: LetterState, reason: str) -> bool:
    """Leave the letter in a state in which nobody holds it; False, for it is not to be sent."""
    row.state, row.lease_until, row.reason = state, None, reason
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


def _claimed(row: Letter, common: dict[str, Any]) -> Claimed:
    return Claimed(
        row.id, row.key, row.kind, common, row.facts, row.language, row.recipient, row.address, row.queued_at
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


def _mark(letter: Claimed, worker: str, *, reason: str, **values: Any) -> None:
    db.session.execute(_held([letter], worker).values(lease_until=None, reason=reason[:LONGEST_REASON], **values))
