"""The frame of a meeting's workspace, made by whoever `create_app` bound, so that no domain imports the overview."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app

FRAME = "eventsys.frame"
ASK: Any = object()


def install(app: Flask, provide: Any) -> None:
    """Bind `provide(meeting, tab, counts, held)`."""
    app.extensions[FRAME] = provide


def frame(meeting: Any, tab: str, counts: Any = None, held: Any = ASK) -> Any:
    """Header, next step and tabs of a meeting's pages; `tab` is the current one's key.

    `counts` are those of all its places, `held` the change that is held at it (None: none), for pages that have read
    them; otherwise each costs a query.
    """
    return current_app.extensions[FRAME](meeting, tab, counts, held)
