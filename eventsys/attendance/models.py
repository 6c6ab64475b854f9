"""What happened at the door: events, from which every state is derived."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.core.columns import enum, instant, line, refers_to
from eventsys.extensions import Model
from eventsys.invitations.models import Attendee


class DoorAct(StrEnum):
    """What staff recorded. `undone` takes back the act before it; nothing is deleted."""

    ARRIVED = "arrived"
    LEFT = "left"
    REPRESENTED = "represented"
    UNDONE = "undone"


class DoorEvent(Model):
    """One mark at the door. `key` comes with the form, so a repeated click or a late upload is applied once."""

    __tablename__ = "door_event"
    __table_args__ = (Index("ix_door_event_meeting", "meeting_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    meeting_id: Mapped[int] = refers_to("meeting.id", index=False)
    attendee_id: Mapped[int] = refers_to("attendee.id")
    act: Mapped[DoorAct] = enum(DoorAct)
    at: Mapped[datetime] = instant()
    recorded_at: Mapped[datetime] = instant()
    by: Mapped[str] = line()
    account_id: Mapped[int | None]
    represented_by: Mapped[str] = line()

    attendee: Mapped[Attendee] = relationship()
