"""What readers see: the page, its versions, the list, the feed; conditional answers; the same cost at any size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import Template
from sqlalchemy import event, insert, text
from werkzeug.test import TestResponse

from eventsys.core.clock import played_at
from eventsys.core.language import use_language
from eventsys.core.stamps import OFFICES, raise_stamp
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.meetings.models import Visibility
from eventsys.notices import operations as verbs
from eventsys.notices.models import Notice, NoticeState, NoticeVersion, VersionState
from eventsys.notices.queries import published_of
from eventsys.notices.text import NoticeText
from tests import factories
from tests.notices.world import TEXT, World, corrected, published, world
from tests.personas import Browse

WHEN = datetime(2024, 8, 30, 1, 0, tzinfo=UTC)
SLUG = "/notices/2024/citys-foreign-affairs-offices-meet"


@pytest.fixture
def here(app: Flask) -> World:
    return world()


@pytest.fixture
def notice(here: World) -> Notice:
    with played_at(WHEN):
        return published(here)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent to the database inside the block."""
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    for engine in db.engines.values():
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        for engine in db.engines.values():
            event.remove(engine, "before_cursor_execute", note)


def again(client: FlaskClient, page: TestResponse, url: str) -> TestResponse:
    return client.get(url, headers={"If-None-Match": page.headers["ETag"]})


def main_of(page: TestResponse) -> str:
    return page.text[page.text.index("<main") : page.text.index("</main>")]


def test_the_page_in_both_languages(client: FlaskClient, notice: Notice) -> None:
    chinese, english = client.get(f"{SLUG}?lang=zh"), client.get(f"{SLUG}?lang=en")
    assert (chinese.status_code, english.status_code) == (200, 200)
    assert '<h1 lang="zh-Hans">全市外办主任会议召开</h1>' in chinese.text
    assert "<dt>发布日期</dt><dd>2024年8月30日</dd>" in chinese.text
    assert "<dd>2024年8月22日（周四）<br>9:00–11:30，北京时间（UTC+8）</dd>" in chinese.text
    assert '<h1 lang="en">City’s foreign affairs offices meet</h1>' in english.text
    assert "<dt>Supplied by</dt><dd>General Affairs Division</dd>" in english.text
    assert "<dd>Thursday 22 August 2024<br>09:00–11:30 China Standard Time (UTC+8)</dd>" in english.text
    assert "<p>会议听取了工作汇报。</p>" in chinese.text
    assert f'href="/meetings/{notice.meeting_id}.ics"' in english.text


def test_of_a_meeting_that_is_not_public_only_the_day_is_told(app: Flask, client: FlaskClient) -> None:
    here = world(visibility=Visibility.PARTICIPANTS)
    with played_at(WHEN):
        published(here)
    page = main_of(client.get(f"{SLUG}?lang=en"))
    assert "<dd>Thursday 22 August 2024</dd>" in page
    assert [word for word in ("Room 301", "/meetings/", "09:00") if word in page] == []


def test_a_notice_in_one_language_says_so(here: World, client: FlaskClient) -> None:
    with played_at(WHEN):
        notice = published(here, NoticeText(title_zh="只有中文", body_zh="<p>正文。</p>"))
    page = client.get(f"/notices/2024/{notice.slug}?lang=en")
    assert '<h1 lang="zh-Hans">只有中文</h1>' in page.text
    assert '<p class="only-language">This notice is in Chinese only.</p>' in page.text
    assert '<div class="notice-text serif" lang="zh-Hans"><p>正文。</p></div>' in page.text


def test_markup_in_a_title_is_text(here: World, client: FlaskClient) -> None:
    with played_at(WHEN):
        published(here, NoticeText.of(TEXT, title_en="<script>alert(1)</script> & more", author_en='"><b>'))
    page = client.get("/notices/2024/script-alert-1-script-more?lang=en")
    assert '<h1 lang="en">&lt;script&gt;alert(1)&lt;/script&gt; &amp; more</h1>' in page.text
    assert "<dd>&#34;&gt;&lt;b&gt;</dd>" in page.text
    feed = client.get("/notices/feed.atom?lang=en")
    assert "<title>&lt;script&gt;alert(1)&lt;/script&gt; &amp; more</title>" in feed.text


