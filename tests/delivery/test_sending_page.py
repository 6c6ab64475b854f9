"""The page of those who keep sending running: what it counts, and what its buttons do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, update

from eventsys.core.actor import Role
from eventsys.core.clock import now, played_at
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.sending import pause_now
from eventsys.core.transaction import write
from eventsys.delivery.heart import Heart
from eventsys.delivery.operations import pause_sending
from eventsys.delivery.queries.sending import sent_lately, troubled_domains, waiting_by_state, workers
from eventsys.extensions import db
from tests import factories
from tests.delivery.kinds import queue
from tests.delivery.test_views import holding
from tests.personas import Browse
from tests.web.forms import post

PAGE = "/workspace/sending/"


def sent(number: int, *, ago: timedelta) -> None:
    ids, at = queue(number), now() - ago
    with write() as session:
        values = {"state": LetterState.SENT, "tried_at": at, "sent_at": at}
        session.execute(update(Letter).where(Letter.id.in_(ids)).values(values))


def troubled(address: str, state: LetterState, reason: str, *, ago: timedelta = timedelta(hours=1)) -> None:
    (letter_id,) = queue(1, address=address)
    with write() as session:
        values = {"state": state, "tried_at": now() - ago, "reason": reason}
        session.execute(update(Letter).where(Letter.id == letter_id).values(values))


def test_what_went_out_is_counted_by_hours(app: Flask) -> None:
    sent(3, ago=timedelta(minutes=5))
    sent(2, ago=timedelta(hours=1, minutes=5))
    sent(1, ago=timedelta(hours=23, minutes=50))
    sent(5, ago=timedelta(hours=25))
    found = sent_lately()
    assert (found.last_hour, found.last_day) == (3, 6)
    assert [number for _at, number in found.hours] == [1, *[0] * 21, 2, 3]


def test_what_waits_is_counted_by_state(app: Flask) -> None:
    queue(2)
    troubled("a@qq.com", LetterState.DEFERRED, "450")
    troubled("b@qq.com", LetterState.FAILED, "550")
    assert waiting_by_state() == {LetterState.QUEUED: 2, LetterState.SENDING: 0, LetterState.DEFERRED: 1}


def test_trouble_stands_by_domain_the_worst_first(app: Flask) -> None:
    troubled("a@163.com", LetterState.FAILED, "550 no")
    for number, state in enumerate((LetterState.DEFERRED, LetterState.BOUNCED, LetterState.DEFERRED)):
        troubled(f"{number}@qq.com", state, f"reason {number}")
    troubled("old@gmail.com", LetterState.FAILED, "550", ago=timedelta(days=8))
    sent(1, ago=timedelta(hours=1))
    found = [(each.name, each.deferred, each.failed, each.returned, each.reason) for each in troubled_domains()]
    assert found == [("qq.com", 2, 0, 1, "reason 2"), ("163.com", 0, 1, 0, "550 no")]


def test_workers_live_while_they_are_seen(app: Flask) -> None:
    with played_at(now() - timedelta(minutes=3)):
        Heart(app, name="silent").beat()
    Heart(app, name="alive").beat()
    assert [(each.name, each.is_alive) for each in workers()] == [("alive", True), ("silent", False)]


def test_the_page_says_how_sending_goes(browse: Browse) -> None:
    queue(3)
    sent(4, ago=timedelta(minutes=5))
    troubled("a@qq.com", LetterState.DEFERRED, "450 too many")
    Heart(browse._app, name="worker-1").beat()
    page = browse(holding(Role.ADMINISTRATOR)).get(f"{PAGE}?lang=en").text
    assert '<a href="/workspace/letters/?state=queued">3</a>' in page
    assert "<dt>Sent in the last hour</dt><dd>4</dd>" in page
    assert "450 too many" in page
    assert "worker-1" in page
    assert "No worker is running" not in page


def test_without_a_worker_the_page_says_so(browse: Browse) -> None:
    page = browse(holding(Role.ADMINISTRATOR)).get(f"{PAGE}?lang=en").text
    assert "No worker is running: letters wait until one is started." in page


def test_a_worker_at_one_round_for_long_is_named(browse: Browse) -> None:
    heart = Heart(browse._app, name="worker-1")
    heart.busy_since = now() - timedelta(minutes=5)
    heart.beat()
    page = browse(holding(Role.ADMINISTRATOR)).get(f"{PAGE}?lang=en").text
    assert "The worker worker-1 has been at the same round since" in page


def test_pausing_and_resuming(browse: Browse) -> None:
    client = browse(holding(Role.ADMINISTRATOR))
    answer = post(client, f"{PAGE}pause", {"reason": "服务器检修"}, page=PAGE)
    assert (answer.status_code, answer.location) == (302, PAGE)
    found = pause_now()
    assert found is not None
    assert found.reason == "服务器检修"
    assert "服务器检修" in client.get(PAGE).text
    assert post(client, f"{PAGE}resume", page=PAGE).status_code == 302
    db.session.rollback()
    assert pause_now() is None
    assert "服务器检修" in client.get(PAGE).text


def test_pausing_without_a_reason_is_refused_in_words(browse: Browse) -> None:
    client = browse(holding(Role.ADMINISTRATOR))
    answer = post(client, f"{PAGE}pause?lang=en", {"reason": ""}, page=PAGE)
    assert answer.status_code == 422
    assert answer.text.count("Say why: every organizer is shown the reason.") >= 2
    assert pause_now() is None


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.APPROVER, Role.EDITOR])
def test_only_administrators_pause(browse: Browse, role: Role) -> None:
    client = browse(holding(role, factories.organization()))
    assert client.get(PAGE).status_code == 403
    assert post(client, f"{PAGE}pause", {"reason": "x"}, page="/workspace/").status_code == 403
    assert pause_now() is None


@pytest.mark.parametrize("path", ["letters", "invitations/send"])
def test_organizers_are_told_of_a_pause_where_letters_are(browse: Browse, path: str) -> None:
    office = factories.organization("市外办")
    meeting = factories.meeting(office)
    with write():
        pause_sending("mail server being replaced", by=holding(Role.ADMINISTRATOR))
    client = browse(holding(Role.ORGANIZER, office))
    page = client.get(f"/workspace/meetings/{meeting.id}/{path}?lang=en").text
    assert "(mail server being replaced)" in page
    assert "(mail server being replaced)" in client.get("/workspace/letters/?lang=en").text


def test_administrators_see_at_home_that_nothing_leaves(browse: Browse) -> None:
    client = browse(holding(Role.ADMINISTRATOR))
    assert PAGE not in client.get("/workspace/?lang=en").text
    with played_at(now() - timedelta(hours=1)):
        queue(1)
    assert "Letters wait and are not sent" in client.get("/workspace/?lang=en").text
    with write():
        pause_sending("maintenance", by=holding(Role.ADMINISTRATOR))
    home = client.get("/workspace/?lang=en").text
    assert "Sending is paused" in home
    assert "maintenance" in home


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_costs_the_same_whatever_there_is(browse: Browse, number: int) -> None:
    for each in range(number):
        troubled(f"a@d{each}.example.org", LetterState.FAILED, "550")
        Heart(browse._app, name=f"worker-{each}").beat()
    client, asked = browse(holding(Role.ADMINISTRATOR)), []
    client.get(PAGE)
    listen = lambda *arguments: asked.append(arguments[2])  # noqa: E731
    event.listen(db.engines["read"], "before_cursor_execute", listen)
    client.get(PAGE)
    event.remove(db.engines["read"], "before_cursor_execute", listen)
    assert len(asked) == 8
