"""`kill -9` of the worker, at every step of a letter's way: none is lost, and no receiver sees two different ones.

`EVENTSYS_KILLS` and `EVENTSYS_LETTERS` make the long runs of `make faults`.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

from flask import Flask

from eventsys.config import Settings
from eventsys.core.outbox import LetterState
from eventsys.delivery.words import UNKNOWN_FATE
from tests.delivery import processes
from tests.delivery.faults import Lock, Moment, Relay, kill, let_leases_expire
from tests.delivery.kinds import AGAIN, CALENDAR, ONCE, letter, queue, states
from tests.mail.servers import serving

KILLS = int(os.environ.get("EVENTSYS_KILLS", len(Moment)))
LETTERS = int(os.environ.get("EVENTSYS_LETTERS", "200"))
LARGEST_MEGABYTES = 200


def die(settings: Settings, relay: Relay, port: int, folder: Path, moment: Moment, after: int) -> None:
    """One worker's life, from its start to the moment that kills it."""
    queue_file = folder / "queue.db"
    queue_file.unlink(missing_ok=True)
    relay.armed, relay.after = moment, after
    if moment is Moment.BEFORE_CLAIM:
        relay.lock.take()
    with processes.worker(settings, f"sqlite:///{queue_file}", port) as process:
        kill(process, relay, queue_file)
        assert process.returncode == -9
    if moment is Moment.BEFORE_CLAIM:
        relay.lock.release()
    let_leases_expire()


def finish(settings: Settings, port: int, folder: Path) -> None:
    """A last worker that is left in peace until nothing is on its way any more."""
    open_states = {LetterState.QUEUED, LetterState.SENDING, LetterState.DEFERRED}
    with processes.worker(settings, f"sqlite:///{folder}/queue.db", port) as process:
        processes.until(lambda: not open_states & states().keys())
        assert processes.stop(process) == 0


def test_no_letter_is_lost(app: Flask, settings: Settings, tmp_path: Path) -> None:
    dice = random.Random(KILLS)
    moments = (list(Moment) * KILLS)[:KILLS]
    ids = queue(LETTERS, AGAIN, common={"title": "Letter", "text": "text"})
    relay = Relay(Lock(settings))
    with serving(relay) as port:  # type: ignore[arg-type]
        for moment in moments:
            die(settings, relay, port, tmp_path, moment, dice.randrange(max(1, LETTERS // (2 * KILLS))))
        finish(settings, port, tmp_path)
    assert states() == {LetterState.SENT: LETTERS}
    expected = {(f"<test-again-{at}@localhost>", f"person{at}@example.org") for at in range(1, len(ids) + 1)}
    assert {(identity, recipient) for identity, recipient, _data in relay.letters} == expected
    assert len(set(relay.letters)) == len(expected), "two different letters under one Message-ID"
    twice = len(relay.letters) - len(expected)
    assert twice <= KILLS
    print(f"{KILLS} kills, {LETTERS} letters: lost 0, twice under the same Message-ID {twice}")


def test_what_must_not_go_twice_never_does(app: Flask, settings: Settings, tmp_path: Path) -> None:
    ids = queue(12, ONCE)
    relay = Relay(Lock(settings))
    with serving(relay) as port:  # type: ignore[arg-type]
        for moment in (Moment.AFTER_DATA, Moment.BEFORE_MARK):
            die(settings, relay, port, tmp_path, moment, 2)
        finish(settings, port, tmp_path)
    assert Counter(identity for identity, *_rest in relay.letters) == {
        f"<test-once-{at}@localhost>": 1 for at in range(1, 13)
    }
    assert states() == {LetterState.SENT: 10, LetterState.FAILED: 2}
    assert [letter(each).reason for each in ids if letter(each).state is LetterState.FAILED] == [UNKNOWN_FATE] * 2


def test_the_worker_stays_small(app: Flask, settings: Settings, tmp_path: Path) -> None:
    """The largest memory that the worker ever held (VmHWM), with letters as large as an invitation."""
    queue(LETTERS, AGAIN, common={"title": "Letter", "text": "会议通知" * 2500}, calendar=CALENDAR.decode())
    relay = Relay(Lock(settings))
    with (
        serving(relay) as port,  # type: ignore[arg-type]
        processes.worker(settings, f"sqlite:///{tmp_path}/queue.db", port) as process,
    ):
        processes.until(lambda: states() == {LetterState.SENT: LETTERS})
        status = Path(f"/proc/{process.pid}/status").read_text()
        assert processes.stop(process) == 0
    (peak,) = (int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    print(f"{LETTERS} letters: at most {peak} MB")
    assert peak < LARGEST_MEGABYTES
