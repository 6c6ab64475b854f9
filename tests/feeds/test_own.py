"""A person's own calendar: each answer as programmes show it, and nothing that is not theirs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsys.chasing.operations.remind import remind
from eventsys.core.clock import now
from eventsys.core.language import use_language
from eventsys.core.transaction import write
from eventsys.directory.models import Person
from eventsys.extensions import db
from eventsys.feeds.models import CalendarAddress
from eventsys.feeds.own import part_of
from eventsys.feeds.queries.meetings import Standing
from eventsys.invitations.models import Attendee, PlaceRole, Reply
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.operations.leave import LeaveDecision, decide_leave
from eventsys.invitations.operations.substitute import Named, name_substitute
from eventsys.meetings.models import Meeting
from eventsys.meetings.operations import conclude_meeting
from tests import factories
from tests.feeds import samples as make
from tests.feeds.samples import INVITEE, ago, events, fetched, lines, only, shown


@pytest.fixture
def li(app: Flask) -> Person:
    return make.holder("李明", language="zh")


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    with ago(hours=3):
        return make.meeting(make.office(), online_url=make.ROOM, contact_name="王某", notes_zh="请着正装")


@pytest.fixture
def asked(li: Person, meeting: Meeting) -> Attendee:
    with ago(hours=2):
        return factories.attendee(meeting, li)


@pytest.fixture
def mine(li: Person) -> CalendarAddress:
    with ago(hours=1):
        return make.address(li)


def answers(attendee: Attendee, reply: Reply, comment: str = "", *, leave: bool = False) -> None:
    with write():
        answer(attendee, reply, comment, leave, by=INVITEE)


def decides(attendee: Attendee, decision: LeaveDecision, note: str = "") -> None:
    with write():
        decide_leave(attendee, decision, note, by=make.organizer(attendee.meeting.convener))


def test_an_invitation_stands_there_with_what_participants_may_know(
    client: FlaskClient, asked: Attendee, mine: CalendarAddress
) -> None:
    found = only(fetched(client, mine))
    assert str(found["UID"]) == asked.meeting.uid
    assert shown(found) == ("【未回复】全市外办主任会议", "TENTATIVE", "OPAQUE")
    assert lines(found) == [
        "主办单位：市外事办公室",
        f"线上参会：{make.ROOM}",
        "联系人：王某",
        "备注：请着正装",
        "您尚未回复，请通过会议通知中的专用链接提交回执。",
    ]
    assert str(found["ORGANIZER"]) == "mailto:office@example.org"
    assert "ATTENDEE" not in found
    assert found.walk("VALARM") == []


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply.ACCEPTED, ("全市外办主任会议", "CONFIRMED", "OPAQUE")),
        (Reply.TENTATIVE, ("【待定】全市外办主任会议", "TENTATIVE", "OPAQUE")),
        (Reply.DECLINED, ("【不参加】全市外办主任会议", "CONFIRMED", "TRANSPARENT")),
    ],
)
def test_the_answer_is_shown_as_programmes_show_it(
    client: FlaskClient, asked: Attendee, mine: CalendarAddress, reply: Reply, expected: tuple[str, str, str]
) -> None:
    answers(asked, reply, "只有办公室能看到的话")
    found = only(fetched(client, mine))
    assert shown(found) == expected
    assert (
        lines(found)[-1]
        == f"您的答复：{ {Reply.ACCEPTED: '参加', Reply.TENTATIVE: '待定', Reply.DECLINED: '不参加'}[reply] }"
    )
    assert "只有办公室" not in str(found["DESCRIPTION"])


@pytest.mark.parametrize(
    ("decision", "mark", "busy"),
    [
        (None, "请假待批", "TRANSPARENT"),
        (LeaveDecision.GRANT, "已准假", "TRANSPARENT"),
        (LeaveDecision.REFUSE, "未准假", "OPAQUE"),
    ],
)
def test_leave_says_how_it_was_decided(
    client: FlaskClient, asked: Attendee, mine: CalendarAddress, decision: LeaveDecision | None, mark: str, busy: str
) -> None:
    answers(asked, Reply.DECLINED, "出差", leave=True)
    if decision is not None:
        decides(asked, decision, "人手不足")
    assert shown(only(fetched(client, mine))) == (f"【{mark}】全市外办主任会议", "CONFIRMED", busy)


def test_a_substitute_is_named_to_whom_they_stand_in_for_and_the_other_way_round(
    client: FlaskClient, asked: Attendee, mine: CalendarAddress
) -> None:
    wang = make.holder("王芳")
    theirs = make.address(wang)
    with write():
        substitute = name_substitute(asked, Named(person_id=wang.id, title="副主任"), by=INVITEE)
    found = only(fetched(client, mine))
    assert shown(found) == ("【由他人代会】全市外办主任会议", "CONFIRMED", "TRANSPARENT")
    assert lines(found)[-2:] == ["您的答复：由他人代会", "由副主任王芳代会。"]
    other = only(fetched(client, theirs))
    assert shown(other)[0] == "【未回复】全市外办主任会议"
    assert lines(other)[-1] == "请您代李明参会。"
    before = found["LAST-MODIFIED"].dt
    with ago(seconds=-90), write():
        answer(substitute, Reply.ACCEPTED, by=INVITEE)
    again = only(fetched(client, mine))
    assert lines(again)[-2:] == ["由副主任王芳代会。", "代会人已确认参加。"]
    assert again["LAST-MODIFIED"].dt > before


def test_a_withdrawn_invitation_is_cancelled_and_tells_nothing_more(
    client: FlaskClient, asked: Attendee, mine: CalendarAddress
) -> None:
    make.withdraw(asked)
    found = only(fetched(client, mine))
    assert shown(found) == ("【不再邀请】全市外办主任会议", "CANCELLED", "TRANSPARENT")
    assert lines(found) == ["本次会议不再请您参加，您不需要做任何事。"]
    assert "LOCATION" not in found
    assert "URL" not in found


def test_what_changes_after_a_withdrawal_is_not_theirs_to_know(
    client: FlaskClient, asked: Attendee, mine: CalendarAddress
) -> None:
    make.withdraw(asked)
    with ago(seconds=-30):
        make.change(asked.meeting, title_zh="改了题目")
    assert events(fetched(client, mine)) == []


def test_who_was_replaced_sees_it_as_withdrawn(client: FlaskClient, asked: Attendee, mine: CalendarAddress) -> None:
    answers(asked, Reply.DECLINED, "出差", leave=True)
    decides(asked, LeaveDecision.GRANT_AND_ASK)
    assert shown(only(fetched(client, mine)))[0] == "【已准假】全市外办主任会议"
    with write() as session:
        session.add(_another(asked))
    assert shown(only(fetched(client, mine)))[1] == "CANCELLED"


def _another(absent: Attendee) -> Attendee:
    """Somebody else on the same place."""
    return Attendee(
        meeting_id=absent.meeting_id,
        place_id=absent.place_id,
        name_zh="别人",
        link_id="x" * 26,
        told_at=now(),
        told_sequence=0,
        created_at=now(),
    )


@pytest.mark.parametrize(("postponed", "mark"), [(False, "已取消"), (True, "已延期")])
def test_a_cancelled_meeting_stays_and_says_why(
    client: FlaskClient, asked: Attendee, mine: CalendarAddress, postponed: bool, mark: str
) -> None:
    answers(asked, Reply.DECLINED)
    make.cancel(asked.meeting, postponed=postponed)
    found = only(fetched(client, mine))
    assert shown(found) == (f"【{mark}】全市外办主任会议", "CANCELLED", "TRANSPARENT")
    assert found["SEQUENCE"] == 1
    assert "原因：台风" in lines(found)
    assert make.ROOM not in str(found["DESCRIPTION"])


@pytest.mark.parametrize("role", [PlaceRole.OPTIONAL, PlaceRole.OBSERVER])
def test_who_is_free_to_come_is_neither_pressed_nor_busy(
    client: FlaskClient, li: Person, meeting: Meeting, mine: CalendarAddress, role: PlaceRole
) -> None:
    factories.attendee(meeting, li, role=role)
    assert shown(only(fetched(client, mine))) == ("全市外办主任会议", "CONFIRMED", "TRANSPARENT")


def test_nobody_is_pressed_for_an_answer_to_what_is_over(
    client: FlaskClient, asked: Attendee, mine: CalendarAddress
) -> None:
    with write():
        conclude_meeting(asked.meeting, by=make.organizer(asked.meeting.convener))
    found = only(fetched(client, mine))
    assert shown(found) == ("全市外办主任会议", "CONFIRMED", "OPAQUE")
    assert "尚未回复" not in str(found["DESCRIPTION"])


def test_a_moved_meeting_asks_again(client: FlaskClient, asked: Attendee, mine: CalendarAddress) -> None:
    answers(asked, Reply.ACCEPTED)
    before = only(fetched(client, mine))
    with ago(seconds=-5):
        make.change(asked.meeting, ends_at=asked.meeting.ends_at + timedelta(hours=1))
    after = only(fetched(client, mine))
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert shown(after)[0] == "【未回复】全市外办主任会议"
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt


def test_nothing_of_others_and_no_key_stands_in_it(client: FlaskClient, asked: Attendee, mine: CalendarAddress) -> None:
    wang = make.holder("王芳", phone="139-0000")
    theirs = factories.attendee(asked.meeting, wang)
    factories.attendee(make.meeting(make.office(), title_zh="与李明无关"), wang)
    answers(theirs, Reply.DECLINED, "家里有事")
    text = fetched(client, mine).text.replace("\r\n ", "")
    for secret in ("王芳", "139-0000", "与李明无关", "家里有事", asked.link_id, theirs.link_id, mine.link_id, "/r/"):
        assert secret not in text


def test_what_was_only_prepared_is_in_no_calendar(
    client: FlaskClient, li: Person, meeting: Meeting, mine: CalendarAddress
) -> None:
    factories.attendee(meeting, li, told=False)
    assert events(fetched(client, mine)) == []


def test_two_places_at_one_meeting_are_one_event(
    client: FlaskClient, li: Person, asked: Attendee, mine: CalendarAddress
) -> None:
    make.withdraw(asked)
    again = factories.attendee(asked.meeting, li)
    answers(again, Reply.ACCEPTED)
    assert shown(only(fetched(client, mine))) == ("全市外办主任会议", "CONFIRMED", "OPAQUE")


def test_the_window_is_a_year_back_and_everything_ahead(client: FlaskClient, li: Person, mine: CalendarAddress) -> None:
    of = make.office()
    for title, days in (("old", -500), ("kept", -200), ("far", 2000)):
        starts_at = now() + timedelta(days=days)
        factories.attendee(
            make.meeting(
                of, title_zh=title, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), reply_by=None
            ),
            li,
        )
    assert [str(each["SUMMARY"]).rpartition("】")[2] for each in events(fetched(client, mine))] == ["kept", "far"]


def test_the_readers_language_unless_the_address_names_one(
    client: FlaskClient, meeting: Meeting, asked: Attendee, mine: CalendarAddress
) -> None:
    doe = make.holder("约翰", name_en="John Doe", language="en")
    factories.attendee(meeting, doe)
    his = make.address(doe)
    foreign = {"Accept-Language": "en", "Cookie": "lang=en"}
    found = {
        "own": client.get(make.path(mine), headers=foreign),
        "asked for": fetched(client, mine, "en"),
        "his": fetched(client, his),
        "his in Chinese": fetched(client, his, "zh"),
    }
    assert {name: str(only(each)["SUMMARY"]) for name, each in found.items()} == {
        "own": "【未回复】全市外办主任会议",
        "asked for": "[No reply] Municipal conference",
        "his": "[No reply] Municipal conference",
        "his in Chinese": "【未回复】全市外办主任会议",
    }
    assert "X-WR-CALNAME:李明会议日程" in found["own"].text
    assert "X-WR-CALNAME:Meetings of John Doe" in found["his"].text
    assert {name: each.headers["Content-Language"] for name, each in found.items()} == {
        "own": "zh-Hans",
        "asked for": "en",
        "his": "en",
        "his in Chinese": "zh-Hans",
    }


@pytest.mark.parametrize("standing", Standing)
def test_every_standing_has_words_in_both_languages(app: Flask, standing: Standing) -> None:
    if standing is Standing.PAST:
        pytest.skip("never shown")
    texts: list[Any] = []
    for language in ("zh", "en"):
        with use_language(language):
            part = part_of(standing)
            texts.append((part.head + part.tail).decode())
    plain = standing in {Standing.CANCELLED, Standing.FREE, Standing.SILENT}
    assert (texts[0] == texts[1]) is plain


def test_an_answer_moves_the_stamp_and_a_reminder_does_not(
    client: FlaskClient, asked: Attendee, mine: CalendarAddress
) -> None:
    def stamp() -> Any:
        return only(fetched(client, mine))["DTSTAMP"].dt

    first = stamp()
    with ago(minutes=30), write():
        remind(asked.meeting, [f"a{asked.id}"], by=make.organizer(asked.meeting.convener))
    assert stamp() == first
    db.session.expire_all()
    with ago(minutes=20) as at:
        answers(asked, Reply.ACCEPTED)
    assert stamp() == at
