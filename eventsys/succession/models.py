"""What an organizer decided about a place whose post has passed to somebody else."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.core.columns import enum, instant, line, refers_to
from eventsys.extensions import Model
from eventsys.invitations.models import Place


class Decision(StrEnum):
    """What becomes of the place: somebody who holds the post now, whoever is on it, nobody yet."""

    PUT = "put"
    KEEP = "keep"
    OPEN = "open"


class PlaceDecision(Model):
    """The latest decision about one place; `about` says with whom before them, so that a later change asks again."""

    __tablename__ = "place_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = refers_to("place.id", index=False, unique=True)
    about: Mapped[str] = mapped_column(String(40))
    decision: Mapped[Decision] = enum(Decision)
    at: Mapped[datetime] = instant()
    by: Mapped[str] = line()

    place: Mapped[Place] = relationship()
