"""Whose words a message holds: by the +token address that only one invitee was given, else by UID and address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from eventsys.calendar.read import Item
from eventsys.core.outbox import Letter
from eventsys.extensions import db
from eventsys.incoming.models import Trust
from eventsys.incoming.reasons import Why
from eventsys.incoming.said import words_of
from eventsys.incoming.seat import domain_of, is_same, link_ids
from eventsys.invitations.models import Attendee, Place, Reply
from eventsys.mail.received import Received
from eventsys.meetings.models import Meeting

LONGEST_UID = 255


@dataclass(frozen=True, slots=True)
class Match:
    """The meeting and the attendee that something is about, as far as they are known, and how certainly."""

    meeting: Meeting | None = None
    attendee: Attendee | None = None
    trust: Trust = Trust.UNVERIFIED
    why: str = ""

    @property
    def address(self) -> str:
        """The attendee's address on file, "" where nobody is known."""
        return self.attendee.email if self.attendee is not None else ""


def matched(received: Received, item: Item | None, ours: str) -> Match:
    """Who it is about. `ours` is our own address, to which the tokens are added."""
    seats = _seats(link_ids(received.recipients, ours))
    if seats:
        return _by_token(seats, item, received)
    meeting = _meeting_of(item.uid) if item is not None else None
    if meeting is None or item is None:
        return Match(why=Why.UNKNOWN_MEETING)
    return _by_address(meeting, item, received)


def substitute_of(attendee: Attendee) -> Attendee | None:
    """Who holds the place instead of this attendee."""
    statement = select(Attendee).where(Attendee.stands_in_for_id == attendee.id, Attendee.is_current)
    return db.session.scalars(statement).first()


def holder_of(meeting_id: int, address: str) -> Attendee | None:
    """Who of this address is on a place of the meeting now."""
    statement = select(Attendee).where(
        Attendee.meeting_id == meeting_id, Attendee.is_current, func.lower(Attendee.email) == address.lower()
    )
    return db.session.scalars(statement.limit(1)).first()


def letter_of(attendee: Attendee, recipient: str) -> str:
    """The Message-ID of the last letter that went to this attendee at this address; "" where none did."""
    statement = (
        select(Letter.message_id)
        .where(Letter.attendee_id == attendee.id, Letter.message_id.is_not(None))
        .order_by(Letter.id.desc())
        .limit(1)
    )
    if recipient:
        statement = statement.where(func.lower(Letter.address) == recipient.lower())
    return db.session.scalar(statement) or ""


def _by_token(seats: Sequence[Attendee], item: Item | None, received: Received) -> Match:
    meeting = seats[0].meeting
    if len(seats) > 1:
        lines = item.attendees if item is not None else ()
        seats = [seat for seat in seats if any(is_same(seat.email, line.address) for line in lines)]
    if len(seats) != 1 or _is_elsewhere(item, seats[0]):
        return Match(meeting, why=Why.AMBIGUOUS)
    (seat,) = seats
    if item is None or item.uid != seat.meeting.uid:
        return Match(seat.meeting, seat, Trust.UNSURE if item is not None else Trust.SIGNED)
    words = words_of(item, seat.email, received)
    known = words.own is not None and is_same(words.own.address, seat.email)
    return Match(seat.meeting, seat, Trust.SIGNED if known or words.delegate is not None else Trust.UNSURE)


def _is_elsewhere(item: Item | None, seat: Attendee) -> bool:
    """Whether the item names another meeting of ours than the address it was sent to."""
    if item is None or not item.uid or item.uid == seat.meeting.uid:
        return False
    return _meeting_of(item.uid) is not None


def _by_address(meeting: Meeting, item: Item, received: Received) -> Match:
    """By the address that answers, else by those that the mail comes from; certain only where its domain vouches."""
    speaker = words_of(item, "", received).own
    addresses = [speaker.address if speaker is not None else None, received.reply_to, received.sender]
    for address in dict.fromkeys(each for each in addresses if each):
        found = _asked_at(meeting, address)
        if len(found) > 1:
            return Match(meeting, why=Why.AMBIGUOUS)
        if found:
            return Match(meeting, found[0], Trust.UNSIGNED if _is_vouched(address, received) else Trust.UNVERIFIED)
    return Match(meeting, why=Why.UNINVITED)


def _is_vouched(address: str, received: Received) -> bool:
    """Whether the sender's own domain says that the mail comes from this very address."""
    return is_same(address, received.sender) and domain_of(address) in received.authenticated


def _seats(links: Sequence[str]) -> Sequence[Attendee]:
    if not links:
        return []
    statement = select(Attendee).where(Attendee.link_id.in_(links)).options(joinedload(Attendee.meeting))
    return db.session.scalars(statement).all()


def _meeting_of(uid: str | None) -> Meeting | None:
    if not uid or len(uid) > LONGEST_UID or not uid.isprintable():
        return None
    return db.session.scalars(select(Meeting).where(Meeting.uid == uid)).one_or_none()


def _asked_at(meeting: Meeting, address: str) -> Sequence[Attendee]:
    """Those asked at this address: on a place, or represented on it."""
    statement = (
        select(Attendee)
        .join(Place, Place.id == Attendee.place_id)
        .where(
            Attendee.meeting_id == meeting.id,
            func.lower(Attendee.email) == address.lower(),
            or_(Attendee.is_current, Attendee.reply == Reply.DELEGATED),
            Attendee.link_revoked_at.is_(None),
            Place.withdrawn_at.is_(None),
        )
    )
    return db.session.scalars(statement).all()
