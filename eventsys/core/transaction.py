"""The unit of work: the only way to write.

Everything outside `write()` reads from an engine that refuses writes. Nothing slow (mail, rendering, hashing) happens
inside it, because on SQLite one writer holds the whole database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Self, TypeVar

from sqlalchemy import Executable, Row, bindparam, inspect, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from eventsys.core.errors import Stale
from eventsys.core.language import gettext as _
from eventsys.extensions import MARK, WRITING, db

AFTER_COMMIT = "after_commit"
T = TypeVar("T")


@contextmanager
def write() -> Iterator[Session]:
    """One write transaction: commits at its end, rolls back on any error, then runs what `after_commit` collected.

    Rows loaded before it are read again inside it, so a decision rests on what is true now.
    """
    session = db.session()
    if session.info.get(WRITING):
        raise RuntimeError("a unit of work is already open")
    session.rollback()
    session.info[WRITING] = True
    session.info[AFTER_COMMIT] = []
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info[WRITING] = False
    for callback in session.info.pop(AFTER_COMMIT, []):
        callback()


class AtOnce:
    """Statements that are transactions of their own and do not wait for the disk, over one connection.

    What one writes outlives the process from then on; a failure of power may take it back. Only for what may be found
    out again (whether a letter left) and changes nothing when it is done twice, and for nothing that an act rests on.
    Not inside a unit of work.
    """

    def __enter__(self) -> Self:
        self._connection = db.engines[MARK].connect()
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def run(self, statement: Executable, **values: Any) -> Row[*tuple[Any, ...]] | None:
        """The row that the statement returns; a connection that was lost meanwhile is opened anew, once."""
        try:
            return self._run(statement, values)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            self._connection.rollback()
            return self._run(statement, values)

    def _run(self, statement: Executable, values: dict[str, Any]) -> Row[*tuple[Any, ...]] | None:
        found: Row[*tuple[Any, ...]] | None = self._connection.execute(statement, values).one_or_none()
        return found


def is_writing() -> bool:
    """Whether a unit of work is open; rendering and delivery ask it to refuse."""
    return bool(db.session().info.get(WRITING))


def after_commit(callback: Callable[[], Any]) -> None:
    """Run the callback once the open unit of work is committed; the same callback is kept once."""
    callbacks: list[Callable[[], Any]] = db.session().info[AFTER_COMMIT]
    if callback not in callbacks:
        callbacks.append(callback)


def locked(model: type[T], row_id: int) -> T:
    """The row, read fresh and locked until the unit of work ends.

    Raises `LookupError` when it does not exist. SQLite needs no row lock: its unit of work excludes every other writer.
    """
    statement = select(model).filter_by(id=row_id).with_for_update().execution_options(populate_existing=True)
    row = db.session.scalars(statement).one_or_none()
    if row is None:
        raise LookupError(f"{model.__name__} {row_id}")
    return row


def check_version(row: Any, version: int) -> None:
    """Raise `Stale` when the row was saved by somebody else since the form with this version was opened."""
    if row.version != version:
        raise Stale(
            _("Somebody else saved this while you were editing. Compare both texts, then save again."), current=row
        )


def assign(row: Any, **values: Any) -> None:
    """Write columns of a locked row by one statement, a third of what finding the changes out at the commit costs.

    The row's version rises. A row that is new or has other changes waits for the session's flush as always.
    """
    state = inspect(row)
    if not state.persistent or state.modified:
        for name, value in values.items():
            setattr(row, name, value)
        return
    values["version"] = row.version + 1
    statement = _update(state.mapper, tuple(values))
    db.session.connection().execute(statement, {"the_id": row.id, **{f"new_{key}": values[key] for key in values}})
    for name, value in values.items():
        set_committed_value(row, name, value)


@lru_cache(maxsize=64)
def _update(mapper: Any, names: tuple[str, ...]) -> Executable:
    table = mapper.local_table
    new = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    return update(table).where(table.c.id == bindparam("the_id")).values(new)
