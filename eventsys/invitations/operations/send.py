"""Sending invitations: letters queued in bulk, everybody told marked by one update."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.exc import IntegrityError

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.outbox import Recipient, enqueue
from eventsys.core.transaction import locked
from eventsys.directory.models import Person
from eventsys.extensions import db
from eventsys.invitations import facts
from eventsys.invitations.facts import Invitee, Liaison
from eventsys.invitations.models import Attendee, Place
from eventsys.invitations.operations.recall import recall
from eventsys.invitations.queries import send as queries
from eventsys.meetings.models import Meeting, MeetingState

INVITATION = "invitation"
OPEN = (MeetingState.SCHEDULED, MeetingState.IN_SESSION)
Queued = tuple[str, Recipient, Mapping[str, Any]]


def invite(meeting: Meeting, attendees: Sequence[Attendee], *, by: Actor) -> int:
    """Queue the personal invitation of each attendee and mark them told; returns how many letters that are.

    For those added one by one, substitutes and people named later. Attendees without an address stay prepared. Raises
    `DomainError` when one of them was invited before.
    """
    db.session.flush()
    invitees = [invitee for invitee in queries.these(meeting, [row.id for row in attendees]) if invitee.has_address]
    count = _invite(meeting, invitees, [], by=by)
    for attendee in attendees:
        db.session.expire(attendee)
    return count


def send_prepared(meeting: Meeting, shown: str, *, by: Actor) -> int:
    """Send everything prepared: invitations, and for places to be named a letter to the organization's liaisons.

    `shown` is the mark of the list that the organizer saw (`mark_of_list`); another list is refused. Returns how many
    letters were queued. Raises `DomainError`.
    """
    meeting = locked(Meeting, meeting.id)
    invitees = [invitee for invitee in queries.prepared(meeting) if invitee.has_address]
    liaisons = queries.liaisons(queries.to_be_named(meeting, told=False))
    if not invitees and not liaisons:
        raise DomainError(_("These invitations were already sent. Nothing was sent twice."))
    if shown != mark_of_list(meeting, invitees, liaisons):
        raise DomainError(_("The list has changed since you opened this page. Look at it again, then send."))
    return _invite(meeting, invitees, liaisons, by=by)


def mark_of_list(meeting: Meeting, invitees: Sequence[Invitee], liaisons: Sequence[Liaison]) -> str:
    """A mark of who gets what: it changes with the people, their addresses and languages, and what the letters say.

    The agenda stands in them too; every change of it moves the meeting's modification time.
    """
    people = [(row.attendee_id, row.email, row.language) for row in invitees if row.has_address]
    said = (facts.digest(meeting), meeting.modified_at.isoformat())
    return facts.mark(said, people, [(row.person_id, row.email, row.places) for row in liaisons])


def _invite(meeting: Meeting, invitees: Sequence[Invitee], liaisons: Sequence[Liaison], *, by: Actor) -> int:
    """Queue the letters of one sending, mark attendees and places told, and write it into the audit log."""
    if meeting.state not in OPEN:
        raise DomainError(_("Invitations go out once the meeting is scheduled."))
    if not invitees and not liaisons:
        return 0
    invitees = recall(meeting, invitees)
    mark, stamp = facts.digest(meeting), facts.next_stamp(invitees)
    letters = [_letter(invitee, meeting, mark) for invitee in invitees]
    letters += [_letter_to_liaison(liaison, meeting, mark) for liaison in liaisons]
    queue_once(INVITATION, facts.common_facts(meeting, stamp=stamp), letters, meeting)
    _mark_told(meeting, invitees, stamp)
    _mark_liaisons_told(meeting, {place_id for liaison in liaisons for place_id, *_words in liaison.places})
    audit.record(
        "invitation.send",
        meeting,
        by=by,
        after={
            "letters": len(letters),
            "sequence": meeting.sequence,
            "attendees": [row.attendee_id for row in invitees],
            "places_to_be_named": sorted({place[0] for liaison in liaisons for place in liaison.places}),
        },
        label=meeting.title(),
        meeting_id=meeting.id,
    )
    return len(letters)


def queue_once(kind: str, common: Mapping[str, Any], letters: Iterable[Queued], meeting: Meeting) -> int:
    """Queue letters whose keys say what they are. Raises `DomainError` when one of them was queued before."""
    try:
        return enqueue(kind, common, letters, meeting_id=meeting.id)
    except IntegrityError as error:
        raise DomainError(_("These letters were already sent. Nothing was sent twice.")) from error


def _letter(invitee: Invitee, meeting: Meeting, mark: str) -> Queued:
    key = f"{INVITATION}:{invitee.attendee_id}:s{meeting.sequence}"
    return key, invitee.recipient(), facts.personal_facts(invitee, mark)


def _letter_to_liaison(liaison: Liaison, meeting: Meeting, mark: str) -> Queued:
    key = f"{INVITATION}:place{liaison.places[0][0]}:p{liaison.person_id}:s{meeting.sequence}"
    return key, liaison.recipient(), facts.liaison_facts(liaison, mark)


def _mark_told(meeting: Meeting, invitees: Sequence[Invitee], stamp: datetime) -> None:
    """One update for all; an address that came from the directory is written down with it.

    The session's own copies are not brought up to date: whoever holds some expires them.
    """
    if not invitees:
        return
    known = select(Person.email).where(Person.id == Attendee.person_id).scalar_subquery()
    told = (
        update(Attendee)
        .where(Attendee.meeting_id == meeting.id, Attendee.id.in_([row.attendee_id for row in invitees]))
        .values(
            told_at=stamp,
            told_sequence=meeting.sequence,
            email=case((Attendee.email == "", func.coalesce(known, "")), else_=Attendee.email),
            version=Attendee.version + 1,
        )
    )
    db.session.execute(told.execution_options(synchronize_session=False))


def _mark_liaisons_told(meeting: Meeting, place_ids: set[int]) -> None:
    if place_ids:
        told = update(Place).where(Place.id.in_(place_ids)).values(told_at=now(), told_sequence=meeting.sequence)
        db.session.execute(told.execution_options(synchronize_session=False))
