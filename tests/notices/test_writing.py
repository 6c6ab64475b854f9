"""While a text is written: saved by itself without overwriting, its history, its pictures."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from eventsys.core.clock import now
from eventsys.core.errors import DomainError, Stale
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.notices import operations as verbs
from eventsys.notices.models import NoticePicture, NoticeRevision, NoticeVersion, ReviewEvent, RevisionKind
from eventsys.notices.operations import pictures
from eventsys.notices.queries.history import history, revision_before
from eventsys.notices.text import NoticeText
from eventsys.notices.views.differences import differences
from tests.notices.world import ANYWAY, TEXT, World, published, started, submitted, world
from tests.personas import Browse
from tests.web.forms import token_of


@pytest.fixture
def here(app: Flask) -> World:
    return world()


@pytest.fixture
def base(here: World) -> str:
    return f"/workspace/meetings/{here.meeting.id}/notice"


@pytest.fixture
def editor(here: World, browse: Browse) -> FlaskClient:
    client = browse(here["editor"])
    client.set_cookie("lang", "en")
    return client


def version() -> NoticeVersion:
    db.session.rollback()
    return db.session.scalars(select(NoticeVersion).order_by(NoticeVersion.id.desc()).limit(1)).one()


def kept() -> list[tuple[int, RevisionKind, str]]:
    db.session.rollback()
    rows = db.session.scalars(select(NoticeRevision).order_by(NoticeRevision.version_id, NoticeRevision.number))
    return [(row.number, row.kind, row.text["title_zh"]) for row in rows]


def autosaved(client: FlaskClient, base: str, seen: int, **typed: str):  # type: ignore[no-untyped-def]
    token = token_of(client.get(f"{base}/edit"))
    data = {**TEXT.columns(), "csrf_token": token, "version": str(seen), **typed}
    return client.post(f"{base}/autosave", data=data, headers={"Accept": "application/json"})


def save(version: NoticeVersion, title: str, here: World, name: str, kind: RevisionKind) -> None:
    with write():
        verbs.save_version(version, NoticeText.of(TEXT, title_zh=title), by=here[name], kind=kind)


def test_what_one_person_saves_in_one_sitting_is_one_line_of_the_history(here: World) -> None:
    row = started(here)
    at = now()
    with time_machine.travel(at, tick=False):
        save(row, "甲", here, "editor", RevisionKind.AUTOSAVED)
    with time_machine.travel(at + timedelta(minutes=9), tick=False):
        save(row, "乙", here, "editor", RevisionKind.AUTOSAVED)
    with time_machine.travel(at + timedelta(minutes=11), tick=False):
        save(row, "丙", here, "editor", RevisionKind.AUTOSAVED)
        save(row, "丁", here, "other_editor", RevisionKind.AUTOSAVED)
        save(row, "戊", here, "other_editor", RevisionKind.SAVED)
        save(row, "戊", here, "other_editor", RevisionKind.SAVED)
    assert kept() == [
        (1, RevisionKind.RECORD, "全市外办主任会议召开"),
        (2, RevisionKind.AUTOSAVED, "乙"),
        (3, RevisionKind.AUTOSAVED, "丙"),
        (4, RevisionKind.AUTOSAVED, "丁"),
        (5, RevisionKind.SAVED, "戊"),
    ]
    saves = [row.act for row in db.session.scalars(select(ReviewEvent))].count("save")
    assert saves == 5, "of the autosaves those that began a line, and each one by hand"


def test_saving_by_itself(here: World, editor: FlaskClient, base: str) -> None:
    row = started(here)
    answer = autosaved(editor, base, row.version, title_zh="写到一半")
    assert (answer.status_code, answer.json["version"]) == (200, version().version)
    assert version().title_zh == "写到一半"
    same = autosaved(editor, base, answer.json["version"], title_zh="写到一半")
    assert (same.status_code, same.json["version"]) == (200, answer.json["version"]), "nothing changed, nothing saved"


def test_the_second_of_two_writers_gets_both_texts_and_overwrites_nothing(
    here: World, editor: FlaskClient, base: str
) -> None:
    row = started(here)
    seen = row.version
    save(row, "别人的标题", here, "other_editor", RevisionKind.AUTOSAVED)
    answer = autosaved(editor, base, seen, title_zh="<b>我的</b>标题")
    assert answer.status_code == 409
    assert "别人的标题" in answer.json["html"]
    assert "&lt;b&gt;我的&lt;/b&gt;标题" in answer.json["html"]
    assert version().title_zh == "别人的标题"


def test_a_text_in_review_is_not_saved_by_itself(here: World, editor: FlaskClient, base: str) -> None:
    row = started(here)
    token = token_of(editor.get(f"{base}/edit"))
    with write():
        verbs.submit(row, reasons=ANYWAY, by=here["editor"])
    data = {**TEXT.columns(), "csrf_token": token, "version": str(version().version), "title_zh": "改"}
    answer = editor.post(f"{base}/autosave", data=data)
    assert (answer.status_code, version().title_zh) == (409, TEXT.title_zh)


def test_what_a_field_refuses_is_said(here: World, editor: FlaskClient, base: str) -> None:
    row = started(here)
    answer = autosaved(editor, base, row.version, title_zh="长" * 301)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["title_zh"])


def test_the_check_beside_the_text_follows_what_was_saved(here: World, editor: FlaskClient, base: str) -> None:
    row = started(here)
    assert "The check finds nothing." in editor.get(f"{base}/check").text
    autosaved(editor, base, row.version, body_zh="<p>8月22日，会议“召开，听取了各区的工作汇报。</p>")
    page = editor.get(f"{base}/check").text
    assert "has no partner in" in page
    assert f'href="{base}/edit#body_zh=' in page


def test_going_back_keeps_what_stood_there(here: World) -> None:
    row = started(here)
    first = db.session.scalars(select(NoticeRevision)).one()
    save(row, "后来的", here, "editor", RevisionKind.SAVED)
    with write():
        verbs.restore(row, first, row.version, by=here["other_editor"])
    assert [line[2] for line in kept()] == ["全市外办主任会议召开", "后来的", "全市外办主任会议召开"]
    assert version().title_zh == "全市外办主任会议召开"
    with pytest.raises(Stale), write():
        verbs.restore(row, first, 1, by=here["editor"])


def test_a_text_of_another_version_or_under_review_is_not_gone_back_to(here: World) -> None:
    notice = published(here)
    first = db.session.scalars(select(NoticeRevision)).one()
    with write():
        correction = verbs.start_correction(notice, "更正", "", by=here["editor"])
    with pytest.raises(DomainError), write():
        verbs.restore(correction, first, by=here["editor"])
    other = world()
    row = submitted(other)
    text = db.session.scalars(select(NoticeRevision).where(NoticeRevision.version_id == row.id)).one()
    with pytest.raises(DomainError), write():
        verbs.restore(row, text, by=other["editor"])


def test_the_pages_of_the_history(here: World, editor: FlaskClient, browse: Browse, base: str) -> None:
    row = started(here)
    save(row, "全市外办主任会议在沈阳召开", here, "editor", RevisionKind.SAVED)
    lines = history(row.notice_id)
    assert [line.number for line in lines] == [2, 1]
    page = editor.get(f"{base}/history/{lines[0].id}").text
    assert "全市外办主任会议<ins>在沈阳</ins>召开" in page
    assert editor.get(f"{base}/history").text.count(f"{base}/history/") == 2
    elsewhere = started(world())
    foreign = history(elsewhere.notice_id)[0].id
    assert editor.get(f"{base}/history/{foreign}").status_code == 404
    assert browse(here["stranger_editor"]).get(f"{base}/history/{lines[0].id}").status_code == 404
    token = token_of(editor.get(f"{base}/history/{lines[1].id}"))
    data = {"csrf_token": token, "version": str(row.version), "key": "all"}
    assert editor.post(f"{base}/history/{lines[1].id}/restore", data=data).status_code == 302
    assert version().title_zh == TEXT.title_zh
    former = revision_before(db.session.get_one(NoticeRevision, lines[0].id))
    assert former is not None
    assert former.number == 1


def test_differences_are_told_by_word_and_form_apart() -> None:
    before = {"title_en": "The office met", "body_zh": "<p>会议<strong>召开</strong></p>"}
    after = {"title_en": "The offices met", "body_zh": "<p>会议召开</p>"}
    found = differences(before, after)
    assert [(each.lang, [change.pieces for change in each.changes]) for each in found] == [
        (
            "en",
            [(("kept", "The "), ("left_out", "office"), ("put_in", "offices"), ("kept", " met"))],
        ),
        ("zh-Hans", []),
    ]


def a_picture(kind: str = "JPEG") -> io.BytesIO:
    kept = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(kept, kind)
    kept.seek(0)
    return kept


def put(client: FlaskClient, base: str, file: tuple[io.BytesIO, str], accept: str = "application/json"):  # type: ignore[no-untyped-def]
    token = token_of(client.get(f"{base}/pictures"))
    headers = {"Accept": accept, "X-CSRFToken": token}
    return client.post(f"{base}/pictures", data={"file": file}, headers=headers, content_type="multipart/form-data")


def test_a_picture_is_kept_under_a_name_of_its_own_and_shown_to_staff(
    here: World, editor: FlaskClient, browse: Browse, base: str
) -> None:
    started(here)
    answer = put(editor, base, (a_picture(), "../../会场 <x>.jpg"))
    src = answer.json["src"]
    assert (answer.status_code, answer.json["width"], answer.json["height"]) == (201, 60, 40)
    shown = editor.get(src)
    headers = {name: shown.headers[name] for name in ("Content-Type", "X-Content-Type-Options", "Cache-Control")}
    assert headers == {
        "Content-Type": "image/jpeg",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert shown.data[:3] == b"\xff\xd8\xff"
    statuses = {name: browse(here[name]).get(src).status_code for name in ("approver", "member", "stranger_editor")}
    assert statuses == {"approver": 200, "member": 404, "stranger_editor": 404}
    assert browse(None).get(src).status_code == 404
    assert editor.get(src.replace(".jpg", ".png")).status_code == 404


def test_a_picture_is_everybodys_once_a_published_text_shows_it(
    here: World, editor: FlaskClient, browse: Browse, base: str
) -> None:
    row = started(here)
    shown, unused = (put(editor, base, (a_picture(), "a.jpg")).json["src"] for _ in range(2))
    body = f'<p>8月22日，会议召开，听取了各区的工作汇报。</p><figure><img src="{shown}" alt="会场"></figure>'
    with write():
        verbs.save_version(row, NoticeText.of(TEXT, body_zh=body), by=here["editor"])
        verbs.submit(row, reasons=ANYWAY, by=here["editor"])
        verbs.approve(row, reasons=ANYWAY, by=here["approver"])
    assert browse(None).get(shown).status_code == 404
    with write():
        notice = verbs.publish(row, by=here["editor"])
    assert (browse(None).get(shown).status_code, browse(None).get(unused).status_code) == (200, 404)
    assert f'src="{shown}"' in browse(None).get(f"/notices/{notice.year}/{notice.slug}?lang=zh").text
    with write():
        verbs.withdraw(notice, "有误", "", by=here["editor"])
    assert browse(None).get(shown).status_code == 404


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"<svg onload=alert(1)>", "a.svg"), (b"<script>", "a.jpg"), (b"", ""), (b"\xff\xd8\xff" * 9, "a.jpg")],
)
def test_what_is_no_picture_is_refused_with_a_word(
    here: World, editor: FlaskClient, base: str, content: bytes, name: str
) -> None:
    started(here)
    answer = put(editor, base, (io.BytesIO(content), name))
    assert (answer.status_code, bool(answer.json["message"])) == (422, True)
    page = put(editor, base, (io.BytesIO(content), name), "text/html")
    assert (page.status_code, "govuk-error-summary" in page.text) == (422, True)
    assert db.session.scalars(select(NoticePicture)).all() == []


def test_a_picture_may_be_larger_than_a_form_and_no_larger_than_a_picture(
    here: World, editor: FlaskClient, base: str
) -> None:
    started(here)
    padded = a_picture().getvalue() + b"\0" * (5 * 1024 * 1024)
    assert put(editor, base, (io.BytesIO(padded), "a.jpg")).status_code == 201
    assert put(editor, base, (io.BytesIO(padded * 3), "a.jpg")).status_code == 413
    data = {"csrf_token": token_of(editor.get(f"{base}/edit")), "body_zh": "x" * (3 * 1024 * 1024)}
    assert editor.post(f"{base}/edit", data=data).status_code == 413


def test_the_room_for_pictures_ends(
    here: World, monkeypatch: pytest.MonkeyPatch, editor: FlaskClient, base: str
) -> None:
    started(here)
    monkeypatch.setattr(pictures, "MOST", 1)
    answers = [put(editor, base, (a_picture(), "a.jpg")).status_code for _ in range(2)]
    assert answers == [201, 422]


def test_the_room_for_the_pictures_octets_ends(
    here: World, monkeypatch: pytest.MonkeyPatch, editor: FlaskClient, base: str
) -> None:
    """Counted as they are kept, and of this notice alone: the last one fits to the octet."""
    started(here)
    assert put(editor, base, (a_picture(), "a.jpg")).status_code == 201
    size = db.session.scalars(select(NoticePicture.size)).one()
    db.session.rollback()
    monkeypatch.setattr(pictures, "MOST_BYTES", 2 * size)
    assert put(editor, base, (a_picture(), "b.jpg")).status_code == 201
    refused = put(editor, base, (a_picture(), "c.jpg"))
    assert (refused.status_code, "MB" in refused.json["message"]) == (422, True)
    assert db.session.scalars(select(NoticePicture.size)).all() == [size, size]
