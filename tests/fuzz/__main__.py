"""Read any octets for some minutes: `python -m tests.fuzz --minutes 10 [--seed N]`.

Another process reads what this one makes up. Ends with exit code 1 when one message raised, took over two seconds, or
let the reading process grow by over 200 MB; that message is then in build/fuzz/. The figures are of the reader alone;
its growth is over all messages, so it is above what any single one takes.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from tests.fuzz.octets import messages
from tests.fuzz.reader import read_all

SECONDS, MEGABYTES, PATIENCE = 2.0, 200, 60.0
BATCH = 2000
FOUND = Path(__file__).resolve().parent.parent.parent / "build" / "fuzz"


class Run:
    """The reading process, and what was seen of it so far."""

    def __init__(self, until: float) -> None:
        self.until = until
        self.verdicts: Counter[str] = Counter()
        self.failures = 0
        self.octets = 0
        self.largest = 0
        self.slowest = 0.0
        self.grown = 0
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, other = context.Pipe()
        self._reader = context.Process(target=read_all, args=(other,), daemon=True)
        self._reader.start()

    def read(self, data: bytes) -> None:
        """Have one message read, while there is time."""
        if time.monotonic() > self.until:
            return
        self._line.send_bytes(data)
        if not self._line.poll(PATIENCE):
            self._reader.kill()
            self._keep(data, f"no answer in {PATIENCE:.0f} s")
            self._start()
            return
        verdict, seconds, grown, error = self._line.recv()
        if error or seconds > SECONDS or (grown > MEGABYTES >= self.grown):
            self._keep(data, error or f"{seconds:.1f} s, grown to {grown} MB")
        self.verdicts[verdict] += 1
        self.octets += len(data)
        self.largest = max(self.largest, len(data))
        self.slowest = max(self.slowest, seconds)
        self.grown = max(self.grown, grown)

    def _keep(self, data: bytes, why: str) -> None:
        self.failures += 1
        FOUND.mkdir(parents=True, exist_ok=True)
        path = FOUND / f"{self.failures:03}.eml"
        path.write_bytes(data)
        print(f"{path}: {why}", flush=True)

    def end(self) -> None:
        self._reader.kill()
        self._reader.join()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Read any octets for some minutes.")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    asked = parser.parse_args()
    run = Run(time.monotonic() + asked.minutes * 60)
    batch = asked.seed
    while time.monotonic() < run.until:
        _batch(run, batch)
        batch += 1
    run.end()
    print(f"{run.verdicts.total()} messages, {run.octets / 2**20:.0f} MiB, the largest {run.largest} octets")
    print("verdicts: " + ", ".join(f"{name} {number}" for name, number in run.verdicts.most_common()))
    print(f"slowest {run.slowest * 1000:.0f} ms; grown by {run.grown} MB; {run.failures} failures")
    print(f"again with --seed {asked.seed}", flush=True)
    return int(bool(run.failures))


def _batch(run: Run, number: int) -> None:
    @seeded(number)
    @settings(
        max_examples=BATCH,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(messages())
    def read(data: bytes) -> None:
        run.read(data)

    read()


if __name__ == "__main__":
    sys.exit(main())
