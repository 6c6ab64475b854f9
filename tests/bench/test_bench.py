"""The product and the limit application show the same, and write the same: otherwise their figures compare nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from eventsys.core.audit import AuditEntry
from eventsys.core.clock import today
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, ReplyEvent
from eventsys.meetings.models import Meeting
from tests.bench import cases as benchmark
from tests.bench import data, in_process, replies, rows
from tests.bench.limit import create_app as limit_application
from tests.bench.limit.store import close_database
from tests.bench.seen import shared
from tests.bench.signed_in import sign_in

LEAST_SHARED = 0.9
FEW = {**dict.fromkeys(rows.INVITATIONS, 2), rows.COMING: 30, rows.IN_SESSION: 30, rows.BIG: 40, rows.MATRIX: 30}


@pytest.fixture
def product(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The product on the benchmark's small database, with few invitations."""
    monkeypatch.setattr(rows, "INVITATIONS", FEW)
    monkeypatch.setattr(benchmark, "SECRET", app.extensions["eventsys.settings"].secret_keys[0])
    data.fill(app, "small", today(rows.ZONE))
    return app


@pytest.fixture
def limit(product: Flask) -> Iterator[Flask]:
    """The limit application on the same database."""
    yield limit_application(product.extensions["eventsys.settings"].database_url)
    close_database()


def test_both_show_the_same(product: Flask, limit: Flask) -> None:
    browser, found = sign_in(product), {}
    for case in benchmark.cases("small"):
        if case.posts is not None or case.conditional:
            continue
        ours, theirs = (
            in_process.ask(application.test_client(use_cookies=False), case, browser)
            for application in (product, limit)
        )
        assert (ours.status_code, theirs.status_code) == (200, 200), case.name
        assert case.shows in ours.text, case.name
        assert case.shows in theirs.text, case.name
        found[case.name] = shared(ours.text, theirs.text)
    assert {name: part for name, part in found.items() if part < LEAST_SHARED} == {}


def test_both_answer_304(product: Flask, limit: Flask) -> None:
    for case in benchmark.cases("small"):
        if case.conditional:
            for application in (product, limit):
                client = application.test_client(use_cookies=False)
                tag = client.get(case.path, headers={"If-None-Match": '"none"'}).headers["ETag"]
                answer = in_process.ask(client, case, tag=tag)
                assert (answer.status_code, answer.data) == (304, b""), case.name


def test_both_write_the_same(product: Flask, limit: Flask) -> None:
    browser = sign_in(product)
    for case in (case for case in benchmark.cases("small") if case.posts is not None):
        differences = []
        for number, application in enumerate((product, limit)):
            before = written()
            path, body = _nth(case.posts(browser.token), number)
            headers = {"Cookie": browser.cookie, "Content-Type": "application/x-www-form-urlencoded"}
            answer = application.test_client(use_cookies=False).post(path, data=body, headers=headers)
            assert answer.status_code in (302, 303), (case.name, answer.text)
            differences.append([now - then for now, then in zip(written(), before, strict=True)])
        assert differences[0] == differences[1], case.name
    accepted = db.session.scalars(select(Attendee.reply).where(Attendee.id.in_(_first_two()))).all()
    assert [reply.value for reply in accepted] == ["accepted", "accepted"]


def written() -> list[int]:
    """How many rows there are of what the posts write."""
    db.session.rollback()
    return [
        db.session.scalar(select(func.count()).select_from(model)) or 0 for model in (Meeting, ReplyEvent, AuditEntry)
    ]


def _nth(posts: Iterator[tuple[str, str]], number: int) -> tuple[str, str]:
    """The post of this number; the last one where there are fewer."""
    for _ in range(number):
        first = next(posts)
    return next(posts, first) if number else next(posts)


def _first_two() -> list[int]:
    return list(rows.attendees_of(benchmark.OPEN_MEETINGS[0])[:2])


def test_a_lost_reply_is_found(product: Flask) -> None:
    """The check of fifty replies a second sees an answer that was overwritten, or that no history holds."""
    settings = product.extensions["eventsys.settings"]
    database = data.Database("", "small", settings.database_url, settings.data)
    posts = replies.planned(6, 50)
    assert [post.attendee_id for post in posts[:3]] == [post.attendee_id for post in posts[3:]]
    assert all(one.answer != other.answer for one, other in zip(posts[:3], posts[3:], strict=True))
    before = db.session.scalar(select(func.max(ReplyEvent.id))) or 0
    browser = product.test_client(use_cookies=False)
    kind = "application/x-www-form-urlencoded"
    answers = [browser.post(post.path, data=post.body, content_type=kind) for post in posts]
    assert {answer.status_code for answer in answers} == {303}
    db.session.rollback()
    assert replies.missing(database, posts, before) == []
    assert len(replies.missing(database, [*posts, posts[0]], before)) == 2
    with write() as session:
        session.execute(update(Attendee).where(Attendee.id == posts[1].attendee_id).values(comment="别的"))
    assert [text.split(":")[0] for text in replies.missing(database, posts, before)] == [
        f"attendee {posts[1].attendee_id}"
    ]
