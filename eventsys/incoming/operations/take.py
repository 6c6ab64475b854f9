"""Taking a message in: once, whichever door it comes by and however often, together with everything it does.

It is read before the unit of work is opened. A message that we stumble over is kept for people to look at; only a
database that is away makes it come again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError

from eventsys.calendar.read import Item
from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.incoming.models import LONGEST_ADDRESS, Door, IncomingEntry, IncomingMessage, Said
from eventsys.incoming.operations.answers import take_answer
from eventsys.incoming.operations.others import take_bounce, take_proposal, take_refresh
from eventsys.incoming.operations.outcome import LONGEST_LINE, Mail, label_of, logged
from eventsys.incoming.queries.matching import Match, matched
from eventsys.incoming.reasons import Why
from eventsys.incoming.said import Thing, things_of
from eventsys.incoming.text import LONGEST_MESSAGE, key_of, tidy_line
from eventsys.mail.received import Received, understand

Whose = Callable[[Received, Item | None, str], Match]
log = logging.getLogger("eventsys.incoming")


@dataclass(frozen=True, slots=True)
class Office:
    """What taking in has to know about this installation: its own address, and its mail server's name."""

    address: str
    authserv_id: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """The message's id, and whether it was taken in just now or had been before."""

    id: int
    is_new: bool


def take_in(
    data: bytes,
    door: Door,
    office: Office,
    *,
    arrived_at: datetime | None = None,
    together_with: Callable[[], None] = lambda: None,
) -> Taken:
    """Take one message in, in a unit of work of its own; the same one again changes nothing.

    `arrived_at` is when the mail server got it, `together_with` what is written in the same unit of work. Raises the
    database's own error when it is away: then nothing was taken in, and the message has to come again.
    """
    data = data[: LONGEST_MESSAGE + 1]
    received = understand(data, authserv_id=office.authserv_id)
    mail = Mail(data, key_of(data), received, door, min(arrived_at or now(), now()), office.address)
    broken = [Thing(Said.UNREADABLE, reason=Why.FAULT)]
    for things, whose in ((things_of(received), matched), (broken, matched), (broken, _nobodys)):
        try:
            return _take(mail, things, whose, together_with)
        except Exception as error:
            if _is_away(error):
                raise
            log.exception("a message could not be applied; it is kept for people to look at")
    raise RuntimeError("a message can neither be applied nor kept")


def _nobodys(received: Received, item: Item | None, ours: str) -> Match:
    """For a message that we stumble over already when we ask whose it is."""
    return Match(why=Why.FAULT)


def _take(mail: Mail, things: list[Thing], whose: Whose, together_with: Callable[[], None]) -> Taken:
    with write():
        together_with()
        message = _new_message(mail)
        if message is None:
            known = db.session.scalars(select(IncomingMessage.id).where(IncomingMessage.key == mail.key)).one()
            return Taken(known, is_new=False)
        for thing in things:
            _put_down(message, thing, whose(mail.received, thing.item, mail.ours), mail)
        return Taken(message.id, is_new=True)


def _new_message(mail: Mail) -> IncomingMessage | None:
    """The row of a message that nobody took in before; None for one that somebody did, perhaps a moment ago."""
    if db.session.scalar(select(IncomingMessage.id).where(IncomingMessage.key == mail.key)) is not None:
        return None
    row = IncomingMessage(
        key=mail.key,
        message_id=tidy_line(mail.received.message_id, LONGEST_LINE),
        door=mail.door,
        arrived_at=mail.arrived_at,
        taken_at=now(),
        sender=tidy_line(mail.sender, LONGEST_ADDRESS),
        subject=tidy_line(mail.received.subject, LONGEST_LINE),
        size=len(mail.data),
        raw=mail.data,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return None
    return row


def _put_down(message: IncomingMessage, thing: Thing, found: Match, mail: Mail) -> None:
    """One thing that the message says, with its effect, in the audit log.

    The entry is written last: its reference to the attendee is a lock, which has to come after that on the place.
    """
    entry = IncomingEntry(
        incoming=message,
        meeting_id=found.meeting.id if found.meeting is not None else None,
        attendee_id=found.attendee.id if found.attendee is not None else None,
        said=thing.said,
        state=thing.state,
        reason=thing.reason,
        trust=found.trust if found.meeting is not None else None,
        note="",
        comment="",
        address=tidy_line(mail.sender, LONGEST_ADDRESS),
        name="",
        other_address="",
        other_name="",
        location="",
        raw_start="",
        handled_by="",
    )
    _take_effect(entry, thing, found, mail)
    db.session.add(entry)
    db.session.flush()
    _record(entry, message, mail.by())


def _take_effect(entry: IncomingEntry, thing: Thing, found: Match, mail: Mail) -> None:
    match (thing.said, thing.item, thing.bounce):
        case (Said.ANSWER, item, _) if item is not None:
            take_answer(entry, item, found, mail)
        case (Said.PROPOSAL, item, _) if item is not None:
            take_proposal(entry, item, found, mail)
        case (Said.REFRESH, item, _) if item is not None:
            take_refresh(entry, item, found, mail)
        case (Said.BOUNCE, _, bounce) if bounce is not None:
            take_bounce(entry, bounce, found, mail)
        case _:
            pass


def _record(entry: IncomingEntry, message: IncomingMessage, by: Actor) -> None:
    audit.record(
        "incoming.receive",
        entry,
        by=by,
        after={"said": entry.said.value, "state": logged(entry.state), "reason": entry.reason},
        label=label_of(entry, message),
        meeting_id=entry.meeting_id,
    )


def _is_away(error: Exception) -> bool:
    """Whether the database could not be reached or would not take anything just now: trying again may help."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated
