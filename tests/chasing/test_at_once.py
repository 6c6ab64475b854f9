"""Workers, people and kills at the same moment: a planned reminder goes out whole and once, and nobody gets two."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask

from eventsys.chasing.models import PlannedReminder, ReminderRun
from eventsys.chasing.operations.plan import remove_reminder, switch_reminder
from eventsys.chasing.operations.remind import remind, send_planned
from eventsys.chasing.tasks import remind_all_due
from eventsys.config import Settings
from eventsys.core.actor import Channel
from eventsys.core.clock import now, to_local
from eventsys.core.errors import DomainError
from eventsys.core.outbox import Letter
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Reply
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.queries.story import find_attendee
from eventsys.meetings.models import Meeting
from tests import factories
from tests.chasing.plans import ZONE, case, liaison, plan, reminded, runs, set_, someone, unnamed
from tests.delivery import processes
from tests.invitations.asking import Office, stale
from tests.invitations.test_held_at_once import at_the_same_moment, waiting_for_the_lock

ROUNDS = 4
PEOPLE = 5


def due(**facts: Any) -> tuple[Office, PlannedReminder]:
    """A meeting at which a reminder has just fallen due, for people and a liaison."""
    of = case(**facts)
    office = factories.organization()
    liaison(office)
    unnamed(of, office)
    for _each in range(PEOPLE):
        someone(of)
    at = to_local(now() - timedelta(minutes=2), ZONE)
    days = 1 if at.date() == to_local(now(), ZONE).date() else 2
    row = plan(of, days, at.hour * 60 + at.minute)
    set_(Meeting, of.meeting.id, reply_by=now().replace(microsecond=0) + timedelta(days=1))
    set_(PlannedReminder, row.id, armed_at=now() - timedelta(hours=2))
    return of, row


def once() -> bool:
    """Whether everybody was reminded exactly once."""
    return sorted(reminded(), key=str) == sorted({*reminded()}, key=str) and len(reminded()) == PEOPLE + 1


def test_workers_send_it_once(app: Flask) -> None:
    for _round in range(ROUNDS):
        due()
        assert sorted(at_the_same_moment(app, *[remind_all_due] * 3)) == [0, 0, PEOPLE + 1]
        assert (once(), runs()) == (True, [("sent", PEOPLE + 1)])
        _forget()


def test_by_hand_while_the_schedule_fires(app: Flask) -> None:
    for _round in range(ROUNDS):
        of, row = due()
        people = [f"a{key}" for key in _attendees(of)]

        def by_hand(of: Office = of, people: list[str] = people) -> int:
            with write():
                return remind(of.meeting, people, by=of.by)

        def ahead(of: Office = of, people: list[str] = people, row: PlannedReminder = row) -> int:
            with write():
                return send_planned(row, people, by=of.by)

        results = at_the_same_moment(app, remind_all_due, by_hand, ahead, by_hand)
        gone = [each for each in reminded() if each is not None]
        assert (sorted(gone), len(runs())) == (sorted(_attendees(of)), 1), results
        _forget()


def test_switched_off_or_removed_while_it_fires(app: Flask) -> None:
    for act in (partial(_switch_off), partial(_remove)):
        for _round in range(ROUNDS):
            of, row = due()
            sent = at_the_same_moment(app, remind_all_due, partial(act, row, of))[0]
            assert (sent, len(reminded())) in {(PEOPLE + 1, PEOPLE + 1), (0, 0)}
            assert remind_all_due() == 0
            _forget()


def test_an_answer_while_it_fires_is_never_followed_by_a_letter(app: Flask) -> None:
    for _round in range(ROUNDS):
        of, _row = due()
        one = _attendees(of)[0]

        def accept(of: Office = of, one: int = one) -> None:
            page = find_attendee(of.meeting.id, one)
            assert page
            with write():
                answer(page, Reply.ACCEPTED, by=of.by, channel=Channel.ON_BEHALF)

        results = at_the_same_moment(app, remind_all_due, accept)
        assert results[0] in {PEOPLE, PEOPLE + 1} and not isinstance(results[1], DomainError)
        dead = [key for key in stale() if key.startswith(f"reminder:{one}:")]
        assert len(dead) == reminded().count(one)
        _forget()


def test_a_worker_killed_before_and_amid_its_transaction(app: Flask, settings: Settings, tmp_path: Path) -> None:
    """On PostgreSQL it stands still inside it, because somebody keeps the letters' table to himself."""
    due()
    queue = f"sqlite:///{tmp_path}/queue.db"
    with processes.worker(settings, queue) as worker:
        worker.kill()
        worker.wait()
    if not settings.is_sqlite:
        with psycopg.connect(settings.database_url) as other:
            other.execute("LOCK TABLE letter IN SHARE MODE")
            with processes.worker(settings, queue) as worker:
                processes.until(lambda: bool(waiting_for_the_lock()))
                worker.kill()
                worker.wait()
            other.rollback()
        processes.until(lambda: not waiting_for_the_lock())
    assert (reminded(), runs()) == ([], [])
    with processes.worker(settings, queue):
        processes.until(lambda: len(reminded()) == PEOPLE + 1)
    assert (once(), runs()) == (True, [("sent", PEOPLE + 1)])


def _attendees(of: Office) -> list[int]:
    db.session.rollback()
    return sorted(row.id for row in db.session.query(Attendee).filter_by(meeting_id=of.meeting.id))


def _switch_off(row: PlannedReminder, of: Office) -> None:
    with write():
        switch_reminder(row, False, by=of.by)


def _remove(row: PlannedReminder, of: Office) -> None:
    with write():
        remove_reminder(row, by=of.by)


def _forget() -> None:
    """Begin anew with the next round: letters and runs alone."""
    with write() as session:
        for model in (Letter, ReminderRun):
            session.query(model).delete()
        session.query(PlannedReminder).update({"is_on": False})
