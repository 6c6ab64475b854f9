"""How many statements a request asks the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import event

from eventsys.extensions import db


class Asked(NamedTuple):
    """One statement as the driver got it."""

    statement: str
    parameters: Any


@contextmanager
def statements() -> Iterator[list[Asked]]:
    """The statements of the block, in order, without the opening of transactions."""
    found: list[Asked] = []

    def note(connection: object, cursor: object, statement: str, parameters: Any, *rest: object) -> None:
        if statement != "BEGIN":
            found.append(Asked(statement, parameters))

    engines = list(db.engines.values())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
