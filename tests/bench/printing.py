"""A bilingual notice of three pages as PDF, in a process that has made one before."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from eventsys.rendering.paper import Paper, Part
from eventsys.rendering.pdf import pdf
from tests.bench import words

SECONDS, OCTETS, PAGES, TIMES = 0.3, 200_000, 3, 12
AT = datetime(2024, 8, 30, 1, 0, tzinfo=UTC)


def printing() -> dict[str, Any]:
    """The slowest of a dozen notices that all say something else; Typst keeps what it has set before."""
    pdf(_paper(0), AT)
    seconds, octets, pages = 0.0, 0, PAGES
    for number in range(1, TIMES):
        started = time.perf_counter()
        made = pdf(_paper(number), AT)
        seconds = max(seconds, time.perf_counter() - started)
        octets, pages = max(octets, len(made.data)), min(pages, made.pages if made.accessible else 0)
    return {
        "case": "PDF of a bilingual notice of three pages",
        "kind": "extra",
        "seconds": round(seconds, 3),
        "octets": octets,
        "bar": SECONDS,
        "reaches": seconds <= SECONDS and octets <= OCTETS and pages >= PAGES,
    }


def _paper(number: int) -> Paper:
    chinese, english = ("".join(words.body(number + step)[at] for step in range(4)) for at in (0, 1))
    mark = f"<h2>{number}</h2><p>{number * 7919}</p>"
    parts = (
        Part(language="zh", office="外事办公室", title=f"会议召开（第{number}次）", body=mark + chinese),
        Part(
            language="en", office="Foreign Affairs Office", title=f"The offices meet, no. {number}", body=mark + english
        ),
    )
    return Paper(title="t", office="o", address=f"https://example.org/notices/{number}", parts=parts)
