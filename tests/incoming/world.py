"""What tests of incoming mail share: an invited office, taking messages in, and how the record stands then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select, update

from eventsys.core.actor import Actor, Role
from eventsys.core.clock import now
from eventsys.core.outbox import Letter
from eventsys.core.transaction import write
from eventsys.directory.models import Organization, OrganizationKind
from eventsys.extensions import db
from eventsys.incoming.models import Door, IncomingEntry, IncomingMessage
from eventsys.incoming.operations.take import Office, Taken, take_in
from eventsys.invitations.models import Attendee, ReplyEvent
from eventsys.invitations.operations.change import change_meeting
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting
from tests import factories
from tests.incoming.messages import HOST, OURS

OFFICE = Office(OURS, HOST)
AGO = timedelta(hours=1)


@dataclass
class World:
    """An office, its organizer, a meeting in a week, and two who were invited to it some time ago."""

    organization: Organization
    by: Actor
    meeting: Meeting
    li: Attendee
    wang: Attendee


def world(**facts: object) -> World:
    office = factories.organization("沈阳市外事办公室", kind=OrganizationKind.OFFICE)
    facts.setdefault("starts_at", now() + timedelta(days=7))
    facts.setdefault("scheduled_at", now())
    meeting = factories.meeting(office, **facts)
    return World(
        office, factories.actor((Role.ORGANIZER, office)), meeting, *(invited(meeting, name) for name in "李王")
    )


def invited(meeting: Meeting, name: str) -> Attendee:
    """Somebody with a post of a district of their own, told of the meeting."""
    district = factories.organization(f"{name}区")
    post = factories.post(district)
    return factories.attendee(meeting, factories.person(f"{name}主任", post=post), post=post)


def take(data: bytes, door: Door = Door.PIPE, **more: object) -> Taken:
    """Take a message in, as the mailbox or the pipe does."""
    return take_in(data, door, OFFICE, **more)  # type: ignore[arg-type]


def entries() -> list[IncomingEntry]:
    """All entries, in their order, fresh."""
    db.session.rollback()
    return list(db.session.scalars(select(IncomingEntry).order_by(IncomingEntry.id)))


def entry() -> IncomingEntry:
    """The last entry."""
    return entries()[-1]


def messages() -> list[IncomingMessage]:
    db.session.rollback()
    return list(db.session.scalars(select(IncomingMessage).order_by(IncomingMessage.id)))


def change(row: Meeting | Attendee | IncomingMessage, **values: object) -> None:
    """Write columns of a row."""
    with write() as session:
        session.execute(update(type(row)).where(type(row).id == row.id).values(**values))


def moved(here: World) -> Meeting:
    """The meeting an hour later, with its update: everybody is asked again."""
    with write():
        meeting = db.session.get_one(Meeting, here.meeting.id)
        facts, hour = MeetingFacts.of(meeting), timedelta(hours=1)
        later = replace(facts, starts_at=facts.starts_at + hour, ends_at=facts.ends_at + hour)
        change_meeting(meeting, later, meeting.version, by=here.by)
    return db.session.get_one(Meeting, here.meeting.id, populate_existing=True)


def letters(kind: str = "") -> list[Letter]:
    """The letters in the outbox, of one kind if it is given."""
    db.session.rollback()
    statement = select(Letter).order_by(Letter.id)
    return list(db.session.scalars(statement.where(Letter.kind == kind) if kind else statement))


def again(row: Attendee) -> Attendee:
    """The attendee as the record has them now."""
    db.session.rollback()
    return db.session.get_one(Attendee, row.id, populate_existing=True)


def history(row: Attendee) -> list[tuple[str, str, str]]:
    """The steps of an attendee's answer: act, door, source."""
    db.session.rollback()
    found = db.session.scalars(select(ReplyEvent).where(ReplyEvent.attendee_id == row.id).order_by(ReplyEvent.id))
    return [(each.act, each.channel.value, each.source) for each in found]
