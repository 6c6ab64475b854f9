"""Who wants to be told of new notices."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.core.columns import enum, instant
from eventsys.extensions import Model


class SubscriptionState(StrEnum):
    """pending -> active -> left (-> pending); a pending one that nobody confirms is forgotten."""

    PENDING = "pending"
    ACTIVE = "active"
    LEFT = "left"


class Subscription(Model):
    """An address that asked for notices, in one language. Its links are made from `link_id`, new for each asking."""

    __tablename__ = "subscription"
    __table_args__ = (Index("ix_subscription_state", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[SubscriptionState] = enum(SubscriptionState, default=SubscriptionState.PENDING)
    link_id: Mapped[str] = mapped_column(String(26), unique=True)
    asked_at: Mapped[datetime] = instant()
    confirmed_at: Mapped[datetime | None] = instant()
    left_at: Mapped[datetime | None] = instant()
