"""The frame of a meeting's workspace, made by whoever `create_app` bound, so that no domain imports the overview."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app

FRAME = "eventsys.frame"


def install(app: Flask, provide: Any) -> None:
    """Bind `provide(meeting, tab, counts)`."""
    app.extensions[FRAME] = provide


def frame(meeting: Any, tab: str, counts: Any = None) -> Any:
    """Header, next step and tabs of a meeting's pages; `tab` is the current one's key.

    `counts` are those of all its places, for pages that have read them; otherwise they cost a query.
    """
    return current_app.extensions[FRAME](meeting, tab, counts)
