"""A sign of life of each worker, for the page of those who keep sending running."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete

from eventsys.core.clock import now
from eventsys.core.sending import WorkerBeat
from eventsys.extensions import db

FORGOTTEN = timedelta(days=1)


def beat(name: str, started_at: datetime, busy_since: datetime | None) -> None:
    """The worker is alive, and at work on letters since then; who was not seen for a day is forgotten."""
    at = now()
    db.session.merge(WorkerBeat(name=name, started_at=started_at, seen_at=at, busy_since=busy_since))
    db.session.execute(delete(WorkerBeat).where(WorkerBeat.seen_at < at - FORGOTTEN))


def leave(name: str) -> None:
    """The worker was asked to stop, and does."""
    db.session.execute(delete(WorkerBeat).where(WorkerBeat.name == name))
