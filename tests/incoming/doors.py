"""Both doors as real processes: the mail server's pipe, and a worker that reads a mailbox."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from eventsys import schema
from eventsys.config import Settings
from eventsys.core.transaction import write
from tests.delivery.processes import environment, worker
from tests.mail.dovecot import PASSWORD, USER

ROOT = Path(__file__).resolve().parents[2]
QUEUE = "sqlite:///{}/incoming-queue.db"


@contextmanager
def stamped() -> Iterator[None]:
    """The tests' database bears the revision of the code, as after `eventsys migrate`."""
    texts = [path.read_text() for path in (ROOT / "migrations" / "versions").glob("*.py")]
    (head,) = schema._found(schema._REVISION, texts) - schema._found(schema._REVISES, texts)
    with write() as session:
        session.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        session.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})
    try:
        yield
    finally:
        with write() as session:
            session.execute(text("DROP TABLE alembic_version"))


def start_pipe(settings: Settings, **more: str) -> subprocess.Popen[bytes]:
    """`eventsys mail-in`, waiting for its message."""
    command = [sys.executable, "-m", "eventsys", "mail-in"]
    pipe = subprocess.PIPE
    env = environment(settings, QUEUE.format(settings.data), **more)
    return subprocess.Popen(command, cwd=ROOT, env=env, stdin=pipe, stdout=pipe, stderr=pipe)


def pipe_in(settings: Settings, data: bytes, **more: str) -> int:
    """Hand a message over as a mail server does; returns the exit code. The process says nothing to the sender."""
    process = start_pipe(settings, **more)
    said, _errors = process.communicate(data, timeout=120)
    assert said == b""
    return process.returncode


@contextmanager
def mailbox_reader(settings: Settings, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that reads the mailbox at this port; killed at the end of the block, unless it ended before."""
    mailbox = {
        "EVENTSYS_IMAP_HOST": "127.0.0.1",
        "EVENTSYS_IMAP_PORT": str(port),
        "EVENTSYS_IMAP_USER": USER,
        "EVENTSYS_IMAP_PASSWORD": PASSWORD,
        "EVENTSYS_IMAP_SECURITY": "none",
    }
    with worker(settings, QUEUE.format(settings.data), **mailbox) as process:
        yield process
