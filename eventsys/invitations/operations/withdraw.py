"""Asking no longer for one place: only whoever was told of it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import choose
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.invitations import facts
from eventsys.invitations.facts import Invitee, Liaison
from eventsys.invitations.models import Ask, Attendee, Place, PlaceRole, Reply, ReplyEvent
from eventsys.invitations.operations.send import OPEN, queue_once
from eventsys.invitations.operations.tell import WITHDRAWAL, tell_withdrawn, waits
from eventsys.invitations.queries import send as queries
from eventsys.meetings.models import Meeting, MeetingState


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """How many letters went out, and whether the place was a prepared one that nobody knew of."""

    letters: int


def withdraw_place(place: Place, shown: str, *, by: Actor) -> Withdrawn:
    """Withdraw the place; its people stay on record, their links are revoked, and those who were told are told so.

    `shown` is the mark of the place as the organizer saw it (`mark_of_place`). Raises `DomainError` when it changed
    since, is withdrawn already, or the meeting is over.
    """
    meeting = locked(Meeting, place.meeting_id)
    row = locked(Place, place.id)
    if row.withdrawn_at is not None:
        raise DomainError(_("This place was already withdrawn. Nobody was told twice."))
    if meeting.state not in (MeetingState.DRAFT, *OPEN):
        raise DomainError(_("Places can no longer be withdrawn from this meeting."))
    people = _people(row)
    if shown != mark_of_place(row, people):
        raise DomainError(_("Something about this place has changed since you opened this page. Look at it again."))
    return Withdrawn(take_back(meeting, [row], by=by))


def take_back(meeting: Meeting, places: Sequence[Place], *, by: Actor) -> int:
    """Withdraw these places of the locked meeting; returns how many letters say so.

    Liaisons who were asked to name somebody for several of them are told once.
    """
    people = {row.id: _people(row) for row in places}
    for row in places:
        row.withdrawn_at = now()
    told = {row.id: sum(_revoke(attendee, meeting, by=by) for attendee in people[row.id]) for row in places}
    letters = sum(told.values()) + _tell_liaisons(meeting, [row for row in places if not people[row.id]])
    _lower_quotas(meeting, places)
    for row in places:
        audit.record(
            "invitation.withdraw",
            row,
            by=by,
            after={"withdrawn": True, "letters": letters, "attendees": [each.id for each in people[row.id]]},
            label=label_of(row, people[row.id]),
            meeting_id=meeting.id,
        )
    return letters


def _lower_quotas(meeting: Meeting, places: Sequence[Place]) -> None:
    """A place of a quota that is asked for no longer is no part of it."""
    gone = Counter((row.organization_id, row.role is PlaceRole.OBSERVER) for row in places if row.is_further)
    if not gone:
        return
    ids = {organization_id for organization_id, _observes in gone}
    statement = select(Ask).where(Ask.meeting_id == meeting.id, Ask.organization_id.in_(ids)).with_for_update()
    for ask in db.session.scalars(statement):
        ask.further = max(0, ask.further - gone[ask.organization_id, False])
        ask.observers = max(0, ask.observers - gone[ask.organization_id, True])


def mark_of_place(place: Place, people: list[Attendee]) -> str:
    """A mark of who is on the place and what they answered."""
    return facts.mark(place.id, [(row.id, row.is_current, row.reply.value, row.told_at) for row in people])


def people_of(place: Place) -> list[Attendee]:
    """The people of the place whose link still opens, the current one first."""
    statement = select(Attendee).where(Attendee.place_id == place.id, Attendee.link_revoked_at.is_(None))
    return list(db.session.scalars(statement.order_by(Attendee.is_current.desc(), Attendee.id)))


def label_of(place: Place, people: list[Attendee]) -> str:
    """The place in the audit log: organization, post, name."""
    organization = place.organization.name() if place.organization else ""
    first = people[0] if people else None
    post = place.post.title() if place.post else first.title() if first else ""
    return choose("", " ").join(part for part in (organization, post, first.name() if first else "") if part)


def _people(place: Place) -> list[Attendee]:
    ids = [row.id for row in people_of(place)]
    return [locked(Attendee, attendee_id) for attendee_id in ids]


def _revoke(attendee: Attendee, meeting: Meeting, *, by: Actor) -> int:
    """Take the person off the place, close the link, keep it in the history, and tell them if they were told."""
    belongs = _belongs(attendee)
    attendee.is_current = False
    attendee.link_revoked_at = now()
    db.session.add(
        ReplyEvent(
            attendee_id=attendee.id,
            meeting_id=meeting.id,
            at=now(),
            by=by.label,
            account_id=by.account_id,
            channel=by.channel,
            act="withdrawn",
            reply=attendee.reply,
            leave=attendee.leave,
            comment="",
            sequence=meeting.sequence,
        )
    )
    return int(belongs and meeting.state in OPEN and tell_withdrawn(attendee, by=by))


def readers_of_withdrawal(place: Place, people: list[Attendee]) -> list[Invitee | Liaison]:
    """Who would be told: those on the place whose invitation has left, or the liaisons who were to name somebody."""
    if place.meeting.state not in OPEN:
        return []
    ids = [row.id for row in people if _belongs(row) and row.told_at and not waits(row)]
    found: list[Invitee | Liaison] = [row for row in queries.these(place.meeting, ids) if row.has_address]
    return found or [*_liaisons([] if people else [place])]


def _belongs(attendee: Attendee) -> bool:
    return attendee.is_current or attendee.reply is Reply.DELEGATED


def _liaisons(places: Sequence[Place]) -> list[Liaison]:
    """The liaisons who were asked to name somebody for places that nobody is on."""
    told = [row.id for row in places if row.told_at is not None]
    return queries.liaisons(queries.unnamed_words(told)) if told else []


def _tell_liaisons(meeting: Meeting, places: Sequence[Place]) -> int:
    """The liaisons who were asked to name somebody, and have not, need not any more."""
    if meeting.state not in OPEN:
        return 0
    mark = facts.digest(meeting)
    letters = [
        (
            f"{WITHDRAWAL}:place{liaison.places[0][0]}:p{liaison.person_id}",
            liaison.recipient(),
            facts.liaison_facts(replace(liaison, reply_by=None, note_zh="", note_en=""), mark),
        )
        for liaison in _liaisons(places)
    ]
    return queue_once(WITHDRAWAL, facts.common_facts(meeting), letters, meeting) if letters else 0
