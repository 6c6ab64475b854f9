"""A mail server that puts off a third, refuses some, hangs, or hangs up after a message: every letter's state is right.

`EVENTSYS_LETTERS` makes the long run, in which the worker waits as long as it does in earnest.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.config import Settings
from eventsys.core.letters import Kind
from eventsys.core.outbox import Letter, LetterEvent, LetterState, LetterStep
from eventsys.core.reasons import UNKNOWN_FATE
from eventsys.extensions import db
from eventsys.worker import Doorbell
from tests.delivery import processes
from tests.delivery.faults import let_pauses_pass
from tests.delivery.kinds import AGAIN, ONCE, message_id, queue
from tests.delivery.sink import DROPS, HANGS, PUTS_OFF, REFUSES, SinkProcess, mood_of, sinking
from tests.delivery.test_faults import OPEN

LONG = int(os.environ.get("EVENTSYS_LETTERS", "0"))
LETTERS = LONG or 100
SECONDS = "60" if LONG else "2"
LONGEST = 65.0


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[SinkProcess]:
    with sinking(tmp_path / "taken.jsonl", moody=True) as found:
        yield found


def deliver(app: Flask, settings: Settings, sink: SinkProcess, folder: Path) -> None:
    """Let a worker work until nothing waits, while time passes."""
    queue_url = f"sqlite:///{folder}/queue.db"
    bell = Doorbell(app, queue_url)

    def settled() -> bool:
        let_pauses_pass()
        bell.ring()
        return not OPEN & set(db.session.scalars(select(Letter.state).distinct()))

    with processes.worker(settings, queue_url, sink.port, EVENTSYS_SMTP_SECONDS=SECONDS) as process:
        processes.until(settled, pause=0.3)
        assert processes.stop(process) == 0


def numbers(*moods: range) -> set[int]:
    """The letters whose recipients have one of these moods."""
    addresses = {at: f"person{at}@example.org" for at in range(1, LETTERS)} | {LETTERS: "hang@example.org"}
    return {at for at, address in addresses.items() if any(mood_of(address) in each for each in moods)}


def those(*conditions: object) -> set[int]:
    db.session.rollback()
    rows = db.session.execute(select(Letter.key).where(*conditions)).scalars()  # type: ignore[arg-type]
    return {int(key.partition(":")[2]) for key in rows}


def noted(step: LetterStep) -> set[int]:
    return those(Letter.id.in_(select(LetterEvent.letter_id).where(LetterEvent.step == step)))


@pytest.mark.parametrize("kind", [AGAIN, ONCE], ids=["again", "once"])
def test_every_state_is_right(app: Flask, settings: Settings, sink: SinkProcess, tmp_path: Path, kind: Kind) -> None:
    queue(LETTERS - 1, kind)
    queue(1, kind, address="hang@example.org")
    deliver(app, settings, sink, tmp_path)
    refused, unsure = numbers(REFUSES), numbers(HANGS, DROPS)
    failed = refused if kind is AGAIN else refused | unsure
    assert those(Letter.state == LetterState.FAILED) == failed
    assert those(Letter.state == LetterState.SENT) == set(range(1, LETTERS + 1)) - failed
    assert those(Letter.reason.startswith("550 5.1.1")) == refused
    assert those(Letter.reason == UNKNOWN_FATE) == (unsure if kind is ONCE else set())
    assert noted(LetterStep.DEFERRED) == numbers(PUTS_OFF) | (unsure if kind is AGAIN else set())
    assert noted(LetterStep.FAILED) == failed

    answered = [each for each in sink.taken() if each.held is None]
    twice = unsure if kind is AGAIN else set()
    expected = {message_id(at, kind): 2 if at in twice else 1 for at in set(range(1, LETTERS + 1)) - refused}
    assert {name: sum(each.message_id == name for each in answered) for name in expected} == expected
    assert len({(each.message_id, each.octets) for each in answered}) == len(expected)
    held = [each.held for each in sink.taken() if each.held is not None]
    assert len(held) == len(numbers(HANGS))
    assert all(seconds <= LONGEST for seconds in held)
    print(f"{LETTERS} letters: {len(failed)} failed, {len(unsure)} unsure, held up for {held} s")
