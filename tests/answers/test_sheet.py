"""One page on which an organization answers for all its places, by its link and in the portal."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from eventsys.answers.models import AnswerSheet
from eventsys.core.actor import Channel, Role
from eventsys.core.clock import now
from eventsys.core.transaction import write
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.invitations.models import Ask, Attendee, Leave, Place, Reply, ReplyEvent
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.operations.send import mark_of_list, send_prepared
from eventsys.invitations.operations.substitute import Named, name_substitute
from eventsys.invitations.queries.send import outgoing
from eventsys.meetings.models import Meeting, MeetingState
from tests import factories as make
from tests.answers.conftest import Scene, link_of, on_place, state
from tests.answers.pages import fields
from tests.invitations.asking import letters, words
from tests.personas import Browse

pytestmark = pytest.mark.usefixtures("chinese")
Typed = dict[str, str]


@pytest.fixture(params=["link", "portal"])
def door(request: pytest.FixtureRequest, browse: Browse, scene: Scene) -> tuple[FlaskClient, str]:
    """A liaison's browser at the page, by both ways."""
    if request.param == "link":
        return browse(None), scene.link
    return browse(scene.liaison), scene.url


@pytest.fixture
def portal(browse: Browse, scene: Scene) -> tuple[FlaskClient, str]:
    return browse(scene.liaison), scene.url


def text_of(client: FlaskClient, url: str) -> str:
    return client.get(url).get_data(as_text=True)


def shown_places(page: str) -> list[int]:
    return [int(each) for each in re.findall(r'id="p(\d+)-row"', page)]


def place(number: int, **values: str) -> Typed:
    """The fields of one place."""
    return {f"p{number}-{name}": value for name, value in values.items()}


def fill(client: FlaskClient, url: str, *parts: Typed, **more: str) -> Typed:
    """The page's fields with some filled in."""
    found = {**fields(client.get(url)), "filler": "王芳", **more}
    for part in parts:
        found |= part
    return found


def test_every_place_of_the_organization_and_no_other(door: tuple[FlaskClient, str], scene: Scene) -> None:
    assert shown_places(text_of(*door)) == [scene.deputy_place, scene.director_place, scene.unnamed]


def test_all_rows_of_one_sending(door: tuple[FlaskClient, str], scene: Scene) -> None:
    client, url = door
    data = fill(
        client,
        url,
        place(scene.deputy_place, choice="leave", reason="率团出访"),
        place(scene.director_place, choice="substitute", person=str(scene.staff), reason="下乡调研"),
        place(scene.unnamed, person="-1", name="周洁", title="科长", phone="024-7", email="zhou@example.org"),
        note="另有一名司机随行。",
    )
    done = client.post(url, data=data)
    assert (done.status_code, done.headers["Location"]) == (303, url)
    assert state(scene.deputy) == (Reply.DECLINED, Leave.REQUESTED, "率团出访")
    assert state(scene.director) == (Reply.DELEGATED, Leave.NONE, "下乡调研")
    substitute, named = on_place(scene.director_place), on_place(scene.unnamed)
    assert substitute is not None and named is not None
    assert (substitute.person_id, substitute.stands_in_for_id) == (scene.staff, scene.director)
    assert (named.name_zh, named.title_zh, named.phone, named.email) == ("周洁", "科长", "024-7", "zhou@example.org")
    assert [letter.attendee_id for letter in letters("invitation")] == [substitute.id, named.id]
    sheet = db.session.scalars(select(AnswerSheet)).one()
    assert (sheet.note, sheet.filler, sheet.sent_number, sheet.draft) == ("另有一名司机随行。", "王芳", 1, None)
    channels = set(db.session.scalars(select(ReplyEvent.channel)))
    assert channels == {Channel.PORTAL}


def test_a_second_press_changes_nothing(door: tuple[FlaskClient, str], scene: Scene) -> None:
    client, url = door
    data = fill(client, url, place(scene.deputy_place, choice="accepted"))
    assert [client.post(url, data=data).status_code for _ in range(2)] == [303, 303]
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(ReplyEvent)) == 1
    assert len(letters("answers_receipt")) == 1


def test_one_bad_row_and_nothing_is_written(door: tuple[FlaskClient, str], scene: Scene) -> None:
    client, url = door
    data = fill(
        client,
        url,
        place(scene.deputy_place, choice="accepted"),
        place(
            scene.director_place,
            choice="substitute",
            person="-1",
            name="大东外办主任",
            title="主任",
            phone="1",
            reason="会",
        ),
    )
    refused = client.post(url, data=data)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "代会人须为另外的人" in page and "大东外办主任" in page
    assert state(scene.deputy)[0] is Reply.PENDING
    assert letters() == []


