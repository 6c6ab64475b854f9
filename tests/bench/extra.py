"""Figures beside the pages' throughput: queries at 1, 30 and 2,000 rows, sending to 2,000, memory, the first page."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine, create_engine, func, select

from eventsys.core.outbox import Letter, LetterState
from tests.bench import in_process, rows
from tests.bench.cases import Case
from tests.bench.data import ROOT, Database, copied, kept
from tests.bench.measure import application
from tests.bench.servers import PRODUCT, Server, serving
from tests.bench.signed_in import sign_in

QUERIES, CLICK_SECONDS, WORKER_MB, FIRST_SECONDS = 12, 1.0, 200, 3.0
PAGES = (
    *("", "invitations/", "invitations/?view=table", "invitations/add", "invitations/send", "invitations/remind"),
    *("reminders/", "calls/", "agenda/", "letters", "attendance", "sign-in-sheet", "notice", "change"),
)
HIDDEN = re.compile(r'<input[^>]*\bname="(csrf_token|shown)"[^>]*\bvalue="([^"]*)"')
SENDING_MINUTES = 5


def everything(engine: str) -> Iterator[dict[str, Any]]:
    """All of them on one engine's small database."""
    with copied(kept(engine, "small"), f"{engine}-extra") as database:
        yield from _queries(database)
        yield from _first_page(database)
        yield from _sending(database)


def _queries(database: Database) -> Iterator[dict[str, Any]]:
    with application(database) as app:
        browser = sign_in(app)
        for page in PAGES:
            paths = [f"/workspace/meetings/{number}/{page}" for number in (rows.ONE, rows.THIRTY, rows.BIG)]
            counts = [in_process.queries(app, Case(page, "staff", path, "", staff=True), browser) for path in paths]
            yield {
                **_named(f"queries of {page or 'overview'} at 1, 30, 2,000", database),
                "queries": counts,
                "bar": QUERIES,
                "reaches": len(set(counts)) == 1 and max(counts) <= QUERIES,
            }


def _first_page(database: Database) -> Iterator[dict[str, Any]]:
    with serving(PRODUCT, database) as server:
        yield {
            **_named("first page after start", database),
            "seconds": round(server.first_page, 2),
            "bar": FIRST_SECONDS,
            "reaches": server.first_page <= FIRST_SECONDS,
        }


def _sending(database: Database) -> Iterator[dict[str, Any]]:
    path = f"/workspace/meetings/{rows.PREPARED}/invitations/send"
    with application(database) as app, serving(PRODUCT, database) as server:
        cookie = {"Cookie": sign_in(app).cookie}
        fields = dict(HIDDEN.findall(_ask(server, "GET", path, cookie)[1]))
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        started = time.monotonic()
        status, answer = _ask(server, "POST", path, cookie | kind, urlencode(fields))
        seconds = time.monotonic() - started
        if status not in (302, 303):
            raise RuntimeError(f"sending was refused: {status} {answer[:500]}")
        yield {
            **_named("sending to 2,000: the organizer's click", database),
            "seconds": round(seconds, 2),
            "bar": CLICK_SECONDS,
            "reaches": seconds <= CLICK_SECONDS,
        }
        yield _delivering(database, server)


def _delivering(database: Database, server: Server) -> dict[str, Any]:
    command = [sys.executable, "-m", "eventsys", "worker"]
    environment = {**os.environ, **database.environment(server.port)}
    engine = create_engine(database.url)
    started = time.monotonic()
    worker = subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True)
    try:
        while _waiting(engine) and time.monotonic() - started < SENDING_MINUTES * 60:
            time.sleep(0.2)
        seconds, waiting, peak = time.monotonic() - started, _waiting(engine), _peak_mb(worker.pid)
    finally:
        worker.terminate()
        worker.wait(60)
        engine.dispose()
    return {
        **_named("sending to 2,000: the worker", database),
        "peak_mb": round(peak),
        "seconds": round(seconds, 1),
        "unsent": waiting,
        "bar": WORKER_MB,
        "reaches": peak <= WORKER_MB and not waiting,
    }


def _waiting(engine: Engine) -> int:
    statement = select(func.count()).where(Letter.meeting_id == rows.PREPARED, Letter.state != LetterState.SENT)
    with engine.connect() as connection:
        return int(connection.execute(statement).scalar_one())


def _peak_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def _ask(server: Server, method: str, path: str, headers: dict[str, str], body: str = "") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    read = answer.read().decode()
    connection.close()
    return answer.status, read


def _named(case: str, database: Database) -> dict[str, Any]:
    return {"case": case, "kind": "extra", "database": database.engine, "size": database.size}
