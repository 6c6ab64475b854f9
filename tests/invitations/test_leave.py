"""Leave that waits, is decided, decided otherwise, and taken back; who is told, and where it shows."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.attendance.queries import roll
from eventsys.attendance.states import RollState
from eventsys.core.actor import Actor, Channel, Role
from eventsys.core.audit import AuditEntry
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.transaction import write
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Leave, Place, Reply, ReplyEvent
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.operations.leave import LeaveDecision, decide_leave
from eventsys.invitations.operations.substitute import Named, name_person
from eventsys.meetings.models import Meeting
from tests import factories as make
from tests.bench.in_process import counted
from tests.invitations.asking import Office, letters, office, stale, words
from tests.personas import Browse
from tests.web.forms import post

pytestmark = pytest.mark.usefixtures("chinese")
LINK = Actor(label="本人", channel=Channel.LINK)
GRANT, ASK, REFUSE = LeaveDecision.GRANT, LeaveDecision.GRANT_AND_ASK, LeaveDecision.REFUSE


@dataclass
class Asked:
    """Somebody of a district who asked for leave, and the district's two liaisons."""

    case: Office
    district: Organization
    attendee_id: int
    approver: Actor

    @property
    def url(self) -> str:
        return f"/workspace/meetings/{self.case.meeting.id}/attendees/{self.attendee_id}"

    def row(self) -> Attendee:
        db.session.rollback()
        return db.session.get_one(Attendee, self.attendee_id)


def ask(meeting: Meeting, district: Organization, name: str = "李明", comment: str = "出访") -> int:
    held = make.post(district, "外办主任")
    row = make.attendee(meeting, make.person(name, post=held), post=held)
    with write():
        answer(row, Reply.DECLINED, comment, True, by=LINK)
    return row.id


@pytest.fixture
def asked(app: Flask) -> Asked:
    case, district = office(), make.organization("沈河区", name_en="Shenhe")
    for name, language in (("赵敏", "zh"), ("Wu", "en")):
        make.holds(make.person(name, language=language, name_en=name), Role.LIAISON, district)
    approver = make.actor((Role.APPROVER, case.organization), label="领导")
    return Asked(case, district, ask(case.meeting, district), approver)


def decide(asked: Asked, decision: LeaveDecision, note: str = "", by: Actor | None = None) -> None:
    with write():
        decide_leave(asked.row(), decision, note, by=by or asked.approver)


def told() -> list[tuple[str, str, str]]:
    return sorted((letter.kind, letter.recipient, letter.facts["decision"]) for letter in letters())


def test_person_and_liaisons_are_told_once_each_in_their_language(asked: Asked) -> None:
    decide(asked, GRANT, "一路平安")
    assert told() == [
        ("leave_decision", "李明", "granted"),
        ("leave_notice", "Wu", "granted"),
        ("leave_notice", "赵敏", "granted"),
    ]
    to_wu, to_zhao = sorted(letters("leave_notice"), key=lambda letter: letter.recipient)
    assert "is granted." in words(to_wu).text and "一路平安" in words(to_wu).text
    assert "请假已获批准" in words(to_zhao).text and "外办主任李明" in words(to_zhao).subject
    assert "Please name who attends instead" not in words(to_wu).text
    assert [letter.attendee_id for letter in letters()] == [asked.attendee_id, None, None]
    assert stale() == []


@pytest.mark.parametrize("same", ["person", "address"])
def test_who_is_both_is_told_once(app: Flask, same: str) -> None:
    case, district = office(), make.organization("沈河区")
    held = make.post(district)
    who = make.person("李明", post=held, email="li@example.org")
    other = who if same == "person" else make.person("沈河区外办", email="LI@example.org")
    make.holds(other, Role.LIAISON, district)
    row = make.attendee(case.meeting, who, post=held)
    with write():
        answer(row, Reply.DECLINED, "出访", True, by=LINK)
        decide_leave(row, GRANT, by=case.by)
    assert told() == [("leave_decision", "李明", "granted")]


