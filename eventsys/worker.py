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
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask

from eventsys.chasing.tasks import remind_all_due
from eventsys.config import ConfigurationError, Settings
from eventsys.core.outbox import on_wake
from eventsys.delivery.heart import Heart
from eventsys.delivery.sending import deliver_due
from eventsys.exchange.tasks import follow_imports
from eventsys.feeds import used
from eventsys.feeds.tasks import end_addresses, note_fetched
from eventsys.incoming.reading import read_mailbox
from eventsys.incoming.tasks import forget_old_messages
from eventsys.invitations.tasks import release_due
from eventsys.notices.tasks import sweep as sweep_notices

if TYPE_CHECKING:
    from huey import Huey

Bind = Callable[["Huey", Flask], Callable[..., Any]]
log = logging.getLogger("eventsys.worker")

QUEUE = "eventsys"
CONNECT_SECONDS = 2
ANSWER_SECONDS = 10
LONGEST_POLL = 1.0
HEALTH_SECONDS = 10.0
QUIET_SECONDS = 30.0
MAILBOX_SECONDS = 40.0
IMPORT_SECONDS = 10.0
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Doorbell:
    """Rings for the worker after a commit. The queue is opened by the first ring, in the process that rings.

    `bind` makes the tasks known and returns the one that a ring queues: a delivery, unless another is given.
    """

    def __init__(self, app: Flask, url: str, bind: Bind | None = None) -> None:
        self._app = app
        self._url = url
        self._bind = bind or bind_tasks
        self._task: Callable[..., Any] | None = None
        self._quiet_until = 0.0

    def ring(self, *facts: Any) -> None:
        """Queue the task. A queue that is away neither fails nor slows a request: the sweep finds the letters."""
        if time.monotonic() < self._quiet_until:
            return
        try:
            if self._task is None:
                self._task = self._bind(make_queue(self._url), self._app)
            self._task(*facts)
        except Exception:
            self._quiet_until = time.monotonic() + QUIET_SECONDS
            log.warning("the queue does not answer; letters wait for the sweep", exc_info=True)


def bind(app: Flask, settings: Settings) -> None:
    """Connect the outbox to the queue, so that a committed letter wakes the worker; and calendars that are fetched."""
    on_wake(Doorbell(app, settings.queue_url).ring)
    app.extensions[used.HAND_ON] = Doorbell(app, settings.queue_url, bind_calendars).ring


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


def bind_tasks(
    queue: Huey, app: Flask, stopping: Callable[[], bool] = lambda: False, heart: Heart | None = None
) -> Callable[[], Any]:
    """Make the tasks known to the queue; returns the one that delivers, which queues itself when it is called."""

    from huey import crontab

    living = heart or Heart(app)

    def deliver() -> None:
        with app.app_context(), living.busy():
            deliver_due(stopping, living.name)

    def sweep() -> None:
        release(app, stopping)
        remind(app, stopping)
        deliver()

    def notices() -> None:
        with app.app_context():
            sweep_notices(stopping)

    def forget() -> None:
        with app.app_context():
            forget_old_messages(app.extensions["eventsys.settings"].mailbox.keep_days, stopping)

    queue.periodic_task(crontab(minute="17", hour="3"), name="forget")(forget)
    queue.periodic_task(crontab(minute="*"), name="sweep")(sweep)
    queue.periodic_task(crontab(minute="*"), name="notices")(notices)
    bind_calendars(queue, app)
    task: Callable[[], Any] = queue.task(name="deliver")(deliver)
    return task


def bind_calendars(queue: Huey, app: Flask) -> Callable[..., Any]:
    """Make the tasks of calendars known to the queue; returns the one that notes that a calendar was fetched."""
    from huey import crontab

    def note(address_id: int, day: str) -> None:
        with app.app_context():
            note_fetched(address_id, day)

    def end() -> None:
        with app.app_context():
            end_addresses()

    queue.periodic_task(crontab(minute="*/10"), name="end_addresses")(end)
    task: Callable[..., Any] = queue.task(name="note_fetched")(note)
    return task


def release(app: Flask, stopping: Callable[[], bool]) -> None:
    """Carry out the held changes that are due; a database that is away is asked again at the next turn."""
    try:
        with app.app_context():
            release_due(stopping)
    except Exception:
        log.exception("held changes could not be looked at")


def remind(app: Flask, stopping: Callable[[], bool]) -> None:
    """Send the planned reminders that are due; a database that is away is asked again at the next sweep."""
    try:
        with app.app_context():
            remind_all_due(stopping)
    except Exception:
        log.exception("planned reminders could not be looked at")


def run(app: Flask, settings: Settings, stopping: Event | None = None, heart: Heart | None = None) -> None:
    """Work until SIGINT or SIGTERM (or `stopping`), then finish the letter at hand and return.

    The first sweep starts at once, so letters that waited for a worker leave first. Held changes are looked at between
    the sweeps too: they do not wait behind a long delivery.
    """
    stopping, heart = stopping or Event(), heart or Heart(app)
    queue = make_queue(settings.queue_url)
    bind_tasks(queue, app, stopping.is_set, heart)
    consumer = queue.create_consumer(workers=1, worker_type="thread", max_delay=LONGEST_POLL)
    with _stops_by_signal(stopping):
        consumer.start()
    log.info("waiting for letters at %s", urlsplit(settings.queue_url).scheme)
    mailbox = Thread(target=read_mailbox, args=(app, settings, stopping), name="mailbox", daemon=True)
    mailbox.start()
    imports = Thread(target=follow_imports, args=(app, heart.name, stopping), name="imports", daemon=True)
    imports.start()
    heart.beat()
    while not stopping.wait(HEALTH_SECONDS):
        heart.beat()
        consumer.check_worker_health()
        release(app, stopping.is_set)
    consumer.stop(graceful=True)
    mailbox.join(MAILBOX_SECONDS)
    imports.join(IMPORT_SECONDS)
    heart.stop()
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
