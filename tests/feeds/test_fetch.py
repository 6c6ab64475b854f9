"""Fetching a calendar by its address: validators, headers, refusals, limits, and that a fetch is noted once a day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventsys.accounts.models import HeldRole
from eventsys.accounts.operations import close_account, end_role, reopen_account
from eventsys.accounts.queries.people import account_of_person
from eventsys.config import Settings
from eventsys.core.actor import COMMAND, Role
from eventsys.core.tokens import LinkSigner
from eventsys.core.transaction import write
from eventsys.directory.models import Organization, Person
from eventsys.directory.words import office_today
from eventsys.extensions import db, limiter
from eventsys.feeds import used
from eventsys.feeds.address import url_of, webcal
from eventsys.feeds.models import CalendarAddress
from eventsys.feeds.operations import replace_address, revoke_address
from eventsys.feeds.tasks import end_addresses, note_fetched
from eventsys.invitations.models import Attendee, Reply
from eventsys.invitations.operations.answer import answer
from eventsys.worker import Doorbell, bind_calendars, make_queue
from tests import factories
from tests.feeds import samples as make
from tests.feeds.samples import INVITEE, ago, events, fetched
from tests.meetings.counting import statements

Settle = Callable[[], None]


@pytest.fixture(autouse=True)
def fresh_limits(app: Flask) -> Iterator[None]:
    limiter.reset()
    yield
    limiter.reset()


@pytest.fixture
def asked(app: Flask) -> Attendee:
    with ago(hours=3):
        return factories.attendee(make.meeting(make.office()), make.holder("李明", language="zh"))


@pytest.fixture
def mine(asked: Attendee) -> CalendarAddress:
    assert asked.person is not None
    with ago(hours=2):
        return make.address(asked.person)


@pytest.fixture
def district(app: Flask) -> Organization:
    return factories.organization("大东区")


@pytest.fixture
def theirs(district: Organization, asked: Attendee) -> CalendarAddress:
    """An organization's address, with one meeting in the calendar."""
    liaison = make.holder("联络员")
    factories.holds(liaison, Role.LIAISON, district)
    with ago(hours=2):
        factories.attendee(asked.meeting, factories.person(), organization_id=district.id)
        return make.address(liaison, district)


def test_304_from_one_question_by_tag_or_time(
    client: FlaskClient, mine: CalendarAddress, theirs: CalendarAddress
) -> None:
    for address in (mine, theirs):
        first = fetched(client, address)
        assert len(events(first)) == 1
        tag, time = first.headers["ETag"], first.headers["Last-Modified"]
        for condition in ({"If_None_Match": tag}, {"If_Modified_Since": time}):
            with statements() as seen:
                again = fetched(client, address, **condition)
            assert (again.status_code, again.data, len(seen)) == (304, b"", 1)
            assert again.headers["ETag"] == tag
            assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
        assert fetched(client, address, If_None_Match='"another"').status_code == 200
        with statements() as seen:
            assert fetched(client, address).headers["ETag"] == tag
        assert len(seen) == 2, "the address, and its rows; the texts are kept"


def test_each_change_moves_the_tag_and_the_time(client: FlaskClient, asked: Attendee, mine: CalendarAddress) -> None:
    def state() -> tuple[str, str]:
        headers = fetched(client, mine).headers
        tag = headers["ETag"]
        assert fetched(client, mine, If_None_Match=tag).status_code == 304
        return tag, headers["Last-Modified"]

    seen = [state()]
    with ago(minutes=50):
        make.change(asked.meeting, venue_zh="302会议室")
    seen.append(state())
    db.session.expire_all()
    with ago(minutes=40), write():
        answer(asked, Reply.ACCEPTED, by=INVITEE)
    seen.append(state())
    with ago(minutes=30):
        make.cancel(asked.meeting)
    seen.append(state())
    assert len({tag for tag, _time in seen}) == len(seen)
    assert len({time for _tag, time in seen}) == len(seen)


