"""The invitation once more, a proposal refused, an answer by mail received: once each, and only where it fits."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from werkzeug.test import TestResponse

from eventsys.core.actor import Role
from eventsys.core.audit import AuditEntry
from eventsys.core.clock import now, played_at
from eventsys.core.errors import DomainError
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Leave, Place, Reply
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.operations.resend import decline_proposal, resend, send_receipt
from eventsys.meetings.models import MeetingState
from tests import factories
from tests.invitations.asking import Office, deliver, letters, office, stale, words
from tests.invitations.test_change import cancel, change, moved
from tests.invitations.test_revisions import delegate, withdraw
from tests.invitations.test_send import send_all

pytestmark = pytest.mark.usefixtures("english")

HOUR = timedelta(hours=1)
PROPOSED = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def again(case: Office, attendee: Attendee) -> bool:
    with write():
        return resend(attendee, by=case.by)


@pytest.fixture
def case(app) -> Office:
    return office(reply_by=None)


@pytest.fixture
def row(case: Office) -> Attendee:
    return factories.attendee(case.meeting, factories.person("李明", email="li@example.org"))


def test_the_request_as_it_stands_goes_once_more(case, row):
    change(case, venue_zh="302会议室")
    deliver()
    assert again(case, row)
    letter = words(letters("resend")[0])
    assert (letter.method, "302会议室" in letter.text, b"SEQUENCE:1\r\n" in (letter.calendar or b"")) == (
        "REQUEST",
        True,
        True,
    )
    entry = db.session.query(AuditEntry).filter_by(action="invitation.resend").one()
    assert (entry.subject_id, entry.meeting_id) == (row.id, case.meeting.id)


def test_once_an_hour(case, row):
    at = now()
    with played_at(at):
        assert again(case, row)
    deliver()
    with played_at(at + HOUR - timedelta(seconds=1)):
        assert not again(case, row)
    with played_at(at + HOUR):
        assert again(case, row)
    assert len(letters("resend")) == 2


def test_not_while_something_waits_in_the_queue(case, row):
    change(case, venue_zh="302会议室")
    assert not again(case, row)
    deliver()
    assert again(case, row)


def test_one_that_waits_is_replaced_by_the_change_that_comes(case, row):
    assert again(case, row)
    change(case, **moved(case))
    assert [key.partition(":")[0] for key in stale()] == ["resend"]
    assert [key.partition(":")[0] for key in deliver()] == ["update"]


def test_one_that_waits_goes_out_with_words_changed_in_silence(case, row):
    assert again(case, row)
    change(case, notes_zh="请着正装")
    assert deliver() == [f"resend:{row.id}:s0:v1"]
    assert "请着正装" in words(letters()[-1]).text


def test_of_a_cancelled_meeting_the_cancellation_goes_once_more(case, row):
    cancel(case, "因防汛工作需要")
    deliver()
    assert again(case, row)
    letter = words(letters("cancellation")[1])
    assert (letter.method, "因防汛工作需要" in letter.text) == ("CANCEL", True)
    assert b"SEQUENCE:1\r\n" in (letter.calendar or b"")
    assert stale() == []
    deliver()
    assert not again(case, row)


def test_whoever_sent_a_substitute_gets_it_with_both_names(case, row):
    delegate(case, row, "王芳", "wang@example.org")
    deliver()
    assert again(case, row)
    assert b"DELEGATED-TO" in (words(letters("resend")[0]).calendar or b"")


@pytest.mark.parametrize("state", [MeetingState.CONCLUDED, MeetingState.ARCHIVED, MeetingState.DRAFT])
def test_nothing_of_a_meeting_that_is_over_or_a_draft(case, row, state):
    with write() as session:
        session.merge(case.meeting).state = state
    assert not again(case, row)


def test_nothing_to_whoever_was_not_told_has_no_address_or_is_off_the_place(case, row):
    prepared = factories.attendee(case.meeting, factories.person(), told=False)
    unreachable = factories.attendee(case.meeting, factories.person(email=""))
    withdraw(case, row)
    deliver()
    assert [again(case, each) for each in (prepared, unreachable, row)] == [False, False, False]


def test_nobody_at_all_is_an_error(case):
    with pytest.raises(LookupError), write():
        resend(Place(id=999), by=case.by)


def refuse(case: Office, attendee: Attendee, note: str = "会议室已有安排。") -> bool:
    with write():
        return decline_proposal(attendee, note, stamp=PROPOSED, by=case.by)


def test_a_refusal_names_the_event_and_nothing_more(case, row):
    change(case, venue_zh="302会议室")
    deliver()
    assert refuse(case, row)
    letter = words(letters("decline_counter")[0])
    assert (letter.method, "会议室已有安排。" in letter.text) == ("DECLINECOUNTER", True)
    event = Calendar.from_ical(letter.calendar or b"").events[0]
    assert sorted(event) == ["COMMENT", "DTSTAMP", "ORGANIZER", "SEQUENCE", "UID"]
    assert (int(event["SEQUENCE"]), event["UID"], event["COMMENT"]) == (1, case.meeting.uid, "会议室已有安排。")
    assert event["ORGANIZER"] == f"mailto:meetings+{row.link_id}@localhost"


def test_one_proposal_is_refused_once(case, row):
    assert refuse(case, row)
    with pytest.raises(DomainError):
        refuse(case, row)
    assert len(letters()) == 1


def test_a_refusal_is_out_of_date_once_the_meeting_moved_after_all(case, row):
    refuse(case, row)
    change(case, **moved(case))
    assert [key.partition(":")[0] for key in deliver()] == ["update"]


def test_whoever_is_off_the_place_gets_no_refusal(case, row):
    withdraw(case, row)
    assert not refuse(case, row)


def receipt(case: Office, attendee: Attendee, sender: str = "ming.li@example.com") -> bool:
    with write():
        return send_receipt(attendee, sender, by=case.by)


def test_a_receipt_says_what_was_answered_and_from_where(case, row):
    with write():
        answer(row, Reply.DECLINED, "出差", leave=True, by=case.by)
        assert send_receipt(row, "ming.li@example.com", by=case.by)
    letter = words(letters("receipt")[0], "zh")
    assert (letter.method, letter.calendar, letters()[0].address) == ("", None, "li@example.org")
    assert "从ming.li@example.com发来的邮件回执：请假。" in letter.text and "附言：出差" in letter.text
    assert db.session.get_one(Attendee, row.id).leave is Leave.REQUESTED


def test_one_receipt_a_day_where_the_meeting_is(case, row):
    evening = datetime(2026, 3, 1, 15, 59, tzinfo=UTC)
    with played_at(evening - HOUR):
        assert receipt(case, row)
    with played_at(evening):
        assert not receipt(case, row)
    with played_at(evening + timedelta(minutes=1)):
        assert receipt(case, row)


def test_a_receipt_stands_whatever_happens_to_the_meeting(case, row):
    receipt(case, row)
    cancel(case)
    assert "receipt" in {key.partition(":")[0] for key in deliver()}


def test_whatever_the_sender_calls_itself_stays_text(case, row):
    assert receipt(case, row, "a@b\r\nBcc: evil@x\u202e <b>粗</b>" + "x" * 900)
    letter = words(letters()[0], "en")
    assert "a@b Bcc: evil@x <b>粗</b>" in letter.text and "<b>粗</b>" not in letter.html
    assert "\u202e" not in letter.text and "x" * 400 not in letter.text


def test_nobody_without_an_address_gets_a_receipt(case):
    unreachable = factories.attendee(case.meeting, factories.person(email=""))
    assert not receipt(case, unreachable)


def test_an_invitation_that_waits_is_not_sent_again(case):
    prepared = factories.attendee(case.meeting, factories.person(), told=False)
    send_all(case)
    assert not again(case, prepared)


def test_the_organizer_sends_it_again_from_the_attendees_page(case, row, browse):
    staff, url = browse(case.by), f"/workspace/meetings/{case.meeting.id}/attendees/{row.id}"
    assert f'action="{url}/resend"' in staff.get(url).text
    assert post(staff, url).status_code == 303
    assert [(letter.kind, letter.attendee_id) for letter in letters()] == [("resend", row.id)]
    again = post(staff, url)
    assert (again.status_code, "Nothing was sent" in again.text) == (422, True)
    assert len(letters()) == 1


def test_nobody_is_offered_what_cannot_be_sent(case, row, browse):
    prepared = factories.attendee(case.meeting, factories.person(), told=False)
    approver = factories.actor((Role.APPROVER, case.organization))
    at = f"/workspace/meetings/{case.meeting.id}/attendees/"
    assert "/resend" not in browse(case.by).get(f"{at}{prepared.id}").text
    assert "/resend" not in browse(approver).get(f"{at}{row.id}").text
    assert post(browse(approver), f"{at}{row.id}").status_code == 404


def post(staff: FlaskClient, url: str) -> TestResponse:
    mark = re.search(r'name="csrf_token"[^>]* value="([^"]*)"', staff.get(url).text)
    return staff.post(f"{url}/resend?lang=en", data={"csrf_token": mark[1] if mark else ""})
