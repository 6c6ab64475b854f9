"""Answers by mail: put in order, applied where it is certain whose they are, else kept for people to look at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select

from eventsys.calendar.read import Answerer, Doubt, Item
from eventsys.core.actor import Channel
from eventsys.core.errors import DomainError
from eventsys.extensions import db
from eventsys.incoming.models import EntryState, IncomingEntry, Said, Trust
from eventsys.incoming.operations.outcome import LONGEST_NAME, Mail, describe, done, keep, wait
from eventsys.incoming.queries.matching import Match, holder_of, substitute_of
from eventsys.incoming.reasons import Why
from eventsys.incoming.said import REPLIES, Words, is_written_by, words_of
from eventsys.incoming.seat import is_same
from eventsys.incoming.text import tidy_line
from eventsys.invitations.deadlines import OPEN_STATES
from eventsys.invitations.models import Attendee, Reply
from eventsys.invitations.operations.answer import ANSWERS, answer
from eventsys.invitations.operations.place import Answering, lock_attendee, takes_answers
from eventsys.invitations.operations.resend import send_receipt
from eventsys.invitations.operations.restore import answers_on, last_step
from eventsys.invitations.operations.substitute import Named, name_substitute
from eventsys.meetings.models import MeetingState


def take_answer(entry: IncomingEntry, item: Item, found: Match, mail: Mail) -> None:
    """Apply a REPLY, or say why not. The entry stands on record either way."""
    words = words_of(item, found.address, mail.received)
    describe(entry, item, words, mail)
    entry.trust = found.trust
    if found.attendee is None:
        wait(entry, found.why)
    elif Doubt.OTHER_PART_DISAGREES in item.warnings:
        wait(entry, Why.CONTRADICTS)
    elif entry.reply is None:
        (wait if Doubt.UNKNOWN_PARTSTAT in item.warnings else keep)(entry, Why.NO_CHOICE)
    else:
        _take(entry, words, lock_attendee(found.attendee.id), mail)


def _take(entry: IncomingEntry, words: Words, seat: Answering, mail: Mail) -> None:
    """Whose answer it is: the attendee's, that of whom they name, or that of whoever stands in for them."""
    if words.own is None and words.delegate is not None:
        return _delegate_answers(entry, words.delegate, seat, mail)
    if entry.reply is Reply.DELEGATED:
        return _delegates(entry, words, seat, mail)
    standing_in = substitute_of(seat.attendee)
    if entry.trust is Trust.UNSURE and standing_in is not None and is_same(entry.address, standing_in.email):
        entry.trust = Trust.SIGNED
        return _answers(entry, lock_attendee(standing_in.id), mail)
    return _answers(entry, seat, mail)


def _answers(entry: IncomingEntry, seat: Answering, mail: Mail) -> None:
    """An attendee's own answer."""
    entry.attendee_id = seat.attendee.id
    reply, comment = entry.reply, entry.comment
    assert reply is not None
    if _stands_against(entry, seat) or not _may_be_applied(entry, seat, mail):
        return

    def act() -> None:
        answer(
            seat.attendee,
            reply,
            comment,
            by=mail.by(),
            channel=Channel.MAIL,
            source=_source(entry),
            at=mail.arrived_at,
        )

    if _apply(entry, seat, act):
        send_receipt(seat.attendee, mail.sender or entry.address, by=mail.by())


def _delegates(entry: IncomingEntry, words: Words, seat: Answering, mail: Mail) -> None:
    """The attendee names who comes instead; the delegate's own answer counts where the mail is the delegate's."""
    entry.attendee_id = seat.attendee.id
    if _stands_against(entry, seat) or not _may_be_applied(entry, seat, mail):
        return
    delegate = words.delegate
    speaks = delegate is not None and delegate.partstat in REPLIES and is_written_by(delegate, mail.received)
    _name(entry, seat, mail, delegate if speaks else None)


def _delegate_answers(entry: IncomingEntry, line: Answerer, seat: Answering, mail: Mail) -> None:
    """Somebody answers for the attendee who handed the invitation on; their answer is that of the substitute."""
    standing_in = substitute_of(seat.attendee)
    if standing_in is not None and is_same(standing_in.email, line.address):
        return _answers(entry, lock_attendee(standing_in.id), mail)
    entry.attendee_id = seat.attendee.id
    if _stands_against(entry, seat, in_order=False):
        return None
    if entry.reply is Reply.DECLINED:
        return keep(entry, Why.WILL_NOT_STAND_IN)
    if not seat.attendee.is_current or entry.reply is Reply.DELEGATED:
        return wait(entry, Why.SECOND_HAND)
    entry.other_address, entry.other_name = entry.address, tidy_line(entry.name, LONGEST_NAME)
    if _may_be_applied(entry, seat, mail):
        _name(entry, seat, mail, line)
    return None


