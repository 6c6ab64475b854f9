"""Who is told of a publication, and the subscriptions themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Place
from eventsys.notices.models import Subscription, SubscriptionState


def subscribers() -> Sequence[Row[Any]]:
    """The addresses that asked for notices and confirmed it."""
    statement: Any = (
        select(Subscription.id, Subscription.email, Subscription.language)
        .where(Subscription.state == SubscriptionState.ACTIVE)
        .order_by(Subscription.id)
    )
    rows: Sequence[Row[Any]] = db.session.execute(statement).all()
    return rows


def participants(meeting_id: int) -> Sequence[Row[Any]]:
    """Those on the places of a meeting who were told of it and can be written to."""
    rows: Sequence[Row[Any]] = db.session.execute(_participants(meeting_id).order_by(Attendee.id)).all()
    return rows


def _participants(meeting_id: int) -> Any:
    return (
        select(Attendee.id, Attendee.email, Attendee.language, Attendee.name_zh, Attendee.name_en)
        .join(Place, Place.id == Attendee.place_id)
        .where(
            Attendee.meeting_id == meeting_id,
            Attendee.is_current,
            Attendee.told_at.is_not(None),
            Attendee.email != "",
            Place.withdrawn_at.is_(None),
        )
    )


def audience_sizes(meeting_id: int) -> tuple[int, int]:
    """How many participants and subscribers would get a letter."""
    told = _participants(meeting_id).subquery()
    each = select(func.count(func.lower(told.c.email).distinct())).scalar_subquery()
    active = select(func.count()).where(Subscription.state == SubscriptionState.ACTIVE).scalar_subquery()
    row = db.session.execute(select(each, active)).one()
    return row[0], row[1]


def subscription_by_link(link_id: str) -> Subscription | None:
    """The subscription that a genuine link belongs to."""
    return db.session.scalar(select(Subscription).where(Subscription.link_id == link_id))


def subscription_by_id(row_id: int) -> Subscription | None:
    """A subscription, for the letter that is being written to it."""
    return db.session.get(Subscription, row_id)