def test_a_change_of_this_minute_has_no_time_yet(client: FlaskClient, asked: Attendee, mine: CalendarAddress) -> None:
    """A slower change that began before it could still be committed, with an earlier time."""
    with write():
        answer(asked, Reply.ACCEPTED, by=INVITEE)
    first = fetched(client, mine)
    assert "Last-Modified" not in first.headers
    assert fetched(client, mine, If_Modified_Since="Wed, 01 Jan 2098 00:00:00 GMT").status_code == 200
    assert fetched(client, mine, If_None_Match=first.headers["ETag"]).status_code == 304


def test_somebody_elses_changes_move_nothing(client: FlaskClient, asked: Attendee, mine: CalendarAddress) -> None:
    tag = fetched(client, mine).headers["ETag"]
    other = factories.attendee(asked.meeting, factories.person())
    with write():
        answer(other, Reply.ACCEPTED, by=INVITEE)
    make.meeting(make.office(), title_zh="另一场")
    assert fetched(client, mine, If_None_Match=tag).status_code == 304


def test_both_languages_have_tags_of_their_own(client: FlaskClient, mine: CalendarAddress) -> None:
    tags = {language: fetched(client, mine, language).headers["ETag"] for language in ("", "zh", "en")}
    assert tags[""] == tags["zh"] != tags["en"]


def test_headers(client: FlaskClient, mine: CalendarAddress) -> None:
    answer_of = fetched(client, mine, Accept_Language="en", Cookie="lang=en; eventsys=x")
    headers = answer_of.headers
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers["Cache-Control"] == "max-age=300, must-revalidate, private"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Vary" not in headers, "neither cookie nor browser changes it; compression adds its own"
    assert "Set-Cookie" not in headers
    head = client.head(make.path(mine))
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == headers["ETag"]
    for name in ("REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H", "COLOR:", "METHOD:PUBLISH"):
        assert name in answer_of.text
    assert "SOURCE" not in answer_of.text, "it would be the address, which is a key"


def test_an_address_has_256_bits_and_opens_nothing_else(app: Flask, client: FlaskClient, mine: CalendarAddress) -> None:
    token = make.path(mine).removeprefix("/calendar/").removesuffix(".ics")
    assert re.fullmatch(r"1[a-z2-7]{52}", token)
    settings: Settings = app.extensions["eventsys.settings"]
    assert LinkSigner(settings.secret_keys, "reply").link_id(token) is None
    assert client.get(f"/r/{token}").status_code == 404
    assert webcal(url_of(mine.link_id)).startswith("webcal://localhost/calendar/")


def test_unknown_revoked_and_ended_are_one_404(
    app: Flask,
    client: FlaskClient,
    asked: Attendee,
    mine: CalendarAddress,
    theirs: CalendarAddress,
    district: Organization,
) -> None:
    another = make.address(make.holder())
    with write():
        revoke_address(another, by=COMMAND)
        close_account(_account(mine), by=COMMAND)
        end_role(_role(theirs), by=COMMAND)
    reply_token = LinkSigner(app.extensions["eventsys.settings"].secret_keys, "reply").token(asked.link_id)
    wrong = make.path(mine).replace("/calendar/1", "/calendar/2")
    paths = [*map(make.path, (another, mine, theirs)), f"/calendar/{reply_token}.ics", "/calendar/x.ics", wrong]
    answers = [client.get(each + "?lang=en") for each in paths]
    assert {each.status_code for each in answers} == {404}
    assert len({re.sub(r"/calendar/[^\"?]*", "/calendar/…", each.text) for each in answers}) == 1
    assert {each.headers["Cache-Control"] for each in answers} == {"no-store"}
    seen = []
    for each in paths:
        with statements() as asked_for:
            client.get(each)
        seen.append(len(asked_for))
    assert set(seen) == {1}, "the same work"


def _account(address: CalendarAddress) -> Any:
    return account_of_person(address.person_id)


def _role(address: CalendarAddress) -> Any:
    return db.session.scalars(select(HeldRole).where(HeldRole.person_id == address.person_id)).one()


def test_a_role_that_ends_tomorrow_works_today(client: FlaskClient, district: Organization) -> None:
    days = {"today": 0, "yesterday": -1}
    found = {}
    for name, offset in days.items():
        who = make.holder()
        factories.holds(who, Role.LIAISON, district, ends_on=office_today() + timedelta(days=offset))
        found[name] = fetched(client, make.address(who, district)).status_code
    assert found == {"today": 200, "yesterday": 404}


