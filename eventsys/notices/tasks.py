"""What the worker does for notices between letters. Each task may run twice, and may be killed at any moment."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy import Row

from eventsys.core.transaction import write
from eventsys.notices.models import FileForm
from eventsys.notices.operations import remind_when_due
from eventsys.notices.operations.files import keep_files
from eventsys.notices.operations.planning import publish_due
from eventsys.notices.operations.subscribing import forget_subscriptions
from eventsys.notices.paper import mark_of
from eventsys.notices.queries.files import paper_for, wanting_files
from eventsys.rendering.press import CannotPrint, Form, Press

log = logging.getLogger("eventsys.notices")

BATCH = 20


def sweep(stopping: Callable[[], bool] = lambda: False) -> None:
    """Everything that has come due: first what readers wait for. One that fails does not keep the others."""
    tasks: tuple[Callable[[], int], ...] = (
        partial(publish_due, stopping),
        remind_when_due,
        partial(prepare_files, stopping),
        forget_subscriptions,
    )
    for task in tasks:
        try:
            task()
        except Exception:
            log.exception("a task of the notices failed; it is tried again with the next sweep")


def prepare_files(stopping: Callable[[], bool] = lambda: False) -> int:
    """Make PDF and DOCX of published notices that lack them; returns of how many. A press for at most 20 of them."""
    rows = wanting_files(BATCH)
    if not rows:
        return 0
    base = str(current_app.extensions["eventsys.settings"].public_url)
    made = 0
    try:
        with Press() as press:
            for row in rows:
                if stopping():
                    break
                made += _prepared(press, row, base)
    except CannotPrint:
        log.exception("a notice could not be printed; the others wait for the next round")
    return made


def _prepared(press: Press, row: Row[Any], base: str) -> bool:
    paper = paper_for(row.id, base)
    if paper is None:
        return False
    files = [(form, press.make(Form(form), paper, row.published_at)) for form in FileForm]
    with write():
        return keep_files(row, mark_of(paper), [(form, made.data, made.pages) for form, made in files])
