"""The frame of a meeting's workspace, made by whoever `create_app` bound, so that no domain imports the overview."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app

FRAME = "eventsys.frame"


def install(app: Flask, provide: Any) -> None:
    """Bind `provide(meeting, tab)`."""
    app.extensions[FRAME] = provide


def frame(meeting: Any, tab: str) -> Any:
    """Header, next step and tabs of a meeting's pages; `tab` is the current one's key."""
    return current_app.extensions[FRAME](meeting, tab)