@pytest.mark.parametrize(
    ("choice", "more", "message"),
    [
        ("leave", {}, "请写明请假事由。"),
        ("substitute", {"person": "-1", "name": "周洁", "title": "科长", "phone": "1"}, "请写明由他人代会的原因。"),
        ("substitute", {"reason": "出差"}, "请从列表中选择，或填写姓名。"),
        ("substitute", {"reason": "出差", "person": "-1"}, "请填写姓名。"),
        ("substitute", {"reason": "出差", "person": "-1", "name": "周洁"}, "请填写职务。"),
        ("substitute", {"reason": "出差", "person": "-1", "name": "周洁", "title": "科长"}, "请填写电话或电子邮箱"),
        ("substitute", {"reason": "出差", "person": "9999"}, "请从列表中选择。"),
        ("delegated", {}, "请从列表中选择。"),
        ("", {"reason": "只有事由"}, "请选择与此事由对应的答复。"),
    ],
)
def test_what_is_missing_is_said_at_its_place(
    portal: tuple[FlaskClient, str], scene: Scene, choice: str, more: Typed, message: str
) -> None:
    client, url = portal
    refused = client.post(url, data=fill(client, url, place(scene.deputy_place, choice=choice, **more)))
    page = refused.get_data(as_text=True)
    assert (refused.status_code, message in page) == (422, True)
    assert state(scene.deputy)[0] is Reply.PENDING


def test_by_the_link_the_sender_says_their_name(browse: Browse, scene: Scene) -> None:
    client = browse(None)
    data = fill(client, scene.link, place(scene.deputy_place, choice="accepted"), filler="")
    refused = client.post(scene.link, data=data)
    assert (refused.status_code, "请填写您的姓名" in refused.get_data(as_text=True)) == (422, True)
    assert state(scene.deputy)[0] is Reply.PENDING


def test_nothing_chosen_sends_nothing(door: tuple[FlaskClient, str]) -> None:
    client, url = door
    refused = client.post(url, data=fill(client, url))
    assert (refused.status_code, "请至少选择一项答复。" in refused.get_data(as_text=True)) == (422, True)


def test_nobody_is_named_twice(portal: tuple[FlaskClient, str], scene: Scene) -> None:
    client, url = portal
    twice = str(scene.staff)
    data = fill(
        client,
        url,
        place(scene.deputy_place, choice="substitute", person=twice, reason="会"),
        place(scene.unnamed, person=twice),
    )
    refused = client.post(url, data=data)
    assert (refused.status_code, "此人已在上面另一名额中填报" in refused.get_data(as_text=True)) == (422, True)
    assert on_place(scene.unnamed) is None


def test_a_chain_of_substitutes_ends(portal: tuple[FlaskClient, str], scene: Scene) -> None:
    client, url = portal
    for name in ("甲", "乙", "丙"):
        more = place(
            scene.deputy_place, choice="substitute", person="-1", name=name, title="科员", phone=name, reason="会"
        )
        assert client.post(url, data=fill(client, url, more)).status_code == 303
    refused = client.post(
        url,
        data=fill(
            client,
            url,
            place(
                scene.deputy_place, choice="substitute", person="-1", name="丁", title="科员", phone="4", reason="会"
            ),
        ),
    )
    assert refused.status_code == 422
    last = on_place(scene.deputy_place)
    assert last is not None and last.name_zh == "丙"


def test_whoever_was_away_comes_after_all(portal: tuple[FlaskClient, str], scene: Scene) -> None:
    client, url = portal
    with write() as session:
        name_substitute(session.get_one(Attendee, scene.deputy), Named("甲", "科员", "1"), by=scene.liaison)
    page = text_of(client, url)
    assert "副区长仍参加" in page
    assert client.post(url, data=fill(client, url, place(scene.deputy_place, choice="back"))).status_code == 303
    assert state(scene.deputy)[0] is Reply.ACCEPTED
    present = on_place(scene.deputy_place)
    assert present is not None and present.id == scene.deputy


