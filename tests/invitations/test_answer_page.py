"""The page behind a personal link."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from eventsys.agenda.models import AgendaItem, AgendaKind
from eventsys.core.audit import AuditEntry
from eventsys.core.clock import now
from eventsys.core.outbox import Letter
from eventsys.core.tokens import LinkSigner, new_link_id
from eventsys.core.transaction import write
from eventsys.directory.models import OrganizationKind
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Leave, Place, PlaceRole, Reply, ReplyEvent
from eventsys.meetings.models import Meeting, MeetingState
from tests import factories as make
from tests.invitations.link import hidden, link, post

pytestmark = pytest.mark.usefixtures("chinese")


@pytest.fixture
def invited(app: Flask) -> Attendee:
    """A deputy district head, invited to a meeting with an agenda; replies close in five days."""
    office = make.organization("沈阳市外事办公室", name_en="Foreign Affairs Office", kind=OrganizationKind.OFFICE)
    district = make.organization("大东区", name_en="Dadong District")
    deputy = make.post(district, "副区长（分管外事）", "Deputy district head")
    meeting = make.meeting(office, contact_name="张科长", contact_phone="024-2222 1111")
    with write() as session:
        item = {"kind": AgendaKind.STUDY, "title_zh": "传达学习全会精神", "title_en": "Study of the decisions"}
        session.add(AgendaItem(meeting_id=meeting.id, position=1, minutes=40, **item))
    return make.attendee(meeting, make.person("李明", post=deputy), post=deputy)


def text_of(body: str) -> str:
    """A page's words on one line."""
    main = body[body.index("<main") :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).strip()


def change(model: type, row_id: int, **values: object) -> None:
    with write() as session:
        session.execute(update(model).where(model.id == row_id).values(**values))  # type: ignore[attr-defined]


def reply_of(attendee_id: int) -> tuple[Reply, Leave, str, bool]:
    db.session.rollback()
    columns = (Attendee.reply, Attendee.leave, Attendee.comment, Attendee.is_current)
    return tuple(db.session.execute(select(*columns).where(Attendee.id == attendee_id)).one())  # type: ignore[return-value]


def counted() -> list[int]:
    db.session.rollback()
    tables = (Attendee, ReplyEvent, AuditEntry, Letter, Place)
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_shows_meeting_agenda_place_and_three_answers(app: Flask, client: FlaskClient, invited: Attendee) -> None:
    answer = client.get(link(app, invited) + "?lang=zh")
    body = answer.get_data(as_text=True)
    words = text_of(body)
    assert answer.status_code == 200
    assert re.findall(r'class="answer[^"]*"[^>]*>.*?<b>(.*?)</b>', body) == ["参加", "由他人代会", "请假"]
    assert "传达学习全会精神" in words and "301会议室" in words and "致： 大东区副区长（分管外事） 李明" in words
    assert answer.headers.getlist("Set-Cookie") == []
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_accepts_and_is_told_so(app: Flask, client: FlaskClient, invited: Attendee) -> None:
    url, attendee_id = link(app, invited), invited.id
    answer = post(client, url, "accepted")
    assert (answer.status_code, answer.headers["Location"]) == (303, url)
    assert answer.headers.getlist("Set-Cookie") == []
    assert reply_of(attendee_id) == (Reply.ACCEPTED, Leave.NONE, "", True)
    assert "您的答复 参加" in text_of(client.get(url + "?lang=zh").get_data(as_text=True))
    event = db.session.execute(select(ReplyEvent.act, ReplyEvent.channel, ReplyEvent.by, ReplyEvent.sequence)).one()
    assert tuple(event) == ("accepted", "link", "副区长（分管外事） 李明", 0)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.channel, entry.before, entry.after) == (
        "reply.accepted",
        "link",
        {"reply": "pending"},
        {"reply": "accepted"},
    )


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("declined", (Reply.DECLINED, Leave.NONE, "出访", True)),
        ("leave", (Reply.DECLINED, Leave.REQUESTED, "出访", True)),
        ("tentative", (Reply.TENTATIVE, Leave.NONE, "出访", True)),
    ],
)
def test_answers_with_a_reason(
    app: Flask, client: FlaskClient, invited: Attendee, wanted: str, expected: tuple[object, ...]
) -> None:
    attendee_id, url = invited.id, link(app, invited)
    assert post(client, url, wanted, comment="出访").status_code == 303
    assert reply_of(attendee_id) == expected


