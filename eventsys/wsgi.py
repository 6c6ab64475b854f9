"""The application for a WSGI server (`gunicorn eventsys.wsgi:app`): pages compressed, static files beside them."""

from __future__ import annotations

import gc
from pathlib import Path

from flask import Flask
from flask_compress import Compress

from eventsys import create_app
from eventsys.config import Settings, from_environment
from eventsys.schema import require_current
from eventsys.static import StaticFiles, compressed

YOUNG_OBJECTS = 20_000
COMPRESSED = ("text/html", "text/plain", "text/calendar", "text/csv", "application/atom+xml", "application/xml")


def served(settings: Settings) -> Flask:
    """The application with what a server adds to it.

    Raises `ConfigurationError` and `SchemaError`. The levels are the ones that cost least a page.
    """
    application = create_app(settings)
    require_current(application)
    application.config.update(
        COMPRESS_ALGORITHM=["zstd", "gzip"],
        COMPRESS_ZSTD_LEVEL=3,
        COMPRESS_LEVEL=1,
        COMPRESS_MIMETYPES=list(COMPRESSED),
    )
    Compress(application)
    files = compressed(Path(str(application.static_folder)), settings.data)
    application.wsgi_app = StaticFiles(application.wsgi_app, files)  # type: ignore[method-assign]
    return application


def settle() -> None:
    """Leave what was loaded to the end out of every later collection, and collect more rarely.

    Forked workers then also share these pages for good: a collection would write into each of them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)


app = served(from_environment())
settle()
