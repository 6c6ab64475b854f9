"""The archive: what is found, how it is shown, narrowed, paged and taken along."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsys.core.clock import played_at
from eventsys.core.transaction import write
from eventsys.meetings.models import MeetingKind
from eventsys.notices import operations as verbs
from eventsys.notices.models import Notice, NoticeVersion
from eventsys.notices.operations.reindexing import reindex
from eventsys.notices.text import NoticeText
from tests import factories
from tests.notices.test_public import WHEN, counted
from tests.notices.world import ENDS, STARTS, TEXT, World, approved, published, world


@pytest.fixture
def here(app: Flask) -> World:
    return world()


def titles(page: str) -> list[str]:
    found = re.findall(r"<h3><a[^>]*>(.*?)</a></h3>", page)
    return [re.sub("</?mark>", "", each) for each in found]


def another(here: World, text: NoticeText, days: int = 0, **facts: object) -> Notice:
    """A published notice of another meeting."""
    facts = {"starts_at": STARTS, "ends_at": ENDS, "state": here.meeting.state, **facts}
    here.meeting = factories.meeting(here.office, **facts)
    with played_at(WHEN + timedelta(days=days)):
        return published(here, text)


def test_words_are_shown_in_their_sentence(here: World, client: FlaskClient) -> None:
    published(here)
    page = client.get("/search?q=汇报&lang=zh").text
    assert '<p lang="zh-Hans" class="hit">会议听取了工作<mark>汇报</mark>。</p>' in page
    page = client.get("/search?q=offices&lang=en").text
    assert '<a href="/notices/' in page
    assert "City’s foreign affairs <mark>offices</mark> meet" in page
    assert "The <mark>offices</mark> met on Thursday 22 August." in page


def test_the_other_language_is_shown_where_only_it_holds_the_words(here: World, client: FlaskClient) -> None:
    published(here)
    page = client.get("/search?q=汇报&lang=en").text
    assert '<p lang="zh-Hans" class="hit">会议听取了工作<mark>汇报</mark>。</p>' in page


def test_only_what_is_public_is_found(here: World, client: FlaskClient) -> None:
    version = approved(here)
    assert titles(client.get("/search?q=汇报").text) == []
    with write():
        notice = verbs.publish(version, by=here["editor"])
    assert titles(client.get("/search?q=汇报&lang=zh").text) == ["全市外办主任会议召开"]
    with write():
        correction = verbs.start_correction(notice, "更正", "", by=here["editor"])
    with write():
        verbs.save_version(correction, NoticeText.of(TEXT, body_zh="<p>秘密草稿。</p>"), by=here["editor"])
    assert titles(client.get("/search?q=秘密").text) == []
    with write():
        verbs.withdraw(notice, "有误", "", by=here["editor"])
    assert titles(client.get("/search?q=汇报").text) == []


def test_filters_narrow(here: World, client: FlaskClient) -> None:
    with played_at(WHEN):
        published(here)
    only = NoticeText(title_zh="只有中文", body_zh="<p>汇报。</p>")
    another(here, only, days=200, kind=MeetingKind.TRAINING)
    asked = {
        "/search?lang=zh&q=汇报": ["只有中文", "全市外办主任会议召开"],
        "/search?lang=zh&q=汇报&year=2024": ["全市外办主任会议召开"],
        "/search?lang=zh&year=2025": ["只有中文"],
        "/search?lang=zh&q=汇报&kind=training": ["只有中文"],
        "/search?lang=zh&q=汇报&in=en": ["全市外办主任会议召开"],
        f"/search?lang=zh&q=汇报&office={here.office.id}": ["只有中文", "全市外办主任会议召开"],
        f"/search?lang=zh&q=汇报&office={here.elsewhere.id}": [],
        "/search?lang=zh&q=汇报&year=banana&kind=nothing&in=fr&office=x": ["只有中文", "全市外办主任会议召开"],
    }
    assert {url: titles(client.get(url).text) for url in asked} == asked


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "输入会议消息或会议中的词语"),
        ("?q=。。", "没有文字或数字"),
        ("?q=没有这个词", "没有符合全部条件的会议消息"),
    ],
)
def test_empty_states(here: World, client: FlaskClient, query: str, words: str) -> None:
    answer = client.get(f"/search{query}{'&' if query else '?'}lang=zh")
    assert answer.status_code == 200
    assert words in answer.text


def test_pages_are_stable_while_notices_are_added(here: World, client: FlaskClient) -> None:
    names = [f"第{number:02}号" for number in range(45)]
    for number, name in enumerate(names):
        another(here, NoticeText(title_zh=name, body_zh="<p>共同的词。</p>"), days=number)
    first = client.get("/search?q=共同&lang=zh").text
    assert "45条消息" in first
    another(here, NoticeText(title_zh="新来的", body_zh="<p>共同的词。</p>"), days=100)
    second = client.get(link(first, "next")).text
    third = client.get(link(second, "next")).text
    assert titles(first) + titles(second) + titles(third) == names[::-1]
    assert titles(client.get(link(third, "prev")).text) == titles(second)


def link(page: str, rel: str) -> str:
    """Where the pager leads."""
    found = re.search(rf'<a href="([^"]*)" rel="{rel}">', page)
    assert found is not None
    return found[1].replace("&amp;", "&")


def test_the_list_is_taken_along(here: World, client: FlaskClient) -> None:
    with played_at(WHEN):
        published(here, NoticeText.of(TEXT, title_zh="=1+1", department_zh="综合处"))
    answer = client.get("/search/export.csv?q=汇报&lang=zh")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    line = answer.data.decode("utf-8-sig").splitlines()[1]
    assert line.startswith('"\'=1+1"') or line.startswith("'=1+1")
    assert "2024-08-30" in line and "http://localhost/notices/2024/" in line
    assert client.get("/search/export.xlsx?q=汇报").data[:2] == b"PK"
    assert client.get("/search/export.exe?q=汇报").status_code == 404


def test_a_search_costs_the_same_queries_for_one_and_for_many(here: World, client: FlaskClient) -> None:
    published(here)
    client.get("/search?q=汇报")
    with counted() as few:
        client.get("/search?q=汇报")
    for number in range(12):
        another(here, NoticeText(title_zh=f"第{number}", body_zh="<p>汇报。</p>"), days=number)
    with counted() as many:
        client.get("/search?q=汇报")
    assert len(few) == len(many) <= 12


def test_a_search_answers_304(here: World, client: FlaskClient) -> None:
    published(here)
    page = client.get("/search?q=汇报")
    again = client.get("/search?q=汇报", headers={"If-None-Match": page.headers["ETag"]})
    other = client.get("/search?q=汇报&year=2024", headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, other.status_code) == (304, 200)


def test_markup_in_a_query_is_text(here: World, client: FlaskClient) -> None:
    published(here)
    page = client.get("/search?q=<script>alert(1)</script>").text
    assert "<script>alert(1)" not in page


def test_the_index_is_made_anew(here: World, client: FlaskClient) -> None:
    notice = published(here)
    with write() as session:
        session.get_one(NoticeVersion, notice.published_id).search_text = " 别的 "
    assert titles(client.get("/search?q=汇报&lang=zh").text) == []
    said: list[str] = []
    assert reindex(said.append) == 1
    assert titles(client.get("/search?q=汇报&lang=zh").text) == ["全市外办主任会议召开"]
    assert (reindex(), len(said)) == (0, 5)
