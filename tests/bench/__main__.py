"""`python -m tests.bench`: the whole benchmark. `--quick` is for development: one short round, small, on SQLite."""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

from tests.bench import extra, replies, sending, table
from tests.bench.data import ROOT, SIZES, copied, kept
from tests.bench.measure import Result, measure
from tests.bench.printing import printing
from tests.bench.searching import searching

REPORT = ROOT / "build" / "bench.json"


def main() -> int:
    """Run what was asked for, print the table, write `build/bench.json`; 1 when a figure misses its bar."""
    asked = _arguments()
    started = time.monotonic()
    lines: list[Result | dict[str, Any]] = []
    for engine in asked.engines:
        for size in asked.sizes:
            with copied(kept(engine, size), f"{engine}-{size}") as database:
                for line in measure(database, asked.only, asked.seconds, asked.rounds):
                    print(table.line(line), flush=True)
                    lines.append(line)
        if not asked.only and not asked.quick:
            lines += [_shown(line) for line in extra.everything(engine)]
            lines += [_shown(line) for line in sending.everything(engine)]
            lines += [_shown(line) for line in replies.everything(engine)]
            lines += [_shown(line) for line in searching(engine)]
    if not asked.only:
        lines.append(_shown(printing()))
    lines += [_shown(line) for line in table.growth(lines)]
    if asked.report:
        REPORT.parent.mkdir(exist_ok=True)
        plain = [line.line() if isinstance(line, Result) else line for line in lines]
        REPORT.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n")
    print(table.whole(lines))
    print(f"{time.monotonic() - started:.0f} s")
    return 0 if all(table.reaches(line) for line in lines) else 1


def _shown(line: dict[str, Any]) -> dict[str, Any]:
    print(table.line(line), flush=True)
    return line


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of a second, small, on SQLite, no report")
    parser.add_argument("--only", default="", help="cases whose kind and name hold this text; no report")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of a round (default: 3)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of which the median counts (default: 3)")
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    parser.add_argument("--sizes", nargs="+", default=list(SIZES), choices=list(SIZES))
    asked = parser.parse_args()
    if asked.quick:
        asked.seconds, asked.rounds, asked.engines, asked.sizes = 1.0, 1, asked.engines[:1], asked.sizes[:1]
    asked.report = not asked.quick and not asked.only
    return asked


if __name__ == "__main__":
    sys.exit(main())