@pytest.mark.parametrize(("wanted", "message"), [("leave", "请写明请假事由。"), ("declined", "请写明不能参加的原因。")])
def test_a_missing_reason_is_asked_for(
    app: Flask, client: FlaskClient, invited: Attendee, wanted: str, message: str
) -> None:
    attendee_id, url = invited.id, link(app, invited)
    answer = post(client, url + "", wanted, comment=" ")
    body = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert body.count(message) == 2
    assert reply_of(attendee_id)[0] is Reply.PENDING


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_opening_changes_nothing(app: Flask, client: FlaskClient, invited: Attendee, method: str) -> None:
    url, before = link(app, invited), counted()
    for query in ("", "?do=leave", "?do=accepted", "?do=substitute", "?do=change", "?do=declined&lang=en", ".ics"):
        getattr(client, method)(url + query)
    assert counted() == before


def test_posting_without_the_pages_mark_changes_nothing(app: Flask, client: FlaskClient, invited: Attendee) -> None:
    attendee_id, url, other = invited.id, link(app, invited), new_link_id()
    foreign = LinkSigner(app.extensions["eventsys.settings"].secret_keys, "reply-form").token(other)
    for mark in ("", "x", foreign, url.removeprefix("/r/")):
        answer = client.post(url, data={"answer": "leave", "comment": "出访", "mark": mark})
        assert answer.status_code == 422
        assert "出访" in answer.get_data(as_text=True)
    assert reply_of(attendee_id)[0] is Reply.PENDING


def test_unknown_revoked_and_expired_links_are_one_page(app: Flask, client: FlaskClient, invited: Attendee) -> None:
    url, link_id, meeting_id = link(app, invited), invited.id, invited.meeting_id
    signer = LinkSigner(app.extensions["eventsys.settings"].secret_keys, "reply")
    pages = {}
    pages["nonsense"] = client.get("/r/nonsense?lang=en")
    pages["unknown"] = client.get(f"/r/{signer.token(new_link_id())}?lang=en")
    pages["altered"] = client.get(f"{url[:-1]}{'a' if url[-1] != 'a' else 'b'}?lang=en")
    change(Attendee, link_id, link_revoked_at=now())
    pages["revoked"] = client.get(url + "?lang=en")
    pages["revoked post"] = client.post(url + "?lang=en", data={"answer": "accepted"})
    change(Attendee, link_id, link_revoked_at=None)
    past = now() - timedelta(days=7, seconds=1)
    change(Meeting, meeting_id, starts_at=past - timedelta(hours=1), ends_at=past)
    pages["expired"] = client.get(url + "?lang=en")
    bodies = {re.sub(r"/r/[^?\"]*", "/r/…", page.get_data(as_text=True)) for page in pages.values()}
    assert ({page.status_code for page in pages.values()}, len(bodies)) == ({404}, 1)


def test_after_the_deadline_the_page_says_whom_to_call(app: Flask, client: FlaskClient, invited: Attendee) -> None:
    url = link(app, invited)
    change(Meeting, invited.meeting_id, reply_by=now() - timedelta(minutes=1))
    body = client.get(url + "?lang=zh").get_data(as_text=True)
    assert "请致电张科长：024-2222 1111。" in body
    assert '<form method="post"' not in body


def test_the_deadline_passing_while_the_form_is_open_loses_nothing(
    app: Flask, client: FlaskClient, invited: Attendee
) -> None:
    attendee_id, url = invited.id, link(app, invited)
    typed = hidden(client.get(url + "?do=leave").get_data(as_text=True))
    change(Meeting, invited.meeting_id, reply_by=now() - timedelta(seconds=1))
    answer = client.post(url + "?lang=zh", data={**typed, "answer": "leave", "comment": "率团出访，下周返回"})
    body = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "率团出访，下周返回</textarea>" in body
    assert "请致电张科长：024-2222 1111。" in body
    assert reply_of(attendee_id)[0] is Reply.PENDING


def test_an_answer_to_facts_that_changed_meanwhile_is_asked_again(
    app: Flask, client: FlaskClient, invited: Attendee
) -> None:
    attendee_id, url = invited.id, link(app, invited)
    typed = hidden(client.get(url).get_data(as_text=True))
    change(Meeting, invited.meeting_id, sequence=1)
    answer = client.post(url + "?lang=zh", data={**typed, "answer": "accepted"})
    assert answer.status_code == 422
    assert "会议已有变更" in answer.get_data(as_text=True)
    assert reply_of(attendee_id)[0] is Reply.PENDING


def test_a_change_after_the_answer_is_said(app: Flask, client: FlaskClient, invited: Attendee) -> None:
    attendee_id, meeting_id, url = invited.id, invited.meeting_id, link(app, invited)
    post(client, url, "accepted")
    change(Meeting, meeting_id, sequence=1)
    assert "Your answer of" in client.get(url + "?lang=en").get_data(as_text=True)
    change(Attendee, attendee_id, reply=Reply.PENDING, told_sequence=1)
    assert "You had answered “Accepted” on" in client.get(url + "?lang=en").get_data(as_text=True)


