"""The second composition root: binds the queue's tasks to the domains' verbs."""

from __future__ import annotations

from flask import Flask

from eventsys.config import Settings


def bind(app: Flask, settings: Settings) -> None:
    """Connect the outbox to the queue, so that a committed letter wakes the worker."""
