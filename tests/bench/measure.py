"""The cases on one database: product and limit in turn, every answer checked before and after."""

from __future__ import annotations

import http.client
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, text

from eventsys import create_app
from eventsys.extensions import db
from tests.bench import in_process
from tests.bench.cases import Case, cases
from tests.bench.data import Database
from tests.bench.load import Broken, Round, load
from tests.bench.servers import LIMIT, PRODUCT, Server, serving
from tests.bench.signed_in import Browser, sign_in

WARM_UP, WEB_MB = 20, 120
WRITTEN = "SELECT (SELECT count(*) FROM reply_event) + (SELECT count(*) FROM meeting)"


@dataclass(frozen=True, slots=True)
class Result:
    """One line of `build/bench.json`. `ratio_to_limit` is the product's throughput over the limit's."""

    case: str
    kind: str
    database: str
    size: str
    requests_per_second: float
    limit_per_second: float
    ratio_to_limit: float
    bar: float
    cpu_ms: float
    limit_cpu_ms: float
    p95_ms: float
    queries: int
    bytes: int

    @property
    def reaches(self) -> bool:
        return self.ratio_to_limit >= self.bar

    def line(self) -> dict[str, Any]:
        return {key: round(value, 3) if isinstance(value, float) else value for key, value in asdict(self).items()}


def measure(database: Database, only: str, seconds: float, rounds: int) -> Iterator[Result | dict[str, Any]]:
    """Each case's result as it comes, then what the product's workers hold in memory."""
    chosen = [case for case in cases(database.size) if only in f"{case.kind} {case.name}"]
    with application(database) as app, serving(PRODUCT, database) as product, serving(LIMIT, database) as limit:
        for case in chosen:
            browser = sign_in(app)
            yield _measure(case, database, (app, browser), (product, limit), seconds, rounds)
        for number, (rss, pss) in enumerate(product.memory_mb(), 1):
            yield {
                "case": f"memory of web worker {number}",
                "kind": "memory",
                "database": database.engine,
                "size": database.size,
                "rss_mb": round(rss),
                "pss_mb": round(pss),
                "bar": WEB_MB,
                "reaches": pss <= WEB_MB,
            }


@contextmanager
def application(database: Database) -> Iterator[Flask]:
    """The product in this process, on the same database."""
    app = create_app(database.settings())
    try:
        yield app
    finally:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


def _measure(
    case: Case,
    database: Database,
    inside: tuple[Flask, Browser],
    servers: tuple[Server, Server],
    seconds: float,
    rounds: int,
) -> Result:
    app, browser = inside
    found: tuple[list[Round], list[Round]] = ([], [])
    with tempfile.NamedTemporaryFile("w", suffix=".posts") as file:
        if case.posts is not None:
            file.writelines(f"{path}\t{body}\n" for path, body in case.posts(browser.token))
            file.flush()
        asked = [_about(case, browser, server, Path(file.name)) for server in servers]
        sizes = [_check(case, browser, server, about) for server, about in zip(servers, asked, strict=True)]
        for _ in range(rounds):
            for server, about, into in zip(servers, asked, found, strict=True):
                into.append(_round(case, database, server, seconds, about))
                about["BENCH_FIRST"] = str(int(about.get("BENCH_FIRST", "0")) + into[-1].requests)
        for server, about in zip(servers, asked, strict=True):
            _check(case, browser, server, about)
    ours, theirs = (statistics.median(each.per_second for each in rounds_) for rounds_ in found)
    return Result(
        case=case.name,
        kind=case.kind,
        database=database.engine,
        size=database.size,
        requests_per_second=ours,
        limit_per_second=theirs,
        ratio_to_limit=ours / theirs,
        bar=case.bar,
        cpu_ms=statistics.median(each.cpu_ms for each in found[0]),
        limit_cpu_ms=statistics.median(each.cpu_ms for each in found[1]),
        p95_ms=statistics.median(each.p95_ms for each in found[0]),
        queries=in_process.queries(app, case, browser),
        bytes=sizes[0],
    )


def _about(case: Case, browser: Browser, server: Server, posts: Path) -> dict[str, str]:
    about = {"BENCH_PATH": case.path}
    if case.staff:
        about["BENCH_COOKIE"] = browser.cookie
    if case.posts is not None:
        about["BENCH_POSTS"] = str(posts)
    if case.conditional:
        _status, headers, _body = _ask(server, "GET", case.path, {"If-None-Match": '"none"'})
        about["BENCH_TAG"] = headers["ETag"]
    return about


def _round(case: Case, database: Database, server: Server, seconds: float, about: dict[str, str]) -> Round:
    """A round of load; what was posted must stand in the database afterwards."""
    if case.posts is None:
        return load(server, seconds, about)
    before = _written(database)
    done = load(server, seconds, about)
    if _written(database) - before < done.requests:
        raise Broken(f"{case.name}: {done.requests} posts, but {_written(database) - before} rows")
    return done


def _written(database: Database) -> int:
    engine = create_engine(database.url)
    with engine.connect() as connection:
        number = connection.execute(text(WRITTEN)).scalar_one()
    engine.dispose()
    return int(number)


def _check(case: Case, browser: Browser, server: Server, about: dict[str, str]) -> int:
    """The length of one answer, once it has the status and the content that the case expects; warms up on the way."""
    headers = {"Cookie": browser.cookie} if case.staff else {}
    if case.conditional:
        headers["If-None-Match"] = about["BENCH_TAG"]
    if case.posts is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        path, body = next(case.posts(browser.token))
        status, found, answer = _ask(server, "POST", path, headers, body)
        if status not in (302, 303) or case.shows not in found["Location"]:
            raise Broken(f"{case.name} at {server.url}: {status} {found.get('Location')} {answer[:300]}")
        return len(answer)
    for _ in range(WARM_UP):
        status, _found, answer = _ask(server, "GET", case.path, headers)
    if status != case.status or case.shows not in answer.decode():
        raise Broken(f"{case.name} at {server.url}: {status} {answer[:300].decode()}")
    return len(answer)


def _ask(
    server: Server, method: str, path: str, headers: dict[str, str], body: str = ""
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    read = answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders()), read
