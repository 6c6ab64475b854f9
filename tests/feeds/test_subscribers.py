"""Calendars in real programmes: n of n meetings arrive, a second fetch changes nothing, then exactly what changed."""

from __future__ import annotations

import gzip
import http.client
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from eventsys.core.actor import Role
from eventsys.core.clock import now, today
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Reply
from eventsys.invitations.operations.answer import answer
from eventsys.meetings.models import Meeting, Visibility
from tests import factories
from tests.bench import data, rows
from tests.bench import subscribed as thousand
from tests.conftest import empty_tables
from tests.coverage_of_parts import SUBSCRIBERS
from tests.feeds import samples as make
from tests.feeds.samples import INVITEE
from tests.feeds.served import Served, serving
from tests.feeds.subscribers import CalendarServer, Held, is_here, running, subscribed

pytestmark = pytest.mark.xdist_group("subscribers")
FEEDS = ("public", "own", "organization")
LARGE = {("own", "Radicale"), ("organization", "Xandikos"), ("public", "Radicale")}
Record = Callable[[str, object], None]


class World(NamedTuple):
    """Three public meetings to which one person, and one organization, were asked; and the three calendars of them."""

    served: Served
    meetings: list[Meeting]
    attendees: list[Attendee]
    addresses: dict[str, str]


@pytest.fixture(scope="module")
def kind() -> str:
    return os.environ.get("EVENTSYS_TEST_DATABASE", "sqlite")


@pytest.fixture(scope="module")
def calendar_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], CalendarServer]]:
    """`calendar_servers("Radicale")` runs until the end of the module. Skips where it is not installed."""
    started: dict[str, CalendarServer] = {}
    with ExitStack() as stack:

        def server(name: str) -> CalendarServer:
            if not is_here(name):
                pytest.skip(f"{name} or vdirsyncer is not installed")
            if name not in started:
                started[name] = stack.enter_context(running(name, tmp_path_factory.mktemp(name)))
            return started[name]

        yield server


@pytest.fixture(params=SUBSCRIBERS)
def server(
    request: pytest.FixtureRequest, calendar_servers: Callable[[str], CalendarServer], record_property: Record
) -> CalendarServer:
    record_property("part", request.param)
    return calendar_servers(request.param)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, kind: str) -> Iterator[Served]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with serving(tmp_path_factory.mktemp("product"), kind, worker) as served:
        yield served


@pytest.fixture
def world(product: Served) -> Iterator[World]:
    with product.app.app_context():
        yield _world(product)
        db.session.remove()
        empty_tables()


def _world(product: Served) -> World:
    of, district = make.office(), factories.organization("大东区")
    who = make.holder("李明", language="zh")
    factories.holds(who, Role.LIAISON, district)
    start = now() + timedelta(days=20)
    with make.ago(minutes=30):
        meetings = [
            make.meeting(
                of,
                title_zh=f"第{number}次会议，议题；“一”",
                starts_at=start + timedelta(days=number),
                ends_at=start + timedelta(days=number, hours=2),
                reply_by=None,
                online_url=make.ROOM,
                visibility=Visibility.PUBLIC,
            )
            for number in range(3)
        ]
        attendees = [factories.attendee(each, who, organization_id=district.id) for each in meetings]
        own, theirs = make.address(who), make.address(who, district)
    addresses = {
        "public": f"{product.url}/calendar.ics",
        "own": product.address(own.link_id),
        "organization": product.address(theirs.link_id),
    }
    return World(product, meetings, attendees, addresses)


def changed(before: Mapping[str, Held], after: Mapping[str, Held]) -> set[str]:
    """The UIDs of the items that are not as they were."""
    return {uid for uid in before.keys() | after.keys() if before.get(uid) is None or after.get(uid) is None} | {
        uid for uid in before.keys() & after.keys() if before[uid].etag != after[uid].etag
    }


