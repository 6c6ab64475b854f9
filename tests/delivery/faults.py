"""What the fault runs have in common: a database that nobody can write to for a moment, time that passes at once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import psycopg
from sqlalchemy import update
from sqlalchemy.engine import make_url

from eventsys.config import Settings
from eventsys.core.clock import now
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.transaction import write


class Lock:
    """Keeps everybody else from writing to the database, so that a worker stands still before its next step."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.database_url
        self._connection: Any = None

    def take(self) -> None:
        if self._url.startswith("sqlite"):
            path = make_url(self._url).database or ""
            self._connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            self._connection.execute("BEGIN IMMEDIATE")
        else:
            self._connection = psycopg.connect(self._url)
            self._connection.execute("LOCK TABLE letter IN EXCLUSIVE MODE")

    def release(self) -> None:
        """Let go, once, whoever asks first."""
        held, self._connection = self._connection, None
        if held is not None:
            with closing(held):
                held.rollback()


def let_leases_expire(worker: str) -> None:
    """As if the time of its leases had passed since the worker died."""
    held = (Letter.state == LetterState.SENDING, Letter.lease_by == worker)
    with write() as session:
        session.execute(update(Letter).where(*held).values(lease_until=now() - timedelta(seconds=1)))


def let_pauses_pass() -> None:
    """As if the pause before the next try had passed for every letter that was put off."""
    with write() as session:
        session.execute(update(Letter).where(Letter.state == LetterState.DEFERRED).values(due_at=now()))
