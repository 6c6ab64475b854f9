"""Single letters to one person: leave decided, a substitute entered or gone, and that they need not attend any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.transaction import assign, locked
from eventsys.extensions import db
from eventsys.invitations import facts
from eventsys.invitations.facts import REQUESTS, Invitee, Liaison
from eventsys.invitations.models import Attendee, Place
from eventsys.invitations.operations.send import OPEN, queue_once
from eventsys.invitations.queries import send as queries
from eventsys.meetings.models import Meeting

LEAVE_DECISION = "leave_decision"
LEAVE_NOTICE = "leave_notice"
WITHDRAWAL = "withdrawal"
DELEGATION = "delegation"
RETURN = "return"


def tell_leave_decision(attendee: Attendee, *, by: Actor) -> int:
    """Queue the letters that say whether leave is granted, with the office's words; how many they are.

    One goes to the person and one to each liaison of the place's organization; who is both gets the person's own.
    Call it once the decision stands on the row. Raises `DomainError` when this decision was told before.
    """
    db.session.flush()
    at = attendee.leave_decided_at.isoformat() if attendee.leave_decided_at else ""
    said = {"decision": attendee.leave.value, "note": attendee.leave_note, "decided_at": at}
    own = _tell(LEAVE_DECISION, attendee, f"leave:{attendee.id}:v{attendee.version}", said)
    who = {
        "attendee": attendee.id,
        **facts.called(attendee),
        "to_be_named": not attendee.is_current,
    }
    others = [
        (f"leave:{attendee.id}:v{attendee.version}:p{liaison.person_id}", liaison, {**said, **who})
        for liaison in queries.liaisons_of_place(db.session.get_one(Place, attendee.place_id))
        if liaison.person_id != attendee.person_id and liaison.email.casefold() != attendee.email.casefold()
    ]
    return int(own) + tell_liaisons(LEAVE_NOTICE, attendee.meeting_id, others)


def tell_liaisons(kind: str, meeting_id: int, letters: Sequence[tuple[str, Liaison, Mapping[str, Any]]]) -> int:
    """Queue a letter without a calendar part to each liaison, as key, liaison and facts; how many there are."""
    meeting = db.session.get_one(Meeting, meeting_id)
    mark = facts.digest(meeting)
    rows = [(key, to.recipient(), facts.liaison_facts(to, mark, **more)) for key, to, more in letters]
    return queue_once(kind, facts.common_facts(meeting), rows, meeting) if rows else 0


def tell_withdrawn(attendee: Attendee, *, by: Actor) -> bool:
    """Queue the letter, with METHOD:CANCEL, that this person alone need not attend; False when none is needed.

    For somebody taken off a place after being told. Nobody is told off before their invitation has left: that one is
    out of date once `link_revoked_at` stands on the row or the person is off the place, and is not sent.
    """
    db.session.flush()
    if attendee.told_at is None or waits(attendee):
        return False
    return _tell_calendar(WITHDRAWAL, attendee, {}, ahead=attendee.sequence_ahead + 1)


def tell_delegation(attendee: Attendee, *, by: Actor) -> bool:
    """Queue the letter, with the request as it stands now, that somebody else attends instead of this person.

    Their calendar then shows both, and they learn of it where somebody else entered it. False when they were never
    told of the meeting.
    """
    db.session.flush()
    return attendee.told_at is not None and _tell_calendar(DELEGATION, attendee, {})


def tell_return(attendee: Attendee, substitute: Attendee, *, by: Actor) -> bool:
    """Queue the letter, with the request as it stands now, that the place is this person's own again."""
    db.session.flush()
    if attendee.told_at is None:
        return False
    return _tell_calendar(RETURN, attendee, {"by_zh": substitute.name_zh, "by_en": substitute.name_en})


def waits(attendee: Attendee) -> bool:
    """Whether all that this person was ever told still lies in the queue, never tried."""
    states = set(
        db.session.scalars(
            select(Letter.state).where(
                Letter.attendee_id == attendee.id,
                Letter.kind.in_(REQUESTS),
                Letter.state != LetterState.SUPERSEDED,
            )
        )
    )
    return states == {LetterState.QUEUED}


def _tell(kind: str, attendee: Attendee, key: str, more: dict[str, Any]) -> bool:
    """Queue a letter without a calendar part."""
    meeting = db.session.get_one(Meeting, attendee.meeting_id)
    row = reader(attendee, meeting)
    if row is None:
        return False
    letter = (key, row.recipient(), facts.personal_facts(row, facts.digest(meeting), **more))
    return bool(queue_once(kind, facts.common_facts(meeting), [letter], meeting))


def written_anew(attendee_id: int) -> datetime:
    """The moment of a letter that leaves once more, after all that its attendee was sent; kept on their row."""
    row = locked(Attendee, attendee_id)
    stamp = max(now(), row.told_at + facts.SECOND) if row.told_at else now()
    if row.told_at:
        assign(row, told_at=stamp)
    return stamp


def _tell_calendar(kind: str, attendee: Attendee, more: dict[str, Any], *, ahead: int | None = None) -> bool:
    """Queue a letter with a calendar part, as long as the meeting is to come; the record of a past one tells nobody."""
    meeting = db.session.get_one(Meeting, attendee.meeting_id)
    row = reader(attendee, meeting) if meeting.state in OPEN else None
    if row is None:
        return False
    key = f"{kind}:{attendee.id}:v{attendee.version}"
    tell_row(attendee, row, meeting, kind=kind, key=key, more=more, ahead=ahead)
    return True


def reader(attendee: Attendee, meeting: Meeting) -> Invitee | None:
    """The attendee as letters address them, None when no letter can reach them."""
    found = queries.these(meeting, [attendee.id], withdrawn=True)
    return next((row for row in found if row.has_address), None)


def tell_row(
    attendee: Attendee,
    row: Invitee,
    meeting: Meeting,
    *,
    kind: str,
    key: str,
    more: Mapping[str, Any],
    common: Mapping[str, Any] | None = None,
    ahead: int | None = None,
) -> None:
    """Queue a letter with a calendar part to one attendee (`row`, with an address) and keep its moment on their row.

    `ahead` is their SEQUENCE's lead over the meeting's from now on. Raises `DomainError` when the key was used before.
    """
    row = replace(row, sequence_ahead=attendee.sequence_ahead if ahead is None else ahead)
    stamp = facts.next_stamp([row])
    letter = (key, row.recipient(), facts.personal_facts(row, facts.digest(meeting), **more))
    queue_once(kind, {**facts.common_facts(meeting, stamp=stamp), **(common or {})}, [letter], meeting)
    assign(attendee, told_at=stamp, sequence_ahead=row.sequence_ahead)