@pytest.mark.parametrize("url", [SLUG, "/notices/", "/notices/?year=2024", "/notices/feed.atom", f"{SLUG}/versions/1"])
def test_unchanged_pages_cost_one_query_and_no_template(
    client: FlaskClient, notice: Notice, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.get(url)
    rendered: list[str] = []
    original = Template.render
    monkeypatch.setattr(Template, "render", lambda self, *a, **k: rendered.append(self.name) or original(self, *a, **k))
    with counted() as statements:
        answer = again(client, page, url)
    assert (page.status_code, answer.status_code, answer.data) == (200, 304, b"")
    assert (len(statements), rendered) == (1, [])


def test_the_page_costs_one_query(client: FlaskClient, notice: Notice) -> None:
    client.get(SLUG)
    with counted() as statements:
        assert client.get(SLUG).status_code == 200
    assert len(statements) == 1


def test_a_page_is_rendered_once_and_for_everybody(
    here: World, browse: Browse, client: FlaskClient, notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get(f"{SLUG}?lang=en").text
    rendered: list[str] = []
    original = Template.render
    monkeypatch.setattr(Template, "render", lambda self, *a, **k: rendered.append(self.name) or original(self, *a, **k))
    assert browse(here["editor"]).get(f"{SLUG}?lang=en").text == first
    assert rendered == []
    other = client.get(f"{SLUG}?lang=en&from=mail").text
    assert ("from=mail" in other, "from=mail" in client.get(f"{SLUG}?lang=en").text) == (True, False)


def test_the_tag_changes_with_language_office_meeting_correction_and_withdrawal(
    here: World, client: FlaskClient, notice: Notice
) -> None:
    tags = [client.get(f"{SLUG}?lang=zh").headers["ETag"], client.get(f"{SLUG}?lang=en").headers["ETag"]]
    with write():
        raise_stamp(OFFICES)
    tags.append(client.get(SLUG).headers["ETag"])
    with write() as session:
        session.merge(here.meeting).venue_en = "Room 302"
    tags.append(client.get(SLUG).headers["ETag"])
    notice = corrected(here, notice, NoticeText.of(TEXT, correction_zh="更正"))
    tags.append(client.get(SLUG).headers["ETag"])
    with write():
        verbs.withdraw(notice, "有误", "", by=here["editor"])
    tags.append(client.get(SLUG).headers["ETag"])
    assert len(set(tags)) == 6


def test_a_correction_is_told_and_the_old_text_stays(here: World, client: FlaskClient, notice: Notice) -> None:
    changed = NoticeText.of(
        TEXT,
        body_en="<p>The offices met on Thursday 22 August.</p><p>They heard thirteen reports.</p>",
        correction_en="The number of reports was missing.",
    )
    with played_at(WHEN + timedelta(days=3)):
        corrected(here, notice, changed)
    page = client.get(f"{SLUG}?lang=en").text
    assert "<b>Corrected on 2 September 2024.</b> The number of reports was missing." in page
    assert "<dd>30 August 2024</dd>" in page
    second = client.get(f"{SLUG}/versions/2?lang=en").text
    assert "<p>They heard <ins>thirteen </ins>reports.</p>" in second
    first = client.get(f"{SLUG}/versions/1?lang=en").text
    assert "<p>They heard reports.</p>" in first
    assert "This is an earlier version." in first
    assert client.get(f"{SLUG}/versions/3").status_code == 404


def test_a_draft_of_a_correction_is_not_public(here: World, client: FlaskClient, notice: Notice) -> None:
    with write():
        verbs.start_correction(notice, "", "Wrong.", by=here["editor"])
    assert client.get(f"{SLUG}/versions/2").status_code == 404
    assert "Wrong." not in client.get(SLUG).text


def test_a_withdrawn_notice_keeps_its_address_and_says_why(here: World, client: FlaskClient, notice: Notice) -> None:
    with played_at(WHEN + timedelta(days=1)), write():
        verbs.withdraw(notice, "内容有误", "It was wrong", by=here["editor"])
    page = client.get(f"{SLUG}?lang=en")
    assert page.status_code == 200
    assert "<b>Withdrawn on 31 August 2024.</b> It was wrong" in page.text
    assert [words for words in ("They heard reports.", "Foreign affairs directors") if words in page.text] == []
    assert client.get(f"{SLUG}/versions/1").headers["Location"] == SLUG
    assert '<strong class="govuk-tag tag-grey">Notice withdrawn</strong>' in client.get("/notices/?lang=en").text
    feed = client.get("/notices/feed.atom?lang=en").text
    assert "<title>[Withdrawn] City’s foreign affairs offices meet</title>" in feed
    assert "<updated>2024-08-31T01:00:00+00:00</updated>" in feed


def test_what_is_not_published_is_not_there(here: World, client: FlaskClient) -> None:
    assert client.get(SLUG).status_code == 404
    assert client.get("/notices/2024/%E4%B8%AD").status_code == 404


def test_the_feed(client: FlaskClient, notice: Notice) -> None:
    feed = client.get("/notices/feed.atom?lang=en")
    assert feed.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert 'xml:lang="en"' in feed.text
    assert f"<id>http://localhost{SLUG}</id>" in feed.text
    assert "<published>2024-08-30T01:00:00+00:00</published><updated>2024-08-30T01:00:00+00:00</updated>" in feed.text
    assert '<content type="html">&lt;p&gt;The offices met on Thursday 22 August.&lt;/p&gt;' in feed.text
    assert client.get("/notices/feed.atom?lang=zh").text != feed.text


def test_an_empty_feed_and_list(app: Flask, client: FlaskClient) -> None:
    feed = client.get("/notices/feed.atom")
    assert (feed.status_code, feed.text.count("<entry>")) == (200, 0)
    page = client.get("/notices/?lang=en")
    assert "Notices of meetings appear here when they are published." in page.text


def many(here: World, number: int) -> None:
    """So many published notices, one a day before the thirtieth of August 2024."""
    with write() as session:
        first = (session.execute(text("SELECT coalesce(max(id), 0) FROM notice")).scalar() or 0) + 1
        base = {"meeting_id": here.meeting.id, "convener_id": here.office.id, "withdrawn_reason_zh": ""}
        rows = [
            {
                **base,
                "id": first + n,
                "withdrawn_reason_en": "",
                "state": NoticeState.PUBLISHED,
                "year": 2024,
                "slug": f"notice-{first + n}",
                "published_id": None,
                "published_at": WHEN - timedelta(days=n),
                "modified_at": WHEN,
                "created_at": WHEN,
                "version": 1,
            }
            for n in range(number)
        ]
        session.execute(insert(Notice), rows)
        session.execute(
            insert(NoticeVersion),
            [
                {
                    **NoticeText.of(TEXT, title_en=f"Notice {n}").columns(),
                    "id": first + n,
                    "notice_id": first + n,
                    "number": 1,
                    "state": VersionState.PUBLISHED,
                    "created_at": WHEN,
                    "modified_at": WHEN,
                    "published_at": WHEN,
                    "version": 1,
                }
                for n in range(number)
            ],
        )
        session.execute(text("UPDATE notice SET published_id = id"))


def titles(page: TestResponse) -> list[str]:
    return [part.split("<")[0] for part in page.text.split('">Notice ')[1:]]


def test_the_list_is_paged_by_key_and_by_year(here: World, client: FlaskClient) -> None:
    many(here, 45)
    first = client.get("/notices/?lang=en")
    assert titles(first) == [str(n) for n in range(20)]
    after = first.text.split("after=")[1].split('"')[0]
    second = client.get(f"/notices/?after={after}")
    assert titles(second) == [str(n) for n in range(20, 40)]
    before = second.text.split("before=")[1].split('"')[0]
    assert titles(client.get(f"/notices/?before={before}")) == [str(n) for n in range(20)]
    assert titles(client.get("/notices/?year=2023")) == []
    assert client.get("/notices/?after=nonsense&year=x").status_code == 200


def test_the_list_costs_the_same_queries_at_any_size_and_sorts_nothing(here: World, client: FlaskClient) -> None:
    many(here, 1)
    client.get("/notices/")
    with counted() as few:
        client.get("/notices/?lang=en")
    many(here, 30)
    with counted() as several:
        client.get("/notices/?lang=en")
    assert len(few) == len(several) == 3
    if db.engine.dialect.name == "sqlite":
        walk = next(statement for statement in several if "notice_version" in statement)
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {walk}", ("", "", 21, 0)).all()
        assert [row for row in plan if "TEMP B-TREE" in str(row)] == []


def test_notices_of_a_meeting(here: World, notice: Notice) -> None:
    other = factories.meeting(here.office)
    with use_language("zh"):
        assert (published_of(here.meeting.id), published_of(other.id)) == ([("全市外办主任会议召开", SLUG)], [])


def headings(page: TestResponse) -> list[str]:
    return re.findall(r'<h2 class="serif"><a [^>]*>([^<]*)</a>', page.text)


def test_the_reading_list_of_a_meeting(here: World, client: FlaskClient, notice: Notice) -> None:
    """Withdrawn ones stay on it, marked; the meeting's page leads there once it tells more than the page does."""
    mine, other = here.meeting, factories.meeting(here.office, state=here.meeting.state)
    with played_at(WHEN):
        here.meeting = other
        published(here, NoticeText.of(TEXT, title_zh="别的会议", title_en="Another meeting"))
    listed = f"/notices/?meeting={mine.id}&lang=en"
    assert headings(client.get(listed)) == ["City’s foreign affairs offices meet"]
    assert "All notices of this meeting" not in client.get(f"/meetings/{mine.id}?lang=en").text
    with write():
        verbs.withdraw(notice, "有误", "", by=here["editor"])
    here.meeting = mine
    with played_at(WHEN + timedelta(days=1)):
        published(here, NoticeText.of(TEXT, title_zh="新的消息", title_en="The new notice"))
    page = client.get(listed)
    assert headings(page) == ["The new notice", "City’s foreign affairs offices meet"]
    assert page.text.count("Notice withdrawn") == 1
    meeting = client.get(f"/meetings/{mine.id}?lang=en").text
    assert f'<a href="/notices/?meeting={mine.id}">All notices of this meeting</a>' in meeting


@pytest.mark.parametrize("meeting", ["0", "999999", "-1", "x", "9" * 30])
def test_a_reading_list_of_no_meeting(client: FlaskClient, here: World, meeting: str) -> None:
    assert client.get(f"/notices/?meeting={meeting}").status_code == 200
