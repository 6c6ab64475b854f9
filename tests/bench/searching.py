"""A search in the archive with 200 and with 20,000 notices, for the same number of hits."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from typing import Any

from flask import Flask
from sqlalchemy import update

from eventsys.core.transaction import write
from eventsys.notices.models import NoticeVersion
from tests.bench.data import copied, kept
from tests.bench.in_process import HERE
from tests.bench.measure import application

GROWTH = 1.3
HITS = 30
ROUNDS, TIMES = 5, 40
WORDS = {"a two-character word": "獬豸", "the beginning of a word": "quagg", "a word and a filter": "獬豸&in=en"}


def searching(engine: str) -> Iterator[dict[str, Any]]:
    """Each query on both databases in turn; the median of the rounds' best."""
    with (
        copied(kept(engine, "small"), f"{engine}-search") as small,
        copied(kept(engine, "large"), f"{engine}-search-large") as large,
        application(small) as few,
        application(large) as many,
    ):
        for app in (few, many):
            _hide_words(app)
        for name, asked in WORDS.items():
            took = _in_turn(few, many, f"/search?lang=zh&q={asked}")
            growth = took[1] / took[0]
            yield {
                "case": f"search for {name}: 200 and 20,000 notices",
                "kind": "extra",
                "database": engine,
                "size": "both",
                "ms": [round(seconds * 1000, 2) for seconds in took],
                "growth": round(growth, 2),
                "bar": GROWTH,
                "reaches": growth <= GROWTH,
            }


def _hide_words(app: Flask) -> None:
    """Thirty notices hold words that no other holds; the index follows by itself."""
    found = update(NoticeVersion).where(NoticeVersion.id <= HITS)
    with app.app_context(), write() as session:
        session.execute(
            found.values(
                search_text=NoticeVersion.search_text + "獬 豸 獬豸 quagga ",
                body_zh=NoticeVersion.body_zh + "<p>会上展示了獬豸铜像。</p>",
                body_en=NoticeVersion.body_en + "<p>A quagga was shown.</p>",
            )
        )


def _in_turn(few: Flask, many: Flask, path: str) -> tuple[float, float]:
    clients = [app.test_client(use_cookies=False) for app in (few, many)]
    for client in clients:
        answer = client.get(path, base_url=HERE)
        if answer.status_code != 200 or answer.text.count("<li><h3>") != min(HITS, 20):
            raise RuntimeError(f"{path} finds something else: {answer.status_code}")
    best: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for number, client in enumerate(clients):
            best[number].append(min(_seconds(client, path) for _ in range(TIMES)))
    return statistics.median(best[0]), statistics.median(best[1])


def _seconds(client: Any, path: str) -> float:
    started = time.perf_counter()
    client.get(path, base_url=HERE)
    return time.perf_counter() - started
