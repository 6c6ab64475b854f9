"""What the law wants gone is gone everywhere; that it is gone, and why, stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from eventsys.core.audit import AuditEntry
from eventsys.core.clock import played_at
from eventsys.core.errors import DomainError
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.notices import operations as verbs
from eventsys.notices.models import Notice, NoticeFile
from eventsys.notices.operations.redacting import places_of, redact
from eventsys.notices.tasks import prepare_files
from eventsys.notices.text import NoticeText
from tests.notices.test_subscriptions import subscribed
from tests.notices.world import TEXT, World, corrected, published, world
from tests.personas import Browse
from tests.rendering.papers import words_of_docx, words_of_pdf
from tests.web.forms import post

WHEN = datetime(2024, 8, 30, 1, 0, tzinfo=UTC)
SLUG = "/notices/2024/citys-foreign-affairs-offices-meet"
SECRET = NoticeText.of(
    TEXT,
    body_zh="<p>8月22日（周四），全市外办主任会议召开。</p><p>张<strong>隐名</strong>发言，张隐名介绍情况。</p>",
    body_en="<p>The offices met on Thursday 22 August. Zhang Yinming spoke.</p>",
    author_zh="张隐名",
)
TABLES = (
    "notice",
    "notice_version",
    "notice_revision",
    "review_event",
    "finding_reason",
    "notice_review",
    "notice_file",
    "letter",
    "letter_batch",
)


@pytest.fixture
def here(app: Flask) -> World:
    return world()


@pytest.fixture
def notice(here: World) -> Notice:
    subscribed("reader@example.org")
    with played_at(WHEN):
        notice = published(here, SECRET)
    with played_at(WHEN + timedelta(days=1)):
        return corrected(here, notice, NoticeText.of(SECRET, correction_zh="张隐名的职务有误。"))


def everything() -> str:
    """All that the database holds of the room, and of what waits to be sent."""
    db.session.rollback()
    return "".join(str(tuple(row)) for name in TABLES for row in db.session.execute(text(f'SELECT * FROM "{name}"')))


def test_the_words_are_gone_everywhere(here: World, notice: Notice, client: FlaskClient) -> None:
    prepare_files()
    assert "隐名" in everything()
    assert places_of(notice, "张隐名") == {1: 3, 2: 4}
    with played_at(WHEN + timedelta(days=2)), write():
        redact(notice, "张隐名", "个人信息保护法要求。", "Required by law.", 7, by=here["editor"])
    assert "隐名" not in everything().encode().decode("unicode_escape", "ignore")
    assert "隐名" not in everything()
    assert db.session.scalars(select(NoticeFile.id)).all() == []
    for path in (SLUG, f"{SLUG}/versions/1", f"{SLUG}/versions/2", "/notices/feed.atom", "/notices/"):
        assert "隐名" not in client.get(f"{path}?lang=zh").text, path
    assert "张隐名" not in words_of_pdf(client.get(f"{SLUG}.pdf").data)
    assert "张隐名" not in words_of_docx(client.get(f"{SLUG}.docx").data)
    assert "<h3>" not in client.get("/search?q=隐名&lang=zh").text
    page = client.get(f"{SLUG}?lang=zh").text
    assert "〔依法隐去〕发言，〔依法隐去〕介绍情况。" in page.replace("<strong>", "").replace("</strong>", "")
    assert "2024年9月1日" in page and "个人信息保护法要求。" in page
    assert "Required by law." in client.get(f"{SLUG}/versions/1?lang=en").text
    assert "Zhang Yinming spoke" in client.get(f"{SLUG}?lang=en").text
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "notice.redact")).one()
    assert (entry.after["places"], entry.after["reason_en"]) == (7, "Required by law.")
    assert "隐名" not in f"{entry.before}{entry.after}"


def test_readers_see_it_at_once(here: World, notice: Notice, client: FlaskClient) -> None:
    before = client.get(f"{SLUG}?lang=zh")
    with write():
        redact(notice, "张隐名", "法", "", by=here["editor"])
    again = client.get(f"{SLUG}?lang=zh", headers={"If-None-Match": before.headers["ETag"]})
    assert again.status_code == 200
    assert "隐名" not in again.text


@pytest.mark.parametrize(
    ("words", "reason", "seen"),
    [("张隐名", "", None), ("张", "法", None), ("不在文中", "法", None), ("张隐名", "法", 3), ("", "法", None)],
)
def test_what_is_refused_changes_nothing(
    here: World, notice: Notice, words: str, reason: str, seen: int | None
) -> None:
    before = everything()
    with pytest.raises(DomainError), write():
        redact(notice, words, reason, "", seen, by=here["editor"])
    assert everything() == before


def test_on_the_page_the_places_come_first(here: World, notice: Notice, browse: Browse) -> None:
    url = f"/workspace/meetings/{here.meeting.id}/notice/redact"
    editor = browse(here["editor"])
    editor.get(f"{url}?lang=en")
    fields = {"words": "张隐名", "reason_zh": "法律要求", "reason_en": ""}
    looked = post(editor, url, fields)
    assert "The words stand in 7 places." in looked.text
    assert "隐名" in everything()
    assert post(editor, url, {**fields, "places": "3"}).status_code == 422
    assert post(editor, url, {**fields, "places": "7"}).status_code == 302
    assert "隐名" not in everything()
    assert browse(here["approver"]).get(url).status_code == 404


def test_a_withdrawn_notice_can_be_redacted_too(here: World, notice: Notice, client: FlaskClient) -> None:
    with write():
        verbs.withdraw(notice, "张隐名要求撤回。", "", by=here["editor"])
    with write():
        redact(notice, "张隐名", "法", "", by=here["editor"])
    assert "隐名" not in client.get(f"{SLUG}?lang=zh").text
