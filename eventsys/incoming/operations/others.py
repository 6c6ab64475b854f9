"""What comes by mail beside answers: proposals of another time, requests for the invitation, letters returned."""

from __future__ import annotations

from sqlalchemy import select

from eventsys.calendar.read import Item
from eventsys.core.errors import DomainError
from eventsys.core.outbox import LetterState
from eventsys.delivery.operations import mark_bounced
from eventsys.extensions import db
from eventsys.incoming.models import EntryState, IncomingEntry, Said, Trust
from eventsys.incoming.operations.outcome import LONGEST_LINE, Mail, describe, done, keep, wait
from eventsys.incoming.queries.matching import Match, letter_of
from eventsys.incoming.reasons import Why
from eventsys.incoming.said import words_of
from eventsys.incoming.text import tidy_line
from eventsys.invitations.deadlines import OPEN_STATES
from eventsys.invitations.operations.resend import resend
from eventsys.mail.received import Bounce, Reason
from eventsys.meetings.models import Meeting, MeetingState


def take_proposal(entry: IncomingEntry, item: Item, found: Match, mail: Mail) -> None:
    """Another time or place, for the organizer to accept or refuse; never touches the answer (RFC 5546 3.2.7)."""
    describe(entry, item, words_of(item, found.address, mail.received), mail)
    entry.trust, entry.reply = found.trust, None
    entry.starts_at, entry.ends_at = item.starts_at, item.ends_at
    entry.location, entry.raw_start = (tidy_line(text, LONGEST_LINE) for text in (item.location, item.raw_start))
    if found.attendee is not None:
        entry.attendee_id = found.attendee.id
    if found.meeting is None:
        return wait(entry, found.why)
    if found.meeting.state not in OPEN_STATES:
        is_cancelled = found.meeting.state is MeetingState.CANCELLED
        return keep(entry, Why.CANCELLED if is_cancelled else Why.OVER)
    ahead = found.attendee.sequence_ahead if found.attendee is not None else 0
    if entry.sequence is not None and entry.sequence < found.meeting.timed_sequence + ahead:
        return keep(entry, Why.OLD_TIME)
    if _is_as_it_is(entry, found.meeting):
        return keep(entry, Why.SAME_FACTS)
    wait(entry, found.why if found.attendee is None else Why.UNVERIFIED if found.trust is Trust.UNVERIFIED else "")
    return _replaces_earlier(entry)


def take_refresh(entry: IncomingEntry, item: Item, found: Match, mail: Mail) -> None:
    """Somebody's calendar asks for the invitation once more: it goes to the address on file, at most once an hour."""
    describe(entry, item, words_of(item, found.address, mail.received), mail)
    entry.trust, entry.reply = found.trust, None
    if found.attendee is None or found.trust is Trust.UNVERIFIED:
        return keep(entry, found.why or Why.UNVERIFIED)
    entry.attendee_id = found.attendee.id
    try:
        with db.session.begin_nested():
            again = resend(found.attendee, by=mail.by())
    except DomainError as refusal:
        return keep(entry, Why.REFUSED, refusal.message)
    return done(entry) if again else keep(entry, Why.TOO_SOON)


def take_bounce(entry: IncomingEntry, bounce: Bounce, found: Match, mail: Mail) -> None:
    """A letter that came back: shown at the letter and the invitee, nothing else changes."""
    entry.address = tidy_line(bounce.recipient, LONGEST_LINE)
    entry.note = tidy_line(" ".join(text for text in (bounce.status, bounce.reason) if text), LONGEST_LINE)
    name = bounce.message_id or (letter_of(found.attendee, bounce.recipient) if found.attendee is not None else "")
    by = mail.by()
    letter = mark_bounced(name, bounce.recipient, entry.note, by=by, permanent=bounce.permanent) if name else None
    if letter is None:
        return keep(entry, Why.NO_LETTER, entry.note)
    entry.letter_id, entry.meeting_id, entry.attendee_id = letter.id, letter.meeting_id, letter.attendee_id
    if letter.state is LetterState.BOUNCED and bounce.permanent:
        return done(entry)
    return keep(entry, Reason.DELAYED.value if not bounce.permanent else Why.OLDER, entry.note)


def _is_as_it_is(entry: IncomingEntry, meeting: Meeting) -> bool:
    """Whether it proposes what stands already."""
    if entry.starts_at is None:
        return False
    same_end = entry.ends_at is None or entry.ends_at == meeting.ends_at
    return entry.starts_at == meeting.starts_at and same_end and not is_other_place(entry.location, meeting)


def is_other_place(location: str, meeting: Meeting) -> bool:
    """Whether a proposal names another place than the one that we sent, in either language."""
    said = location.casefold()
    known = [text for text in (meeting.venue_zh, meeting.venue_en, meeting.address_zh, meeting.address_en) if text]
    return bool(said) and not any(text.casefold() in said for text in known)


def _replaces_earlier(entry: IncomingEntry) -> None:
    """Of several proposals of one attendee the last one counts."""
    if entry.attendee_id is None:
        return
    earlier = db.session.scalars(
        select(IncomingEntry).where(
            IncomingEntry.attendee_id == entry.attendee_id,
            IncomingEntry.said == Said.PROPOSAL,
            IncomingEntry.state == EntryState.WAITING,
        )
    )
    for row in earlier.all():
        newer = row.stamp is not None and entry.stamp is not None and row.stamp > entry.stamp
        keep(entry if newer else row, Why.REPLACED)
