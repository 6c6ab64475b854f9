"""Sending once more what did not arrive, because somebody asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from eventsys.core.actor import Actor
from eventsys.core.audit import record
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.outbox import UNDELIVERED, Letter, LetterState, LetterStep, domain_of, wake
from eventsys.core.transaction import locked
from eventsys.delivery.operations.claim import REWRITTEN
from eventsys.delivery.operations.history import note
from eventsys.delivery.queries import IN_TROUBLE
from eventsys.extensions import db
from eventsys.invitations.models import Attendee
from eventsys.invitations.operations.tell import written_anew


def send_again(letter_id: int, *, by: Actor) -> Letter:
    """Queue a failed or returned letter once more, to the person's present address.

    What nobody accepted leaves under its Message-ID; what was accepted, or goes to another address, begins a new life:
    a new Message-ID, a new time of writing, the same UID and SEQUENCE. Raises `DomainError` if it did not fail.
    """
    row = locked(Letter, letter_id)
    if row.state not in UNDELIVERED:
        raise DomainError(_("Only a letter that could not be delivered can be sent again."))
    before = row.address
    _requeue([row], by=by)
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
    """Queue all letters of a meeting once more that did not arrive and wait for somebody; returns how many."""
    waiting = select(Letter).where(Letter.meeting_id == meeting_id, IN_TROUBLE)
    rows = db.session.scalars(waiting.with_for_update()).all()
    if rows:
        _requeue(rows, by=by)
        record("letter.send_all_again", rows[0], by=by, after={"letters": len(rows)}, meeting_id=meeting_id)
    return len(rows)


def present_addresses(rows: Sequence[Letter]) -> dict[int, str]:
    """For letters to an attendee's own address: what that address is now, by letter."""
    own = {row.id: row.attendee_id for row in rows if row.attendee_id and row.facts.get("email") == row.address}
    found = db.session.execute(select(Attendee.id, Attendee.email).where(Attendee.id.in_(own.values())))
    addresses = {row.id: row.email for row in found}
    return {letter: addresses[attendee] for letter, attendee in own.items() if addresses.get(attendee)}


def _requeue(rows: Sequence[Letter], *, by: Actor) -> None:
    addresses = present_addresses(rows)
    for row in rows:
        address = addresses.get(row.id, row.address)
        is_new = row.state is LetterState.BOUNCED or address != row.address
        note(row.id, LetterStep.AGAIN, by.label, message_id=row.message_id if is_new else None, address=row.address)
        if is_new:
            _begin_new_life(row, address)
        row.state, row.due_at, row.attempts, row.reason = LetterState.QUEUED, now(), 0, ""
    wake()


def _begin_new_life(row: Letter, address: str) -> None:
    if row.sent_at:
        note(row.id, LetterStep.SENT, at=row.sent_at)
    if address != row.address and row.facts.get("email") == row.address:
        row.facts = {**row.facts, "email": address}
    stamp = written_anew(row.attendee_id) if row.attendee_id else now()
    row.facts, row.domain = {**row.facts, REWRITTEN: stamp.isoformat()}, domain_of(address)
    row.address, row.message_id, row.life = address, None, row.life + 1
    row.sent_at = row.unsure_since = None
