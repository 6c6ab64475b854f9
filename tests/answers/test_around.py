"""Around the sheet: what is typed and kept, a meeting's questions, papers, the slip, requests after the deadline."""

from __future__ import annotations

import io
import re
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from eventsys.agenda.copies import copy_meeting
from eventsys.answers.common import COMMON
from eventsys.answers.models import AnswerDocument, AnswerSheet, ChangeRequest, Question, QuestionAnswer
from eventsys.answers.operations.questions import Wording, add_question, change_question, withdraw_question
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Reply, ReplyEvent
from eventsys.invitations.operations.answer import answer
from eventsys.meetings.models import Meeting
from tests import factories as make
from tests.answers.conftest import Scene, state
from tests.answers.pages import fields
from tests.answers.test_sheet import fill, place, text_of
from tests.bench.in_process import counted
from tests.invitations.asking import letters, words
from tests.personas import Browse
from tests.web.forms import post

pytestmark = pytest.mark.usefixtures("chinese")
PDF = b"%PDF-1.4\n%%EOF\n"


def sheet() -> AnswerSheet:
    db.session.rollback()
    return db.session.scalars(select(AnswerSheet)).one()


def meeting_of(scene: Scene) -> Meeting:
    db.session.rollback()
    return db.session.get_one(Meeting, scene.meeting_id)


def close(scene: Scene) -> None:
    with write() as session:
        session.execute(update(Meeting).values(reply_by=now() - timedelta(seconds=1)))


def ask(scene: Scene, wording: Wording) -> int:
    with write() as session:
        return add_question(session.get_one(Meeting, scene.meeting_id), wording, by=scene.organizer)


def test_what_is_typed_is_kept_and_tells_nobody(browse: Browse, scene: Scene) -> None:
    client = browse(None)
    data = fill(client, scene.link, place(scene.deputy_place, choice="leave", reason="率团出访"))
    line = client.post(f"{scene.link}/draft?lang=zh", data=data).get_data(as_text=True)
    assert "大东区 王芳已于" in line and 'name="draft" value="1"' in line
    assert (state(scene.deputy)[0], letters(), db.session.scalars(select(ReplyEvent)).all()) == (Reply.PENDING, [], [])
    successor = text_of(browse(scene.liaison), scene.url)
    assert "率团出访" in successor and "大东区 王芳已于" in successor


def test_a_later_draft_is_not_overwritten_unseen(browse: Browse, scene: Scene) -> None:
    one, two = browse(None), browse(scene.liaison)
    late = fill(two, scene.url, place(scene.deputy_place, choice="declined", reason="乙的话"))
    one.post(
        f"{scene.link}/draft", data=fill(one, scene.link, place(scene.deputy_place, choice="leave", reason="甲的话"))
    )
    refused = two.post(f"{scene.url}/draft?lang=zh", data=late).get_data(as_text=True)
    assert "您填写的内容尚未保存" in refused
    assert (sheet().draft or {})[f"p{scene.deputy_place}-reason"] == "甲的话"
    two.post(f"{scene.url}/draft", data={**late, "over": "1"})
    assert (sheet().draft or {})[f"p{scene.deputy_place}-reason"] == "乙的话"


def test_save_and_discard_without_scripts(browse: Browse, scene: Scene) -> None:
    client = browse(scene.liaison)
    data = fill(client, scene.url, place(scene.deputy_place, choice="leave", reason="率团出访"))
    assert client.post(scene.url, data={**data, "do": "save"}).status_code == 303
    assert fields(client.get(scene.url))[f"p{scene.deputy_place}-reason"] == "率团出访"
    assert client.post(scene.url, data={**fields(client.get(scene.url)), "do": "discard"}).status_code == 303
    assert sheet().draft is None


def test_a_draft_beside_a_place_that_changed_says_so(browse: Browse, scene: Scene) -> None:
    client = browse(scene.liaison)
    client.post(f"{scene.url}/draft", data=fill(client, scene.url, place(scene.deputy_place, choice="accepted")))
    with write() as session:
        answer(session.get_one(Attendee, scene.deputy), Reply.TENTATIVE, by=scene.liaison)
    page = client.get(f"{scene.url}?lang=zh")
    assert "填写之后，此处情况已有变化" in page.get_data(as_text=True)
    assert fields(page)[f"p{scene.deputy_place}-choice"] == "accepted"