def test_a_nearer_liaison_takes_the_calendar_over(client: FlaskClient, district: Organization) -> None:
    below = factories.organization("大东区外办", parent=district)
    above, nearer = make.holder(), make.holder()
    factories.holds(above, Role.LIAISON, district)
    of_below = make.address(above, below)
    assert fetched(client, of_below).status_code == 200
    factories.holds(nearer, Role.LIAISON, below)
    assert fetched(client, of_below).status_code == 404


def test_what_has_ended_stays_ended(client: FlaskClient, mine: CalendarAddress, theirs: CalendarAddress) -> None:
    assert end_addresses() == 0
    account, role = _account(mine), _role(theirs)
    with write():
        close_account(account, by=COMMAND)
        end_role(role, by=COMMAND)
    assert end_addresses() == 2
    assert end_addresses() == 0
    with write():
        reopen_account(account, by=COMMAND)
    assert fetched(client, mine).status_code == 404


def test_replaced_addresses_change_hands_at_once(client: FlaskClient, mine: CalendarAddress) -> None:
    with write():
        new = replace_address(mine, by=COMMAND)
    assert [fetched(client, each).status_code for each in (mine, new)] == [404, 200]


def test_a_fetch_is_noted_once_a_day_and_never_by_the_page(
    app: Flask, client: FlaskClient, mine: CalendarAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[tuple[int, str]] = []
    monkeypatch.setitem(app.extensions, used.HAND_ON, lambda *facts: noted.append(facts))
    monkeypatch.setitem(app.extensions, used.NOTEBOOK, used.Notebook())
    for _ in range(3):
        fetched(client, mine)
    ((number, day),) = noted
    assert number == mine.id
    db.session.expire_all()
    assert mine.used_on is None, "a page writes nothing"
    assert note_fetched(number, day)
    assert not note_fetched(number, day)
    assert not note_fetched(number, "2020-01-01")
    db.session.expire_all()
    assert mine.used_on == date.fromisoformat(day)
    monkeypatch.setitem(app.extensions, used.NOTEBOOK, used.Notebook())
    fetched(client, mine)
    assert len(noted) == 1, "another process sees it on the row"


def test_the_queue_carries_the_note(app: Flask, client: FlaskClient, mine: CalendarAddress, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/queue.db"
    Doorbell(app, url, bind_calendars).ring(mine.id, "2024-08-12")
    queue = make_queue(url)
    bind_calendars(queue, app)
    queue.execute(queue.dequeue())
    db.session.rollback()
    assert mine.used_on == date(2024, 8, 12)


def test_a_programme_gone_wild_is_held_back_and_others_are_not(
    app: Flask, client: FlaskClient, mine: CalendarAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(app.extensions["eventsys.settings"], calendar_fetches=3)
    monkeypatch.setitem(app.extensions, "eventsys.settings", settings)
    other = make.address(make.holder())
    assert [fetched(client, mine).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert int(fetched(client, mine).headers["Retry-After"]) in range(1, 61)
    assert fetched(client, other).status_code == 200


def test_whoever_tries_addresses_is_held_back(client: FlaskClient, mine: CalendarAddress) -> None:
    found = [client.get(f"/calendar/{number}.ics").status_code for number in range(62)]
    assert found == [404] * 60 + [429] * 2
    assert fetched(client, mine).status_code == 429, "so the answer says nothing about an address"


def test_proxies_write_no_address_into_their_log() -> None:
    configuration = (Path(__file__).parents[2] / "deploy" / "nginx.conf").read_text()
    (pattern,) = re.findall(r"location ~ (\S+) \{\s*access_log off;", configuration)
    assert re.match(pattern, "/calendar/1abc.ics")
    assert not re.match(pattern, "/calendar.ics")
    service = (Path(__file__).parents[2] / "deploy" / "eventsys-web.service").read_text()
    assert "access-log" not in service


def test_a_person_without_meetings_has_an_empty_calendar(client: FlaskClient) -> None:
    who: Person = make.holder()
    answer_of = fetched(client, make.address(who))
    assert events(answer_of) == []
    assert fetched(client, make.address(make.holder())).headers["ETag"] != answer_of.headers["ETag"]
