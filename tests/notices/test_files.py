"""A notice to take along: made ready by the worker, made on the spot otherwise, gone with its words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventsys.core.clock import played_at
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.meetings.models import Visibility
from eventsys.notices import operations as verbs
from eventsys.notices.models import FileForm, Notice, NoticeFile
from eventsys.notices.operations.files import keep_files
from eventsys.notices.queries.files import wanting_files
from eventsys.notices.tasks import prepare_files
from eventsys.notices.text import NoticeText
from eventsys.notices.views import files
from eventsys.rendering.press import CannotPrint, Press
from tests.notices.world import TEXT, World, corrected, published, world
from tests.rendering.papers import words_of_docx, words_of_pdf

WHEN = datetime(2024, 8, 30, 1, 0, tzinfo=UTC)
SLUG = "/notices/2024/citys-foreign-affairs-offices-meet"


@pytest.fixture
def here(app: Flask) -> World:
    return world()


@pytest.fixture
def notice(here: World) -> Notice:
    with played_at(WHEN):
        return published(here)


@pytest.fixture
def no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that would start a press fails."""

    def refuse(self: Press) -> Press:
        raise AssertionError("a press was started")

    monkeypatch.setattr(Press, "__enter__", refuse)


def kept() -> list[tuple[FileForm, int, int]]:
    rows = db.session.execute(select(NoticeFile.form, NoticeFile.pages, NoticeFile.size).order_by(NoticeFile.form))
    found = [(row.form, row.pages, row.size) for row in rows]
    db.session.rollback()
    return found


def test_a_file_that_is_not_ready_is_made_on_the_spot(client: FlaskClient, notice: Notice) -> None:
    pdf, docx = client.get(f"{SLUG}.pdf"), client.get(f"{SLUG}.docx")
    assert (pdf.status_code, pdf.headers["Content-Type"]) == (200, "application/pdf")
    assert pdf.headers["Content-Disposition"] == 'attachment; filename="citys-foreign-affairs-offices-meet.pdf"'
    for words in (words_of_pdf(pdf.data), words_of_docx(docx.data)):
        for line in (
            "全市外办主任会议召开",
            "会议听取了工作汇报。",
            "City’sforeignaffairsofficesmeet",
            "Theyheardreports.",
        ):
            assert line in words
        assert ("Room301" in words, "301会议室" in words, "2024年8月22日" in words) == (True, True, True)
    assert kept() == []


def test_prepared_files_are_served_as_they_are(
    client: FlaskClient, notice: Notice, request: pytest.FixtureRequest
) -> None:
    assert "PDF, A4" in client.get(f"{SLUG}?lang=en").text
    assert (prepare_files(), prepare_files()) == (1, 0)
    made = kept()
    assert [(form, pages) for form, pages, _size in made] == [(FileForm.DOCX, 0), (FileForm.PDF, 2)]
    page = client.get(f"{SLUG}?lang=en").text
    assert f'<span class="meta">2 pages, {round(made[1][2] / 1000)} kB</span>' in page
    request.getfixturevalue("no_press")
    pdf = client.get(f"{SLUG}.pdf")
    assert (pdf.status_code, len(pdf.data)) == (200, made[1][2])
    again = client.get(f"{SLUG}.pdf", headers={"If-None-Match": pdf.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_correction_has_files_of_its_own(here: World, client: FlaskClient, notice: Notice) -> None:
    prepare_files()
    corrected(here, notice, NoticeText.of(TEXT, body_zh="<p>十三个区汇报。</p>", correction_zh="更正了数字。"))
    assert kept() == []
    words = words_of_pdf(client.get(f"{SLUG}.pdf").data)
    assert ("十三个区汇报。" in words, "更正了数字。" in words, "会议听取了工作汇报" in words) == (True, True, False)
    assert prepare_files() == 1
    assert len(kept()) == 2


def test_a_withdrawn_notice_has_no_file(here: World, client: FlaskClient, notice: Notice) -> None:
    prepare_files()
    with write():
        verbs.withdraw(notice, "有误", "", by=here["editor"])
    assert kept() == []
    answer = client.get(f"{SLUG}.pdf")
    assert (answer.status_code, answer.headers["Location"]) == (302, SLUG)
    assert prepare_files() == 0


def test_a_kept_file_never_tells_more_than_the_page(here: World, client: FlaskClient, notice: Notice) -> None:
    """The meeting is not public any more: its room is on no page, and in no file, before the worker comes by."""
    prepare_files()
    with write() as session:
        session.merge(here.meeting).visibility = Visibility.PARTICIPANTS
    words = words_of_pdf(client.get(f"{SLUG}.pdf").data)
    assert ("Room301" in words, "2024年8月22日" in words) == (False, True)
    assert prepare_files() == 1


def test_a_notice_that_changes_while_it_is_printed_keeps_nothing(here: World, notice: Notice) -> None:
    rows = wanting_files(5)
    with write():
        verbs.withdraw(notice, "有误", "", by=here["editor"])
    with write():
        assert not keep_files(rows[0], "x", [(FileForm.PDF, b"old", 1)])
    assert kept() == []


def test_a_worker_killed_while_it_renders_loses_nothing(notice: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    """The press dies in the middle of a file: nothing half is kept, and the next round makes both."""
    make, calls = Press.make, []

    def dies(self: Press, *order: object) -> object:
        calls.append(order)
        if len(calls) == 2:
            self._process.kill()
        return make(self, *order)

    monkeypatch.setattr(Press, "make", dies)
    assert prepare_files() == 0
    assert kept() == []
    assert prepare_files() == 1


def test_the_web_says_503_when_nothing_can_be_printed(
    client: FlaskClient, notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Press, *order: object) -> object:
        raise CannotPrint("no")

    monkeypatch.setattr(Press, "make", refuse)
    answer = client.get(f"{SLUG}.pdf")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    monkeypatch.setattr(files, "PATIENCE", 0.01)
    with files._turn:
        assert client.get(f"{SLUG}.pdf").status_code == 503


def test_nothing_is_to_be_had_of_a_draft(client: FlaskClient, here: World) -> None:
    assert client.get(f"{SLUG}.pdf").status_code == 404
    assert client.get("/notices/2024/nothing.docx").status_code == 404


def test_an_earlier_version_as_pdf_says_that_it_is_one(here: World, client: FlaskClient, notice: Notice) -> None:
    corrected(here, notice, NoticeText.of(TEXT, body_zh="<p>十三个区汇报。</p>", correction_zh="更正了数字。"))
    first, second = (words_of_pdf(client.get(f"{SLUG}/versions/{number}.pdf").data) for number in (1, 2))
    assert ("会议听取了工作汇报。" in first, "本文为较早版本" in first, "更正了数字。" in first) == (True, True, False)
    assert ("十三个区汇报。" in second, "本文为较早版本" in second) == (True, False)
    assert f'href="{SLUG}/versions/1.pdf"' in client.get(f"{SLUG}/versions/1").text
    assert client.get(f"{SLUG}/versions/3.pdf").status_code == 404


def test_an_earlier_version_that_is_withdrawn_is_no_file(here: World, client: FlaskClient, notice: Notice) -> None:
    with write():
        verbs.withdraw(notice, "有误", "", by=here["editor"])
    answer = client.get(f"{SLUG}/versions/1.pdf")
    assert (answer.status_code, answer.headers["Location"]) == (302, SLUG)


def test_a_correction_that_is_being_written_is_no_file(here: World, client: FlaskClient, notice: Notice) -> None:
    with write():
        verbs.start_correction(notice, "更正", "", by=here["editor"])
    assert client.get(f"{SLUG}/versions/2.pdf").status_code == 404
