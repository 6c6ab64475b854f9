"""The product in this process: how many queries a case needs, and what it answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from eventsys.extensions import db
from tests.bench.cases import Case
from tests.bench.signed_in import Browser

HERE = "http://127.0.0.1"
NOT_QUERIES = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The SQL statements that run inside the block; opening a transaction is none."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(NOT_QUERIES):
            statements.append(statement)

    with app.app_context():
        engines = list(db.engines.values())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


def ask(client: FlaskClient, case: Case, browser: Browser | None = None, tag: str = "") -> TestResponse:
    """The answer to one request of the case."""
    headers = {"Cookie": browser.cookie} if case.staff and browser else {}
    if case.conditional:
        headers["If-None-Match"] = tag
    if case.posts is None:
        return client.get(case.path, headers=headers, base_url=HERE)
    path, body = next(case.posts(browser.token if browser else ""))
    kind = "application/x-www-form-urlencoded"
    return client.post(path, data=body, headers=headers, content_type=kind, base_url=HERE)


def queries(app: Flask, case: Case, browser: Browser | None = None) -> int:
    """How many SQL statements one request of the case runs, guard and layout included, once its caches are warm."""
    client = app.test_client(use_cookies=False)
    plain = client.get(case.path, base_url=HERE) if case.conditional else None
    tag = plain.headers.get("ETag", "") if plain else ""
    ask(client, case, browser, tag)
    with counted(app) as statements:
        ask(client, case, browser, tag)
    return len(statements)
