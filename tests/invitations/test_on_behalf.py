"""What came by telephone or on paper: for one place, for a whole organization, and the liaison's receipt."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.core.actor import Channel, Role
from eventsys.core.audit import AuditEntry
from eventsys.core.clock import now
from eventsys.core.transaction import write
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Leave, Place, Reply, ReplyEvent
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.operations.on_behalf import Entry, Heard, enter
from tests import factories as make
from tests.bench.in_process import counted
from tests.invitations.asking import Office, letters, office, words
from tests.personas import Browse
from tests.web.forms import post

pytestmark = pytest.mark.usefixtures("chinese")


@dataclass
class Told:
    """A district with two holders of posts and one place to be named, and its liaison, who reads English."""

    case: Office
    district: Organization
    first: Attendee
    second: Attendee
    unnamed: int

    @property
    def base(self) -> str:
        return f"/workspace/meetings/{self.case.meeting.id}"

    @property
    def url(self) -> str:
        return f"{self.base}/invitations/organizations/{self.district.id}/answer"

    def row(self, attendee: Attendee) -> Attendee:
        db.session.rollback()
        return db.session.get_one(Attendee, attendee.id)

    def fields(self, **typed: str) -> dict[str, str]:
        found = {"source": "phone", "caller": "周洁"}
        for name, attendee in (("first", self.first), ("second", self.second)):
            row = self.row(attendee)
            found |= {f"p{row.place_id}-version": str(row.version), f"p{row.place_id}-answer": ""}
            found |= {
                f"p{row.place_id}-{key[len(name) + 1 :]}": text for key, text in typed.items() if key.startswith(name)
            }
        found[f"p{self.unnamed}-version"] = "0"
        return found | {f"p{self.unnamed}-{key[4:]}": text for key, text in typed.items() if key.startswith("new_")}


@pytest.fixture
def told(app: Flask) -> Told:
    case, district = office(), make.organization("沈河区", name_en="Shenhe")
    rows = []
    for name in ("李明", "吴刚"):
        post = make.post(district, "外办主任")
        rows.append(make.attendee(case.meeting, make.person(name, post=post), post=post))
    make.holds(make.person("赵敏", language="en", name_en="Zhao Min"), Role.LIAISON, district)
    with write() as session:
        place = Place(meeting_id=case.meeting.id, organization_id=district.id, told_at=now(), created_at=now())
        session.add(place)
    return Told(case, district, rows[0], rows[1], place.id)


def test_one_answer_is_logged_with_source_and_caller_and_receipted(browse: Browse, told: Told) -> None:
    url = f"{told.base}/attendees/{told.first.id}"
    data = {
        "answer": "leave",
        "source": "fax",
        "caller": "周洁",
        "comment": "出访",
        "version": told.row(told.first).version,
    }
    assert post(browse(told.case.by), url + "/answer", data).status_code == 303
    row = told.row(told.first)
    assert (row.reply, row.leave, row.reply_channel) == (Reply.DECLINED, Leave.REQUESTED, Channel.ON_BEHALF)
    event = db.session.scalars(select(ReplyEvent)).one()
    assert (event.source, event.caller, event.by, event.channel) == ("fax", "周洁", "tester", Channel.ON_BEHALF)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "reply.leave")).one()
    assert (entry.after["source"], entry.after["caller"], entry.channel) == ("fax", "周洁", "on_behalf")
    (letter,) = letters()
    assert (letter.kind, letter.recipient, letter.language, letter.attendee_id) == ("on_behalf", "Zhao Min", "en", None)
    text = words(letter).text
    assert "tester of the convening office has recorded what 周洁 told us by fax:" in text
    assert ": asks for leave (“出访”)" in text
    story = browse(told.case.by).get(url + "?lang=zh").text
    assert "周洁告知" in story and "联络员已收到代录回执" in story


def test_a_whole_organization_in_one_go_gets_one_receipt(browse: Browse, told: Told) -> None:
    client = browse(told.case.by)
    fields = told.fields(
        first_answer="substitute",
        first_name="周洁",
        first_phone="024",
        second_answer="accepted",
        new_answer="named",
        new_name="孙强",
    )
    done = post(client, told.url, fields)
    assert (done.status_code, done.headers["Location"]) == (
        303,
        f"{told.base}/invitations/?organization={told.district.id}",
    )
    assert (told.row(told.first).reply, told.row(told.second).reply) == (Reply.DELEGATED, Reply.ACCEPTED)
    people = db.session.execute(select(Attendee.name_zh, Attendee.phone).where(Attendee.is_current)).all()
    assert sorted(tuple(each) for each in people) == [("吴刚", ""), ("周洁", "024"), ("孙强", "")]
    (letter,) = letters("on_behalf")
    assert [line["reply"] for line in letter.facts["recorded"]] == ["accepted", "substitute", "named"]
    events = db.session.execute(select(ReplyEvent.source, ReplyEvent.caller, ReplyEvent.channel)).all()
    assert {tuple(each) for each in events} == {("phone", "周洁", Channel.ON_BEHALF)}
    again = post(client, told.url, fields)
    assert (again.status_code, len(letters("on_behalf"))) == (409, 1)


def test_all_or_none_and_nothing_typed_is_lost(browse: Browse, told: Told) -> None:
    client, fields = browse(told.case.by), told.fields(first_answer="accepted", second_answer="leave")
    refused = post(client, told.url, fields)
    assert (refused.status_code, "place-marked" in refused.text) == (422, True)
    stale = told.fields(first_answer="accepted", second_answer="declined", second_comment="有会")
    with write():
        answer(told.row(told.second), Reply.TENTATIVE, by=told.case.by)
    late = post(client, told.url, stale)
    assert (late.status_code, "有会" in late.text) == (409, True)
    assert (told.row(told.first).reply, told.row(told.second).reply) == (Reply.PENDING, Reply.TENTATIVE)
    assert letters() == []


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"first_answer": "nonsense"},
        {"first_answer": "substitute"},
        {"first_comment": "只写了说明"},
        {"first_answer": "substitute", "first_person": "999999"},
        {"new_answer": "accepted"},
        {"new_answer": "named"},
    ],
)
def test_what_cannot_be_is_refused(browse: Browse, told: Told, typed: dict[str, str]) -> None:
    assert post(browse(told.case.by), told.url, told.fields(**typed)).status_code == 422
    assert (letters(), db.session.scalars(select(ReplyEvent)).all()) == ([], [])


def test_nobodys_place_and_nobody_elses_organization(browse: Browse, told: Told) -> None:
    other = make.attendee(told.case.meeting, make.person(), organization_id=make.organization().id)
    client = browse(told.case.by)
    foreign = {**told.fields(first_answer="accepted"), f"p{other.place_id}-answer": "declined"}
    assert post(client, told.url, foreign).status_code == 404
    strange = told.url.replace(f"/{told.district.id}/", f"/{told.case.organization.id}/")
    assert client.get(strange).status_code == 404
    for who in (
        make.actor((Role.APPROVER, told.case.organization)),
        make.actor((Role.LIAISON, told.district)),
        make.actor((Role.ORGANIZER, told.district)),
    ):
        assert browse(who).get(told.url).status_code == 404
    assert browse(None).get(told.url).status_code == 302


def test_without_a_liaison_nobody_gets_a_receipt_and_the_page_says_so(browse: Browse, told: Told) -> None:
    lonely = make.attendee(told.case.meeting, make.person(), organization_id=make.organization().id)
    url = f"{told.base}/attendees/{lonely.id}"
    client = browse(told.case.by)
    post(client, url + "/answer", {"answer": "accepted", "source": "phone", "version": lonely.version})
    assert "该单位没有可发信的联络员" in client.get(url + "?lang=zh").text
    assert letters() == []


def test_a_liaison_above_gets_the_receipt_where_no_nearer_one_is(told: Told) -> None:
    below = make.organization(parent=told.district)
    row = make.attendee(told.case.meeting, make.person(), organization_id=below.id)
    with write():
        entered = enter([Entry(row.place_id, row.id, row.version, "accepted")], Heard("paper"), by=told.case.by)
    assert (entered.receipts, [letter.recipient for letter in letters()]) == (1, ["Zhao Min"])
    assert "what reached us on paper" in words(letters()[0]).text


def test_opening_the_form_writes_nothing_and_costs_the_same(app: Flask, browse: Browse, told: Told) -> None:
    client = browse(told.case.by)

    def asked() -> int:
        client.get(told.url)
        with counted(app) as statements:
            assert client.get(told.url).status_code == 200
        return len(statements)

    few = asked()
    for _each in range(10):
        make.attendee(told.case.meeting, make.person(), organization_id=told.district.id)
    assert asked() == few <= 8
    assert (letters(), db.session.scalars(select(ReplyEvent)).all()) == ([], [])