def _name(entry: IncomingEntry, seat: Answering, mail: Mail, answering: Answerer | None) -> None:
    """Name the substitute: one hop by mail, never a circle, never somebody who has a place."""
    address, row = entry.other_address, seat.attendee
    standing_in = substitute_of(row)
    if not address:
        return wait(entry, Why.NO_DELEGATE)
    if standing_in is not None and is_same(standing_in.email, address):
        return keep(entry, Why.REPEATED)
    if row.stands_in_for_id is not None:
        return wait(entry, Why.SECOND_HAND)
    if holder_of(row.meeting_id, address) is not None and not is_same(address, row.email):
        return wait(entry, Why.HAS_PLACE)
    named = Named(name=entry.other_name or address[:LONGEST_NAME], email=address)
    reply = REPLIES.get(answering.partstat) if answering is not None and answering.partstat is not None else None

    def act() -> None:
        by, source = mail.by(), _source(entry)
        substitute = name_substitute(row, named, by=by, channel=Channel.MAIL, source=source)
        if reply in ANSWERS and answering is not None:
            entry.attendee_id = substitute.id
            answer(substitute, reply, entry.comment, by=by, channel=Channel.MAIL, source=source, at=mail.arrived_at)

    _apply(entry, seat, act)
    return None


def _apply(entry: IncomingEntry, seat: Answering, act: Callable[[], None]) -> bool:
    """Do it, all or nothing, and note how everything stood before; a refusal waits with its words."""
    before, attendee_id = answers_on(seat.place.id), entry.attendee_id
    try:
        with db.session.begin_nested():
            act()
    except DomainError as refusal:
        entry.attendee_id = attendee_id
        wait(entry, Why.REFUSED, refusal.message)
        return False
    done(entry)
    entry.place_before, entry.event_id = before, last_step(seat.place.id)
    return True


def _stands_against(entry: IncomingEntry, seat: Answering, *, in_order: bool = True) -> bool:
    """Whether the record says already what becomes of this answer (RFC 5546 2.1.5, and our states)."""
    row, meeting = seat.attendee, seat.meeting
    if meeting.state not in OPEN_STATES:
        keep(entry, Why.CANCELLED if meeting.state is MeetingState.CANCELLED else Why.OVER)
    elif seat.place.withdrawn_at is not None or (row.link_revoked_at is not None and not row.is_current):
        (keep if entry.reply in (Reply.DECLINED, None) else wait)(entry, Why.NO_LONGER_ASKED)
    elif entry.sequence is not None and entry.sequence < meeting.timed_sequence + row.sequence_ahead:
        keep(entry, Why.OLD_TIME)
    elif in_order and _is_out_of_order(entry, row):
        pass
    else:
        return False
    return True


def _is_out_of_order(entry: IncomingEntry, row: Attendee) -> bool:
    """An answer that is older than the one that stands changes nothing; the newest DTSTAMP wins.

    Against an answer given on a page two clocks are compared, so a person looks at it.
    """
    stamp, standing = entry.stamp, _last_stamp(row)
    assert stamp is not None
    same = entry.reply is row.reply and entry.comment == row.comment
    if standing is not None and stamp == standing and same:
        keep(entry, Why.REPEATED)
    elif standing is not None and stamp < standing:
        keep(entry, Why.OLDER)
    elif row.reply_channel is not Channel.MAIL and row.replied_at is not None and stamp < row.replied_at:
        (keep if same else wait)(entry, Why.REPEATED if same else Why.OLDER_THAN_PAGE)
    else:
        return False
    return True


def _last_stamp(row: Attendee) -> datetime | None:
    """The DTSTAMP of the last answer by mail that was applied and stands."""
    stamp: datetime | None = db.session.scalar(
        select(func.max(IncomingEntry.stamp)).where(
            IncomingEntry.attendee_id == row.id,
            IncomingEntry.said == Said.ANSWER,
            IncomingEntry.state == EntryState.APPLIED,
        )
    )
    return stamp


def _may_be_applied(entry: IncomingEntry, seat: Answering, mail: Mail) -> bool:
    """Whether it is certain enough whose answer this is, and in time."""
    takes_back = entry.trust is Trust.UNSURE and not seat.attendee.is_current
    if entry.trust is Trust.UNVERIFIED or takes_back:
        wait(entry, Why.UNVERIFIED)
        return False
    if not takes_answers(seat.meeting, seat.place, Channel.MAIL, mail.arrived_at):
        wait(entry, Why.DEADLINE)
        return False
    return True


def _source(entry: IncomingEntry) -> str:
    return entry.trust.value if entry.trust is not None else ""
