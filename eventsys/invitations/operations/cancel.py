"""Cancelling a meeting, or postponing it without a new date: everybody told is told so, once."""

from __future__ import annotations

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.invitations import facts as words
from eventsys.invitations.facts import Invitee, Liaison
from eventsys.invitations.holding import Seen
from eventsys.invitations.operations.aside import check_seen, drop, held_under
from eventsys.invitations.operations.change import Reason, mark_told
from eventsys.invitations.operations.send import Queued, queue_once
from eventsys.invitations.queries.change import Told, told
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.meetings.operations import mark_cancelled, raise_sequence

CANCELLATION = "cancellation"


def cancel_meeting(
    meeting: Meeting, reason: Reason, version: int, *, postponed: bool, by: Actor, held_version: int = 0
) -> int:
    """Cancel, or postpone without a date; returns how many letters say so. A draft tells nobody.

    Whose invitation has not left the queue is not told: it is out of date now and stays there. A change that is held,
    of `held_version`, is discarded. Raises `Stale`, also for a held change that was not seen, and `DomainError` when
    the meeting is cancelled already, is over, or no reason is given.
    """
    row = locked(Meeting, meeting.id)
    if row.state is MeetingState.CANCELLED:
        raise DomainError(_("This meeting is cancelled already. Nobody was told twice."))
    held = held_under(row)
    check_seen(row, held, Seen(version, held_version))
    was_draft = row.state is MeetingState.DRAFT
    readers = told(row)
    if held is not None:
        drop(held, "discard", by=by)
    mark_cancelled(row, reason_zh=reason.zh, reason_en=reason.en, postponed=postponed, by=by)
    if was_draft:
        return 0
    raise_sequence(row)
    letters = _tell(row, reason, readers, postponed=postponed)
    audit.record(
        "invitation.cancel",
        row,
        by=by,
        after={"letters": letters, "sequence": row.sequence},
        label=row.title(),
        meeting_id=row.id,
    )
    return letters


def _tell(meeting: Meeting, reason: Reason, readers: Told, *, postponed: bool) -> int:
    informed = readers.informed
    stamp = words.next_stamp(informed)
    common = {**words.common_facts(meeting, stamp=stamp), **reason.facts(), "postponed": postponed}
    mark = words.digest(meeting)
    queue_once(CANCELLATION, common, [_letter(row, meeting, mark) for row in informed], meeting)
    people = [row.attendee_id for row in informed if isinstance(row, Invitee)]
    places = {place[0] for row in informed if isinstance(row, Liaison) for place in row.places}
    mark_told(meeting, people, places, stamp)
    return len(informed)


def _letter(row: Invitee | Liaison, meeting: Meeting, mark: str) -> Queued:
    if isinstance(row, Invitee):
        key = f"{CANCELLATION}:{row.attendee_id}:s{meeting.sequence}"
        return key, row.recipient(), words.personal_facts(row, mark)
    key = f"{CANCELLATION}:place{row.places[0][0]}:p{row.person_id}:s{meeting.sequence}"
    return key, row.recipient(), words.liaison_facts(row, mark)
