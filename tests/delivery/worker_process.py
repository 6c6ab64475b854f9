"""The worker as a process of its own, with the tests' kinds: `python -m tests.delivery.worker_process NAME`."""

from __future__ import annotations

import sys

from eventsys import create_app, worker
from eventsys.config import from_environment
from eventsys.delivery.heart import Heart
from tests.delivery import kinds

if __name__ == "__main__":
    settings = from_environment()
    app = create_app(settings)
    kinds.register_all()
    worker.run(app, settings, heart=Heart(app, name=sys.argv[1]))
