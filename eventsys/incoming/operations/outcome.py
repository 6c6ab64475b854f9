"""What becomes of an entry, and what every verb of incoming mail knows about its message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eventsys.calendar.read import Answerer, Item
from eventsys.core import audit
from eventsys.core.actor import Actor, Channel
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.incoming.models import (
    LONGEST_ADDRESS,
    LONGEST_COMMENT,
    Door,
    EntryState,
    IncomingEntry,
    IncomingMessage,
)
from eventsys.incoming.said import REPLIES, Words
from eventsys.incoming.text import tidy_block, tidy_line
from eventsys.mail.received import Received

__all__ = ["Mail", "describe", "done", "handled", "keep", "label_of", "logged", "seen", "wait"]

LONGEST_NAME = 120
LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class Mail:
    """A message being taken in: its octets and what they say, by which door and when it came, our own address."""

    data: bytes
    key: str
    received: Received
    door: Door
    arrived_at: datetime
    ours: str

    @property
    def sender(self) -> str:
        """Where the mail says it comes from, for showing."""
        return self.received.sender or self.received.reply_to or ""

    def by(self, line: Answerer | None = None) -> Actor:
        """Who acts by it."""
        label = self.sender or (line.address if line is not None else "") or "mail"
        return Actor(label=label[:LONGEST_LINE], channel=Channel.MAIL)


def describe(entry: IncomingEntry, item: Item, words: Words, mail: Mail) -> None:
    """Write down what was said, whatever becomes of it."""
    line = words.answerer
    entry.sequence = item.sequence
    entry.stamp = min(item.stamp or mail.received.date or mail.arrived_at, mail.arrived_at)
    if line is None:
        return
    entry.address = tidy_line(line.address or line.raw, LONGEST_ADDRESS)
    entry.name = tidy_line(line.name, LONGEST_LINE)
    entry.reply = REPLIES.get(line.partstat) if line.partstat is not None else None
    entry.comment = tidy_block(line.comment or item.comment, LONGEST_COMMENT)
    other = words.delegate.address if words.own is not None and words.delegate is not None else None
    entry.other_address = tidy_line(line.delegated_to or line.delegated_from or other, LONGEST_ADDRESS)
    entry.other_name = tidy_line(words.delegate.name if other and words.delegate else "", LONGEST_NAME)


def done(entry: IncomingEntry) -> None:
    """It took effect."""
    entry.state, entry.reason = EntryState.APPLIED, ""


def keep(entry: IncomingEntry, why: str, note: str = "") -> None:
    """It is on record and changes nothing; nobody has to do anything."""
    entry.state, entry.reason, entry.note = EntryState.KEPT, why, tidy_block(note, LONGEST_COMMENT)


def wait(entry: IncomingEntry, why: str, note: str = "") -> None:
    """It changes nothing before somebody has looked at it."""
    entry.state, entry.reason, entry.note = EntryState.WAITING, why, tidy_block(note, LONGEST_COMMENT)


def seen(entry_id: int, version: int) -> IncomingEntry:
    """The entry, locked, as it was looked at. Raises `DomainError` when somebody dealt with it meanwhile."""
    entry = locked(IncomingEntry, entry_id)
    if entry.version != version:
        raise DomainError(_("Somebody else has dealt with this since you opened the page. Look at it as it is now."))
    return entry


def handled(entry: IncomingEntry, state: EntryState, verb: str, *, by: Actor) -> None:
    """Somebody decided: who and when stand on the entry and in the audit log."""
    before = entry.state
    entry.state, entry.handled_at, entry.handled_by = state, now(), by.label
    audit.record(
        f"incoming.{verb}",
        entry,
        by=by,
        before={"state": logged(before)},
        after={"state": logged(state)},
        label=label_of(entry),
        meeting_id=entry.meeting_id,
    )


def logged(state: EntryState) -> str:
    """A state as the audit log keeps it."""
    return f"mail_{state.value}"


def label_of(entry: IncomingEntry, message: IncomingMessage | None = None) -> str:
    """An entry in the audit log: whose words, about what."""
    mail = message or entry.incoming
    return " · ".join(text for text in (entry.address or mail.sender, mail.subject) if text)
