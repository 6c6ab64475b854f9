"""Who gets a letter: invitees and liaisons as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, Integer, and_, bindparam, case, func, or_, select, true
from sqlalchemy.orm import aliased

from eventsys.accounts.queries import liaisons_of
from eventsys.core import reading
from eventsys.directory.models import Organization, Person, Post
from eventsys.extensions import db
from eventsys.invitations.facts import Invitee, Liaison, is_address
from eventsys.invitations.models import Ask, Attendee, Place, PlaceRole, Reply
from eventsys.invitations.queries.deadlines import own_column
from eventsys.invitations.queries.outgoing import Outgoing
from eventsys.meetings.models import Meeting

IS_PREPARED = and_(Attendee.is_current, Attendee.told_at.is_(None))


def _stands(row: type[Attendee]) -> ColumnElement[bool]:
    """Whether somebody still belongs to a place: on it, or having sent a substitute."""
    return or_(row.is_current, and_(row.reply == Reply.DELEGATED, row.link_revoked_at.is_(None)))


IS_TOLD = and_(Attendee.told_at.is_not(None), _stands(Attendee))
_IS_OF_THESE = Attendee.id.in_(bindparam("ids", expanding=True))


def prepared(meeting: Meeting) -> list[Invitee]:
    """Everybody on a place whom nobody has told yet, with or without an address."""
    return invitees(meeting, IS_PREPARED)


def told(meeting: Meeting) -> list[Invitee]:
    """Everybody who was told and still belongs to the meeting: those on places, and those who sent a substitute."""
    return invitees(meeting, IS_TOLD)


def these(meeting: Meeting, attendee_ids: Iterable[int], *, withdrawn: bool = False) -> list[Invitee]:
    """The invitees of these ids; with `withdrawn` also those whose place is no longer asked for."""
    return invitees(meeting, _IS_OF_THESE, withdrawn=withdrawn, ids=list(attendee_ids))


def invitees(
    meeting: Meeting, condition: ColumnElement[bool], *, withdrawn: bool = False, **values: Any
) -> list[Invitee]:
    """Invitees of the meeting that meet the condition, by organization and post, from one query.

    `condition` is one of a module's own, because its statement is kept; `values` are for its parameters. A prepared
    invitee without an address takes the one that the directory has by now.
    """
    found = reading.rows(_invitees(condition, withdrawn), meeting_id=meeting.id, **values)
    return [Invitee(*row) for row in found]


@lru_cache(maxsize=16)
def _invitees(condition: ColumnElement[bool], withdrawn: bool) -> Executable:
    absent, standing = aliased(Attendee), aliased(Attendee)
    return (
        select(
            Attendee.id,
            Place.id,
            Place.organization_id,
            func.coalesce(Organization.name_zh, ""),
            func.coalesce(Organization.name_en, ""),
            Attendee.title_zh,
            Attendee.title_en,
            Attendee.name_zh,
            Attendee.name_en,
            func.coalesce(func.nullif(Attendee.email, ""), Person.email, ""),
            Attendee.language,
            Place.role,
            Attendee.link_id,
            Attendee.reply,
            Attendee.told_sequence,
            Attendee.is_current,
            Attendee.reminded_at,
            absent.name_zh,
            absent.name_en,
            absent.title_zh,
            absent.title_en,
            absent.email,
            standing.name_zh,
            standing.name_en,
            standing.title_zh,
            standing.title_en,
            standing.email,
            standing.reply,
            Attendee.told_at,
            Attendee.sequence_ahead,
            Attendee.leave,
            own_column(),
        )
        .join(Place, Place.id == Attendee.place_id)
        .outerjoin(Organization, Organization.id == Place.organization_id)
        .outerjoin(Person, Person.id == Attendee.person_id)
        .outerjoin(absent, absent.id == Attendee.stands_in_for_id)
        .outerjoin(standing, and_(standing.stands_in_for_id == Attendee.id, _stands(standing)))
        .where(
            Attendee.meeting_id == bindparam("meeting_id", type_=Integer),
            condition,
            true() if withdrawn else Place.withdrawn_at.is_(None),
        )
        .order_by(Organization.position, Organization.sort_key, Place.position, Place.id, Attendee.id)
    )


Unnamed = tuple[int, int | None, str, str]


def to_be_named(meeting: Meeting, *, told: bool) -> list[Unnamed]:
    """Places without a person, as id, organization, Chinese and English post; `told`: their liaisons know."""
    rows = db.session.execute(
        select(Place.id, Place.organization_id, *POST_WORDS)
        .outerjoin(Post, Post.id == Place.post_id)
        .where(*_is_unnamed(meeting, told=told))
        .order_by(Place.organization_id, Place.position, Place.id)
    )
    return [(row[0], row[1], row[2] or "", row[3] or "") for row in rows]


def unnamed_words(place_ids: Sequence[int]) -> list[Unnamed]:
    """These places as letters name them."""
    rows = db.session.execute(
        select(Place.id, Place.organization_id, *POST_WORDS)
        .outerjoin(Post, Post.id == Place.post_id)
        .where(Place.id.in_(place_ids))
        .order_by(Place.organization_id, Place.position, Place.id)
    )
    return [(row[0], row[1], row[2] or "", row[3] or "") for row in rows]


def _of_quota(post: ColumnElement[str], further: str, observer: str) -> ColumnElement[str]:
    """The post's words, or what a place of the quota is called."""
    is_observer = and_(Place.is_further, Place.role == PlaceRole.OBSERVER)
    return case((is_observer, observer), (Place.is_further, further), else_=post)


