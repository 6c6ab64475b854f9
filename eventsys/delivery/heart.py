"""The heart of a worker: who it is, since when it lives, and since when it has been at work on letters."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask

from eventsys.core.clock import now
from eventsys.core.transaction import write
from eventsys.delivery.operations import beat, leave
from eventsys.delivery.sending import worker_name

log = logging.getLogger("eventsys.delivery")


@dataclass(slots=True)
class Heart:
    """One worker's; a database that is away misses a beat and no more."""

    app: Flask
    name: str = field(default_factory=worker_name)
    started_at: datetime = field(default_factory=now)
    busy_since: datetime | None = None

    @contextmanager
    def busy(self) -> Iterator[None]:
        """At work on letters inside the block."""
        self.busy_since = now()
        try:
            yield
        finally:
            self.busy_since = None

    def beat(self) -> None:
        """Show a sign of life."""
        try:
            with self.app.app_context(), write():
                beat(self.name, self.started_at, self.busy_since)
        except Exception:
            log.warning("the database took no sign of life", exc_info=True)

    def stop(self) -> None:
        """Take leave."""
        try:
            with self.app.app_context(), write():
                leave(self.name)
        except Exception:
            log.warning("the database took no leave", exc_info=True)
