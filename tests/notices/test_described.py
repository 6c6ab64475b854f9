"""What machines read of a notice: JSON-LD, Open Graph, the register's entry, the site map."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventsys.core.clock import played_at
from eventsys.core.errors import DomainError, Stale
from eventsys.core.transaction import write
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.meetings.models import Meeting
from eventsys.notices import operations as verbs
from eventsys.notices.models import Notice, NoticeEntry
from eventsys.notices.operations.register import Kept, keep_register
from eventsys.notices.text import NoticeText
from tests import factories
from tests.notices.world import TEXT, World, approved, corrected, published, world
from tests.personas import Browse
from tests.rendering.papers import words_of_pdf
from tests.web.forms import post

WHEN = datetime(2024, 8, 30, 1, 0, tzinfo=UTC)
SLUG = "/notices/2024/citys-foreign-affairs-offices-meet"
KEPT = Kept("210100-WSB", "外事", "Foreign affairs", "主动公开", "Published on its own initiative")


@pytest.fixture
def here(app: Flask) -> World:
    return world()


def another(here: World, office: Organization) -> Meeting:
    """One more concluded meeting."""
    facts = {name: getattr(here.meeting, name) for name in ("state", "starts_at", "ends_at")}
    return factories.meeting(office, **facts)


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found is not None
    values: dict[str, Any] = json.loads(found[1])
    return values


def test_json_ld_and_open_graph(here: World, client: FlaskClient) -> None:
    with played_at(WHEN):
        published(here)
    page = client.get(f"{SLUG}?lang=en").text
    data = data_of(page)
    assert {name: data[name] for name in ("@type", "headline", "url", "datePublished", "inLanguage")} == {
        "@type": "NewsArticle",
        "headline": "City’s foreign affairs offices meet",
        "url": f"http://localhost{SLUG}",
        "datePublished": "2024-08-30T09:00:00+08:00",
        "inLanguage": ["zh-Hans", "en"],
    }
    assert data["description"] == "The offices met on Thursday 22 August."
    assert '<meta property="og:title" content="City’s foreign affairs offices meet">' in page
    assert '<meta property="og:locale" content="en_GB">' in page
    assert '<meta name="PubDate" content="2024-08-30 09:00">' in page
    assert f'<link rel="canonical" href="http://localhost{SLUG}">' in page
    assert re.findall(r'hreflang="([^"]+)" href="http://localhost/notices[^"]*\?lang=(..)"', page) == [
        ("zh-Hans", "zh"),
        ("en", "en"),
    ]


def test_no_title_ends_its_element(here: World, client: FlaskClient) -> None:
    title = '</script><script>alert(1)</script> & <b> "quoted"'
    with played_at(WHEN):
        notice = published(here, NoticeText.of(TEXT, title_en=title))
    page = client.get(f"/notices/2024/{notice.slug}?lang=en").text
    assert data_of(page)["headline"] == title
    assert page.count("<script") == page.count("</script>") == 2
    assert "alert(1)</script>" not in page


def test_a_withdrawn_notice_and_a_preview_are_described_to_nobody(
    here: World, client: FlaskClient, browse: Browse
) -> None:
    with played_at(WHEN):
        notice = published(here)
    with write():
        verbs.withdraw(notice, "有误", "", by=here["editor"])
    page = client.get(SLUG).text
    assert ("ld+json" in page, "og:title" in page) == (False, False)
    preview = browse(here["editor"]).get(f"/workspace/meetings/{here.meeting.id}/notice/preview?in=zh").text
    assert "ld+json" not in preview


def test_index_numbers_are_given_once_and_in_order(here: World, client: FlaskClient) -> None:
    with write():
        keep_register(here.office, KEPT, None, by=here["editor"])
    with played_at(WHEN):
        version = approved(here)
        with write():
            first = verbs.publish(version, document_number="沈外发〔2024〕8号", by=here["editor"])
        corrected(here, first, NoticeText.of(TEXT, correction_zh="更正"))
        here.meeting = another(here, here.office)
        published(here)
    with played_at(WHEN + timedelta(days=200)):
        here.meeting = another(here, here.office)
        published(here)
    rows = db.session.execute(select(NoticeEntry.year, NoticeEntry.serial).order_by(NoticeEntry.id)).all()
    assert [tuple(row) for row in rows] == [(2024, 1), (2024, 2), (2025, 1)]
    page = client.get(f"{SLUG}?lang=zh").text
    for words in ("210100-WSB/2024-00001", "沈外发〔2024〕8号", "主动公开", "<dt>索引号</dt>"):
        assert words in page
    assert data_of(page)["identifier"] == "210100-WSB/2024-00001"
    assert "210100-WSB/2024-00001" in words_of_pdf(client.get(f"{SLUG}.pdf").data)


def test_an_office_below_uses_the_register_above(here: World) -> None:
    below = factories.organization("下属处", parent=here.office)
    with write():
        keep_register(here.office, KEPT, None, by=here["editor"])
    here.meeting = another(here, below)
    published(here)
    assert db.session.scalars(select(NoticeEntry.code)).all() == ["210100-WSB"]


def test_without_a_register_nothing_is_given(here: World, client: FlaskClient) -> None:
    with played_at(WHEN):
        published(here)
    assert db.session.scalars(select(NoticeEntry.id)).all() == []
    assert "索引号" not in client.get(f"{SLUG}?lang=zh").text


def test_the_register_on_its_page(here: World, browse: Browse) -> None:
    url = f"/workspace/notices/offices/{here.office.id}/register"
    editor = browse(here["editor"])
    assert post(editor, url, {"version": "", "code": "bad code!"}).status_code == 422
    fields = {"version": "", "code": "210100-WSB", "subject_zh": "外事"}
    assert post(editor, url, fields).status_code == 302
    assert 'value="210100-WSB"' in editor.get(url).text
    assert browse(here["stranger_editor"]).get(url).status_code == 404
    assert browse(here["member"]).get(url).status_code == 404


def test_a_register_saved_by_somebody_else_meanwhile(here: World) -> None:
    with write():
        row = keep_register(here.office, KEPT, None, by=here["editor"])
    seen = row.version
    with write():
        keep_register(here.office, Kept("OTHER"), seen, by=here["editor"])
    with pytest.raises(Stale), write():
        keep_register(here.office, KEPT, seen, by=here["other_editor"])
    with pytest.raises(DomainError), write():
        keep_register(here.office, Kept(""), None, by=here["editor"])


def test_the_site_map_knows_the_notice(here: World, client: FlaskClient) -> None:
    with played_at(WHEN):
        notice: Notice = published(here)
    assert f"<loc>http://localhost{SLUG}</loc>" in client.get("/sitemap.xml").text
    with write():
        verbs.withdraw(notice, "有误", "", by=here["editor"])
    assert SLUG not in client.get("/sitemap.xml").text
