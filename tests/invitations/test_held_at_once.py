"""Workers, people and kills at the same moment: a held change goes out whole and once, or not at all."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from eventsys.config import Settings
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.outbox import Letter
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.holding import AT_ONCE, Seen
from eventsys.invitations.models import Attendee, HeldChange, Reply
from eventsys.invitations.operations.aside import discard
from eventsys.invitations.operations.cancel import cancel_meeting
from eventsys.invitations.operations.change import Reason
from eventsys.invitations.operations.hold import release, send_now
from eventsys.invitations.tasks import release_due
from eventsys.meetings.models import MeetingState
from tests.delivery import processes
from tests.invitations.held import DAY, ROOM, Case, acts, edit, found, held, organizer, record, told
from tests.invitations.test_send import crowd, send_all

ROUNDS = 6
PEOPLE = 400


def due(case: Case) -> None:
    """Its time has come."""
    with write() as session:
        mine = update(HeldChange).where(HeldChange.meeting_id == case.meeting.id)
        session.execute(mine.values(release_at=now() - timedelta(seconds=1)))


def at_the_same_moment(app: Flask, *things: Callable[[], Any]) -> list[Any]:
    """What each of the things came to: its result, or the refusal it met."""
    together, results = Barrier(len(things)), [None] * len(things)

    def one(number: int) -> None:
        with app.app_context():
            together.wait()
            try:
                results[number] = things[number]()
            except DomainError as refusal:
                results[number] = refusal
            finally:
                db.session.remove()

    threads = [Thread(target=one, args=(number,)) for number in range(len(things))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def updates(case: Case) -> int:
    db.session.rollback()
    return (
        db.session.scalar(select(func.count()).where(Letter.meeting_id == case.meeting.id, Letter.kind == "update"))
        or 0
    )


def test_two_workers_carry_it_out_once(app: Flask) -> None:
    for _round in range(ROUNDS):
        case = told()
        edit(case, venue_zh=ROOM)
        due(case)
        assert sorted(at_the_same_moment(app, release_due, release_due, release_due)) == [0, 0, 1]
        assert (updates(case), record(case).sequence, held(case)) == (1, 1, None)


def test_a_task_that_is_repeated_does_nothing(app: Flask) -> None:
    case = told()
    edit(case, venue_zh=ROOM)
    due(case)
    row = held(case)
    for expected in (True, False, False):
        with write():
            assert release(row.id, case.meeting.id) is expected
    assert (updates(case), acts(case)) == (1, ["hold", "release"])


def test_it_is_released_or_discarded_or_edited_but_never_two_of_them(app: Flask) -> None:
    outcomes = set()
    for _round in range(ROUNDS * 2):
        case = told()
        other = organizer(case, "同事")
        edit(case, venue_zh=ROOM)
        due(case)
        before = found(case)
        seen = Seen.of(before.meeting, before.held)

        def throw_away(case: Case = case, seen: Seen = seen) -> str:
            meeting = record(case)
            with write():
                discard(meeting, seen, by=case.by)
            return "discarded"

        def go_on(case: Case = case, seen: Seen = seen, other: Any = other) -> str:
            edit(case, by=other, seen=seen, venue_zh="303会议室")
            return "edited"

        results = at_the_same_moment(app, release_due, throw_away, go_on)
        done = ["released"] * bool(results[0] == 1) + [each for each in results[1:] if isinstance(each, str)]
        outcomes.update(done)
        assert len(done) == 1, results
        state = (record(case).venue_zh, updates(case), held(case) is not None)
        expected = {
            "released": (ROOM, 1, False),
            "discarded": ("301会议室", 0, False),
            "edited": ("301会议室", 0, True),
        }
        assert state == expected[done[0]]
    assert outcomes <= {"released", "discarded", "edited"}


def test_sent_now_while_the_worker_comes(app: Flask) -> None:
    for _round in range(ROUNDS):
        case = told()
        edit(case, venue_zh=ROOM)
        due(case)
        before = found(case)
        seen = Seen.of(before.meeting, before.held)

        def press(case: Case = case, seen: Seen = seen) -> bool:
            meeting = record(case)
            with write():
                send_now(meeting, seen, by=case.by)
            return True

        results = at_the_same_moment(app, release_due, press, press)
        assert sum(each in (1, True) for each in results if not isinstance(each, DomainError)) == 1
        assert (updates(case), record(case).sequence, held(case)) == (1, 1, None)


def test_cancelled_while_the_worker_comes(app: Flask) -> None:
    for _round in range(ROUNDS):
        case = told()
        edit(case, venue_zh=ROOM)
        due(case)
        version = held(case).version

        def call_off(case: Case = case, version: int = version) -> int:
            meeting, reason = record(case), Reason("防汛")
            with write():
                return cancel_meeting(meeting, reason, 1, postponed=False, by=case.by, held_version=version)

        released, cancelled = at_the_same_moment(app, release_due, call_off)
        if released:
            assert isinstance(cancelled, DomainError)
            assert (updates(case), record(case).state) == (1, MeetingState.SCHEDULED)
        else:
            assert (cancelled, updates(case), record(case).state) == (1, 0, MeetingState.CANCELLED)
        assert held(case) is None


def test_two_first_edits_the_second_meets_the_first(app: Flask) -> None:
    for _round in range(ROUNDS):
        case = told()
        other = organizer(case, "同事")
        seen = Seen(record(case).version)
        rooms = {case.by.label: ROOM, other.label: "303会议室"}
        edits = [partial(edit, case, by=by, seen=seen, venue_zh=rooms[by.label]) for by in (case.by, other)]
        results = at_the_same_moment(app, *edits)
        assert sum(isinstance(each, DomainError) for each in results) == 1
        assert held(case).facts == {"venue_zh": rooms[held(case).by]}
        assert acts(case) == ["hold"]


def test_answers_that_arrive_while_it_goes_out_are_reset_or_refused_never_lost(app: Flask) -> None:
    from eventsys.invitations.operations.answer import answer

    for _round in range(ROUNDS):
        case = told()
        edit(case, starts_at=case.meeting.starts_at + DAY, ends_at=case.meeting.ends_at + DAY)
        due(case)

        def decline(case: Case = case) -> bool:
            with write():
                answer(case.attendee, Reply.DECLINED, "x", by=case.by, seen=0)
            return True

        released, answered = at_the_same_moment(app, release_due, decline)
        db.session.rollback()
        row = db.session.get_one(Attendee, case.attendee.id, populate_existing=True)
        assert (released, row.reply, record(case).sequence) == (1, Reply.PENDING, 1)
        assert answered is True or isinstance(answered, DomainError)


# Killed in the middle.


def crowded() -> Case:
    """A meeting that many were told of, with a change whose time has come."""
    case = told()
    crowd(case, PEOPLE)
    send_all(case)
    with write() as session:
        session.execute(update(Letter).values(state="sent"))
    edit(case, venue_zh=ROOM, starts_at=case.meeting.starts_at + DAY, ends_at=case.meeting.ends_at + DAY)
    due(case)
    return case


def whole(case: Case) -> bool:
    """Whether it went out; raises when it did by half. It may go out between the reads: once more."""
    wholes = {(0, "301会议室", 0, False), (1, ROOM, PEOPLE + 1, True)}
    state = _state(case)
    if state not in wholes:
        state = _state(case)
    assert state in wholes
    return state[-1]


def _state(case: Case) -> tuple[int, str, int, bool]:
    return record(case).sequence, record(case).venue_zh, updates(case), held(case) is None


def test_a_worker_killed_at_any_moment(app: Flask, settings: Settings, tmp_path: Path) -> None:
    case = crowded()
    queue = f"sqlite:///{tmp_path}/queue.db"
    begun = time.monotonic()
    with processes.worker(settings, queue):
        processes.until(lambda: whole(case))
    took = time.monotonic() - begun
    case = crowded()
    chance = random.Random(1)
    for _kill in range(3):
        with processes.worker(settings, queue) as worker:
            time.sleep(took * chance.uniform(0.6, 1.0))
            worker.kill()
            worker.wait()
        whole(case)
    with processes.worker(settings, queue):
        processes.until(lambda: whole(case))


def test_a_worker_killed_between_the_facts_and_the_letters(app: Flask, settings: Settings, tmp_path: Path) -> None:
    """It stands still inside its transaction, because somebody keeps the letters' table to himself."""
    if settings.is_sqlite:
        pytest.skip("SQLite has no lock of one table; there one writer has all of it")
    case = crowded()
    with psycopg.connect(settings.database_url) as other:
        other.execute("LOCK TABLE letter IN SHARE MODE")
        with processes.worker(settings, f"sqlite:///{tmp_path}/queue.db") as worker:
            processes.until(lambda: bool(waiting_for_the_lock()))
            worker.kill()
            worker.wait()
        other.rollback()
    processes.until(lambda: not waiting_for_the_lock())
    assert whole(case) is False
    assert release_due() == 1
    assert whole(case)


def waiting_for_the_lock() -> int:
    db.session.rollback()
    statement = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'letter'::regclass"
    return int(db.session.scalar(text(statement)) or 0)


def test_at_once_from_two_people_is_made_once(app: Flask) -> None:
    for _round in range(ROUNDS):
        case = told()
        seen = Seen(record(case).version)
        save = partial(edit, case, seen=seen, quiet=AT_ONCE, venue_zh=ROOM)
        results = at_the_same_moment(app, save, save, save)
        assert sum(isinstance(each, DomainError) for each in results) == 2
        assert (updates(case), record(case).sequence) == (1, 1)