@pytest.mark.parametrize("feed", FEEDS)
def test_three_meetings_and_exactly_what_changes(
    feed: str, world: World, server: CalendarServer, tmp_path: Path
) -> None:
    moved, cancelled, answered = world.meetings
    address, name = world.addresses[feed], f"{feed}-{tmp_path.name}"
    subscription = subscribed(server, address, name, tmp_path / "vdirsyncer", by_file=True)
    assert len(subscription.sync()) == 3
    first = subscription.items()
    assert set(first) == {each.uid for each in world.meetings}
    assert subscription.sync() == []
    assert changed(first, subscription.items()) == set()

    make.change(moved, ends_at=moved.ends_at + timedelta(hours=1))
    assert len(subscription.sync()) == 1
    second = subscription.items()
    assert changed(first, second) == {moved.uid}
    assert second[moved.uid].event["SEQUENCE"] == 1
    assert second[moved.uid].event["DTEND"].dt == first[moved.uid].event["DTEND"].dt + timedelta(hours=1)

    make.cancel(cancelled)
    assert len(subscription.sync()) == 1
    third = subscription.items()
    assert changed(second, third) == {cancelled.uid}
    assert str(third[cancelled.uid].event["STATUS"]) == "CANCELLED"
    assert "台风" in str(third[cancelled.uid].event["DESCRIPTION"])

    with write():
        answer(world.attendees[2], Reply.ACCEPTED, by=INVITEE)
    subscription.sync()
    fourth = subscription.items()
    assert changed(third, fourth) == (set() if feed == "public" else {answered.uid})

    make.withdraw(world.attendees[2])
    subscription.sync()
    fifth = subscription.items()
    assert changed(fourth, fifth) == (set() if feed == "public" else {answered.uid})
    assert len(fifth) == 3
    assert subscription.sync() == []


@pytest.mark.parametrize("feed", ["own"])
def test_a_programme_that_fetches_by_itself(feed: str, world: World, server: CalendarServer, tmp_path: Path) -> None:
    address, name = world.addresses[feed], f"{feed}-{tmp_path.name}"
    subscription = subscribed(server, address, name, tmp_path / "vdirsyncer", by_file=False)
    assert len(subscription.sync()) == 3
    assert subscription.sync() == []
    make.cancel(world.meetings[1])
    done = subscription.sync()
    assert [line.split()[0] for line in sorted(done)] == ["Copying", "Deleting"], done
    assert subscription.sync() == []
    states = sorted(str(held.event["STATUS"]) for held in subscription.items().values())
    assert states.count("CANCELLED") == 1
    assert len(states) == 3


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, kind: str) -> Iterator[Served]:
    """A thousand public meetings; and a thousand to which one person and one organization were asked."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with serving(tmp_path_factory.mktemp("large") / "product", kind, f"{worker}_large") as served:
        data.fill(served.app, "feeds", today(rows.ZONE))
        yield served


@pytest.mark.skipif(
    os.environ.get("EVENTSYS_TEST_DATABASE") == "postgresql", reason="once is enough for the programmes"
)
@pytest.mark.parametrize("feed", FEEDS)
def test_a_thousand_meetings(feed: str, large: Served, server: CalendarServer, tmp_path: Path) -> None:
    """A thousand uploads take long: each server gets one calendar, `EVENTSYS_SUBSCRIBERS=all` gives both all three."""
    if (feed, server.name) not in LARGE and os.environ.get("EVENTSYS_SUBSCRIBERS") != "all":
        pytest.skip("tested with the other server")
    links = {"own": thousand.OWN, "organization": thousand.OF_ORGANIZATION}
    address = large.address(links[feed]) if feed in links else f"{large.url}/calendar.ics"
    expected = 1000
    name = f"{feed}-{tmp_path.name}"
    subscription = subscribed(server, address, name, tmp_path / "vdirsyncer", by_file=False)
    assert len(subscription.sync()) == expected
    items = subscription.items()
    assert len(items) == expected
    assert subscription.sync() == []
    assert changed(items, subscription.items()) == set()


def request(
    connection: http.client.HTTPConnection, path: str, method: str = "GET", **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Status, headers and body of one request on an open connection."""
    connection.request(method, path, headers={key.replace("_", "-"): value for key, value in headers.items()})
    found = connection.getresponse()
    return found.status, found.headers, found.read()


def test_conditional_requests_by_real_http(world: World) -> None:
    for name, address in world.addresses.items():
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 0, timeout=30)
        ask = partial(request, connection, parts.path)
        status, headers, body = ask()
        assert (status, body.count(b"BEGIN:VEVENT")) == (200, 3), name
        status, packed, short = ask(Accept_Encoding="gzip")
        assert (status, packed["Content-Encoding"], gzip.decompress(short)) == (200, "gzip", body), name
        assert packed["ETag"] == headers["ETag"]
        assert "Accept-Encoding" in packed["Vary"]
        assert ("Cookie" in packed["Vary"]) is (name == "public"), "an address alone decides its language"
        for condition in ({"If_None_Match": headers["ETag"]}, {"If_Modified_Since": headers["Last-Modified"]}):
            status, again, nothing = ask(**condition, Accept_Encoding="gzip")
            assert (status, nothing, again["ETag"]) == (304, b"", headers["ETag"]), name
        status, head, nothing = ask("HEAD")
        assert (status, nothing, head["Content-Length"]) == (200, b"", headers["Content-Length"]), name
        connection.close()