def test_two_liaisons_of_one_address_get_one_letter(asked: Asked) -> None:
    for name in ("甲", "乙"):
        make.holds(make.person(name, email="office@example.org"), Role.LIAISON, asked.district)
    decide(asked, GRANT)
    assert [letter.address for letter in letters("leave_notice")].count("office@example.org") == 1


def test_the_liaison_is_asked_for_a_substitute(asked: Asked) -> None:
    decide(asked, ASK)
    assert all("Please name who attends" in words(letter, "en").text for letter in letters("leave_notice"))


def test_a_decision_is_changed_and_every_one_stays_on_record(asked: Asked) -> None:
    decide(asked, GRANT, "同意")
    decide(asked, REFUSE, "请派人", by=asked.case.by)
    row = asked.row()
    assert (row.leave, row.is_current, row.leave_note, row.leave_decided_by) == (
        Leave.REFUSED,
        True,
        "请派人",
        "tester",
    )
    events = db.session.execute(select(ReplyEvent.act, ReplyEvent.by, ReplyEvent.comment).order_by(ReplyEvent.id)).all()
    assert [tuple(each) for each in events] == [
        ("leave", "本人", "出访"),
        ("leave_granted", "领导", "同意"),
        ("leave_refused", "tester", "请派人"),
    ]
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.before["leave"], entry.after["leave"]) == ("granted", "refused")
    assert len(stale()) == 3
    assert [letter.facts["decision"] for letter in letters() if letter.key not in stale()] == ["refused"] * 3


@pytest.mark.parametrize(
    ("first", "second", "is_current"), [(ASK, GRANT, True), (ASK, REFUSE, True), (GRANT, ASK, False)]
)
def test_the_place_follows_the_decision(
    asked: Asked, first: LeaveDecision, second: LeaveDecision, is_current: bool
) -> None:
    decide(asked, first)
    decide(asked, second, "另有安排")
    assert asked.row().is_current is is_current


def test_a_decision_is_not_repeated_and_not_taken_from_somebody_named_since(asked: Asked) -> None:
    decide(asked, ASK)
    with pytest.raises(DomainError, match="已是"):
        decide(asked, ASK)
    with write():
        name_person(db.session.get_one(Place, asked.row().place_id), Named(name="周洁"), by=asked.case.by)
    with pytest.raises(DomainError, match="已另确定"):
        decide(asked, REFUSE, "不同意")
    assert asked.row().leave is Leave.GRANTED


def test_the_invitee_takes_the_request_back_and_accepts(browse: Browse, asked: Asked) -> None:
    version = asked.row().version
    with write():
        answer(asked.row(), Reply.ACCEPTED, by=LINK)
    late = post(browse(asked.approver), asked.url + "/leave", {"version": version, "decision": "grant"}, page=asked.url)
    assert late.status_code == 409
    row = asked.row()
    assert (row.reply, row.leave, row.leave_decided_at, told()) == (Reply.ACCEPTED, Leave.NONE, None, [])
    with pytest.raises(DomainError):
        decide(asked, GRANT)


def test_accepting_after_granted_leave_stops_the_letters(asked: Asked) -> None:
    decide(asked, ASK)
    with write():
        answer(asked.row(), Reply.ACCEPTED, by=LINK)
    assert (asked.row().is_current, len(stale())) == (True, 3)


def test_two_colleagues_at_once(browse: Browse, asked: Asked) -> None:
    version = asked.row().version
    first = post(
        browse(asked.approver), asked.url + "/leave", {"version": version, "decision": "grant"}, page=asked.url
    )
    second = post(
        browse(asked.case.by),
        asked.url + "/leave",
        {"version": version, "decision": "refuse", "note": "请派人"},
        page=asked.url,
    )
    assert (first.status_code, second.status_code, asked.row().leave) == (303, 409, Leave.GRANTED)
    page = second.get_data(as_text=True)
    assert "请派人" in page and "不准假" in page
    assert len(letters()) == 3


