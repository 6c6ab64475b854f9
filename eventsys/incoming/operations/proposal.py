"""Deciding on a proposal of another time: accepting it changes the meeting for everybody, refusing it tells one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from eventsys.core.actor import Actor
from eventsys.core.clock import now, to_local
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.incoming.models import LONGEST_COMMENT, EntryState, IncomingEntry, Said
from eventsys.incoming.operations.others import is_other_place
from eventsys.incoming.operations.outcome import handled, seen
from eventsys.incoming.text import tidy_block
from eventsys.invitations.models import Attendee
from eventsys.invitations.operations.aside import none_held
from eventsys.invitations.operations.change import Changed, change_meeting
from eventsys.invitations.operations.resend import decline_proposal
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting

SHORTEST = timedelta(hours=1)


class Proposal(Protocol):
    """What somebody proposes: an entry, or a row of a list."""

    @property
    def starts_at(self) -> datetime | None: ...

    @property
    def ends_at(self) -> datetime | None: ...

    @property
    def location(self) -> str: ...


def proposed_facts(entry: Proposal, meeting: Meeting) -> MeetingFacts | None:
    """The meeting's facts as the proposal would have them; None when it names no time that can be read.

    Without an end the meeting keeps its length. The reply deadline moves along by whole days, and never into the past.
    """
    if entry.starts_at is None:
        return None
    ends_at = entry.ends_at or entry.starts_at + (meeting.ends_at - meeting.starts_at)
    values = MeetingFacts.of(meeting).columns()
    values |= {"starts_at": entry.starts_at, "ends_at": ends_at}
    if meeting.reply_by is not None:
        values["reply_by"] = _moved_deadline(meeting.reply_by, meeting, entry.starts_at)
    if is_other_place(entry.location, meeting):
        values |= {"venue_zh": entry.location, "venue_en": entry.location, "address_zh": "", "address_en": ""}
    return MeetingFacts(**values)


def _moved_deadline(reply_by: datetime, meeting: Meeting, starts_at: datetime) -> datetime:
    old, new = (to_local(at, meeting.zone).date() for at in (meeting.starts_at, starts_at))
    moved = reply_by + (new - old)
    return moved if now() + SHORTEST < moved <= starts_at else starts_at


def accept_proposal(entry_id: int, version: int, meeting_version: int, *, by: Actor) -> Changed:
    """Change the meeting to what was proposed; everybody told gets the update and is asked again.

    Raises `DomainError` when somebody decided, or changed the meeting, since it was looked at.
    """
    entry = _waiting(entry_id, version)
    meeting = locked(Meeting, entry.meeting_id or 0)
    none_held(meeting)
    if meeting.version != meeting_version:
        raise DomainError(_("The meeting was changed since you opened this page. Look at the proposal again."))
    facts = proposed_facts(entry, meeting)
    if facts is None:
        raise DomainError(_("The time proposed cannot be read. Change the meeting yourself, then settle this."))
    changed = change_meeting(meeting, facts, meeting_version, by=by)
    handled(entry, EntryState.APPLIED, "accept", by=by)
    return changed


def refuse_proposal(entry_id: int, version: int, note: str, *, by: Actor) -> bool:
    """Refuse it with a word to whoever proposed it (METHOD:DECLINECOUNTER); False when no letter can reach them.

    Raises `DomainError` when somebody decided meanwhile.
    """
    entry = _waiting(entry_id, version)
    attendee = db.session.get(Attendee, entry.attendee_id) if entry.attendee_id is not None else None
    told = attendee is not None and decline_proposal(attendee, note, stamp=entry.stamp, by=by)
    entry.note = tidy_block(note, LONGEST_COMMENT)
    handled(entry, EntryState.REFUSED, "refuse", by=by)
    return told


def _waiting(entry_id: int, version: int) -> IncomingEntry:
    entry = seen(entry_id, version)
    if entry.said is not Said.PROPOSAL or entry.state is not EntryState.WAITING:
        raise DomainError(_("This proposal was decided already."))
    return entry
