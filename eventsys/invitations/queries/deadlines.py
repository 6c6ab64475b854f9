"""The later deadline that one organization alone was given."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, select

from eventsys.extensions import db
from eventsys.invitations.models import Ask, Place


def own_column() -> ScalarSelect[Any]:
    """The own deadline of a place's organization, NULL without one, in a statement over `Place`."""
    return (
        select(Ask.reply_by)
        .where(Ask.meeting_id == Place.meeting_id, Ask.organization_id == Place.organization_id)
        .correlate(Place)
        .scalar_subquery()
    )


def own_deadline(place: Place) -> datetime | None:
    """The own deadline of the place's organization, None without one."""
    if place.organization_id is None:
        return None
    return own_deadlines(place.meeting_id, [place.organization_id]).get(place.organization_id)


def own_deadlines(meeting_id: int, organization_ids: Collection[int]) -> dict[int, datetime]:
    """The own deadlines of those of these organizations that have one."""
    statement = select(Ask.organization_id, Ask.reply_by).where(
        Ask.meeting_id == meeting_id, Ask.organization_id.in_(organization_ids), Ask.reply_by.is_not(None)
    )
    return {row.organization_id: row.reply_by for row in db.session.execute(statement)}