def test_the_second_of_two_liaisons_sees_the_first(browse: Browse, scene: Scene) -> None:
    first, second = browse(None), browse(scene.liaison)
    late = fill(
        second,
        scene.url,
        place(scene.deputy_place, choice="declined", reason="改派他人"),
        place(scene.unnamed, person="-1", name="周洁", title="科长", phone="7"),
    )
    early = fill(first, scene.link, place(scene.deputy_place, choice="tentative"), filler="李雷")
    assert first.post(scene.link, data=early).status_code == 303
    refused = second.post(scene.url, data=late)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert "大东区 李雷" in page and "改派他人" in page and "周洁" in page and "待定" in page
    assert state(scene.deputy)[0] is Reply.TENTATIVE
    again = second.post(scene.url, data={**fields(refused), "filler": "王芳"})
    assert again.status_code == 303
    assert state(scene.deputy)[0] is Reply.DECLINED


def test_an_answer_by_the_own_link_meanwhile(portal: tuple[FlaskClient, str], scene: Scene) -> None:
    client, url = portal
    data = fill(client, url, place(scene.deputy_place, choice="declined", reason="改派他人"))
    with write() as session:
        answer(session.get_one(Attendee, scene.deputy), Reply.ACCEPTED, by=scene.liaison, channel=Channel.LINK)
    refused = client.post(url, data=data)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert "现为：参加" in page and "改派他人" in page
    assert state(scene.deputy)[0] is Reply.ACCEPTED


def test_somebody_else_on_the_place_meanwhile(portal: tuple[FlaskClient, str], scene: Scene) -> None:
    client, url = portal
    data = fill(client, url, place(scene.deputy_place, choice="accepted"))
    with write() as session:
        name_substitute(session.get_one(Attendee, scene.deputy), Named("甲", "科员", "1"), by=scene.liaison)
    assert client.post(url, data=data).status_code == 409
    present = on_place(scene.deputy_place)
    assert present is not None and (present.name_zh, present.reply) == ("甲", Reply.PENDING)


def test_a_place_withdrawn_meanwhile_is_said(door: tuple[FlaskClient, str], scene: Scene) -> None:
    client, url = door
    data = fill(
        client,
        url,
        place(scene.deputy_place, choice="leave", reason="率团出访"),
        place(scene.director_place, choice="accepted"),
    )
    with write() as session:
        session.execute(update(Place).where(Place.id == scene.deputy_place).values(withdrawn_at=now()))
    refused = client.post(url, data=data)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "不再要求" in page and "率团出访" in page
    assert state(scene.director)[0] is Reply.PENDING
    assert client.post(url, data={**fields(refused), "filler": "王芳"}).status_code == 303
    assert state(scene.director)[0] is Reply.ACCEPTED


def test_places_and_questions_of_others_do_not_exist(door: tuple[FlaskClient, str], scene: Scene) -> None:
    client, url = door
    for number in (scene.foreign_place, scene.unasked, 999):
        data = fill(client, url, place(number, choice="accepted", seen="0-0"))
        assert client.post(url, data=data).status_code == 404
        assert client.post(f"{url}/draft", data=data).status_code == 404
    assert client.post(url, data=fill(client, url, q99="x")).status_code == 404
    db.session.rollback()
    assert db.session.scalars(select(ReplyEvent)).all() == []


def test_strangers_and_other_liaisons_get_nothing(browse: Browse, scene: Scene, app: Flask) -> None:
    first = f"/portal/meetings/{scene.meeting_id}"
    assert browse(None).get(first).status_code == 302
    assert browse(scene.organizer).get(first).status_code == 404
    assert browse(scene.other).get(scene.url).status_code == 404
    assert shown_places(text_of(browse(scene.other), first)) == [scene.foreign_place]
    client = browse(scene.liaison)
    assert client.get("/portal/meetings/999").status_code == 404
    assert client.get(scene.url.replace(str(scene.district), "999")).status_code == 404
    assert browse(None).get(scene.link[:-1] + "x").status_code == 404
    with write() as session:
        session.execute(update(Meeting).values(state=MeetingState.DRAFT))
    assert client.get(first).status_code == 404
    assert browse(None).get(scene.link).status_code == 404


def test_a_liaison_of_several_organizations_sees_each(browse: Browse, scene: Scene) -> None:
    district = db.session.get_one(Organization, scene.district)
    foreign = db.session.get_one(Organization, scene.foreign)
    both = make.actor((Role.LIAISON, district), (Role.LIAISON, foreign))
    page = text_of(browse(both), f"/portal/meetings/{scene.meeting_id}")
    assert f'href="{scene.url}"' in page
    assert f"organizations/{scene.foreign}" in page