def test_questions_are_answered_kept_and_exported(browse: Browse, scene: Scene) -> None:
    diet, plate = ask(scene, COMMON["diet"]), ask(scene, COMMON["plate"])
    client = browse(None)
    data = fill(client, scene.link, place(scene.deputy_place, choice="accepted"))
    data |= {f"p{scene.deputy_place}-q{diet}": "2", f"q{plate}": "=1+1"}
    assert client.post(scene.link, data=data).status_code == 303
    db.session.rollback()
    kept = db.session.execute(
        select(QuestionAnswer.question_id, QuestionAnswer.attendee_id, QuestionAnswer.value)
    ).all()
    assert {tuple(row) for row in kept} == {(diet, scene.deputy, "2"), (plate, None, "=1+1")}
    office = browse(scene.organizer)
    page = text_of(office, f"/workspace/meetings/{scene.meeting_id}/answers/{scene.district}?lang=zh")
    assert "用餐要求：清真" in page and "车牌号" in page
    exported = office.get(f"/workspace/meetings/{scene.meeting_id}/answers/list.csv?lang=zh").get_data(as_text=True)
    assert '"清真"' in exported and '"\'=1+1"' in exported
    assert office.get(f"/workspace/meetings/{scene.meeting_id}/answers/list.xlsx").status_code == 200
    slip = text_of(client, f"{scene.link}/slip?lang=zh")
    assert "参会回执" in slip and "用餐要求：清真" in slip and "王芳" in slip


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("diet", "9", "请从列表中选择。"),
        ("arrival", "明天", "请填写日期和时间"),
        ("lodging", "maybe", "请从列表中选择。"),
    ],
)
def test_an_answer_of_the_wrong_kind(browse: Browse, scene: Scene, key: str, value: str, message: str) -> None:
    number = ask(scene, COMMON[key])
    client = browse(scene.liaison)
    data = fill(client, scene.url, place(scene.deputy_place, choice="accepted"))
    refused = client.post(scene.url, data={**data, f"p{scene.deputy_place}-q{number}": value})
    assert (refused.status_code, message in refused.get_data(as_text=True)) == (422, True)


def test_a_required_question_is_asked_of_those_who_come(browse: Browse, scene: Scene) -> None:
    ask(scene, Wording(COMMON["lodging"].kind, True, True, "住宿", "Lodging"))
    client = browse(scene.liaison)
    refused = client.post(scene.url, data=fill(client, scene.url, place(scene.deputy_place, choice="accepted")))
    assert (refused.status_code, "请填写“住宿”。" in refused.get_data(as_text=True)) == (422, True)
    away = fill(client, scene.url, place(scene.deputy_place, choice="leave", reason="出访"))
    assert client.post(scene.url, data=away).status_code == 303


def test_an_answered_question_keeps_its_meaning(browse: Browse, scene: Scene) -> None:
    number, wording = ask(scene, COMMON["diet"]), COMMON["diet"]
    client = browse(scene.liaison)
    data = fill(client, scene.url, place(scene.deputy_place, choice="accepted"))
    client.post(scene.url, data={**data, f"p{scene.deputy_place}-q{number}": "2"})
    db.session.rollback()
    question = db.session.get_one(Question, number)
    version = question.version
    bad = Wording(COMMON["plate"].kind, True, False, "用餐", "Diet")
    fewer = Wording(wording.kind, True, False, "用餐", "Diet", choices=(("无", "None"), ("素食", "Vegetarian")))
    for each in (bad, fewer):
        with pytest.raises(DomainError), write():
            change_question(question, each, by=scene.organizer, version=version)
    reworded = Wording(wording.kind, True, True, "餐食", "Meals", choices=(("清真", "Halal"), ("无", "None")))
    with write():
        change_question(question, reworded, by=scene.organizer, version=version)
    db.session.rollback()
    assert [each["key"] for each in db.session.get_one(Question, number).choices] == ["2", "1"]


def test_questions_are_copied_with_the_meeting(scene: Scene) -> None:
    ask(scene, COMMON["diet"])
    gone = ask(scene, COMMON["plate"])
    with write() as session:
        withdraw_question(session.get_one(Question, gone), by=scene.organizer)
    source = meeting_of(scene)
    with write():
        copy = copy_meeting(source, date(2031, 3, 5), time(9), by=scene.organizer)
        copied = copy.id
    statement = select(Question.label_zh).where(Question.meeting_id == copied)
    assert db.session.scalars(statement).all() == ["用餐要求"]


def test_the_pages_of_questions(browse: Browse, scene: Scene) -> None:
    client, base = browse(scene.organizer), f"/workspace/meetings/{scene.meeting_id}/questions/"
    words_of = {"label_zh": "车次", "label_en": "Train", "kind": "line", "whom": "person"}
    assert post(client, f"{base}new", words_of).status_code == 303
    assert post(client, base, {"common": "diet"}).status_code == 303
    assert post(client, f"{base}new", {**words_of, "label_zh": "", "label_en": ""}).status_code == 422
    assert post(client, f"{base}new", {**words_of, "kind": "choice", "choices_zh": "只有一项"}).status_code == 422
    db.session.rollback()
    ids = list(db.session.scalars(select(Question.id).order_by(Question.position)))
    assert post(client, f"{base}order", {"order": ids, "up": str(ids[1])}, page=base).status_code == 303
    db.session.rollback()
    assert list(db.session.scalars(select(Question.id).order_by(Question.position))) == ids[::-1]
    edited = {**words_of, "label_zh": "航班或车次", "version": "9"}
    assert post(client, f"{base}{ids[0]}", edited).status_code == 409
    assert post(client, f"{base}{ids[0]}/withdraw", page=base).status_code == 303
    assert "已停止填报" in text_of(client, f"{base}?lang=zh")
    assert browse(scene.organizer).get(f"{base}999").status_code == 404
    assert browse(scene.liaison).get(base).status_code == 404


