"""The search engine: full-text indexes over the `search_text` of some tables, kept by the database itself.

An index is changed by triggers (SQLite) or is an index of the table (PostgreSQL): in the transaction of whatever verb
changes the row, and by no code that could forget it. Both answer the same, because the words are made in Python
(`search_text`) and no tokenizer looks at them: FTS5's `ascii` parts at spaces alone (its `unicode61` knows no
characters younger than Unicode 6.1 and would lose 𬭎), PostgreSQL gets an array.

PostgreSQL is asked through a function for each table, which never reads the table from end to end: the planner takes
making the words of a row for free and would make those of every row, in a small table or for words that many rows have
(a thousand times the index's time).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    bindparam,
    cast,
    event,
    func,
    literal_column,
    select,
    table,
    text,
)

from eventsys.extensions import db

SEARCHED = ("meeting", "notice_version", "person", "post")
SUFFIX = "_words"
VECTOR = "array_to_tsvector(string_to_array(btrim(CAST(search_text AS text)), ' '))"


def holds(model: type[Any], terms: Sequence[str]) -> ColumnElement[bool]:
    """The condition that every term begins a word of the row's search text; `terms` are those of `query_terms`."""
    if not terms:
        raise ValueError("a search for nothing finds everything: ask before")
    return held(model.__tablename__, model.id, bindparam(None, query_of(terms), unique=True))


def held(name: str, row_id: Any, query: Any) -> ColumnElement[bool]:
    """The same for a statement that is made once: `query` is a parameter that gets the text of `query_of`."""
    if _is_sqlite():
        words = table(f"{name}{SUFFIX}")
        found: Any = (
            select(literal_column("rowid")).select_from(words).where(literal_column(words.name).op("MATCH")(query))
        )
    else:
        found = select(getattr(func, f"{name}{SUFFIX}")(cast(query, Text)).column_valued("found"))
    condition: ColumnElement[bool] = row_id.in_(found.scalar_subquery())
    return condition


def aside(column: Any) -> Any:
    """The column as a condition that no index serves: the words come first, then the few rows are looked at.

    SQLite knows no statistics and takes any equality for rare, so it would walk all published notices instead.
    """
    return func.coalesce(column, column, type_=column.type)


def query_of(terms: Sequence[str]) -> str:
    """The terms as the database at hand asks for them. They hold letters and digits only, so nothing is escaped."""
    if _is_sqlite():
        return " AND ".join(f'"{term}" *' for term in terms)
    return " & ".join(f"'{term}':*" for term in terms)


def making(name: str, dialect: str) -> Iterator[str]:
    """The statements that make the index of a table; a new one holds nothing of the rows before (see `rebuild`)."""
    if dialect != "sqlite":
        # What waits to be put in its place is read from end to end by every search: kept short.
        keep = "WITH (gin_pending_list_limit = 64)"
        yield f"CREATE INDEX IF NOT EXISTS ix_{name}{SUFFIX} ON {name} USING gin (({VECTOR})) {keep}"
        wanted = f"SELECT id FROM {name} WHERE {VECTOR} @@ CAST(words AS tsquery)"  # noqa: S608 - names of ours
        yield (
            f"CREATE OR REPLACE FUNCTION {name}{SUFFIX}(words text) RETURNS SETOF integer LANGUAGE sql STABLE ROWS 20 "
            f"SET enable_seqscan TO off AS $$ {wanted} $$"
        )
        return
    yield (
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {name}{SUFFIX} USING fts5("
        f"search_text, content='{name}', content_rowid='id', tokenize='ascii', detail='none', columnsize=0)"
    )
    yield from _triggers(name)


def unmaking(name: str, dialect: str) -> Iterator[str]:
    """The statements that take the index of a table away."""
    if dialect != "sqlite":
        yield f"DROP FUNCTION IF EXISTS {name}{SUFFIX}(text)"
        yield f"DROP INDEX IF EXISTS ix_{name}{SUFFIX}"
        return
    yield from (f"DROP TRIGGER IF EXISTS {name}{SUFFIX}_{act}" for act in ("put", "gone", "new"))
    yield f"DROP TABLE IF EXISTS {name}{SUFFIX}"


def rebuild(connection: Connection, name: str) -> None:
    """Make the index of a table anew from its rows."""
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"INSERT INTO {name}{SUFFIX}({name}{SUFFIX}) VALUES ('rebuild')"))  # noqa: S608 - names of ours
    else:
        connection.execute(text(f"REINDEX INDEX ix_{name}{SUFFIX}"))


def mend(connection: Connection) -> list[str]:
    """Put back triggers that are missing, and what they missed; returns the tables that needed it.

    SQLite changes a column by making its table anew, and its triggers go with the old one.
    """
    if connection.dialect.name != "sqlite":
        return []
    there = {row[0] for row in connection.execute(text("SELECT name FROM sqlite_master"))}
    mended = []
    for name in SEARCHED:
        wanted = {f"{name}{SUFFIX}_{act}" for act in ("put", "gone", "new")}
        if f"{name}{SUFFIX}" in there and not wanted <= there:
            for statement in _triggers(name):
                connection.execute(text(statement))
            rebuild(connection, name)
            mended.append(name)
    return mended


def belongs(name: str) -> bool:
    """Whether a table or index is the engine's own, which no model describes."""
    return any(
        name == f"{each}{SUFFIX}" or name.startswith((f"{each}{SUFFIX}_", f"ix_{each}{SUFFIX}")) for each in SEARCHED
    )


def _triggers(name: str) -> Iterator[str]:
    words = f"{name}{SUFFIX}"
    gone = f"INSERT INTO {words}({words}, rowid, search_text) VALUES ('delete', old.id, old.search_text);"  # noqa: S608 - names of ours
    put = f"INSERT INTO {words}(rowid, search_text) VALUES (new.id, new.search_text);"  # noqa: S608 - names of ours
    for act, moment, body in (
        ("put", "AFTER INSERT", put),
        ("gone", "AFTER DELETE", gone),
        ("new", "AFTER UPDATE OF search_text", f"{gone} {put}"),
    ):
        yield f"CREATE TRIGGER IF NOT EXISTS {words}_{act} {moment} ON {name} BEGIN {body} END"


def _is_sqlite() -> bool:
    return db.engines[None].dialect.name == "sqlite"


@event.listens_for(db.metadata, "after_create")
def _make_with_tables(_metadata: Any, connection: Connection, **_options: Any) -> None:
    """Tables that are made from the models have their indexes too; migrations execute the same statements."""
    for name in SEARCHED:
        for statement in making(name, connection.dialect.name):
            connection.execute(text(statement))