def test_a_revoked_link_a_closed_organization_and_an_old_meeting(browse: Browse, scene: Scene, app: Flask) -> None:
    client = browse(None)
    with write() as session:
        session.execute(update(Ask).where(Ask.organization_id == scene.district).values(link_revoked_at=now()))
    assert client.get(scene.link).status_code == 404
    assert client.post(scene.link, data={}).status_code == 404
    assert browse(scene.liaison).get(scene.url).status_code == 200
    other = link_of(app, scene.meeting_id, scene.foreign)
    assert client.get(other).status_code == 200
    with write() as session:
        session.execute(update(Organization).where(Organization.id == scene.foreign).values(closed_on=now().date()))
    assert client.get(other).status_code == 404


def test_after_the_deadline_nothing_typed_is_lost(door: tuple[FlaskClient, str], scene: Scene) -> None:
    client, url = door
    data = fill(client, url, place(scene.deputy_place, choice="leave", reason="率团出访"), note="请来电。")
    with write() as session:
        session.execute(update(Meeting).values(reply_by=now() - timedelta(seconds=1)))
    refused = client.post(url, data=data)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "率团出访" in page and "请来电。" in page and "请致电张科长：024-1。" in page
    assert state(scene.deputy)[0] is Reply.PENDING
    sheet = db.session.scalars(select(AnswerSheet)).one()
    assert sheet.draft is not None and sheet.draft[f"p{scene.deputy_place}-reason"] == "率团出访"
    assert "率团出访" in text_of(client, url)


def test_opening_changes_nothing(door: tuple[FlaskClient, str]) -> None:
    client, url = door
    assert client.get(url).status_code == 200
    db.session.rollback()
    assert db.session.scalars(select(AnswerSheet)).all() == []


def test_without_the_mark_nothing_is_written(door: tuple[FlaskClient, str], scene: Scene) -> None:
    client, url = door
    data = fill(client, url, place(scene.deputy_place, choice="accepted"))
    data = {name: value for name, value in data.items() if name not in ("mark", "csrf_token")}
    assert client.post(url, data=data).status_code in (400, 422)
    assert client.post(f"{url}/draft", data=data).status_code in (400, 422)
    db.session.rollback()
    assert db.session.scalars(select(AnswerSheet)).all() == []


def test_the_link_leaves_nothing_behind(browse: Browse, scene: Scene) -> None:
    answered = browse(None).get(scene.link)
    assert "Set-Cookie" not in answered.headers
    assert answered.headers["Referrer-Policy"] == "no-referrer"
    assert answered.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answered.headers["Cache-Control"] == "no-store"


def test_the_receipt_says_what_was_answered(door: tuple[FlaskClient, str], scene: Scene) -> None:
    client, url = door
    data = fill(client, url, place(scene.deputy_place, choice="leave", reason="率团出访"), note="司机随行")
    client.post(url, data=data)
    (letter,) = letters("answers_receipt")
    said = words(letter).text
    assert letter.recipient == "联络员甲"
    assert "副区长　大东副区长：请假待批，率团出访" in said
    assert "司机随行" in said and scene.link in said


def test_too_many_sendings_a_day(browse: Browse, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eventsys.answers.operations.sending.MOST_A_DAY", 1)
    client = browse(None)
    first = fill(client, scene.link, place(scene.deputy_place, choice="accepted"))
    assert client.post(scene.link, data=first).status_code == 303
    second = fill(client, scene.link, place(scene.director_place, choice="accepted"))
    refused = client.post(scene.link, data=second)
    assert (refused.status_code, "今日发送次数过多" in refused.get_data(as_text=True)) == (422, True)
    assert len(letters("answers_receipt")) == 1


def test_the_home_page_leads_here(browse: Browse, scene: Scene) -> None:
    page = text_of(browse(scene.liaison), "/portal/?lang=zh")
    assert "3个名额待答复" in page
    assert f'href="/portal/meetings/{scene.meeting_id}"' in page


def test_the_letter_to_liaisons_leads_to_the_page(browse: Browse, scene: Scene, app: Flask) -> None:
    meeting = db.session.get_one(Meeting, scene.meeting_id)
    with write() as session:
        session.execute(update(Place).where(Place.id == scene.unasked).values(position=3))
    shown = outgoing(meeting)
    mark = mark_of_list(meeting, [], shown.liaisons)
    with write():
        send_prepared(meeting, mark, by=scene.organizer)
    (letter,) = letters("invitation")
    said = words(letter)
    assert f"http://localhost{scene.link}?lang=zh" in said.text
    assert f"http://localhost{scene.link}?lang=zh" in said.html
    assert "/portal/" not in said.text + said.html
