"""Reminders go to the silent alone, once a day, and stand for nothing once they have answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsys.chasing.operations.remind import remind
from eventsys.chasing.queries.waiting import due_today, waiting
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.letters import kind_of
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Leave, PlaceRole, Reply
from eventsys.invitations.operations.tell import tell_leave_decision
from tests import factories
from tests.invitations.asking import Office, deliver, keys, letters, office, stale, words

pytestmark = pytest.mark.usefixtures("english")


def remind_all(case: Office) -> int:
    db.session.rollback()
    with write():
        return remind(case.meeting, [row.key for row in due_today(case.meeting, waiting(case.meeting))], by=case.by)


def someone(case: Office, **facts: object) -> Attendee:
    return factories.attendee(case.meeting, factories.person(), **facts)


def test_only_the_silent_who_were_told_are_reminded(app):
    case = office()
    silent = someone(case)
    someone(case, reply=Reply.ACCEPTED)
    someone(case, reply=Reply.DECLINED, leave=Leave.REQUESTED)
    someone(case, told=False)
    someone(case, role=PlaceRole.OPTIONAL)
    assert remind_all(case) == 1
    assert [letter.attendee_id for letter in letters()] == [silent.id]
    assert db.session.get_one(Attendee, silent.id).reminded_at is not None
    assert (words(letters()[0]).method, kind_of("reminder").resend) == ("", False)


def test_nobody_is_reminded_twice_on_a_day(app):
    case = office()
    someone(case)
    assert remind_all(case) == 1
    with pytest.raises(DomainError):
        remind_all(case)
    with pytest.raises(DomainError), write():
        remind(case.meeting, [f"a{letters()[0].attendee_id}"], by=case.by)
    assert len(letters()) == 1


def test_the_next_day_one_may_remind_again(app):
    case = office()
    row = someone(case, reminded_at=now() - timedelta(days=1, hours=1))
    assert remind_all(case) == 1
    assert keys()[0].startswith(f"reminder:{row.id}:s0:")


def test_only_those_shown_are_reminded(app):
    case = office()
    shown, added = someone(case), someone(case)
    with write():
        assert remind(case.meeting, [f"a{shown.id}"], by=case.by) == 1
    assert [letter.attendee_id for letter in letters()] == [shown.id]
    assert db.session.get_one(Attendee, added.id).reminded_at is None


def test_an_answer_before_the_reminder_left_stops_it(app):
    case = office()
    row = someone(case)
    remind_all(case)
    with write() as session:
        session.merge(row).reply = Reply.ACCEPTED
    assert (stale(), deliver()) == (keys(), [])


def test_after_the_start_nobody_is_reminded(app):
    case = office(starts_at=now() - timedelta(hours=1), reply_by=None)
    row = someone(case)
    with pytest.raises(DomainError), write():
        remind(case.meeting, [f"a{row.id}"], by=case.by)


@pytest.mark.parametrize(("leave", "said"), [(Leave.GRANTED, "is granted"), (Leave.REFUSED, "is not granted")])
def test_the_decision_on_leave_is_told_with_its_words(app, leave, said):
    case = office()
    row = someone(case, reply=Reply.DECLINED, leave=Leave.REQUESTED)
    with write() as session:
        decided = session.merge(row)
        decided.leave, decided.leave_note, decided.leave_decided_at = leave, "一路平安", now()
        assert tell_leave_decision(decided, by=case.by)
    shown = words(letters("leave_decision")[0], "en")
    assert (said in shown.text, "一路平安" in shown.text, shown.calendar) == (True, True, None)
    assert stale() == []
    with write() as session:
        session.merge(decided).leave = Leave.NONE
    assert stale() == keys()
