"""The worker as a process of its own, which also knows the tests' kinds: `python -m tests.delivery.worker_process`."""

from __future__ import annotations

from eventsys import create_app, worker
from eventsys.config import from_environment
from tests.delivery import kinds

if __name__ == "__main__":
    settings = from_environment()
    app = create_app(settings)
    kinds.register_all()
    worker.run(app, settings)
