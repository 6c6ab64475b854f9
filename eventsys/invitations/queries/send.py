"""Who gets a letter: invitees and liaisons as rows."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import aliased

from eventsys.accounts.queries import liaisons_of
from eventsys.directory.models import Organization, Person, Post
from eventsys.extensions import db
from eventsys.invitations.facts import Invitee, Liaison, is_address
from eventsys.invitations.models import Attendee, Place, Reply
from eventsys.invitations.queries.outgoing import Outgoing
from eventsys.meetings.models import Meeting

IS_PREPARED = and_(Attendee.is_current, Attendee.told_at.is_(None))
IS_TOLD = and_(
    Attendee.told_at.is_not(None),
    or_(Attendee.is_current, and_(Attendee.reply == Reply.DELEGATED, Attendee.link_revoked_at.is_(None))),
)


def prepared(meeting: Meeting) -> list[Invitee]:
    """Everybody on a place whom nobody has told yet, with or without an address."""
    return invitees(meeting, IS_PREPARED)


def told(meeting: Meeting) -> list[Invitee]:
    """Everybody who was told and still belongs to the meeting: those on places, and those who sent a substitute."""
    return invitees(meeting, IS_TOLD)


def these(meeting: Meeting, attendee_ids: Iterable[int], *, withdrawn: bool = False) -> list[Invitee]:
    """The invitees of these ids; with `withdrawn` also those whose place is no longer asked for."""
    return invitees(meeting, Attendee.id.in_(list(attendee_ids)), withdrawn=withdrawn)


def invitees(meeting: Meeting, condition: ColumnElement[bool], *, withdrawn: bool = False) -> list[Invitee]:
    """Invitees of the meeting that meet the condition, by organization and post, from one query.

    A prepared invitee without an address takes the one that the directory has by now.
    """
    absent, standing = aliased(Attendee), aliased(Attendee)
    rows = db.session.execute(
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
            standing.email,
        )
        .join(Place, Place.id == Attendee.place_id)
        .outerjoin(Organization, Organization.id == Place.organization_id)
        .outerjoin(Person, Person.id == Attendee.person_id)
        .outerjoin(absent, absent.id == Attendee.stands_in_for_id)
        .outerjoin(standing, and_(standing.stands_in_for_id == Attendee.id, standing.is_current))
        .where(Attendee.meeting_id == meeting.id, condition, true() if withdrawn else Place.withdrawn_at.is_(None))
        .order_by(Organization.position, Organization.sort_key, Place.position, Place.id, Attendee.id)
    )
    return [Invitee(*row) for row in rows]


def to_be_named(meeting: Meeting, *, told: bool) -> list[tuple[int, int | None, str, str]]:
    """Places without a person, as id, organization, Chinese and English post; `told`: their liaisons know."""
    holder = select(Attendee.id).where(Attendee.place_id == Place.id, Attendee.is_current)
    rows = db.session.execute(
        select(Place.id, Place.organization_id, Post.title_zh, Post.title_en)
        .outerjoin(Post, Post.id == Place.post_id)
        .where(
            Place.meeting_id == meeting.id,
            Place.withdrawn_at.is_(None),
            Place.told_at.is_not(None) if told else Place.told_at.is_(None),
            ~holder.exists(),
        )
        .order_by(Place.organization_id, Place.position, Place.id)
    )
    return [(row[0], row[1], row[2] or "", row[3] or "") for row in rows]


def liaisons(places: list[tuple[int, int | None, str, str]]) -> list[Liaison]:
    """The liaisons of the places' organizations who have an address, each with all the places of the organization."""
    ids = {organization_id for _, organization_id, _, _ in places if organization_id}
    if not ids:
        return []
    people = liaisons_of(sorted(ids))
    names = db.session.execute(
        select(Organization.id, Organization.name_zh, Organization.name_en, Organization.language)
        .where(Organization.id.in_(ids))
        .order_by(Organization.position, Organization.sort_key, Organization.id)
    )
    return [
        Liaison(
            person_id=person.id,
            organization_id=organization_id,
            organization_zh=name_zh,
            organization_en=name_en,
            name_zh=person.name_zh,
            name_en=person.name_en,
            email=person.email,
            language=person.language or language,
            places=tuple((row[0], row[2], row[3]) for row in places if row[1] == organization_id),
        )
        for organization_id, name_zh, name_en, language in names
        for person in people.get(organization_id, [])
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