POST_WORDS = (
    _of_quota(Post.title_zh.expression, "其他人员", "列席人员").label("title_zh"),
    _of_quota(Post.title_en.expression, "further place", "observer").label("title_en"),
)


def _is_unnamed(meeting: Meeting, *, told: bool) -> tuple[ColumnElement[bool], ...]:
    holder = select(Attendee.id).where(Attendee.place_id == Place.id, Attendee.is_current)
    return (
        Place.meeting_id == meeting.id,
        Place.withdrawn_at.is_(None),
        Place.told_at.is_not(None) if told else Place.told_at.is_(None),
        ~holder.exists(),
    )


_OFFICE = (
    Organization.id.label("office_id"),
    Organization.path,
    Organization.name_zh,
    Organization.name_en,
    Organization.language,
)
_ASK = (Ask.reply_by, Ask.note_zh, Ask.note_en, Ask.link_id, Ask.link_revoked_at)
_IN_ORDER = (Organization.position, Organization.sort_key, Organization.id)


def liaisons(places: Sequence[Unnamed]) -> list[Liaison]:
    """The liaisons of the places' organizations who have an address, each with all the places of the organization."""
    ids = {organization_id for _, organization_id, _, _ in places if organization_id}
    if not ids:
        return []
    meeting_id = select(Place.meeting_id).where(Place.id == places[0][0]).scalar_subquery()
    statement = (
        select(*_OFFICE, *_ASK)
        .outerjoin(Ask, and_(Ask.organization_id == Organization.id, Ask.meeting_id == meeting_id))
        .where(Organization.id.in_(ids))
        .order_by(*_IN_ORDER)
    )
    return liaisons_of_offices(places, db.session.execute(statement))


def liaisons_told(meeting: Meeting) -> list[Liaison]:
    """The liaisons who were asked to name somebody for places that nobody is on yet; two queries."""
    rows = db.session.execute(
        select(Place.id, Place.organization_id, *POST_WORDS, *_OFFICE, *_ASK)
        .join(Organization, Organization.id == Place.organization_id)
        .outerjoin(Post, Post.id == Place.post_id)
        .outerjoin(Ask, and_(Ask.meeting_id == Place.meeting_id, Ask.organization_id == Place.organization_id))
        .where(*_is_unnamed(meeting, told=True))
        .order_by(*_IN_ORDER, Place.position, Place.id)
    ).all()
    return liaisons_of_offices([(row[0], row[1], row[2] or "", row[3] or "") for row in rows], rows) if rows else []


def liaisons_of_place(place: Place) -> list[Liaison]:
    """The liaisons of the place's organization, one for each address; nobody where it belongs to none."""
    if place.organization_id is None:
        return []
    offices = db.session.execute(
        select(*_OFFICE, *_ASK)
        .outerjoin(Ask, and_(Ask.organization_id == Organization.id, Ask.meeting_id == place.meeting_id))
        .where(Organization.id == place.organization_id)
    )
    return list({row.email.casefold(): row for row in liaisons_of_offices((), offices)}.values())


def liaisons_of_offices(places: Sequence[Unnamed], offices: Iterable[Any]) -> list[Liaison]:
    """The liaisons of offices in this order; an office may come several times."""
    found = {row.office_id: row for row in offices}
    people = liaisons_of({office_id: row.path for office_id, row in found.items()})
    return [
        Liaison(
            person_id=person.id,
            organization_id=office_id,
            organization_zh=office.name_zh,
            organization_en=office.name_en,
            name_zh=person.name_zh,
            name_en=person.name_en,
            email=person.email,
            language=person.language or office.language,
            places=tuple((row[0], row[2], row[3]) for row in places if row[1] == office_id),
            reply_by=office.reply_by,
            note_zh=office.note_zh or "",
            note_en=office.note_en or "",
            answer_link=office.link_id if office.link_id and office.link_revoked_at is None else "",
        )
        for office_id, office in found.items()
        for person in people.get(office_id, [])
        if is_address(person.email)
    ]


def outgoing(meeting: Meeting) -> Outgoing:
    """Everything prepared, as sending would tell it now."""
    places = to_be_named(meeting, told=False)
    found = liaisons(places)
    missing = {place[1] for place in places if place[1]} - {row.organization_id for row in found}
    names: dict[int, tuple[str, str]] = {}
    if missing:
        rows = db.session.execute(
            select(Organization.id, Organization.name_zh, Organization.name_en).where(Organization.id.in_(missing))
        )
        names = {row.id: (row.name_zh, row.name_en) for row in rows}
    return Outgoing(prepared(meeting), found, places, names)
