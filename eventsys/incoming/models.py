"""Messages as they came, what each of them says and what became of that, and how far the mailbox was read."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from eventsys.core.columns import Json, block, enum, instant, line, refers_to
from eventsys.core.outbox import Letter
from eventsys.extensions import Model
from eventsys.invitations.models import Attendee, Reply
from eventsys.meetings.models import Meeting

LONGEST_ADDRESS = 320
LONGEST_COMMENT = 1000


class Door(StrEnum):
    """By which door a message came: the mailbox that the worker reads, or the mail server's pipe."""

    MAILBOX = "mailbox"
    PIPE = "pipe"


class Said(StrEnum):
    """What an entry says."""

    ANSWER = "answer"
    PROPOSAL = "proposal"
    REFRESH = "refresh"
    BOUNCE = "bounce"
    WORDS = "words"
    UNREADABLE = "unreadable"
    OTHER = "other"


class EntryState(StrEnum):
    """What became of an entry; only one that waits needs somebody."""

    WAITING = "waiting"
    APPLIED = "applied"
    REFUSED = "refused"
    UNDONE = "undone"
    SETTLED = "settled"
    KEPT = "kept"


class Trust(StrEnum):
    """How certain it is whose words these are.

    Signed: sent to the address that only this invitee was given. Unsigned: no such address, but the sender's domain
    vouches for the mail. Unsure: one of both, but another address answers. Unverified: nothing vouches for it.
    """

    SIGNED = "signed"
    UNSIGNED = "unsigned"
    UNSURE = "unsure"
    UNVERIFIED = "unverified"


class IncomingMessage(Model):
    """One message, taken in once: `key` is made from its Message-ID and what it holds, whichever door it came by.

    `raw` is the message as it came; it is taken away when its time is over (`raw_dropped_at`). `arrived_at` is when it
    reached the mail server, `taken_at` when we took it in.
    """

    __tablename__ = "incoming_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    message_id: Mapped[str] = line()
    door: Mapped[Door] = enum(Door)
    arrived_at: Mapped[datetime] = instant()
    taken_at: Mapped[datetime] = instant(index=True)
    sender: Mapped[str] = line(LONGEST_ADDRESS)
    subject: Mapped[str] = line()
    size: Mapped[int] = mapped_column(default=0)
    raw: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    raw_dropped_at: Mapped[datetime | None] = instant()


class IncomingEntry(Model):
    """One thing that a message says. `reason` is why it stands as it does, `note` the words of whoever said so.

    `stamp` (DTSTAMP, never later than the arrival) and `sequence` put one attendee’s answers in order (RFC 5546 2.1.5).
    `place_before` holds the answers on the place before this one was applied, `event_id` the last step of their history
    after it: the answer can be undone while that is still the last one.
    """

    __tablename__ = "incoming_entry"
    __table_args__ = (
        Index("ix_incoming_entry_meeting", "meeting_id", "state", "id"),
        Index("ix_incoming_entry_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incoming_id: Mapped[int] = refers_to("incoming_message.id")
    meeting_id: Mapped[int | None] = refers_to("meeting.id", index=False)
    attendee_id: Mapped[int | None] = refers_to("attendee.id")
    letter_id: Mapped[int | None] = refers_to("letter.id")
    said: Mapped[Said] = enum(Said)
    state: Mapped[EntryState] = enum(EntryState)
    reason: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = block(LONGEST_COMMENT)
    trust: Mapped[Trust | None] = enum(Trust)
    reply: Mapped[Reply | None] = enum(Reply)
    comment: Mapped[str] = block(LONGEST_COMMENT)
    address: Mapped[str] = line(LONGEST_ADDRESS)
    name: Mapped[str] = line()
    other_address: Mapped[str] = line(LONGEST_ADDRESS)
    other_name: Mapped[str] = line()
    stamp: Mapped[datetime | None] = instant()
    sequence: Mapped[int | None]
    starts_at: Mapped[datetime | None] = instant()
    ends_at: Mapped[datetime | None] = instant()
    location: Mapped[str] = line()
    raw_start: Mapped[str] = line()
    place_before: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    event_id: Mapped[int | None]
    handled_at: Mapped[datetime | None] = instant()
    handled_by: Mapped[str] = line()
    version: Mapped[int] = mapped_column(default=1)

    incoming: Mapped[IncomingMessage] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    attendee: Mapped[Attendee | None] = relationship()
    letter: Mapped[Letter | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class MailboxPosition(Model):
    """How far one mailbox was read: UIDs are kept within one UIDVALIDITY only (RFC 9051 2.3.1.1).

    `seen_at` is when the mailbox last answered, `fault` why it does not since `fault_at`.
    """

    __tablename__ = "mailbox_position"

    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox: Mapped[str] = mapped_column(String(500), unique=True)
    uidvalidity: Mapped[int] = mapped_column(BigInteger, default=0)
    uid: Mapped[int] = mapped_column(BigInteger, default=0)
    seen_at: Mapped[datetime | None] = instant()
    fault: Mapped[str] = line()
    fault_at: Mapped[datetime | None] = instant()
