"""What the worker does for imports, in a thread of its own: a long file does not keep letters waiting."""

from __future__ import annotations

import logging
import time
from threading import Event

from flask import Flask

from eventsys.exchange.operations import advance, forget_old
from eventsys.exchange.operations.holding import Lost

log = logging.getLogger("eventsys.exchange")

LOOK_SECONDS = 1.0
AFTER_FAULT_SECONDS = 10.0
FORGET_SECONDS = 3600.0


def follow_imports(app: Flask, worker: str, stopping: Event) -> None:
    """Bring imports on until stopping; a database that is away is asked again."""
    forgotten = float("-inf")

    def told(_done: int, _total: int) -> None:
        if stopping.is_set():
            raise Lost

    while not stopping.is_set():
        wait = LOOK_SECONDS
        try:
            with app.app_context():
                if time.monotonic() - forgotten > FORGET_SECONDS:
                    forget_old()
                    forgotten = time.monotonic()
                if advance(worker, told):
                    continue
        except Exception:
            log.exception("an import could not be worked on")
            wait = AFTER_FAULT_SECONDS
        stopping.wait(wait)
