"""`kill -9` of the worker at every named point of a letter's life: none is lost, and none is doubled that may not be.

`EVENTSYS_KILLS` and `EVENTSYS_LETTERS` make the long runs of `make faults`; the short one dies five times.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from time import monotonic, sleep

import pytest
from flask import Flask

from eventsys.config import Settings
from eventsys.core.letters import Kind
from eventsys.core.outbox import LetterState
from eventsys.core.reasons import UNKNOWN_FATE
from tests import postfix
from tests.delivery import processes, relays
from tests.delivery.between import BLOCKED_SECONDS, Between, Moment, between
from tests.delivery.faults import Lock, let_leases_expire
from tests.delivery.kinds import AGAIN, CALENDAR, ONCE, letter, message_id, queue, states
from tests.delivery.relays import Relay
from tests.mail.servers import Desk, serving

Record = Callable[[str, object], None]

SHORT = (Moment.AFTER_CLAIM, Moment.DURING_DATA, Moment.AFTER_DATA, Moment.BEFORE_MARK, Moment.AFTER_MARK)
KILLS = int(os.environ.get("EVENTSYS_KILLS", "0"))
LETTERS = int(os.environ.get("EVENTSYS_LETTERS", "120"))
LARGEST_MEGABYTES = 200
MOMENT_SECONDS = 120.0
IN_DOUBT = {Moment.AFTER_DATA, Moment.AFTER_ANSWER, Moment.BEFORE_MARK}
OPEN = {LetterState.QUEUED, LetterState.SENDING, LetterState.DEFERRED}

names = (f"worker-{number}" for number in count(1))


@pytest.fixture(params=relays.KINDS)
def relay(request: pytest.FixtureRequest, tmp_path: Path, record_property: Record) -> Iterator[Relay]:
    """A relay that can be asked, and one that cannot."""
    if request.param == "postfix":
        if not postfix.installed():
            pytest.skip("Postfix is not installed, or this is not root")
        record_property("part", "Postfix")
    with relays.running(request.param, tmp_path) as found:
        yield found


class Fleet:
    """Workers one after the other on one database and one relay, each killed at its moment."""

    def __init__(self, settings: Settings, relay: Relay, door: Between, lock: Lock, folder: Path) -> None:
        self._settings, self._relay, self._door, self._lock = settings, relay, door, lock
        self._queue = folder / "queue.db"

    def die(self, moment: Moment, after: int) -> None:
        """One worker's life, from its start to the moment that kills it."""
        self._queue.unlink(missing_ok=True)
        if moment is Moment.BEFORE_CLAIM:
            self._lock.take()
        name = next(names)
        with self._worker(name) as process:
            self._door.arm(moment, after, process.kill)
            if moment is Moment.BEFORE_CLAIM:
                processes.until(self._queue.exists)
                sleep(BLOCKED_SECONDS)
                process.kill()
                self._lock.release()
            elif not self._door.struck.wait(MOMENT_SECONDS):
                raise AssertionError(f"the moment {moment.value} never came")
            assert process.wait(MOMENT_SECONDS) == -9
        self._door.disarm()
        self._door.settle()
        let_leases_expire(name)

    def finish(self) -> None:
        """A last worker that is left in peace until nothing is on its way any more."""
        with self._worker(next(names)) as process:
            processes.until(lambda: not OPEN & states().keys())
            assert processes.stop(process) == 0

    def _worker(self, name: str):  # type: ignore[no-untyped-def]
        told = self._relay.settings
        return processes.worker(self._settings, f"sqlite:///{self._queue}", self._door.port, name, **told)


@pytest.fixture
def fleet(app: Flask, settings: Settings, relay: Relay, tmp_path: Path) -> Iterator[Fleet]:
    lock = Lock(settings)
    with between(lambda: relay.server.port, lock.take, lock.release) as door:
        yield Fleet(settings, relay, door, lock, tmp_path)


def moments() -> list[Moment]:
    """Those of the short run, or all of them in turn."""
    return (list(Moment) * KILLS)[:KILLS] if KILLS else list(SHORT)


def test_no_letter_is_lost(fleet: Fleet, relay: Relay) -> None:
    dice, deaths = random.Random(KILLS), moments()
    queue(LETTERS, AGAIN, common={"title": "Letter", "text": "text"}, calendar=True)
    began = monotonic()
    for moment in deaths:
        fleet.die(moment, dice.randrange(max(1, LETTERS // (2 * len(deaths)))))
    fleet.finish()
    assert states() == {LetterState.SENT: LETTERS}
    taken = relay.taken()
    assert taken.keys() == {message_id(number) for number in range(1, LETTERS + 1)}
    twice = sum(taken.values()) - LETTERS
    assert twice <= (0 if relay.can_be_asked else sum(moment in IN_DOUBT for moment in deaths))
    if not relay.can_be_asked:
        assert len(set(relay.letters())) == LETTERS, "two different letters under one Message-ID"
    print(f"{len(deaths)} kills, {LETTERS} letters: lost 0, twice {twice}, {monotonic() - began:.0f} s")


@pytest.mark.parametrize("moment", [Moment.AFTER_DATA, Moment.BEFORE_MARK])
def test_what_must_not_go_twice_never_does(fleet: Fleet, relay: Relay, moment: Moment) -> None:
    """Where the relay can be asked it arrives; where not, the one in doubt is told to the organizer."""
    ids = queue(8, ONCE)
    fleet.die(moment, 2)
    fleet.finish()
    assert relay.taken() == Counter(message_id(number, ONCE) for number in range(1, 9))
    if relay.can_be_asked:
        assert states() == {LetterState.SENT: 8}
    else:
        failed = [letter(each).reason for each in ids if letter(each).state is LetterState.FAILED]
        assert states()[LetterState.SENT] == 8 - len(failed)
        # PostgreSQL may still carry out the mark that a dead worker had asked for.
        assert failed == [UNKNOWN_FATE] or (failed == [] and moment is Moment.BEFORE_MARK)


@pytest.mark.parametrize("kind", [AGAIN, ONCE], ids=["again", "once"])
def test_a_relay_that_dies_with_a_letter_leaves_no_doubt_where_it_can_be_asked(
    fleet: Fleet, relay: Relay, kind: Kind
) -> None:
    ids = queue(1, kind)
    fleet.die(Moment.AFTER_DATA, 0)
    relay.server.kill()
    relay.server.start()
    fleet.finish()
    taken = relay.taken()[message_id(1, kind)]
    if relay.can_be_asked:
        assert (taken, letter(ids[0]).state) == (1, LetterState.SENT)
    else:
        assert (taken <= 2, letter(ids[0]).state) == (True, LetterState.SENT if kind is AGAIN else LetterState.FAILED)


def test_the_worker_stays_small(app: Flask, settings: Settings, tmp_path: Path) -> None:
    """The largest memory that the worker ever held (VmHWM), with letters as large as an invitation."""
    queue(LETTERS, AGAIN, common={"title": "Letter", "text": "会议通知" * 2500}, calendar=CALENDAR.decode())
    with (
        serving(Desk()) as port,
        processes.worker(settings, f"sqlite:///{tmp_path}/queue.db", port) as process,
    ):
        processes.until(lambda: states() == {LetterState.SENT: LETTERS})
        status = Path(f"/proc/{process.pid}/status").read_text()
        assert processes.stop(process) == 0
    (peak,) = (int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    print(f"{LETTERS} letters: at most {peak} MB")
    assert peak < LARGEST_MEGABYTES
