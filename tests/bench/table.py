"""The figures as lines and as a table, and which of them miss their bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.bench.measure import Result

Line = Result | dict[str, Any]
GROWTH = ("meeting list", "notice list", "staff's meeting list")
GROWTH_BAR = 1.3
HEADINGS = ("case", "kind", "database", "req/s", "limit", "ratio", "bar", "CPU ms", "limit", "p95 ms", "SQL", "bytes")
WIDTHS = (26, 8, 17, 7, 7, 6, 5, 7, 6, 7, 4, 7)


def line(of: Line) -> str:
    """One result in one line."""
    if isinstance(of, Result):
        return _cells(of) + ("" if of.reaches else "  MISSES")
    named = {"case", "kind", "database", "size", "bar", "reaches"}
    figures = ", ".join(f"{name} {value}" for name, value in of.items() if name not in named)
    bar = f" (bar {of['bar']})" if "bar" in of else ""
    where = f"{of.get('database', '')} {of.get('size', '')}".strip()
    return f"{of['case']}, {where}: {figures}{bar}" + ("" if reaches(of) else "  MISSES")


def whole(lines: Sequence[Line]) -> str:
    """The table of all results, then the other figures."""
    results = [each for each in lines if isinstance(each, Result)]
    others = [each for each in lines if not isinstance(each, Result)]
    head = "  ".join(f"{name:>{width}}" for name, width in zip(HEADINGS, WIDTHS, strict=True))
    return "\n".join(["", head, *map(line, results), "", *map(line, others)])


def reaches(of: Line) -> bool:
    """Whether a figure is within its bar."""
    return of.reaches if isinstance(of, Result) else bool(of.get("reaches", True))


def growth(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """What a list costs at 20,000 rows over what it costs at 200, by the workers' processor time."""
    known = {(each.case, each.database, each.size): each for each in lines if isinstance(each, Result)}
    found = []
    for (case, database, size), large in known.items():
        small = known.get((case, database, "small"))
        if size == "large" and case in GROWTH and small is not None:
            times = round(large.cpu_ms / small.cpu_ms, 2)
            found.append(
                {
                    "case": f"{case}: cost at 20,000 over cost at 200",
                    "kind": "growth",
                    "database": database,
                    "times": times,
                    "bar": GROWTH_BAR,
                    "reaches": times <= GROWTH_BAR,
                }
            )
    return found


def _cells(of: Result) -> str:
    cells = (
        *(of.case, of.kind, f"{of.database} {of.size}", f"{of.requests_per_second:.0f}", f"{of.limit_per_second:.0f}"),
        *(
            f"{of.ratio_to_limit:.2f}",
            f"{of.bar:.2f}",
            f"{of.cpu_ms:.2f}",
            f"{of.limit_cpu_ms:.2f}",
            f"{of.p95_ms:.1f}",
        ),
        *(str(of.queries), str(of.bytes)),
    )
    return "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True))
