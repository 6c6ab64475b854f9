"""`python -m tests.bench.importing [PEOPLE]`: time, peak memory and longest write lock of a large import of people.

A file of so many people (20,000 unless told) is exported from nothing, read, written, then brought
again with every phone number changed and written as the good rows. Beside it another thread asks for the write lock
again and again, as page requests do, and the longest it had to wait is printed.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲燕红建华"


def rows(number: int, phone: str) -> Iterator[tuple[str, ...]]:
    """So many people, many of one name, each with an address of their own."""
    for at in range(number):
        name = SURNAMES[at % 20] + GIVEN[at // 20 % 31] + GIVEN[at // 620 % 31]
        yield "", name, f"Person {at}", f"person{at}@example.org", f"{phone}{at:07d}"


def workbook(number: int, phone: str) -> bytes:
    from io import BytesIO

    from eventsys.rendering.tables import Sheet, write_workbook

    file = BytesIO()
    header = ("编号", "中文姓名", "英文姓名", "电子邮箱", "电话")
    write_workbook(file, [Sheet("人员", header, rows(number, phone))])
    return file.getvalue()


class Waiting:
    """The longest wait for the write lock, from another connection."""

    def __init__(self, path: Path) -> None:
        self.longest, self._path, self._stop = 0.0, path, threading.Event()

    def run(self) -> None:
        import sqlite3

        with sqlite3.connect(self._path, timeout=60, isolation_level=None) as connection:
            while not self._stop.wait(0.02):
                start = time.monotonic()
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
                self.longest = max(self.longest, time.monotonic() - start)

    @contextmanager
    def watched(self) -> Iterator[None]:
        self.longest, thread = 0.0, threading.Thread(target=self.run)
        self._stop.clear()
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()


class Holding:
    """The longest that a unit of work of the import lasted, by the clock and in the processor's own time."""

    def __init__(self) -> None:
        self.clock = self.processor = 0.0

    @contextmanager
    def write(self) -> Iterator[object]:
        from eventsys.core.transaction import write

        with write() as session:
            clock, processor = time.monotonic(), time.thread_time()
            yield session
        self.clock = max(self.clock, time.monotonic() - clock)
        self.processor = max(self.processor, time.thread_time() - processor)

    def __str__(self) -> str:
        return f"longest unit of work {self.clock:.2f} s ({self.processor:.2f} s of the processor)"


def peak() -> int:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(number: int) -> None:
    folder = Path(tempfile.mkdtemp())
    os.environ.update(EVENTSYS_MODE="test", EVENTSYS_DATA=str(folder), EVENTSYS_PUBLIC_URL="http://localhost")
    from eventsys import create_app
    from eventsys.core.actor import COMMAND
    from eventsys.core.transaction import write
    from eventsys.exchange.columns import Sheet
    from eventsys.exchange.models import Import, ImportWay
    from eventsys.exchange.operations import advance, begin_import, confirm_import, holding, reading, writing
    from eventsys.exchange.operations.deciding import MOST_AT_ONCE, OTHERS
    from eventsys.extensions import db

    app = create_app()
    held = Holding()
    waiting = Waiting(folder / "eventsys.db")
    first = ImportWay.ALL if number <= MOST_AT_ONCE else ImportWay.GOOD
    files = [
        ("new", workbook(number, "138"), first),
        ("changed", workbook(number, "139"), ImportWay.GOOD),
    ]
    with app.app_context():
        db.create_all(bind_key=None)
        print(f"the application alone: {peak()} MB")
        for name, data, way in files:
            with write():
                brought = begin_import(data, f"{name}.xlsx", Sheet.PEOPLE, by=COMMAND).id
            for step in ("preview", "writing"):
                start = time.monotonic()
                held.clock = held.processor = 0.0
                for module in (holding, reading, writing):
                    module.write = held.write
                with waiting.watched():
                    advance("bench")
                print(
                    f"{name}: {len(data) // 1024} kB, {step} {time.monotonic() - start:.1f} s, "
                    f"{held}, longest wait for the lock {waiting.longest:.2f} s, peak {peak()} MB"
                )
                found = db.session.get_one(Import, brought, populate_existing=True)
                print("  ", found.state.value, found.counts, found.reason.get("en", ""))
                if step == "preview":
                    with write():
                        confirm_import(found, way, (OTHERS,), found.version, by=COMMAND)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
