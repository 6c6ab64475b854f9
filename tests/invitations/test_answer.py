"""Answers: deadlines, stale forms, leave, and many at once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from eventsys.core.actor import Actor, Channel, Role
from eventsys.core.audit import AuditEntry
from eventsys.core.clock import now
from eventsys.core.errors import DomainError, Stale
from eventsys.core.outbox import Letter
from eventsys.core.transaction import locked, write
from eventsys.directory.models import OrganizationKind
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Leave, Reply, ReplyEvent
from eventsys.invitations.operations.answer import Closed, answer
from eventsys.invitations.operations.change import change_meeting
from eventsys.invitations.operations.leave import LeaveDecision, decide_leave
from eventsys.invitations.queries import replies
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting, MeetingState
from tests import factories as make

pytestmark = pytest.mark.usefixtures("chinese")

INVITEE = Actor(label="李明", channel=Channel.LINK)
FIFTY = 50
HOUR = timedelta(hours=1)


@pytest.fixture
def invited(app: Flask) -> Attendee:
    office = make.organization("外办", kind=OrganizationKind.OFFICE)
    deputy = make.post(make.organization("大东区"), "副区长")
    return make.attendee(make.meeting(office), make.person("李明", post=deputy), post=deputy)


def staff(channel: Channel = Channel.WEB) -> Actor:
    return Actor(label="秘书处", account_id=7, channel=channel)


def meeting_facts(meeting_id: int, **values: object) -> None:
    with write() as session:
        session.execute(update(Meeting).where(Meeting.id == meeting_id).values(**values))


def fresh(attendee_id: int) -> Attendee:
    db.session.rollback()
    return db.session.get_one(Attendee, attendee_id, populate_existing=True)


@pytest.mark.parametrize("channel", [Channel.LINK, Channel.PORTAL, Channel.MAIL])
def test_invitees_and_liaisons_answer_until_the_deadline(app: Flask, invited: Attendee, channel: Channel) -> None:
    meeting_facts(invited.meeting_id, reply_by=now() + timedelta(minutes=1))
    with write():
        answer(invited, Reply.ACCEPTED, by=INVITEE, channel=channel)
    meeting_facts(invited.meeting_id, reply_by=now())
    with pytest.raises(Closed, match="截止"), write():
        answer(invited, Reply.DECLINED, "出访", by=INVITEE, channel=channel)
    assert fresh(invited.id).reply is Reply.ACCEPTED


def test_without_a_deadline_replies_close_with_the_start(app: Flask, invited: Attendee) -> None:
    meeting_facts(invited.meeting_id, reply_by=None)
    with write():
        answer(invited, Reply.ACCEPTED, by=INVITEE)
    at = now()
    meeting_facts(invited.meeting_id, starts_at=at, ends_at=at + timedelta(hours=1))
    with pytest.raises(Closed), write():
        answer(invited, Reply.TENTATIVE, by=INVITEE)


def test_staff_answer_until_the_roll_is_closed(app: Flask, invited: Attendee) -> None:
    meeting_facts(invited.meeting_id, reply_by=now() - timedelta(days=1), state=MeetingState.CONCLUDED)
    with write():
        answer(invited, Reply.ACCEPTED, by=staff(), channel=Channel.ON_BEHALF, source="phone")
    meeting_facts(invited.meeting_id, roll_closed_at=now())
    with pytest.raises(Closed, match="签到已截止"), write():
        answer(invited, Reply.DECLINED, by=staff(), channel=Channel.ON_BEHALF)
    event = db.session.scalars(select(ReplyEvent)).one()
    assert (event.channel, event.source, event.by, event.account_id) == (Channel.ON_BEHALF, "phone", "秘书处", 7)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.channel, entry.after) == ("on_behalf", {"reply": "accepted", "source": "phone"})


@pytest.mark.parametrize("state", [MeetingState.DRAFT, MeetingState.CANCELLED, MeetingState.ARCHIVED])
def test_nobody_answers_a_meeting_that_is_not_on(app: Flask, invited: Attendee, state: MeetingState) -> None:
    meeting_facts(invited.meeting_id, state=state)
    for by in (INVITEE, staff()):
        with pytest.raises(Closed), write():
            answer(invited, Reply.ACCEPTED, by=by)


def test_a_second_liaison_sees_that_the_first_answered(app: Flask, invited: Attendee) -> None:
    version = invited.version
    with write():
        answer(invited, Reply.ACCEPTED, by=staff(Channel.PORTAL), version=version)
    with pytest.raises(Stale) as stale, write():
        answer(invited, Reply.DECLINED, by=staff(Channel.PORTAL), version=version)
    assert (stale.value.current.reply, fresh(invited.id).reply) == (Reply.ACCEPTED, Reply.ACCEPTED)


@pytest.mark.parametrize("comment", ["", "  \n"])
def test_leave_needs_a_reason(app: Flask, invited: Attendee, comment: str) -> None:
    with pytest.raises(DomainError) as refusal, write():
        answer(invited, Reply.DECLINED, comment, True, by=INVITEE)
    assert refusal.value.field == "comment"
    assert db.session.scalar(select(func.count()).select_from(ReplyEvent)) == 0


def test_every_answer_is_kept(app: Flask, invited: Attendee) -> None:
    for reply in (Reply.TENTATIVE, Reply.ACCEPTED, Reply.DECLINED):
        with write():
            answer(invited, reply, "看情况" if reply is not Reply.ACCEPTED else "", by=INVITEE)
    events = db.session.execute(select(ReplyEvent.act, ReplyEvent.comment).order_by(ReplyEvent.id)).all()
    assert [tuple(row) for row in events] == [("tentative", "看情况"), ("accepted", ""), ("declined", "看情况")]
    audited = db.session.execute(select(AuditEntry.before, AuditEntry.after).order_by(AuditEntry.id)).all()
    assert [(before["reply"], after["reply"]) for before, after in audited] == [
        ("pending", "tentative"),
        ("tentative", "accepted"),
        ("accepted", "declined"),
    ]


@pytest.mark.parametrize(
    ("decision", "leave", "is_current", "expected"),
    [
        (LeaveDecision.GRANT, Leave.GRANTED, True, replies.Counts(on_leave=1)),
        (LeaveDecision.REFUSE, Leave.REFUSED, True, replies.Counts(declined=1)),
        (LeaveDecision.GRANT_AND_ASK, Leave.GRANTED, False, replies.Counts(to_be_named=1)),
    ],
)
def test_leave_is_decided(
    app: Flask,
    invited: Attendee,
    decision: LeaveDecision,
    leave: Leave,
    is_current: bool,
    expected: replies.Counts,
) -> None:
    meeting_id = invited.meeting_id
    with write():
        answer(invited, Reply.DECLINED, "出访", True, by=INVITEE)
    assert replies.counts(meeting_id) == replies.Counts(leave_requested=1)
    with write():
        decide_leave(invited, decision, "同意" if leave is Leave.GRANTED else "请派人", by=staff())
    row = fresh(invited.id)
    assert (row.reply, row.leave, row.is_current, row.leave_decided_by) == (Reply.DECLINED, leave, is_current, "秘书处")
    assert replies.counts(meeting_id) == expected
    letter = db.session.scalars(select(Letter)).one()
    assert (letter.kind, letter.attendee_id, letter.facts["decision"]) == ("leave_decision", invited.id, leave.value)


def test_leave_is_refused_with_a_reason(app: Flask, invited: Attendee) -> None:
    with write():
        answer(invited, Reply.DECLINED, "出访", True, by=INVITEE)
    with pytest.raises(DomainError) as refusal, write():
        decide_leave(invited, LeaveDecision.REFUSE, " ", by=staff())
    assert (refusal.value.field, fresh(invited.id).leave) == ("note", Leave.REQUESTED)


def test_an_answer_takes_back_a_leave_request(app: Flask, invited: Attendee) -> None:
    with write():
        answer(invited, Reply.DECLINED, "出访", True, by=INVITEE)
    version = fresh(invited.id).version
    with write():
        answer(invited, Reply.ACCEPTED, by=INVITEE)
    with pytest.raises(Stale), write():
        decide_leave(invited, LeaveDecision.GRANT, by=staff(), version=version)
    row = fresh(invited.id)
    assert (row.reply, row.leave, row.comment) == (Reply.ACCEPTED, Leave.NONE, "")


def test_fifty_simultaneous_replies_leave_one_state_and_a_full_history(app: Flask, invited: Attendee) -> None:
    attendee_id, meeting_id = invited.id, invited.meeting_id
    db.session.remove()
    errors: list[BaseException] = []
    together = threading.Barrier(FIFTY)

    def reply(number: int) -> None:
        with app.app_context():
            try:
                together.wait(30)
                chosen = (Reply.ACCEPTED, Reply.TENTATIVE, Reply.DECLINED)[number % 3]
                with write():
                    answer(db.session.get_one(Attendee, attendee_id), chosen, f"第{number}次", by=INVITEE)
            except BaseException as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=reply, args=(number,)) for number in range(FIFTY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    events = db.session.execute(select(ReplyEvent.reply, ReplyEvent.comment).order_by(ReplyEvent.id)).all()
    row = fresh(attendee_id)
    assert sorted(event.comment for event in events) == sorted(f"第{number}次" for number in range(FIFTY))
    assert row.version == FIFTY + 1
    assert (row.reply, row.comment) == tuple(events[-1])
    changes = db.session.execute(select(AuditEntry.before, AuditEntry.after).order_by(AuditEntry.id)).all()
    assert len(changes) == FIFTY
    counted = replies.counts(meeting_id)
    assert (counted.places, counted.answered) == (1, 1)


def test_whoever_holds_no_place_any_more_cannot_answer(app: Flask, invited: Attendee) -> None:
    post = make.post(make.organization("沈河区"), "副区长")
    other = make.attendee(make.meeting(make.organization("办")), make.person("张三"), post=post)
    role = make.actor((Role.ORGANIZER, None))
    with write() as session:
        session.execute(update(Attendee).where(Attendee.id == invited.id).values(is_current=False))
        session.execute(
            update(Attendee)
            .where(Attendee.id == other.id)
            .values(place_id=invited.place_id, meeting_id=invited.meeting_id)
        )
    with pytest.raises(DomainError, match="由他人参加"), write():
        answer(invited, Reply.ACCEPTED, by=role)


def test_an_answer_that_meets_a_change_of_time_comes_before_or_after_it(app: Flask, invited: Attendee) -> None:
    """Whoever answers while a change is being written is refused, and neither stands in the other's way."""
    organizer = make.actor((Role.ORGANIZER, invited.meeting.convener))
    facts = MeetingFacts.of(invited.meeting)
    later = replace(facts, starts_at=facts.starts_at + HOUR, ends_at=facts.ends_at + HOUR)
    meeting, seen, version = invited.meeting, invited.meeting.sequence, invited.meeting.version
    attendee_id, begun, refusals = invited.id, threading.Event(), []

    def reply() -> None:
        with app.app_context():
            begun.wait(10)
            try:
                with write():
                    answer(db.session.get_one(Attendee, attendee_id), Reply.ACCEPTED, by=INVITEE, seen=seen)
            except Exception as error:
                refusals.append(type(error))

    replying = threading.Thread(target=reply)
    replying.start()
    with write():
        locked(Meeting, meeting.id)
        begun.set()
        replying.join(0.5)
        changed = change_meeting(meeting, later, version, by=organizer)
    replying.join(30)
    assert (refusals, changed.letters) == ([DomainError], 1)
    assert fresh(attendee_id).reply is Reply.PENDING
