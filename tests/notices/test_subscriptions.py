"""Subscribing: asked twice, left with one click, the same answer for everybody, letters to those who want them."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventsys.core.clock import now, played_at
from eventsys.core.outbox import Letter, LetterBatch, LetterState
from eventsys.core.transaction import write
from eventsys.delivery.sending import deliver_due
from eventsys.delivery.way import local_mailbox
from eventsys.extensions import db, limiter
from eventsys.notices import operations as verbs
from eventsys.notices.announcements import signer
from eventsys.notices.models import Subscription, SubscriptionState
from eventsys.notices.operations.announcing import Audience
from eventsys.notices.operations.subscribing import confirm_subscription, forget_subscriptions, subscribe
from eventsys.notices.text import NoticeText
from tests import factories
from tests.notices.world import TEXT, World, approved, corrected, world
from tests.web.forms import post

WHEN = datetime(2024, 8, 30, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_limits_left_over(app: Flask) -> None:
    limiter.limiter.storage.reset()


@pytest.fixture
def here(app: Flask) -> World:
    return world()


def rows() -> list[tuple[str, str, SubscriptionState]]:
    db.session.rollback()
    found = db.session.execute(select(Subscription.email, Subscription.language, Subscription.state))
    result = [(row.email, row.language, row.state) for row in found]
    db.session.rollback()
    return result


def letters() -> list[tuple[str, str, LetterState]]:
    db.session.rollback()
    found = db.session.execute(select(Letter.kind, Letter.address, Letter.state).order_by(Letter.id))
    result = [(row.kind, row.address, row.state) for row in found]
    db.session.rollback()
    return result


def subscribed(email: str, language: str = "en") -> Subscription:
    with write():
        subscribe(email, language)
    row = db.session.scalars(select(Subscription).where(Subscription.email == email)).one()
    with write():
        confirm_subscription(row)
    return row


def link(row: Subscription, page: str) -> str:
    return f"/subscriptions/{page}/{signer().token(row.link_id)}"


def test_from_the_form_to_the_first_letter_and_out_again(here: World, client: FlaskClient, app: Flask) -> None:
    # The mailbox outlives a test, and its first page holds the newest letters alone.
    shutil.rmtree(app.extensions["eventsys.settings"].data / "mailbox", ignore_errors=True)
    answer = post(client, "/subscriptions/?lang=en", {"email": " Reader@Example.org "})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/subscriptions/asked")
    assert rows() == [("reader@example.org", "en", SubscriptionState.PENDING)]
    deliver_due()
    box = local_mailbox(app.extensions["eventsys.settings"])
    letter = box.page().letters[0]
    text = box.letter(letter.key).text  # type: ignore[union-attr]
    found = re.search(r"http://localhost(/subscriptions/confirm/\S+)", text)
    assert found is not None
    page = client.get(found[1])
    assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert page.headers["Cache-Control"] == "no-store"
    assert rows()[0][2] is SubscriptionState.PENDING
    assert "You are subscribed" in client.post(found[1], data={"act": "confirm"}).text
    assert rows()[0][2] is SubscriptionState.ACTIVE
    version = approved(here)
    with write():
        verbs.publish(version, by=here["editor"])
    deliver_due()
    told = next(box.letter(each.key) for each in box.page().letters if "City" in each.subject)
    assert told.summary.subject == "City’s foreign affairs offices meet"
    assert "The offices met on Thursday 22 August." in told.text
    leave = re.search(r"http://localhost(/subscriptions/leave/\S+)", told.text)
    assert leave is not None
    raw = box.read(told.summary.key)
    assert raw is not None
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in raw
    assert client.get(leave[1]).status_code == 200
    assert rows()[0][2] is SubscriptionState.ACTIVE
    answer = app.test_client().post(leave[1], data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, rows()[0][2]) == (200, SubscriptionState.LEFT)
    assert app.test_client().post(leave[1], data={"List-Unsubscribe": "One-Click"}).status_code == 200


def test_the_answer_is_the_same_for_known_and_unknown_addresses(here: World, client: FlaskClient) -> None:
    subscribed("known@example.org")
    before = len(letters())
    answers = [post(client, "/subscriptions/", {"email": f"{name}@example.org"}) for name in ("known", "unknown")]
    assert {(answer.status_code, answer.headers["Location"], answer.data) for answer in answers} == {
        (303, "/subscriptions/asked", answers[0].data)
    }
    assert len(letters()) == before + 1


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b@c", "x y@example.org", "a@example.org\nBcc: b@example.org", "=?x?q?y?=@a.b"]
)
def test_addresses_that_are_none(here: World, client: FlaskClient, email: str) -> None:
    assert post(client, "/subscriptions/", {"email": email}).status_code == 422
    assert rows() == []


def test_nobody_is_flooded(here: World, client: FlaskClient) -> None:
    for _ in range(3):
        assert post(client, "/subscriptions/", {"email": "a@example.org"}).status_code == 303
    assert len(letters()) == 1
    answer = post(client, "/subscriptions/", {"email": "A@example.org"})
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (429, True)
    for number in range(16):
        post(client, "/subscriptions/", {"email": f"a{number}@example.org"})
    assert post(client, "/subscriptions/", {"email": "another@example.org"}).status_code == 429


def test_a_link_ends_after_a_week_and_with_the_next_asking(here: World, client: FlaskClient) -> None:
    with played_at(WHEN), write():
        subscribe("a@example.org", "zh")
    row = db.session.scalars(select(Subscription)).one()
    first = link(row, "confirm")
    with played_at(WHEN + timedelta(days=8)):
        assert client.get(first).status_code == 404
        assert client.post(first, data={"act": "confirm"}).status_code == 404
        with write():
            subscribe("a@example.org", "zh")
    assert client.get(first).status_code == 404
    assert rows()[0][2] is SubscriptionState.PENDING


def test_links_that_nobody_made_and_posts_that_say_nothing(here: World, client: FlaskClient) -> None:
    row = subscribed("a@example.org")
    good = link(row, "leave")
    for bad in (good[:-1], good + "a", good.replace(row.link_id, "a" * 26), "/subscriptions/leave/x"):
        assert client.post(bad, data={"act": "leave"}).status_code == 404
    for data in ({}, {"act": "confirm"}, {"List-Unsubscribe": "Two"}):
        assert client.post(good, data=data).status_code == 400
    assert rows()[0][2] is SubscriptionState.ACTIVE


def test_who_is_told_each_once_and_in_their_language(here: World) -> None:
    subscribed("both@example.org", "zh")
    subscribed("reader@example.org", "en")
    left = subscribed("left@example.org")
    with write():
        session_row = db.session.get_one(Subscription, left.id)
        session_row.state, session_row.left_at = SubscriptionState.LEFT, now()
    for email in ("both@example.org", "came@example.org", ""):
        factories.attendee(here.meeting, factories.person(email=email))
    factories.attendee(here.meeting, factories.person(email="prepared@example.org"), told=False)
    version = approved(here)
    with write():
        verbs.publish(version, audience=Audience(participants=True), by=here["editor"])
    told = [(kind, address) for kind, address, _state in letters() if kind == "notice_published"]
    assert told == [
        ("notice_published", "both@example.org"),
        ("notice_published", "reader@example.org"),
        ("notice_published", "came@example.org"),
    ]


def test_nobody_is_told_when_nobody_should(here: World) -> None:
    subscribed("reader@example.org")
    factories.attendee(here.meeting, factories.person(email="came@example.org"))
    version = approved(here)
    with write():
        verbs.publish(version, audience=Audience(subscribers=False), by=here["editor"])
    assert [kind for kind, _address, _state in letters() if kind.startswith("notice")] == []


def test_a_correction_is_told_and_overtakes_the_first_letter(here: World) -> None:
    subscribed("reader@example.org")
    version = approved(here)
    with write():
        notice = verbs.publish(version, by=here["editor"])
    corrected(here, notice, NoticeText.of(TEXT, correction_en="Thirteen reported."))
    deliver_due()
    told = [(kind, state) for kind, _address, state in letters() if kind.startswith("notice")]
    assert told == [("notice_published", LetterState.SUPERSEDED), ("notice_corrected", LetterState.SENT)]


def test_letters_to_those_who_left_and_about_what_was_withdrawn_stay(here: World, client: FlaskClient) -> None:
    leaves, stays = subscribed("leaves@example.org"), subscribed("stays@example.org")
    version = approved(here)
    with write():
        notice = verbs.publish(version, by=here["editor"])
    client.post(link(leaves, "leave"), data={"act": "leave"})
    with write():
        verbs.withdraw(notice, "有误", "", by=here["editor"])
    deliver_due()
    assert {state for kind, _address, state in letters() if kind.startswith("notice")} == {LetterState.SUPERSEDED}
    assert stays.id


def test_what_nobody_wants_is_forgotten(here: World) -> None:
    with played_at(WHEN):
        with write():
            subscribe("never@example.org", "zh")
        stays = subscribed("stays@example.org")
        gone = subscribed("gone@example.org")
        with write():
            row = db.session.get_one(Subscription, gone.id)
            row.state, row.left_at = SubscriptionState.LEFT, now()
    with played_at(WHEN + timedelta(days=31)):
        assert (forget_subscriptions(), forget_subscriptions()) == (2, 0)
    assert [email for email, _language, _state in rows()] == [stays.email]


def test_a_letter_in_the_outbox_opens_nothing(here: World) -> None:
    row = subscribed("reader@example.org")
    version = approved(here)
    with write():
        verbs.publish(version, by=here["editor"])
    kept = f"{db.session.scalars(select(Letter.facts)).all()}{db.session.scalars(select(LetterBatch.common)).all()}"
    assert row.link_id not in kept
