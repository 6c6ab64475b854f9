"""How many places a meeting has asked for: what stands against its capacity."""

from __future__ import annotations

from sqlalchemy import false, func, select

from eventsys.extensions import db
from eventsys.invitations.models import Place


def places_asked(meeting_id: int) -> int:
    """Places not withdrawn; a substitute sits on the place of whom they stand in for, and nobody asked a walk-in."""
    statement = select(func.count()).select_from(Place)
    statement = statement.where(
        Place.meeting_id == meeting_id, Place.withdrawn_at.is_(None), Place.walk_in.is_(false())
    )
    return db.session.scalar(statement) or 0
