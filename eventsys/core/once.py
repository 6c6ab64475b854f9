"""Forms that make something and are sent twice: the second time leads to what the first one made.

A form's one-time key is written in the transaction of what it makes. Whoever sends it again, at the same moment or
later, finds the key taken.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.core.clock import now
from eventsys.core.columns import instant
from eventsys.extensions import Model, db

KEPT = timedelta(days=30)


class FormKey(Model):
    """A key that was used: a mark of what was sent with it, and the id of what it made."""

    __tablename__ = "form_key"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64))
    made: Mapped[int | None]
    at: Mapped[datetime] = instant(index=True)


class UsedUp(Exception):
    """The key was used for something else than what is sent with it now."""


def take(key: str, mark: str) -> int | None:
    """Use the key up inside the open unit of work; then `keep` what was made.

    Returns None for a fresh key, and the id of what was made when the same was sent with it before: then nothing is to
    be done. Raises `UsedUp` when something else was.
    """
    try:
        with db.session.begin_nested():
            db.session.add(FormKey(key=key, mark=mark, at=now()))
    except IntegrityError:
        earlier = db.session.get_one(FormKey, key, populate_existing=True)
        if earlier.mark != mark or earlier.made is None:
            raise UsedUp from None
        return earlier.made
    db.session.execute(delete(FormKey).where(FormKey.at < now() - KEPT))
    return None


def keep(key: str, made: int) -> None:
    """Write down what was made with the key."""
    db.session.get_one(FormKey, key).made = made
