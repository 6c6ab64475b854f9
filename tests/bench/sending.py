"""2,000 personal invitations, rendered and handed over by the worker, against a bare loop that sends the same octets.

Both write to the same sink in its own process, over one connection, in turn; a rate is what arrives between the first
letter and the last. `python -m tests.bench.sending` measures this alone.
"""

from __future__ import annotations

import os
import smtplib
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, func, select, update

from eventsys.core.actor import COMMAND
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.operations.send import mark_of_list, send_prepared
from eventsys.invitations.queries.send import outgoing
from eventsys.meetings.models import Meeting
from tests.bench import rows, sink
from tests.bench.data import ROOT, Database, copied, kept
from tests.bench.measure import application

BAR = 0.5
ROUNDS = 3
WORKER_MB = 200
PATIENCE = 300.0
ENGINES = ("sqlite", "postgresql")


def everything(engine: str) -> Iterator[dict[str, Any]]:
    """The figure on one engine's small database."""
    with copied(kept(engine, "small"), f"{engine}-sending") as database:
        _queue(database)
        letters, peaks = _letters(database), []
        ours, theirs = [], []
        for _round in range(ROUNDS):
            theirs.append(_bare(database.data, letters))
            rate, peak = _worker(database)
            ours.append(rate)
            peaks.append(peak)
        ratio = statistics.median(our / their for our, their in zip(ours, theirs, strict=True))
        yield {
            "case": f"{len(letters):,} invitations to a sink, against a bare loop",
            "kind": "extra",
            "database": database.engine,
            "size": database.size,
            "letters_per_second": round(statistics.median(ours)),
            "bare_per_second": round(statistics.median(theirs)),
            "ratio": round(ratio, 2),
            "bytes": round(sum(len(each.data) for each in letters) / len(letters)),
            "peak_mb": round(max(peaks)),
            "bar": BAR,
            "reaches": ratio >= BAR and max(peaks) <= WORKER_MB,
        }


def _queue(database: Database) -> None:
    """As the organizer does it."""
    with application(database) as app, app.app_context():
        meeting = db.session.get_one(Meeting, rows.PREPARED)
        going = outgoing(meeting)
        shown = mark_of_list(meeting, going.invitees, going.liaisons)
        with write():
            send_prepared(meeting, shown, by=COMMAND)
        db.session.remove()


def _letters(database: Database) -> list[sink.Letter]:
    """What the worker sends, as the sink gets it; warms everything up."""
    with sink.sinking(database.data, keep=True) as port:
        _run_worker(database, port)
    return sink.kept(database.data)


def _worker(database: Database) -> tuple[float, float]:
    """Letters a second and the largest memory of a worker that sends them all once more."""
    _put_back(database)
    with sink.sinking(database.data) as port:
        peak = _run_worker(database, port)
    return _rate(sink.moments(database.data)), peak


def _bare(folder: Path, letters: Sequence[sink.Letter]) -> float:
    """Letters a second of a loop that only sends."""
    with sink.sinking(folder) as port, smtplib.SMTP("127.0.0.1", port) as server:
        for letter in letters:
            server.sendmail(letter.sender, [letter.recipient], letter.data)
    return _rate(sink.moments(folder))


def _rate(moments: Sequence[float]) -> float:
    return (len(moments) - 1) / (moments[-1] - moments[0])


def _run_worker(database: Database, port: int) -> float:
    """Let a worker send what is queued; returns the largest memory that it held."""
    relay = {"EVENTSYS_SMTP_HOST": "127.0.0.1", "EVENTSYS_SMTP_PORT": str(port)}
    environment = {**os.environ, **database.environment(), **relay}
    engine = create_engine(database.url)
    command = [sys.executable, "-m", "eventsys", "worker"]
    worker = subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        end = time.monotonic() + PATIENCE
        while _unsent(engine):
            if time.monotonic() > end or worker.poll() is not None:
                raise RuntimeError("the worker does not send everything")
            time.sleep(0.5)
        return _peak_mb(worker.pid)
    finally:
        worker.terminate()
        worker.wait(60)
        engine.dispose()


def _unsent(engine: Any) -> int:
    statement = select(func.count()).where(Letter.meeting_id == rows.PREPARED, Letter.state != LetterState.SENT)
    with engine.connect() as connection:
        return int(connection.execute(statement).scalar_one())


def _put_back(database: Database) -> None:
    """As if none had been sent yet."""
    engine = create_engine(database.url)
    with engine.begin() as connection:
        values = {"state": LetterState.QUEUED, "attempts": 0, "sent_at": None, "tried_at": None, "lease_by": None}
        connection.execute(update(Letter).where(Letter.meeting_id == rows.PREPARED).values(values))
    engine.dispose()


def _peak_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def main() -> int:
    found = [line for engine in ENGINES for line in everything(engine)]
    for line in found:
        print(line)
    return 0 if all(line["reaches"] for line in found) else 1


if __name__ == "__main__":
    sys.exit(main())
