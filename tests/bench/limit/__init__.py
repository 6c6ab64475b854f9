"""The limit application: bare Flask, rows by the fewest indexed queries that a page needs, plain templates.

It knows no rights, no languages (its texts are the Chinese ones), no layout beyond the words that are seen, no
extensions. What it shows is what the product shows at the same address, so the two can be compared.
`gunicorn 'tests.bench.limit:create_app()'` reads `DATABASE_URL`.
"""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

from tests.bench.limit import dates, forms, personal, public, store, subscribed, workspace


def create_app(url: str | None = None) -> Flask:
    """The application on this database, else on that of the environment."""
    app = Flask("tests.bench.limit", template_folder="templates", root_path=str(Path(__file__).parent))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    store.open_database(url or os.environ["DATABASE_URL"])
    app.jinja_env.globals.update(
        day=dates.day, clock=dates.clock, span=dates.span, date_short=dates.date_short, moment=dates.moment
    )
    for room in (public, personal, subscribed, workspace, forms):
        app.register_blueprint(room.bp)
    return app
