"""Saved audiences: lists and choices."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import joinedload

from eventsys.core.actor import Actor
from eventsys.directory.models import Audience, Organization
from eventsys.directory.policy import STAFF
from eventsys.directory.queries.lists import Cursor, Page, page_of
from eventsys.extensions import db


def find_audience(audience_id: int) -> Audience | None:
    """The audience with its owner."""
    statement = select(Audience).where(Audience.id == audience_id).options(joinedload(Audience.owner))
    return db.session.scalars(statement).one_or_none()


def audience_page(actor: Actor, cursor: Cursor) -> Page[Audience]:
    """The audiences that the actor may read, the newest last."""
    page = page_of(
        select(Audience.id).join(Organization, Organization.id == Audience.owner_id).where(_readable(actor)),
        (Audience.id,),
        cursor,
    )
    found = {each.id: each for each in audiences_of(actor, {row.id for row in page.rows})}
    return Page([found[row.id] for row in page.rows], page.previous, page.next)


def audiences_of(actor: Actor, ids: set[int] | None = None) -> list[Audience]:
    """The audiences that the actor may use."""
    statement = select(Audience).join(Audience.owner).where(_readable(actor)).options(joinedload(Audience.owner))
    if ids is not None:
        statement = statement.where(Audience.id.in_(ids))
    return list(db.session.scalars(statement.order_by(Audience.id)))


def audience_choices(actor: Actor) -> list[tuple[int, str]]:
    """The audiences that the actor may use, for a select."""
    return [(audience.id, audience.name()) for audience in audiences_of(actor)]


def _readable(actor: Actor) -> ColumnElement[bool]:
    if actor.is_administrator:
        return true()
    mine = actor.paths(*STAFF)
    above = {int(part) for path in mine for part in path.strip("/").split("/") if part}
    return or_(Organization.id.in_(above), *(Organization.path.like(f"{path}%") for path in mine))
