"""A change reaches everybody who was told the old facts, once; only a new time asks again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from eventsys.core.actor import Role
from eventsys.core.errors import DomainError, Stale
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Leave, Reply, ReplyEvent
from eventsys.invitations.operations.cancel import cancel_meeting
from eventsys.invitations.operations.change import Changed, Reason, change_meeting
from eventsys.invitations.operations.send import invite
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting, MeetingState
from tests import factories
from tests.invitations.asking import Office, deliver, keys, letters, office, stale, statements, words
from tests.invitations.test_send import crowd, send_all, unnamed_place

pytestmark = pytest.mark.usefixtures("english")

LATER = timedelta(days=1)


def record(case: Office) -> Meeting:
    db.session.rollback()
    return db.session.get_one(Meeting, case.meeting.id, populate_existing=True)


def change(case: Office, *, tell_words: bool = False, reason: Reason | None = None, **facts: Any) -> Changed:
    meeting = record(case)
    with write():
        new = replace(MeetingFacts.of(meeting), **facts)
        return change_meeting(meeting, new, meeting.version, by=case.by, tell_words=tell_words, reason=reason)


def moved(case: Office) -> dict[str, Any]:
    meeting = record(case)
    return {"starts_at": meeting.starts_at + LATER, "ends_at": meeting.ends_at + LATER}


def answered(case: Office, reply: Reply = Reply.ACCEPTED, **facts: Any) -> Attendee:
    return factories.attendee(case.meeting, factories.person(), reply=reply, **facts)


def test_a_new_time_tells_everybody_and_asks_again(app):
    case = office()
    rows = [answered(case), answered(case, Reply.DECLINED, leave=Leave.GRANTED), answered(case, Reply.PENDING)]
    factories.attendee(case.meeting, factories.person(), told=False)
    assert change(case, **moved(case)) == Changed(letters=3, reset=2)
    assert (record(case).sequence, record(case).timed_sequence) == (1, 1)
    assert keys() == [f"update:{row.id}:s1:v1" for row in rows]
    now_there = [db.session.get_one(Attendee, row.id) for row in rows]
    assert [(row.reply, row.leave, row.told_sequence) for row in now_there] == [(Reply.PENDING, Leave.NONE, 1)] * 3
    history = db.session.execute(select(ReplyEvent.attendee_id, ReplyEvent.act, ReplyEvent.reply)).all()
    assert history == [(rows[0].id, "reset", Reply.PENDING), (rows[1].id, "reset", Reply.PENDING)]
    update = words(letters()[0])
    calendar = update.calendar or b""
    assert (update.method, b"SEQUENCE:1\r\n" in calendar, b"PARTSTAT=NEEDS-ACTION" in calendar) == (
        "REQUEST",
        True,
        True,
    )
    assert f"UID:{case.meeting.uid}".encode() in calendar


def test_the_uid_and_the_organizer_stay_and_the_sequence_rises(app):
    case = office()
    row = factories.attendee(case.meeting, factories.person(), told=False)
    send_all(case)
    deliver()
    change(case, venue_zh="302会议室")
    first, second = letters()
    assert [_line(words(letter).calendar, "SEQUENCE") for letter in (first, second)] == ["0", "1"]
    assert _line(words(first).calendar, "UID") == _line(words(second).calendar, "UID") == case.meeting.uid
    assert words(first).sender == words(second).sender == f"meetings+{row.link_id}@localhost"


def _line(calendar: bytes | None, name: str) -> str:
    lines = (calendar or b"").decode().replace("\r\n ", "").split("\r\n")
    return next(line.partition(":")[2] for line in lines if line.startswith(f"{name}:"))


@pytest.mark.parametrize("facts", [{"venue_zh": "302会议室"}, {"online_url": "https://meet.example.org/1"}])
def test_place_or_link_are_told_and_answers_stand(app, facts):
    case = office()
    row = answered(case)
    assert change(case, **facts) == Changed(letters=1, reset=0)
    assert (record(case).sequence, db.session.get_one(Attendee, row.id).reply) == (1, Reply.ACCEPTED)
    update = words(letters()[0])
    assert (b"PARTSTAT=ACCEPTED" in (update.calendar or b""), next(iter(facts.values())) in update.text) == (True, True)


def test_the_sequence_of_the_time_moves_with_the_start_and_the_end_alone(app):
    case = office()
    change(case, venue_zh="302会议室")
    assert (record(case).sequence, record(case).timed_sequence) == (1, 0)
    change(case, ends_at=case.meeting.ends_at + LATER)
    assert (record(case).sequence, record(case).timed_sequence) == (2, 2)
    change(case, zone="Asia/Urumqi")
    assert (record(case).sequence, record(case).timed_sequence) == (3, 2)
    cancel(case)
    assert (record(case).sequence, record(case).timed_sequence) == (4, 2)


@pytest.mark.parametrize(
    ("leave", "said"),
    [
        (Leave.GRANTED, "Your leave stands"),
        (Leave.REQUESTED, "Your request for leave stands"),
        (Leave.REFUSED, "you do not attend"),
        (Leave.NONE, "you do not attend"),
    ],
)
def test_leave_stands_and_is_called_so(app, leave, said):
    case = office()
    answered(case, Reply.DECLINED, leave=leave)
    change(case, venue_zh="302会议室")
    update = words(letters()[0], "en")
    assert (said in update.text, b"PARTSTAT=DECLINED" in (update.calendar or b"")) == (True, True)


def test_leave_from_the_old_time_is_not_leave_from_the_new(app):
    case = office()
    answered(case, Reply.DECLINED, leave=Leave.GRANTED)
    change(case, **moved(case))
    text = words(letters()[0], "en").text
    assert ("no longer counts" in text, "leave stands" in text) == (True, False)


def test_words_alone_are_told_only_if_wanted(app):
    case = office()
    row = answered(case)
    assert change(case, notes_zh="请着正装") == Changed(letters=0, reset=0)
    assert (record(case).sequence, keys()) == (0, [])
    assert change(case, notes_zh="请着便装", tell_words=True) == Changed(letters=1, reset=0)
    assert (record(case).sequence, keys()) == (0, [f"update:{row.id}:s0:v2"])


def test_words_changed_in_silence_replace_what_lies_in_the_queue(app):
    case = office()
    row = factories.attendee(case.meeting, factories.person(), told=False)
    send_all(case)
    assert change(case, notes_zh="请着正装") == Changed(letters=1, reset=0)
    assert stale() == [f"invitation:{row.id}:s0"]
    assert deliver() == [f"invitation:{row.id}:s0:v1"]
    assert "请着正装" in words(letters()[-1]).text


def test_whoever_does_not_know_yet_gets_the_invitation_with_the_new_facts(app):
    case = office()
    row = factories.attendee(case.meeting, factories.person(), told=False)
    send_all(case)
    assert change(case, **moved(case)).letters == 1
    assert deliver() == [f"invitation:{row.id}:s1:v1"]


def test_two_changes_before_the_worker_comes_are_one_letter(app):
    case = office()
    row = answered(case)
    change(case, **moved(case))
    change(case, venue_zh="302会议室")
    assert deliver() == [f"update:{row.id}:s2:v3"]
    assert letters()[-1].facts["changes"] == ["time", "place"]
    assert words(letters()[-1], "en").text.count("before:") == 0
    assert "no longer counts" in words(letters()[-1], "en").text


def test_a_retried_change_is_refused_and_told_once(app):
    case = office()
    answered(case)
    meeting, facts = record(case), replace(MeetingFacts.of(case.meeting), venue_zh="302会议室")
    with write():
        change_meeting(meeting, facts, 1, by=case.by)
    with pytest.raises(Stale), write():
        change_meeting(meeting, facts, 1, by=case.by)
    assert len(letters()) == 1


def test_nothing_changed_is_said(app):
    case = office()
    with pytest.raises(DomainError, match="Nothing"):
        change(case)


def test_one_added_after_a_change_is_told_once_and_the_next_change_tells_all(app):
    case = office()
    first = answered(case)
    change(case, **moved(case))
    deliver()
    added = factories.attendee(case.meeting, factories.person(), told=False)
    send_all(case)
    assert deliver() == [f"invitation:{added.id}:s1"]
    change(case, venue_zh="302会议室")
    assert deliver() == [f"update:{first.id}:s2:v3", f"update:{added.id}:s2:v3"]


def test_whoever_sent_a_substitute_is_told_too_and_stays_delegated(app):
    case = office()
    original = answered(case, Reply.DELEGATED, is_current=False)
    with write() as session:
        substitute = Attendee(
            meeting_id=case.meeting.id,
            place_id=original.place_id,
            name_zh="代会人",
            email="deputy@example.org",
            stands_in_for_id=original.id,
            link_id="d" * 26,
            created_at=original.created_at,
        )
        session.add(substitute)
    with write():
        invite(case.meeting, [substitute], by=case.by)
    deliver()
    both = words(letters()[0]).calendar or b""
    plain = both.replace(b"\r\n ", b"")
    assert b'PARTSTAT=DELEGATED;RSVP=FALSE;DELEGATED-TO="mailto:deputy@example.org"' in plain
    assert f'DELEGATED-FROM="mailto:{original.email}"'.encode() in plain
    assert change(case, **moved(case)) == Changed(letters=2, reset=0)
    assert db.session.get_one(Attendee, original.id).reply is Reply.DELEGATED


def test_liaisons_of_places_to_be_named_are_told_too(app):
    case = office()
    place = unnamed_place(case)
    liaison = factories.person("联络员")
    factories.holds(liaison, Role.LIAISON, db.session.get_one(type(case.organization), place.organization_id))
    send_all(case)
    deliver()
    assert change(case, venue_zh="302会议室").letters == 1
    assert deliver() == [f"update:place{place.id}:p{liaison.id}:s1:v1"]
    assert cancel(case, "防汛") == 1
    assert deliver() == [f"cancellation:place{place.id}:p{liaison.id}:s2"]


def cancel(case: Office, reason: str = "因防汛工作需要", *, postponed: bool = False) -> int:
    meeting = record(case)
    with write():
        return cancel_meeting(meeting, Reason(reason), meeting.version, postponed=postponed, by=case.by)


def test_cancelling_after_a_change_tells_everybody_once(app):
    case = office()
    rows = [answered(case), answered(case, Reply.DECLINED)]
    change(case, **moved(case))
    deliver()
    assert cancel(case) == 2
    assert deliver() == [f"cancellation:{row.id}:s2" for row in rows]
    shown = words(letters("cancellation")[0])
    calendar = shown.calendar or b""
    assert (shown.method, b"STATUS:CANCELLED" in calendar, b"SEQUENCE:2\r\n" in calendar) == ("CANCEL", True, True)
    assert "因防汛工作需要" in shown.text
    with pytest.raises(DomainError, match="already"):
        cancel(case)
    assert len(letters("cancellation")) == 2
    assert record(case).state is MeetingState.CANCELLED


def test_cancelling_before_the_change_left_sends_the_cancellation_alone(app):
    case = office()
    row = answered(case)
    change(case, **moved(case))
    cancel(case)
    assert deliver() == [f"cancellation:{row.id}:s2"]


def test_cancelling_before_the_invitation_left_tells_nobody(app):
    case = office()
    factories.attendee(case.meeting, factories.person(), told=False)
    send_all(case)
    assert cancel(case) == 0
    assert deliver() == []


def test_a_cancelled_draft_tells_nobody(app):
    case = office(state=MeetingState.DRAFT)
    factories.attendee(case.meeting, factories.person(), told=False)
    assert cancel(case) == 0
    assert (letters(), record(case).sequence) == ([], 0)


def test_postponing_without_a_date_says_that_it_follows(app):
    case = office()
    answered(case)
    assert cancel(case, "会场检修", postponed=True) == 1
    assert "new date will be announced" in words(letters()[0], "en").text
    assert record(case).postponed


def test_postponing_to_a_date_is_a_change_of_time_with_its_reason(app):
    case = office()
    answered(case)
    assert change(case, reason=Reason("会场检修", "The room is repaired"), **moved(case)) == Changed(1, 1)
    shown = words(letters()[0], "en")
    assert ("The room is repaired" in shown.text, shown.subject.startswith("Meeting postponed")) == (True, True)


def test_a_change_for_two_thousand_costs_as_many_queries_as_for_one(app):
    small = office()
    crowd(small, 1)
    send_all(small)
    deliver()
    change(small, venue_zh="302会议室")
    deliver()
    with statements() as few:
        change(small, **moved(small))
    large = Office(small.organization, small.by, factories.meeting(small.organization))
    crowd(large, 2000)
    send_all(large)
    deliver()
    with statements() as many:
        assert change(large, **moved(large)).letters == 2000
    assert len(many) == len(few)
    told = select(func.count()).where(Attendee.meeting_id == large.meeting.id, Attendee.told_sequence == 1)
    assert db.session.scalar(told) == 2000
