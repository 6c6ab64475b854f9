"""A worker that is killed in the middle: the next one goes on, nothing is lost and nothing doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from eventsys.config import Settings
from eventsys.core.clock import now
from eventsys.core.transaction import write
from eventsys.directory.models import Person
from eventsys.exchange.columns import Sheet
from eventsys.exchange.models import Import, ImportState, ImportWay
from eventsys.exchange.operations import advance, begin_import, cancel_import, claim, confirm_import
from eventsys.exchange.operations.holding import Lost
from eventsys.exchange.tasks import follow_imports
from eventsys.extensions import db
from tests.directory.acting import ADMINISTRATOR
from tests.exchange.bringing import PEOPLE, again, as_csv, brought, written

pytestmark = pytest.mark.usefixtures("app")

ROWS = 2500
PROGRAMME = """
from eventsys import create_app
from eventsys.exchange.operations import advance
with create_app().app_context():
    advance("the one that is killed")
"""


def people() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def many() -> Import:
    rows = [("", f"甲{at}", f"Person {at}", f"p{at}@example.org", "") for at in range(ROWS)]
    return brought(as_csv(PEOPLE, *rows))


def forget_lease(found: Import) -> None:
    with write() as session:
        session.execute(update(Import).where(Import.id == found.id).values(lease_until=now() - timedelta(seconds=1)))


def test_a_worker_that_is_killed_while_writing_leaves_what_another_finishes(settings: Settings) -> None:
    found = many()
    with write():
        confirm_import(found, ImportWay.GOOD, (), found.version, by=ADMINISTRATOR)
    environment = {
        **os.environ,
        "EVENTSYS_MODE": "test",
        "EVENTSYS_DATA": str(settings.data),
        "EVENTSYS_SECRET_KEYS": settings.secret_keys[0],
        "EVENTSYS_PUBLIC_URL": "http://localhost",
        "DATABASE_URL": settings.database_url,
    }
    process = subprocess.Popen([sys.executable, "-c", PROGRAMME], env=environment)
    end = time.monotonic() + 60
    while not people() and time.monotonic() < end:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    half = people()
    assert 0 < half < ROWS
    assert advance("another") is False
    forget_lease(found)
    assert advance("another") is True
    done = again(found.id)
    assert (done.state, done.counts, people()) == (ImportState.DONE, {"people": {"written": ROWS}}, ROWS)
    assert advance("a third") is False


def test_a_file_is_read_anew_by_the_next_worker() -> None:
    found = brought(as_csv(PEOPLE, ("", "李一")))
    with write() as session:
        session.execute(
            update(Import).where(Import.id == found.id).values(state=ImportState.WRITING, way="all", lease_by="gone")
        )
    forget_lease(found)
    advance("another")
    assert (again(found.id).state, people()) == (ImportState.DONE, 1)


def test_an_import_that_is_stopped_or_taken_over_is_let_go() -> None:
    found = brought(as_csv(PEOPLE, ("", "李一")))
    with write():
        confirm_import(found, ImportWay.GOOD, (), found.version, by=ADMINISTRATOR)
    hold = claim("first")
    assert claim("second") is None
    forget_lease(found)
    assert claim("second") is not None
    with pytest.raises(Lost), write():
        hold.step()
    with write():
        cancel_import(found, by=ADMINISTRATOR)
    stopped = again(found.id)
    assert (stopped.state, stopped.counts, people()) == (ImportState.STOPPED, {"people": {"new": 1}}, 0)
    assert written(stopped).state is ImportState.STOPPED


def test_a_worker_that_stops_lets_go_and_the_next_one_goes_on_at_once() -> None:
    found = many()
    with write():
        confirm_import(found, ImportWay.GOOD, (), found.version, by=ADMINISTRATOR)

    def stop(_done: int, _total: int) -> None:
        raise Lost

    assert advance("stopping", stop) is True
    assert 0 < people() < ROWS
    assert advance("next") is True
    assert (again(found.id).state, people()) == (ImportState.DONE, ROWS)


def test_what_is_called_off_in_the_middle_says_what_is_written() -> None:
    found = many()
    with write():
        confirm_import(found, ImportWay.GOOD, (), found.version, by=ADMINISTRATOR)

    def call_off(_done: int, _total: int) -> None:
        with write():
            cancel_import(found, by=ADMINISTRATOR)

    advance("one", call_off)
    stopped = again(found.id)
    assert stopped.state is ImportState.STOPPED
    assert stopped.counts == {"people": {"written": people(), "new": ROWS - people()}}
    assert 0 < people() < ROWS


def test_the_worker_s_thread_brings_imports_on_until_it_is_stopped(app: Flask) -> None:
    with write():
        found = begin_import(as_csv(PEOPLE, ("", "李一")), "人员.csv", Sheet.PEOPLE, by=ADMINISTRATOR).id
    stopping = Event()
    thread = Thread(target=follow_imports, args=(app, "thread", stopping))
    thread.start()
    end = time.monotonic() + 30
    while again(found).state is not ImportState.READY and time.monotonic() < end:
        time.sleep(0.02)
    stopping.set()
    thread.join(10)
    assert (again(found).state, thread.is_alive()) == (ImportState.READY, False)


def test_an_import_that_nobody_can_finish_ends() -> None:
    for state, ended in ((ImportState.WRITING, ImportState.STOPPED), (ImportState.READING, ImportState.UNREADABLE)):
        found = brought(as_csv(PEOPLE, ("", f"李{state}")))
        with write() as session:
            session.execute(
                update(Import)
                .where(Import.id == found.id)
                .values(state=state, way="good", attempts=3, lease_until=None)
            )
        advance("the fourth")
        assert again(found.id).state is ended
