"""Killing a real worker at chosen moments: seen from outside, by what its relay hears and by the database's lock."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email.parser import BytesHeaderParser
from enum import StrEnum
from pathlib import Path
from subprocess import Popen, TimeoutExpired
from time import sleep
from typing import Any

import psycopg
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import update
from sqlalchemy.engine import make_url

from eventsys.config import Settings
from eventsys.core.clock import now
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.transaction import write

BLOCKED_SECONDS = 0.3
MOMENT_SECONDS = 120.0


class Moment(StrEnum):
    """When the worker dies."""

    BEFORE_CLAIM = "before the claim"
    AFTER_CLAIM = "after the claim"
    AFTER_DATA = "after DATA was sent"
    AFTER_ANSWER = "after the server's answer"
    BEFORE_MARK = "before the mark"


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


@dataclass
class Relay:
    """A mail server that keeps every letter it answers for, and kills the worker when its moment has come.

    `armed` is the moment, `after` how many letters go through before it.
    """

    lock: Lock
    letters: list[tuple[str, str, bytes]] = field(default_factory=list)
    armed: Moment | None = None
    after: int = 0
    kill: Callable[[], None] = lambda: None

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        session.host_name = name
        if self.armed is Moment.AFTER_CLAIM:
            self._strike()
        return answers

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        data = bytes(envelope.content or b"")
        identity = str(BytesHeaderParser().parsebytes(data)["Message-ID"])
        self.letters.append((identity, envelope.rcpt_tos[0], data))
        self.after -= 1
        if self.armed is None or self.after >= 0:
            return "250 queued"
        if self.armed is Moment.AFTER_DATA:
            self._strike()
        elif self.armed is Moment.AFTER_ANSWER:
            asyncio.get_running_loop().call_soon(self._strike)
        elif self.armed is Moment.BEFORE_MARK:
            self.lock.take()
            asyncio.get_running_loop().call_later(BLOCKED_SECONDS, self._strike_and_unlock)
        return "250 queued"

    def _strike(self) -> None:
        self.armed = None
        self.kill()

    def _strike_and_unlock(self) -> None:
        self._strike()
        self.lock.release()


def kill(process: Popen[bytes], relay: Relay, queue_file: Path) -> None:
    """Let the worker run until the armed moment kills it (SIGKILL); before the claim it is kept from claiming."""
    relay.kill = process.kill
    if relay.armed is Moment.BEFORE_CLAIM:
        relay.armed = None
        while not queue_file.exists():
            sleep(0.02)
        sleep(BLOCKED_SECONDS)
        process.kill()
    try:
        process.wait(timeout=MOMENT_SECONDS)
    except TimeoutExpired:
        process.kill()
        raise AssertionError("the moment to kill the worker never came") from None
    finally:
        relay.lock.release()


def let_leases_expire() -> None:
    """As if the time of a lease had passed since the worker died."""
    with write() as session, suppress(LookupError):
        session.execute(
            update(Letter).where(Letter.state == LetterState.SENDING).values(lease_until=now() - timedelta(seconds=1))
        )