def test_a_cancelled_meeting_keeps_its_agenda_and_says_why(app: Flask, client: FlaskClient, invited: Attendee) -> None:
    url = link(app, invited)
    values = {"state": MeetingState.CANCELLED, "reason_zh": "台风", "reason_en": "Typhoon"}
    change(Meeting, invited.meeting_id, **values)
    body = client.get(url + "?lang=zh").get_data(as_text=True)
    assert "会议已取消。" in body and "台风" in body and "传达学习全会精神" in body
    assert '<form method="post"' not in body
    assert post(client, url, "accepted").status_code == 422
    assert "STATUS:CANCELLED" in client.get(url + ".ics").get_data(as_text=True)


def test_a_withdrawn_place_says_so_and_takes_no_answer(app: Flask, client: FlaskClient, invited: Attendee) -> None:
    attendee_id, url = invited.id, link(app, invited)
    change(Place, invited.place_id, withdrawn_at=now())
    body = client.get(url + "?lang=zh").get_data(as_text=True)
    assert "不再请您参加" in body and "传达学习全会精神" not in body
    assert post(client, url, "accepted").status_code == 422
    assert client.get(url + ".ics").status_code == 404
    assert reply_of(attendee_id)[0] is Reply.PENDING


def test_the_calendar_file_is_the_meeting(app: Flask, client: FlaskClient, invited: Attendee) -> None:
    answer = client.get(link(app, invited) + ".ics?lang=zh")
    lines = answer.get_data(as_text=True).splitlines()
    assert answer.headers["Content-Type"].startswith("text/calendar; charset=utf-8")
    assert answer.headers["Cache-Control"] == "no-store"
    assert [line for line in lines if line.startswith(("METHOD", "SUMMARY", "SEQUENCE", "ATTENDEE"))] == [
        "METHOD:PUBLISH",
        "SEQUENCE:0",
        "SUMMARY:全市外办主任会议",
    ]


def test_somebody_free_to_come_needs_no_leave_and_no_reason(app: Flask, client: FlaskClient, invited: Attendee) -> None:
    attendee_id, url = invited.id, link(app, invited)
    change(Place, invited.place_id, role=PlaceRole.OPTIONAL)
    body = client.get(url + "?lang=zh").get_data(as_text=True)
    assert re.findall(r'class="answer[^"]*"[^>]*>.*?<b>(.*?)</b>', body) == ["参加", "由他人代会", "不能参加"]
    assert post(client, url, "declined", comment="").status_code == 303
    assert reply_of(attendee_id) == (Reply.DECLINED, Leave.NONE, "", True)


def test_markup_and_strange_text_is_shown_as_text_or_refused(
    app: Flask, client: FlaskClient, invited: Attendee
) -> None:
    attendee_id, url = invited.id, link(app, invited)
    assert post(client, url, "leave", comment="<b>x</b>").status_code == 303
    assert "&lt;b&gt;x&lt;/b&gt;" in client.get(url).get_data(as_text=True)
    for strange in ("a\u202eb", "a\x00b", "长" * 1001):
        answer = post(client, url, "leave", comment=strange)
        assert answer.status_code == 422
    assert reply_of(attendee_id)[2] == "<b>x</b>"


def test_an_unknown_answer_is_refused(app: Flask, client: FlaskClient, invited: Attendee) -> None:
    url = link(app, invited)
    assert client.post(url, data={"answer": "delegated"}).status_code == 400
    assert client.get(url + "?do=nonsense").status_code == 200


def test_the_language_chosen_by_address_stays_with_the_answer(
    app: Flask, client: FlaskClient, invited: Attendee
) -> None:
    url = link(app, invited)
    page = client.get(url + "?lang=en").get_data(as_text=True)
    assert f'action="{url}?lang=en"' in page
    answer = client.post(url + "?lang=en", data={**hidden(page), "answer": "accepted"})
    assert answer.headers["Location"] == url + "?lang=en"


def test_a_long_post_and_a_long_name_answer_too(app: Flask, client: FlaskClient, invited: Attendee) -> None:
    url, attendee_id = link(app, invited), invited.id
    change(Attendee, attendee_id, title_zh="职" * 300, name_zh="名" * 120)
    assert post(client, url, "accepted").status_code == 303
    assert reply_of(attendee_id) == (Reply.ACCEPTED, Leave.NONE, "", True)
    assert db.session.scalar(select(ReplyEvent.by)) == "职" * 300
