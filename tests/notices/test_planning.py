"""Publication at a set time: once, also after a night without a server, by whichever worker comes first."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from eventsys.core.audit import AuditEntry
from eventsys.core.clock import now, played_at
from eventsys.core.errors import DomainError
from eventsys.core.transaction import write
from eventsys.extensions import WRITING, db
from eventsys.meetings.models import Meeting
from eventsys.notices import operations as verbs
from eventsys.notices.models import Notice, NoticeVersion, PlannedPublication, ReviewEvent, VersionState
from eventsys.notices.operations import planning
from eventsys.notices.operations.planning import cancel_plan, plan, publish_due
from eventsys.notices.queries.planned import planned_of
from eventsys.notices.text import NoticeText
from tests import factories
from tests.notices.world import TEXT, World, approved, world
from tests.personas import Browse

WHEN = datetime(2024, 8, 30, 1, 0, tzinfo=UTC)
DUE = WHEN + timedelta(hours=8)


@pytest.fixture
def here(app: Flask) -> World:
    return world()


@pytest.fixture
def version(here: World) -> NoticeVersion:
    with played_at(WHEN):
        return approved(here)


def planned(here: World, version: NoticeVersion, at: datetime = DUE) -> None:
    with played_at(WHEN), write():
        plan(version, at, by=here["editor"])


def plans() -> int:
    found = db.session.scalar(select(func.count()).select_from(PlannedPublication)) or 0
    db.session.rollback()
    return found


def state(version: NoticeVersion) -> VersionState:
    db.session.rollback()
    return db.session.get_one(NoticeVersion, version.id, populate_existing=True).state


def test_it_is_published_when_it_is_due_and_not_before(
    here: World, version: NoticeVersion, client: FlaskClient
) -> None:
    planned(here, version)
    with played_at(DUE - timedelta(seconds=1)):
        assert publish_due() == 0
    assert state(version) is VersionState.APPROVED
    with played_at(DUE + timedelta(seconds=20)):
        assert (publish_due(), publish_due()) == (1, 0)
    assert client.get("/notices/2024/citys-foreign-affairs-offices-meet").status_code == 200
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "notice.publish")).one()
    assert (entry.actor, entry.channel) == (here["editor"].label, "worker")
    assert plans() == 0


def test_a_time_that_passed_while_the_server_was_down(here: World, version: NoticeVersion) -> None:
    planned(here, version)
    with played_at(DUE + timedelta(days=3)):
        assert publish_due() == 1
        assert publish_due() == 0
    notice = db.session.scalars(select(Notice)).one()
    assert notice.published_at == DUE + timedelta(days=3)


def test_two_workers_publish_once(app: Flask, here: World, version: NoticeVersion) -> None:
    planned(here, version)
    done: list[int] = []
    together = threading.Barrier(2)

    def work() -> None:
        with app.app_context(), played_at(DUE):
            together.wait()
            done.append(publish_due())
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert sorted(done) == [0, 1]
    acts = db.session.scalars(select(ReviewEvent.act).where(ReviewEvent.act == "publish")).all()
    assert list(acts) == ["publish"]


def test_a_worker_killed_between_two_notices_publishes_the_rest_later(
    here: World, version: NoticeVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(here, version)

    def dies(*_args: object, **_facts: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(planning, "publish", dies)
        with played_at(DUE), pytest.raises(KeyboardInterrupt):
            publish_due()
    assert (state(version), plans()) == (VersionState.APPROVED, 1)
    with played_at(DUE):
        assert publish_due() == 1


def test_the_check_does_not_keep_writers_waiting(here: World, version: NoticeVersion) -> None:
    planned(here, version)
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if db.session().info.get(WRITING):
            statements.append(statement)

    for engine in db.engines.values():
        event.listen(engine, "before_cursor_execute", note)
    try:
        with played_at(DUE):
            assert publish_due() == 1
    finally:
        for engine in db.engines.values():
            event.remove(engine, "before_cursor_execute", note)
    assert any("UPDATE notice_version" in each for each in statements)
    assert not any("door_event" in each for each in statements)


def test_a_text_that_was_returned_needs_a_new_time(here: World, version: NoticeVersion) -> None:
    planned(here, version)
    with played_at(WHEN):
        with write():
            verbs.return_version(version, "Wrong.", by=here["approver"])
        with write():
            verbs.submit(version, by=here["editor"])
            verbs.approve(version, by=here["approver"])
    assert planned_of(version) is None
    with played_at(DUE):
        assert publish_due() == 0
    assert (state(version), plans()) == (VersionState.APPROVED, 0)


def test_a_text_that_the_record_contradicts_by_then_is_held(here: World, version: NoticeVersion) -> None:
    planned(here, version)
    with write() as session:
        meeting = session.get_one(Meeting, here.meeting.id)
        meeting.starts_at += timedelta(days=1)
        meeting.ends_at += timedelta(days=1)
    with played_at(DUE):
        assert (publish_due(), publish_due()) == (0, 0)
    assert state(version) is VersionState.APPROVED
    row = planned_of(version)
    assert row is not None and row.held != ""
    assert db.session.scalars(select(ReviewEvent.act)).all()[-1] == "hold"


@pytest.mark.parametrize("at", [WHEN, WHEN - timedelta(days=1), WHEN + timedelta(days=400)])
def test_times_that_cannot_be_set(here: World, version: NoticeVersion, at: datetime) -> None:
    with played_at(WHEN), pytest.raises(DomainError), write():
        plan(version, at, by=here["editor"])
    assert plans() == 0


def test_only_an_approved_text_gets_a_time(here: World, version: NoticeVersion) -> None:
    with write():
        verbs.return_version(version, "Wrong.", by=here["approver"])
    with pytest.raises(DomainError), write():
        plan(version, now() + timedelta(days=1), by=here["editor"])


def test_the_time_is_set_anew_and_taken_back(here: World, version: NoticeVersion) -> None:
    planned(here, version)
    planned(here, version, DUE + timedelta(hours=1))
    assert plans() == 1
    with write():
        assert cancel_plan(version, by=here["editor"])
    with write():
        assert not cancel_plan(version, by=here["editor"])
    with played_at(DUE + timedelta(days=1)):
        assert publish_due() == 0


def test_publishing_by_hand_ends_the_plan(here: World, version: NoticeVersion) -> None:
    planned(here, version)
    with played_at(WHEN), write():
        verbs.publish(version, by=here["editor"])
    assert plans() == 0


def test_on_the_page(here: World, version: NoticeVersion, browse: Browse) -> None:
    editor = browse(here["editor"])
    url = f"/workspace/meetings/{here.meeting.id}/notice/publish"
    with played_at(WHEN):
        page = editor.get(f"{url}?lang=en")
        answer = _send(editor, url, page.text, when="later", date="2024-08-30", time="17:00")
        assert answer.status_code == 302, answer.text
        desk = editor.get(f"/workspace/meetings/{here.meeting.id}/notice?lang=en", follow_redirects=True)
        assert "It is published by itself: " in desk.text
        refused = _send(editor, url, editor.get(url).text, when="later", date="", time="")
        assert refused.status_code == 422
        assert "Enter the day and the time of publication." in refused.text
        past = _send(editor, url, editor.get(url).text, when="later", date="2024-08-29", time="17:00")
        assert "This time is past." in past.text
        _send(editor, f"/workspace/meetings/{here.meeting.id}/notice/unplan", editor.get(url).text)
    assert plans() == 0
    row = db.session.scalars(select(NoticeVersion)).one()
    assert row.state is VersionState.APPROVED


def _send(client: FlaskClient, url: str, page: str, **data: str) -> TestResponse:
    hidden = dict(re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', page))
    hidden |= dict(re.findall(r'name="([a-z_]+)" type="hidden" value="([^"]*)"', page))
    return client.post(url, data={**hidden, "tells_subscribers": "y", **data})


def test_slugs_that_collide_and_a_title_of_emoji_only(here: World, client: FlaskClient) -> None:
    paths = []
    for text in (
        TEXT,
        TEXT,
        NoticeText(title_zh="🎉🎊", body_zh="<p>正文。</p>"),
        NoticeText(title_zh="🎈", body_zh="<p>正文。</p>"),
    ):
        here.meeting = factories.meeting(
            here.office, starts_at=here.meeting.starts_at, ends_at=here.meeting.ends_at, state=here.meeting.state
        )
        with played_at(WHEN):
            version = approved(here, text)
            with write():
                notice = verbs.publish(version, by=here["editor"])
        paths.append(f"/notices/{notice.year}/{notice.slug}")
    assert [path.rsplit("/", 1)[1] for path in paths] == [
        "citys-foreign-affairs-offices-meet",
        "citys-foreign-affairs-offices-meet-2",
        "untitled",
        "untitled-2",
    ]
    assert [client.get(path).status_code for path in paths] == [200] * 4
