"""Everything dies while invitations go out: workers, the web process that queues them, the mail server.

Whoever was invited has one letter, and the relay has it once; with a relay that cannot be asked, only what was on its
way at a death may be there twice, octet for octet the same. `EVENTSYS_STORM` says how much dies in the long runs.
"""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import monotonic, sleep

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventsys.config import Settings
from eventsys.core.actor import Role
from eventsys.core.audit import AuditEntry
from eventsys.core.clock import now
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.tokens import LinkSigner, new_link_id
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Place, PlaceRole, Reply, ReplyEvent
from eventsys.worker import Doorbell
from tests import factories
from tests.bench.signed_in import sign_in
from tests.delivery import processes
from tests.delivery.between import Between, Moment, between
from tests.delivery.faults import Lock, let_leases_expire, let_pauses_pass
from tests.delivery.relays import Relay
from tests.delivery.test_faults import OPEN, relay
from tests.delivery.web import Web

__all__ = ["relay"]

LONGEST_LIFE = 20.0
ANSWERS = 5


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is, and how much of it dies."""

    meetings: int = 2
    invitees: int = 15
    workers: int = 2
    webs: int = 2
    relays: int = 1


SIZE = Size(*map(int, os.environ.get("EVENTSYS_STORM", "").split(","))) if os.environ.get("EVENTSYS_STORM") else Size()


@pytest.fixture
def meetings(app: Flask) -> list[int]:
    """Meetings with everybody prepared and nobody told; the organizer of all has account 1."""
    office = factories.organization()
    organizer = factories.person()
    factories.account(organizer)
    factories.holds(organizer, Role.ORGANIZER, office)
    people = [factories.person(email=f"p{number}@d{number % 7}.example.org") for number in range(SIZE.invitees)]
    rows = [factories.meeting(office, title_zh=f"第{number}次会议") for number in range(SIZE.meetings)]
    with write() as session:
        for row in rows:
            places = [_place(row.id) for _person in people]
            session.add_all(places)
            session.flush()
            session.add_all(
                _attendee(row.id, place.id, who.id, who.email) for place, who in zip(places, people, strict=True)
            )
    return [row.id for row in rows]


def _place(meeting_id: int) -> Place:
    return Place(meeting_id=meeting_id, role=PlaceRole.REQUIRED, created_at=now())


def _attendee(meeting_id: int, place_id: int, person_id: int, email: str) -> Attendee:
    return Attendee(
        meeting_id=meeting_id,
        place_id=place_id,
        person_id=person_id,
        name_zh="测试",
        name_en="Test",
        email=email,
        link_id=new_link_id(),
        created_at=now(),
    )


@dataclass
class Storm:
    """What dies, in threads of its own; every thread works in its own context of the application."""

    app: Flask
    settings: Settings
    relay: Relay
    door: Between
    web: Web
    queue_url: str
    dice: random.Random = field(default_factory=lambda: random.Random(6047))
    over: threading.Event = field(default_factory=threading.Event)
    relay_lives: threading.Event = field(default_factory=threading.Event)
    faults: list[BaseException] = field(default_factory=list)
    deaths: Counter[str] = field(default_factory=Counter)
    in_doubt: int = 0
    names: Iterator[str] = field(default_factory=lambda: (f"storm-{number}" for number in count(1)))

    @contextmanager
    def blowing(self) -> Iterator[None]:
        """The three that die beside the web process, until each has died often enough."""
        self.relay_lives.set()
        threads = [
            threading.Thread(target=self._guarded, args=(work,)) for work in (self._workers, self._relays, self._nurse)
        ]
        for thread in threads:
            thread.start()
        yield
        for thread in threads[:2]:
            thread.join()
        self.over.set()
        threads[2].join()
        if self.faults:
            raise self.faults[0]

    def _guarded(self, work: Callable[[], None]) -> None:
        with self.app.app_context():
            try:
                work()
            except BaseException as fault:
                self.faults.append(fault)
                self.over.set()

    def _workers(self) -> None:
        moments = [moment for moment in Moment if moment is not Moment.BEFORE_CLAIM]
        for number in range(SIZE.workers):
            if self.over.is_set():
                return
            name, moment = next(self.names), moments[number % len(moments)]
            with self.worker(name) as process:
                self.door.arm(moment, self.dice.randrange(40), process.kill)
                self.door.struck.wait(self.dice.uniform(3.0, LONGEST_LIFE))
                self.door.disarm()
                process.kill()
                process.wait()
            self.deaths["worker"] += 1
            self.door.settle()
            let_leases_expire(name)

    def _relays(self) -> None:
        """Each death takes at most one letter with it whose answer never comes."""
        for _number in range(SIZE.relays):
            before, end = sum(self.relay.taken().values()), monotonic() + LONGEST_LIFE
            wanted = before + self.dice.randrange(1, 40)
            while not self.over.is_set() and monotonic() < end and sum(self.relay.taken().values()) < wanted:
                sleep(0.2)
            self.relay_lives.clear()
            self.relay.server.kill()
            self.deaths["relay"] += 1
            sleep(self.dice.uniform(0.0, 0.5))
            self.relay.server.start()
            self.relay_lives.set()

    def _nurse(self) -> None:
        """Time passes: what was put off is due again, and the queue rings."""
        bell = Doorbell(self.app, self.queue_url)
        while not self.over.wait(0.5):
            if self.relay_lives.is_set():
                let_pauses_pass()
                bell.ring()

    @contextmanager
    def worker(self, name: str):  # type: ignore[no-untyped-def]
        told = self.relay.settings
        with processes.worker(self.settings, self.queue_url, self.door.port, name, **told) as process:
            yield process

    def invite(self, meeting_id: int, *, deadly: bool) -> None:
        """The organizer sends, and sends again until the page says that nothing waits."""
        path = f"/workspace/meetings/{meeting_id}/invitations/send"
        while fields := self.web.get(path).fields("csrf_token", "shown"):
            if "shown" not in fields:
                return
            with self._web_dies() if deadly else ExitStack():
                self.web.post(path, fields)
            deadly = False

    def answer(self, attendee_id: int, link_id: str, *, deadly: bool) -> None:
        """An invitee accepts, and once more while nobody said that it arrived."""
        path = f"/r/{LinkSigner(self.settings.secret_keys, 'reply').token(link_id)}"
        page = None
        while page is None:
            fields = self.web.get(path).fields("mark", "seen")
            if not fields:
                return
            with self._web_dies() if deadly else ExitStack():
                page = self.web.post(path, {**fields, "answer": "accepted"})
            deadly = False

    @contextmanager
    def _web_dies(self) -> Iterator[None]:
        """While somebody posts, within the time that a post takes."""
        killer = threading.Timer(self.dice.uniform(0.0, 0.15), self.web.kill)
        killer.start()
        yield
        killer.join()
        self.deaths["web"] += 1
        self.web.start()


@pytest.fixture
def storm(app: Flask, settings: Settings, relay: Relay, meetings: list[int], tmp_path: Path) -> Iterator[Storm]:
    lock, queue_url = Lock(settings), f"sqlite:///{tmp_path}/queue.db"
    web = Web(processes.environment(settings, queue_url), sign_in(app, 1).cookie)
    web.start()
    try:
        with between(lambda: relay.server.port, lock.take, lock.release) as door:
            yield Storm(app, settings, relay, door, web, queue_url)
    finally:
        web.kill()


def attendees(meeting_id: int) -> list[tuple[int, str]]:
    db.session.rollback()
    rows = db.session.execute(select(Attendee.id, Attendee.link_id).where(Attendee.meeting_id == meeting_id))
    return [(row.id, row.link_id) for row in rows]


def number_of(*conditions: object) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(*conditions)) or 0  # type: ignore[arg-type]


def test_nobody_is_invited_twice_and_nobody_is_forgotten(storm: Storm, relay: Relay, meetings: list[int]) -> None:
    began, letters = monotonic(), SIZE.meetings * SIZE.invitees
    answered: list[int] = []
    with storm.blowing():
        for number, meeting_id in enumerate(meetings):
            storm.invite(meeting_id, deadly=number % 2 == 0 and storm.deaths["web"] < SIZE.webs)
            for position, (attendee_id, link_id) in enumerate(attendees(meeting_id)[:ANSWERS]):
                storm.answer(attendee_id, link_id, deadly=position == 0 and storm.deaths["web"] < SIZE.webs)
                answered.append(attendee_id)
    with storm.worker("last"):
        processes.until(_all_settled)

    rows = db.session.execute(select(Letter.attendee_id, Letter.state, Letter.message_id, Letter.meeting_id)).all()
    assert len(rows) == letters
    assert Counter(row.attendee_id for row in rows) == Counter(number_of_all(meetings))
    assert {row.state for row in rows} == {LetterState.SENT}
    assert number_of(AuditEntry.action == "invitation.send") == SIZE.meetings
    assert number_of(Attendee.told_at.is_(None)) == 0
    assert number_of(Attendee.reply == Reply.ACCEPTED) == len(answered)
    events = Counter(db.session.scalars(select(ReplyEvent.attendee_id).where(ReplyEvent.act == "accepted")))
    assert events == Counter(answered)

    taken = relay.taken()
    assert taken.keys() == {row.message_id for row in rows}
    twice = sum(taken.values()) - letters
    print(f"{dict(storm.deaths)}, {letters} letters: lost 0, twice {twice}, {monotonic() - began:.0f} s")
    assert twice <= (0 if relay.can_be_asked else storm.deaths["worker"] + storm.deaths["relay"])
    if not relay.can_be_asked:
        assert len({(each.message_id, each.octets) for each in relay.letters()}) == letters


def _all_settled() -> bool:
    let_pauses_pass()
    states = db.session.execute(select(Letter.state, func.count()).group_by(Letter.state)).all()
    db.session.rollback()
    return not OPEN & {row[0] for row in states}


def number_of_all(meetings: list[int]) -> list[int]:
    return [attendee_id for meeting_id in meetings for attendee_id, _link in attendees(meeting_id)]
