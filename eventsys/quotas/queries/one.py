"""What one organization is asked for: its row, its places, who answers for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventsys.accounts.queries import liaisons_of
from eventsys.directory.models import Person
from eventsys.extensions import db
from eventsys.invitations.deadlines import closes_at
from eventsys.invitations.facts import Liaison, is_address, mark
from eventsys.invitations.models import Ask, Place, PlaceRole
from eventsys.invitations.queries import replies
from eventsys.invitations.queries.shapes import ReplyRow
from eventsys.meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class AskPage:
    """One organization's ask at a meeting, with its places in the order of the list and its liaisons."""

    ask: Ask
    rows: Sequence[ReplyRow]
    people: Sequence[Person]
    further_ids: frozenset[int]

    @property
    def meeting(self) -> Meeting:
        return self.ask.meeting

    @property
    def closes_at(self) -> datetime:
        """Until when this organization may answer."""
        return closes_at(self.ask.meeting, self.ask.reply_by)

    @property
    def is_extended(self) -> bool:
        return self.ask.reply_by is not None and self.closes_at > closes_at(self.ask.meeting)

    @property
    def posts(self) -> list[ReplyRow]:
        """The places beside the quota."""
        return [row for row in self.rows if row.place_id not in self.further_ids]

    @property
    def quota(self) -> list[ReplyRow]:
        """The places of the quota: further ones and observers."""
        return [row for row in self.rows if row.place_id in self.further_ids]


def find_ask(meeting_id: int, organization_id: int) -> Ask | None:
    """What this organization is asked for at this meeting, None when it is asked for nothing."""
    statement = (
        select(Ask)
        .where(Ask.meeting_id == meeting_id, Ask.organization_id == organization_id)
        .options(
            joinedload(Ask.meeting, innerjoin=True).joinedload(Meeting.convener, innerjoin=True),
            joinedload(Ask.organization, innerjoin=True),
        )
    )
    return db.session.scalars(statement).one_or_none()


def page_of(ask: Ask) -> AskPage:
    """Everything that the organization's page shows, in three queries."""
    mine = Place.organization_id == ask.organization_id
    rows = replies.rows(ask.meeting_id, only=(mine,))
    further = select(Place.id).where(Place.meeting_id == ask.meeting_id, mine, Place.is_further)
    people = liaisons_of({ask.organization_id: ask.organization.path})[ask.organization_id]
    return AskPage(ask, rows, people, frozenset(db.session.scalars(further)))


def quota_rows(ask: Ask, role: PlaceRole) -> list[ReplyRow]:
    """The places of the quota in this role."""
    only = (Place.organization_id == ask.organization_id, Place.is_further.is_(True), Place.role == role)
    return replies.rows(ask.meeting_id, only=only)


def was_told(ask: Ask) -> bool:
    """Whether anybody was told of one of the organization's places."""
    mine = (Place.organization_id == ask.organization_id,)
    return any(row.told_at is not None for row in replies.rows(ask.meeting_id, only=mine)) or bool(
        db.session.scalar(
            select(Place.id)
            .where(*mine, Place.meeting_id == ask.meeting_id, Place.told_at.is_not(None), Place.withdrawn_at.is_(None))
            .limit(1)
        )
    )


def readers_of_extension(ask: Ask) -> list[Liaison]:
    """The liaisons who are told of a later deadline: all with an address, once anybody was told of a place."""
    if not was_told(ask):
        return []
    office = ask.organization
    return [
        Liaison(
            person_id=person.id,
            organization_id=office.id,
            organization_zh=office.name_zh,
            organization_en=office.name_en,
            name_zh=person.name_zh,
            name_en=person.name_en,
            email=person.email,
            language=person.language or office.language,
            places=(),
        )
        for person in liaisons_of({office.id: office.path})[office.id]
        if is_address(person.email)
    ]


def mark_of_readers(ask: Ask, readers: Sequence[Liaison]) -> str:
    """A mark of who is told and what stood when they were shown."""
    return mark(ask.id, ask.version, [(row.person_id, row.email, row.language) for row in readers])
