"""The queue wakes the worker, on each of its backends; without a queue nothing fails."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from psycopg import sql

from eventsys import worker
from eventsys.config import ConfigurationError, Settings
from eventsys.core.outbox import LetterState, on_wake
from eventsys.worker import Doorbell, make_queue
from tests import services
from tests.delivery import processes
from tests.delivery.kinds import queue, states
from tests.mail.servers import Desk, serving
from tests.postgresql import own_database

Record = Callable[[str, object], None]

BACKENDS = ["sqlite"]
BACKENDS += ["redis"] if services.redis_answers() else []
BACKENDS += ["postgresql"] if services.postgresql_answers() else []


@pytest.fixture(params=BACKENDS)
def queue_url(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str, record_property: Record) -> Iterator[str]:
    """The address of an empty queue on one of the backends that were found."""
    record_property("part", f"queue on {request.param}")
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/queue.db"
    elif request.param == "redis":
        yield services.redis_url()
    else:
        url = own_database(f"queue_{worker_id}")
        yield url
        with psycopg.connect(services.postgresql_url(), autocommit=True) as connection:
            name = sql.Identifier(url.rsplit("/", 1)[1])
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture
def bell(app: Flask, settings: Settings) -> Iterator[Callable[[str], None]]:
    """`bell(url)` lets committed letters ring at this queue."""
    yield lambda url: on_wake(Doorbell(app, url).ring)
    worker.bind(app, settings)


def closed_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return int(listener.getsockname()[1])


def test_committed_letters_ring_once(app: Flask, queue_url: str, bell: Callable[[str], None]) -> None:
    mine = make_queue(queue_url, f"ring-{os.getpid()}")
    on_wake(worker.bind_tasks(mine, app))
    queue(3)
    assert mine.pending_count() == 1
    mine.execute(mine.dequeue())
    assert mine.pending_count() == 0
    assert states() == {LetterState.SENT: 3}


def test_the_worker_delivers_what_rings(
    app: Flask, settings: Settings, queue_url: str, bell: Callable[[str], None]
) -> None:
    """A letter committed while the worker runs leaves at once, long before the next sweep."""
    desk = Desk()
    with serving(desk) as port, processes.worker(settings, queue_url, port) as process:
        queue(1)
        processes.until(lambda: len(desk.letters) == 1)
        bell(queue_url)
        queue(2)
        processes.until(lambda: states() == {LetterState.SENT: 3})
        assert processes.stop(process, signal.SIGTERM) == 0
    assert len(desk.letters) == 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_stops_after_the_letter_at_hand(
    app: Flask, settings: Settings, tmp_path: Path, number: signal.Signals
) -> None:
    queue(500)
    desk = Desk()
    with serving(desk) as port, processes.worker(settings, f"sqlite:///{tmp_path}/queue.db", port) as process:
        processes.until(lambda: len(desk.letters) >= 3)
        assert processes.stop(process, number) == 0
    sent = len(desk.letters)
    assert 3 <= sent < 500
    assert states() == {LetterState.SENT: sent, LetterState.QUEUED: 500 - sent}


def test_a_queue_that_is_away_fails_nobody(app: Flask, bell: Callable[[str], None]) -> None:
    for url in (
        f"redis://127.0.0.1:{closed_port()}/0",
        f"postgresql://nobody@127.0.0.1:{closed_port()}/none",
        "sqlite:////proc/no/such/folder/queue.db",
    ):
        bell(url)
        queue(1)
    assert states() == {LetterState.QUEUED: 3}


def test_a_queue_elsewhere_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        make_queue("amqp://localhost")