def test_a_paper_is_kept_and_seen_by_those_who_may(browse: Browse, scene: Scene) -> None:
    client = browse(None)
    data = fill(client, scene.link, place(scene.deputy_place, choice="leave"))
    file = (io.BytesIO(PDF), "请假条.pdf")
    refused = client.post(scene.link, data={**data, f"p{scene.deputy_place}-file": file})
    assert refused.status_code == 422
    db.session.rollback()
    paper = db.session.scalars(select(AnswerDocument)).one()
    assert (paper.name, paper.ending, paper.sent_at) == ("请假条", "pdf", None)
    office = f"/workspace/meetings/{scene.meeting_id}/answers/{scene.district}/documents/{paper.id}"
    assert browse(scene.organizer).get(office).status_code == 404
    sent = {**fields(refused), **place(scene.deputy_place, choice="leave", reason="出访"), "filler": "王芳"}
    assert client.post(scene.link, data=sent).status_code == 303
    for who, url in (
        (None, f"{scene.link}/documents/{paper.id}"),
        (scene.liaison, f"{scene.url}/documents/{paper.id}"),
        (scene.organizer, office),
    ):
        answered = browse(who).get(url)
        assert (answered.status_code, answered.data, answered.mimetype) == (200, PDF, "application/pdf")
        assert answered.headers["Content-Disposition"].startswith("attachment")
        assert answered.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert browse(scene.other).get(f"{scene.url}/documents/{paper.id}").status_code == 404
    assert browse(scene.liaison).get(office).status_code == 404


@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"\xff\xd8\xff\x00", b"MZ"])
def test_a_file_is_what_its_bytes_say(browse: Browse, scene: Scene, content: bytes) -> None:
    client = browse(scene.liaison)
    data = fill(client, scene.url, place(scene.deputy_place, choice="leave", reason="出访"))
    refused = client.post(scene.url, data={**data, f"p{scene.deputy_place}-file": (io.BytesIO(content), "a.pdf")})
    assert refused.status_code == 422
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(AnswerDocument)) == 0
    assert state(scene.deputy)[0] is Reply.PENDING


def test_after_the_deadline_a_request_reaches_the_office_and_is_answered(browse: Browse, scene: Scene) -> None:
    client = browse(None)
    early = client.get(f"{scene.link}/request")
    mark = {"mark": re.findall(r'name="mark" value="([^"]+)"', early.get_data(as_text=True))[0]}
    asked = {**mark, "words": "改由周洁参加", "asker": "王芳", "phone": "024-9"}
    assert client.post(f"{scene.link}/request", data=asked).status_code == 422
    close(scene)
    with write() as session:
        session.execute(update(Meeting).values(contact_email="office@example.org"))
    assert "申请更改回执" in text_of(client, f"{scene.link}?lang=zh")
    assert client.post(f"{scene.link}/request", data={**asked, "mark": ""}).status_code == 422
    assert [client.post(f"{scene.link}/request", data=asked).status_code for _ in range(2)] == [303, 422]
    (letter,) = letters("change_request")
    assert letter.address == "office@example.org" and "改由周洁参加" in words(letter).text
    here = f"/workspace/meetings/{scene.meeting_id}/answers/{scene.district}"
    office = browse(scene.organizer)
    assert "改由周洁参加" in text_of(office, here)
    assert "申请更改" in text_of(office, f"/workspace/meetings/{scene.meeting_id}/answers/?lang=zh")
    assert post(office, f"{here}/request", {"reply": "已代为登记"}, page=here).status_code == 303
    db.session.rollback()
    row = db.session.scalars(select(ChangeRequest)).one()
    assert (row.by, row.phone, row.closed_by, row.reply) == ("大东区 王芳", "024-9", "组织者", "已代为登记")
    (answered,) = letters("change_request_closed")
    assert answered.recipient == "联络员甲" and "已代为登记" in words(answered).text
    assert "已代为登记" in text_of(client, scene.link)


def test_the_page_costs_as_much_for_many_places(app: Flask, browse: Browse, scene: Scene) -> None:
    client, numbers = browse(None), []
    ask(scene, COMMON["diet"])
    for _ in range(2):
        client.get(scene.link)
        with counted(app) as statements:
            assert client.get(scene.link).status_code == 200
        numbers.append(len(statements))
        meeting = meeting_of(scene)
        for _each in range(5):
            make.attendee(meeting, make.person(), organization_id=scene.district)
    assert numbers[0] == numbers[1] and numbers[0] <= 12
