"""Subscribing: asked for, confirmed by a link in a letter, left with one click; what nobody confirmed is forgotten."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from eventsys.core.clock import now
from eventsys.core.language import LANGUAGES
from eventsys.core.outbox import Recipient, enqueue
from eventsys.core.tokens import new_link_id
from eventsys.core.transaction import locked, write
from eventsys.extensions import db
from eventsys.notices.announcements import CONFIRM, WITHIN_DAYS
from eventsys.notices.models import Subscription, SubscriptionState

AGAIN_AFTER = timedelta(hours=1)
WITHIN = timedelta(days=WITHIN_DAYS)
KEPT = timedelta(days=30)


def subscribe(email: str, language: str, office_zh: str = "", office_en: str = "") -> None:
    """Ask for the notices at an address; a letter asks its owner whether that is so.

    Nothing happens where it is subscribed already, or was asked less than an hour ago: nobody is flooded.
    """
    at, address = now(), email.strip().lower()
    language = language if language in LANGUAGES else LANGUAGES[0]
    row = db.session.scalar(select(Subscription).where(Subscription.email == address).with_for_update())
    if row is None:
        row = Subscription(email=address, language=language, link_id=new_link_id(), asked_at=at)
        db.session.add(row)
    elif row.state is SubscriptionState.ACTIVE or (
        row.state is SubscriptionState.PENDING and at - row.asked_at < AGAIN_AFTER
    ):
        return
    else:
        row.state, row.link_id, row.asked_at = SubscriptionState.PENDING, new_link_id(), at
        row.language, row.confirmed_at, row.left_at = language, None, None
    db.session.flush()
    to = Recipient("", address, language)
    letter = (f"subscription:{row.link_id}", to, {"subscription_id": row.id})
    enqueue(CONFIRM, {"office_zh": office_zh, "office_en": office_en}, [letter])


def confirm_subscription(row: Subscription) -> bool:
    """Begin to write to the address. False when the link is older than a week, or the subscription was left."""
    row = locked(Subscription, row.id)
    if row.state is SubscriptionState.ACTIVE:
        return True
    if not can_be_confirmed(row):
        return False
    row.state, row.confirmed_at = SubscriptionState.ACTIVE, now()
    return True


def can_be_confirmed(row: Subscription) -> bool:
    """Whether the link in the letter still works."""
    return row.state is SubscriptionState.PENDING and now() - row.asked_at <= WITHIN


def leave(row: Subscription) -> None:
    """Write no more to the address; doing it twice is doing it once. Letters on their way out are superseded."""
    row = locked(Subscription, row.id)
    if row.state is not SubscriptionState.LEFT:
        row.state, row.left_at = SubscriptionState.LEFT, now()


def forget_subscriptions() -> int:
    """Delete what was never confirmed within its time, and who left a month ago; returns how many."""
    at = now()
    gone = (Subscription.state == SubscriptionState.PENDING) & (Subscription.asked_at < at - WITHIN) | (
        Subscription.state == SubscriptionState.LEFT
    ) & (Subscription.left_at < at - KEPT)
    ids = list(db.session.scalars(select(Subscription.id).where(gone).limit(1000)))
    db.session.rollback()
    if ids:
        with write():
            db.session.execute(delete(Subscription).where(Subscription.id.in_(ids), gone))
    return len(ids)
