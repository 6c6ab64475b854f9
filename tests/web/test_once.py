"""A form that makes something makes it once, however often and by whatever way it is sent."""

from __future__ import annotations

import re
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from eventsys.agenda.models import AgendaItem
from eventsys.core.actor import Actor, Role
from eventsys.core.clock import now, played_at
from eventsys.core.once import KEPT, FormKey, keep, take
from eventsys.core.transaction import write
from eventsys.directory.models import Organization, Post
from eventsys.extensions import db
from eventsys.meetings.models import Meeting
from tests import factories
from tests.meetings.samples import fields, office, organizer
from tests.personas import Browse
from tests.web.forms import token_of

NEW = "/workspace/meetings/new?lang=en"


def opened(client: FlaskClient, url: str = NEW) -> dict[str, str]:
    """What the page sends along unseen."""
    page = client.get(url)
    key = re.search(r'name="once"[^>]* value="([a-z2-7]{26})"', page.text)
    assert key is not None
    return {"csrf_token": token_of(page), "once": key.group(1)}


def meetings() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Meeting.id).order_by(Meeting.id)))


def test_a_form_sent_twice_makes_one_draft_and_both_answers_lead_to_it(app: Flask, browse: Browse) -> None:
    of = office()
    client = browse(organizer(of))
    sent = {**opened(client), **fields(of)}
    answers = [client.post(NEW, data=sent) for _time in range(2)]
    assert len(meetings()) == 1
    assert [answer.location for answer in answers] == [f"/workspace/meetings/{meetings()[0]}/agenda/"] * 2


def test_sent_twice_at_the_same_moment_it_makes_one_draft(app: Flask, browse: Browse) -> None:
    of = office()
    clients = [browse(organizer(of)) for _each in range(4)]
    sent = {**opened(clients[0]), **fields(of)}
    tokens = [opened(client)["csrf_token"] for client in clients]
    together, found = Barrier(len(clients)), []

    def send(client: FlaskClient, token: str) -> None:
        together.wait()
        found.append(client.post(NEW, data={**sent, "csrf_token": token}).location)

    threads = [Thread(target=send, args=pair) for pair in zip(clients, tokens, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(meetings()) == 1
    assert found == [f"/workspace/meetings/{meetings()[0]}/agenda/"] * len(clients)


def test_other_words_under_a_used_key_are_neither_doubled_nor_lost(app: Flask, browse: Browse) -> None:
    of = office()
    client = browse(organizer(of))
    sent = {**opened(client), **fields(of)}
    client.post(NEW, data=sent)
    answer = client.post(NEW, data={**sent, "title_zh": "另一次会议"})
    assert (answer.status_code, len(meetings())) == (422, 1)
    assert ("另一次会议" in answer.text, "was sent before" in answer.text) == (True, True)
    fresh = re.search(r'name="once"[^>]* value="([a-z2-7]{26})"', answer.text)
    assert fresh is not None
    again = client.post(NEW, data={**sent, "title_zh": "另一次会议", "once": fresh.group(1)})
    assert (again.status_code, len(meetings())) == (302, 2)


def test_a_refused_form_leaves_its_key_unused(app: Flask, browse: Browse) -> None:
    of = office()
    client = browse(organizer(of))
    sent = {**opened(client), **fields(of)}
    assert client.post(NEW, data={**sent, "title_zh": ""}).status_code == 422
    assert client.post(NEW, data=sent).status_code == 302
    assert len(meetings()) == 1


def test_a_key_belongs_to_who_was_given_it(app: Flask, browse: Browse) -> None:
    of = office()
    mine, other = browse(organizer(of)), browse(Actor("other", account_id=2, held=organizer(of).held))
    sent = {**opened(mine), **fields(of)}
    mine.post(NEW, data=sent)
    other.post(NEW, data={**sent, "csrf_token": opened(other)["csrf_token"]})
    assert len(meetings()) == 2


def test_a_copy_is_made_once(app: Flask, browse: Browse) -> None:
    of = office()
    source = factories.meeting(of)
    client, url = browse(organizer(of)), f"/workspace/meetings/{source.id}/copy"
    sent = {**opened(client, url), "date": "2031-01-02", "starts": "9:00"}
    answers = [client.post(url, data=sent).location for _time in range(2)]
    assert len(meetings()) == 2
    assert answers == [f"/workspace/meetings/{meetings()[1]}/edit"] * 2


@pytest.mark.parametrize(
    ("page", "typed", "model"),
    [
        ("meetings/{meeting}/agenda/new", {"title_zh": "讲话", "kind": "speech", "minutes": "10"}, AgendaItem),
        (
            "directory/organizations/new",
            {"name_zh": "新区", "name_en": "New", "kind": "district", "parent_id": "0", "language": "zh"},
            Organization,
        ),
        ("directory/organizations/{office}/posts/new", {"title_zh": "秘书", "title_en": "Clerk", "kind_id": "0"}, Post),
    ],
)
def test_other_forms_that_make_something(
    app: Flask, browse: Browse, page: str, typed: dict[str, str], model: type[Any]
) -> None:
    of = office()
    url = "/workspace/" + page.format(meeting=factories.meeting(of).id, office=of.id)
    client = browse(factories.actor((Role.ADMINISTRATOR, None), (Role.ORGANIZER, of)))
    before = db.session.scalar(select(func.count()).select_from(model)) or 0
    sent = {**opened(client, url), **typed}
    answers = [client.post(url, data=sent) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].location == answers[1].location
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(model)) == before + 1


def test_keys_are_forgotten_after_a_month(app: Flask) -> None:
    with played_at(now() - KEPT * 2), write():
        take("old", "a")
        keep("old", 1)
    with write():
        take("new", "a")
        keep("new", 2)
    assert db.session.scalars(select(FormKey.key)).all() == ["new"]
    assert db.session.scalar(select(func.count()).select_from(FormKey)) == 1