def test_granted_leave_is_excused_everywhere(browse: Browse, asked: Asked) -> None:
    decide(asked, GRANT)
    client, base = browse(asked.case.by), f"/workspace/meetings/{asked.case.meeting.id}"
    assert [row.state for row in roll(asked.case.meeting)] == [RollState.EXCUSED]
    pages = ("/invitations/", "/invitations/list.csv", "/attendance", "/attendance.csv", "/sign-in-sheet")
    shown = [client.get(base + page + "?lang=zh").get_data(as_text=True) for page in pages]
    assert ["已准假" in shown[0], "已准假" in shown[1]] == [True, True]
    assert ["准假" in page for page in shown[2:]] == [True] * 3


def test_all_waiting_requests_in_one_list(browse: Browse, asked: Asked) -> None:
    other = make.meeting(asked.case.organization, title_zh="第二次会议")
    second = ask(other, asked.district, "王刚", "住院<b>")
    foreign = make.organization("别市外办")
    ask(make.meeting(foreign), asked.district, "外人")
    for reader in (asked.approver, asked.case.by):
        page = browse(reader).get("/workspace/leave/").get_data(as_text=True)
        found = [f"/attendees/{each}/leave" in page for each in (asked.attendee_id, second)]
        assert (found, "外人" in page, "住院&lt;b&gt;" in page) == ([True, True], False, True)
    stranger = make.actor((Role.APPROVER, foreign))
    assert "李明" not in browse(stranger).get("/workspace/leave/").get_data(as_text=True)
    assert browse(make.actor((Role.EDITOR, asked.case.organization))).get("/workspace/leave/").status_code == 403
    assert browse(None).get("/workspace/leave/").status_code == 302


def test_a_decision_from_the_list_leads_back_to_it(browse: Browse, asked: Asked) -> None:
    client, version = browse(asked.approver), asked.row().version
    data = {"version": version, "decision": "refuse", "note": "", "back": "1"}
    assert post(client, asked.url + "/leave", data, page="/workspace/leave/").status_code == 422
    done = post(client, asked.url + "/leave", {**data, "note": "请派人"}, page="/workspace/leave/")
    assert (done.status_code, done.headers["Location"]) == (303, "/workspace/leave/")
    assert "尚无待批请假" in client.get("/workspace/leave/").get_data(as_text=True)


def test_the_list_is_paged_and_costs_one_query(
    app: Flask, browse: Browse, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventsys.invitations.views.leave.PAGE", 1)
    client = browse(asked.approver)
    client.get("/workspace/leave/")
    with counted(app) as statements:
        first = client.get("/workspace/leave/").get_data(as_text=True)
    assert len(statements) == 1
    second = ask(asked.case.meeting, asked.district, "王刚")
    first = client.get("/workspace/leave/").get_data(as_text=True)
    address = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    page = client.get(address).get_data(as_text=True)
    assert [f"/attendees/{each}/leave" in first for each in (asked.attendee_id, second)] == [True, False]
    assert [f"/attendees/{each}/leave" in page for each in (asked.attendee_id, second)] == [False, True]
    for strange in ("?at=x&after=1", "?at=2024-01-01T00:00:00&after=-1", "?after=99999999999999"):
        assert client.get("/workspace/leave/" + strange).status_code == 200


def test_the_home_of_an_approver_and_of_who_is_both_says_it_once(browse: Browse, asked: Asked) -> None:
    both = make.actor((Role.ORGANIZER, asked.case.organization), (Role.APPROVER, asked.case.organization))
    for reader in (asked.approver, asked.case.by, both):
        page = browse(reader).get("/workspace/?lang=zh").get_data(as_text=True)
        assert page.count("?show=leave_requested") == 1
    editor = make.actor((Role.EDITOR, asked.case.organization))
    assert "?show=leave_requested" not in browse(editor).get("/workspace/").get_data(as_text=True)


def test_leave_of_a_past_or_closed_meeting_waits_no_more(browse: Browse, asked: Asked) -> None:
    with write() as session:
        session.get_one(Meeting, asked.case.meeting.id).roll_closed_at = now()
    assert asked.url not in browse(asked.approver).get("/workspace/leave/").get_data(as_text=True)
