"""The pages for gunicorn on the tests' database, whose tables were made without migrations."""

from __future__ import annotations

from eventsys import create_app
from eventsys.config import from_environment

app = create_app(from_environment())
