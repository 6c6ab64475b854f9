"""The outbox: letters written in the same transaction as the change that causes them.

The table is the truth; the queue only wakes the worker. A letter is a kind with JSON facts: `common` facts are shared
by all letters of one sending, `facts` are the recipient's own. The worker claims rows with a lease, asks the kind
whether the facts still hold, renders, delivers and marks.

    queued -> sending -> sent | deferred (-> sending) | failed | superseded; then perhaps bounced
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, insert
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.core.clock import now
from eventsys.core.columns import Json, enum, instant, refers_to
from eventsys.core.transaction import after_commit
from eventsys.extensions import Model, db

LONGEST_REASON = 500


class LetterState(StrEnum):
    """The life of a letter: delivery facts, never a reply."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    BOUNCED = "bounced"
    SUPERSEDED = "superseded"


UNDELIVERED = (LetterState.FAILED, LetterState.BOUNCED)


class LetterStep(StrEnum):
    """What happened to a letter besides its being queued and sent, which its own row says."""

    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    DELAYED = "delayed"
    BOUNCED = "bounced"
    BOUNCED_EARLIER = "bounced_earlier"
    INTERRUPTED = "interrupted"
    SUPERSEDED = "superseded"
    AGAIN = "again"


class LetterBatch(Model):
    """What all letters of one sending share."""

    __tablename__ = "letter_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = instant()
    common: Mapped[dict[str, Any]] = mapped_column(Json)


class Letter(Model):
    """One letter to one recipient. `key` makes it unique: the same act never queues it twice.

    `message_id` is given by the first claim, in angle brackets, and stays for every try of one `life`; a letter that is
    sent once more after it was accepted, or to another address, begins a new one. `unsure_since` is the first try of
    which nobody can tell whether the relay has it.
    """

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_due", "state", "due_at"), Index("ix_letter_tried_at", "tried_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = refers_to("letter_batch.id")
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    language: Mapped[str] = mapped_column(String(2))
    recipient: Mapped[str] = mapped_column(String(300))
    address: Mapped[str] = mapped_column(String(320))
    domain: Mapped[str] = mapped_column(String(255), default="")
    meeting_id: Mapped[int | None] = refers_to("meeting.id")
    attendee_id: Mapped[int | None] = refers_to("attendee.id")
    organization_id: Mapped[int | None] = refers_to("organization.id")
    state: Mapped[LetterState] = enum(LetterState, default=LetterState.QUEUED)
    queued_at: Mapped[datetime] = instant()
    due_at: Mapped[datetime] = instant()
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = instant()
    lease_by: Mapped[str | None] = mapped_column(String(60))
    tried_at: Mapped[datetime | None] = instant()
    sent_at: Mapped[datetime | None] = instant()
    message_id: Mapped[str | None] = mapped_column(String(320), unique=True)
    life: Mapped[int] = mapped_column(default=0)
    unsure_since: Mapped[datetime | None] = instant()
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")


class LetterEvent(Model):
    """One step of a letter's life that its row cannot say (any more).

    With AGAIN, `message_id` and `address` are those that the letter had before; `reason` says who asked for it.
    """

    __tablename__ = "letter_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = refers_to("letter.id")
    at: Mapped[datetime] = instant()
    step: Mapped[LetterStep] = enum(LetterStep)
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")
    message_id: Mapped[str | None] = mapped_column(String(320), index=True)
    address: Mapped[str] = mapped_column(String(320), default="")


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a letter goes, in which language, and which rows it belongs to (for lists and rights)."""

    name: str
    address: str
    language: str
    attendee_id: int | None = None
    organization_id: int | None = None


_wake: list[Callable[[], Any]] = []


def on_wake(callback: Callable[[], Any]) -> None:
    """Set what tells the worker that letters wait (create_app binds it to the queue)."""
    _wake[:] = [callback]


def enqueue(
    kind: str,
    common: Mapping[str, Any],
    letters: Iterable[tuple[str, Recipient, Mapping[str, Any]]],
    *,
    meeting_id: int | None = None,
) -> int:
    """Queue letters of one sending in bulk: `(key, recipient, personal facts)` each. Returns how many.

    Raises `sqlalchemy.exc.IntegrityError` when a key was queued before: the caller's act was already done.
    """
    at = now()
    rows = [_row(kind, key, recipient, facts, at=at, meeting_id=meeting_id) for key, recipient, facts in letters]
    if not rows:
        return 0
    batch = LetterBatch(created_at=at, common=dict(common))
    db.session.add(batch)
    db.session.flush()
    db.session.execute(insert(Letter), [{**row, "batch_id": batch.id} for row in rows])
    wake()
    return len(rows)


def wake() -> None:
    """Tell the worker that letters wait, once the open unit of work is committed."""
    for callback in _wake:
        after_commit(callback)


def domain_of(address: str) -> str:
    """Where an address receives its mail: what stands behind the last @, in small letters."""
    return address.rpartition("@")[2].lower()[:255]


def _row(
    kind: str, key: str, recipient: Recipient, facts: Mapping[str, Any], *, at: datetime, meeting_id: int | None
) -> dict[str, Any]:
    return {
        "key": key,
        "kind": kind,
        "facts": dict(facts),
        "language": recipient.language,
        "recipient": recipient.name,
        "address": recipient.address,
        "domain": domain_of(recipient.address),
        "meeting_id": meeting_id,
        "attendee_id": recipient.attendee_id,
        "organization_id": recipient.organization_id,
        "state": LetterState.QUEUED,
        "queued_at": at,
        "due_at": at,
        "attempts": 0,
        "life": 0,
        "reason": "",
    }
