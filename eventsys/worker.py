"""The second composition root: binds the queue's tasks to the domains' verbs.

The queue only wakes: the outbox is the truth. So a queue that is away, or that forgets, delays a letter by a minute at
most, and every task may run twice.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask

from eventsys.config import ConfigurationError, Settings
from eventsys.core.outbox import on_wake
from eventsys.delivery.sending import deliver_due

if TYPE_CHECKING:
    from huey import Huey

log = logging.getLogger("eventsys.worker")

QUEUE = "eventsys"
CONNECT_SECONDS = 2
ANSWER_SECONDS = 10
LONGEST_POLL = 1.0
HEALTH_SECONDS = 10.0
QUIET_SECONDS = 30.0
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Doorbell:
    """Rings for the worker after a commit. The queue is opened by the first ring, in the process that rings."""

    def __init__(self, app: Flask, url: str) -> None:
        self._app = app
        self._url = url
        self._deliver: Callable[[], Any] | None = None
        self._quiet_until = 0.0

    def ring(self) -> None:
        """Queue a delivery. A queue that is away neither fails nor slows a request: the sweep finds the letters."""
        if time.monotonic() < self._quiet_until:
            return
        try:
            if self._deliver is None:
                self._deliver = bind_tasks(make_queue(self._url), self._app)
            self._deliver()
        except Exception:
            self._quiet_until = time.monotonic() + QUIET_SECONDS
            log.warning("the queue does not answer; letters wait for the sweep", exc_info=True)


def bind(app: Flask, settings: Settings) -> None:
    """Connect the outbox to the queue, so that a committed letter wakes the worker."""
    on_wake(Doorbell(app, settings.queue_url).ring)


def make_queue(url: str, name: str = QUEUE) -> Huey:
    """The queue at `sqlite:///…`, `redis://…` or `postgresql://…`; tables are made where they are missing.

    Raises `ConfigurationError` for another address, and the driver's own error when PostgreSQL does not answer.
    """
    from huey import PostgresHuey, RedisHuey, SqliteHuey

    scheme = urlsplit(url).scheme.partition("+")[0]
    if scheme == "sqlite":
        return SqliteHuey(name, filename=url.partition("///")[2], results=False, fsync=False)
    if scheme in {"redis", "rediss"}:
        return RedisHuey(name, results=False, connection_pool=_redis(url))
    if scheme in {"postgresql", "postgres"}:
        address = f"postgresql://{url.partition('://')[2]}"
        return PostgresHuey(name, dsn=address, results=False, table_prefix="queue", connect_timeout=CONNECT_SECONDS)
    raise ConfigurationError(f"EVENTSYS_QUEUE_URL={url}: use sqlite:///…, redis://… or postgresql://…")


def bind_tasks(queue: Huey, app: Flask, stopping: Callable[[], bool] = lambda: False) -> Callable[[], Any]:
    """Make the tasks known to the queue; returns the one that delivers, which queues itself when it is called."""

    from huey import crontab

    def deliver() -> None:
        with app.app_context():
            deliver_due(stopping)

    queue.periodic_task(crontab(minute="*"), name="sweep")(deliver)
    task: Callable[[], Any] = queue.task(name="deliver")(deliver)
    return task


def run(app: Flask, settings: Settings, stopping: Event | None = None) -> None:
    """Work until SIGINT or SIGTERM (or `stopping`), then finish the letter at hand and return.

    The first sweep starts at once, so letters that waited for a worker leave first.
    """
    stopping = stopping or Event()
    queue = make_queue(settings.queue_url)
    bind_tasks(queue, app, stopping.is_set)
    consumer = queue.create_consumer(workers=1, worker_type="thread", max_delay=LONGEST_POLL)
    with _stops_by_signal(stopping):
        consumer.start()
    log.info("waiting for letters at %s", urlsplit(settings.queue_url).scheme)
    while not stopping.wait(HEALTH_SECONDS):
        consumer.check_worker_health()
    consumer.stop(graceful=True)
    log.info("stopped")


@contextmanager
def _stops_by_signal(stopping: Event) -> Iterator[None]:
    """Let both signals finish the letter at hand, whatever handlers the block sets; none is missed meanwhile."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    yield
    for number in SIGNALS:
        signal.signal(number, lambda *_: stopping.set())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def _redis(url: str) -> Any:
    from redis import ConnectionPool
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return ConnectionPool.from_url(
        url,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )
