"""Reading rows of a hot page: the statement is made once, when its module is imported, and run without the ORM's part.

`select(...)` of a dozen columns costs a third of a millisecond to build and to recognise, ten times what running it
costs; so hot statements are constants with `bindparam`, or come from a cached function of their shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Executable, Row

from eventsys.extensions import WRITING, db


def rows(statement: Executable, **values: Any) -> Sequence[Row[*tuple[Any, ...]]]:
    """All rows of a statement of columns, with `values` for its parameters."""
    found: Sequence[Row[*tuple[Any, ...]]] = _run(statement, values).all()
    return found


def row(statement: Executable, **values: Any) -> Row[*tuple[Any, ...]] | None:
    """The only row, None when there is none."""
    found: Row[*tuple[Any, ...]] | None = _run(statement, values).one_or_none()
    return found


def _run(statement: Executable, values: dict[str, Any]) -> Any:
    session = db.session()
    if session.info.get(WRITING):
        return session.execute(statement, values)
    return session.connection().execute(statement, values)
