"""Planned reminders: due by whatever deadline applies, once, to those who owe an answer then, and to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsys.chasing.operations.plan import (
    adopt,
    change_reminder,
    plan_reminder,
    remove_reminder,
    switch_reminder,
)
from eventsys.chasing.operations.remind import remind, send_planned
from eventsys.chasing.queries.planned import USUAL, board, planned
from eventsys.core.clock import now, played_at, to_utc
from eventsys.core.errors import DomainError, Stale
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, HeldChange, Place, PlaceRole, Reply
from eventsys.meetings.models import Meeting, MeetingState
from tests import factories
from tests.chasing.plans import (
    DAY,
    HOUR,
    NINE,
    case,
    liaison,
    local,
    own_deadline,
    plan,
    reminded,
    runs,
    set_,
    someone,
    sweep,
    unnamed,
)
from tests.invitations.asking import deliver, letters, stale

pytestmark = pytest.mark.usefixtures("english")


def test_it_goes_out_at_its_time_once_to_the_silent(app):
    of = case()
    silent = someone(of)
    someone(of, reply=Reply.ACCEPTED)
    someone(of, role=PlaceRole.OPTIONAL)
    prepared = someone(of)
    set_(Attendee, prepared.id, told_at=None)
    plan(of)
    assert sweep(local(4, 9) - timedelta(seconds=1)) == 0
    assert (sweep(local(4, 9)), sweep(local(4, 9)), sweep(local(4, 11))) == (1, 0, 0)
    assert (reminded(), runs()) == ([silent.id], [("sent", 1)])


def test_several_days_each_in_their_turn(app):
    of = case()
    row = someone(of)
    for days in (3, 1, 0):
        plan(of, days)
    sent = [sweep(local(day, 9)) for day in (1, 2, 3, 4, 5)]
    assert (sent, reminded()) == ([0, 1, 0, 1, 1], [row.id] * 3)


def test_after_days_without_a_worker_only_the_last_is_sent(app):
    of = case()
    row = someone(of)
    for days in (3, 2, 1):
        plan(of, days)
    assert sweep(local(5, 8)) == 1
    assert (reminded(), runs()) == ([row.id], [("missed", 0), ("missed", 0), ("sent", 1)])


@pytest.mark.parametrize("at", [local(5, 17), local(6, 9), local(10, 9), local(11, 9)])
def test_nothing_after_the_deadline_or_the_start(app, at):
    of = case()
    someone(of)
    plan(of)
    assert (sweep(at), runs()) == (0, [])


def test_without_a_deadline_the_start_counts(app):
    of = case(reply_by=None)
    someone(of)
    plan(of)
    assert [sweep(local(9, 9)), sweep(local(10, 9))] == [1, 0]


@pytest.mark.parametrize("state", [state for state in MeetingState if state is not MeetingState.SCHEDULED])
def test_only_at_a_scheduled_meeting(app, state):
    of = case()
    someone(of)
    plan(of)
    set_(Meeting, of.meeting.id, state=state)
    assert (sweep(local(4, 9)), runs()) == (0, [])


def test_one_on_the_day_that_falls_after_the_deadline_never_goes_out(app):
    of = case(reply_by=local(5, 8))
    someone(of)
    plan(of, 0)
    assert [sweep(local(5, 8)), sweep(local(5, 9)), sweep(local(6, 9))] == [0, 0, 0]


def test_a_deadline_that_moves_takes_it_along(app):
    of = case()
    row = someone(of)
    plan(of)
    set_(Meeting, of.meeting.id, reply_by=local(7, 17))
    assert [sweep(local(4, 9)), sweep(local(6, 9))] == [0, 1]
    set_(Meeting, of.meeting.id, reply_by=local(9, 17))
    assert [sweep(local(6, 10)), sweep(local(8, 9)), sweep(local(8, 10))] == [0, 1, 0]
    assert reminded() == [row.id, row.id]


def test_a_deadline_that_moves_within_its_day_changes_nothing(app):
    of = case()
    someone(of)
    plan(of)
    assert sweep(local(4, 9)) == 1
    set_(Meeting, of.meeting.id, reply_by=local(5, 12))
    assert sweep(local(4, 12)) == 0


def test_an_organization_with_its_own_deadline_is_reminded_by_that(app):
    of = case()
    post = factories.post(factories.organization())
    late, usual = someone(of, who=factories.person(post=post), post=post), someone(of)
    own_deadline(of, db.session.get_one(type(of.organization), post.organization_id), local(8, 17))
    plan(of)
    assert [sweep(local(4, 9)), sweep(local(5, 9)), sweep(local(7, 9)), sweep(local(7, 9))] == [1, 0, 1, 0]
    assert reminded() == [usual.id, late.id]


def test_its_own_deadline_never_reaches_beyond_the_start(app):
    of = case()
    office = factories.organization()
    someone(of, organization_id=office.id)
    own_deadline(of, office, local(12, 17))
    plan(of, 0, 8 * 60)
    assert [sweep(local(5, 8)), sweep(local(10, 8)), sweep(local(12, 8))] == [0, 1, 0]


def test_a_place_without_a_name_reminds_the_liaisons(app):
    of = case()
    office = factories.organization()
    who = liaison(office, language="en")
    unnamed(of, office)
    unnamed(of, office, role=PlaceRole.OPTIONAL)
    unnamed(of, factories.organization())
    plan(of)
    assert sweep(local(4, 9)) == 1
    letter = letters("reminder")[0]
    assert (letter.address, letter.organization_id, letter.attendee_id) == (who.email, office.id, None)
    assert len(letter.facts["places"]) == 1


def test_a_name_before_the_letter_left_stops_it(app):
    of = case()
    office = factories.organization()
    liaison(office)
    place = unnamed(of, office)
    plan(of)
    sweep(local(4, 9))
    with played_at(local(4, 9)):
        assert stale() == []
        set_(Place, place.id, withdrawn_at=now())
        assert len(stale()) == 1


def test_an_answer_before_the_letter_left_stops_it(app):
    of = case()
    row = someone(of)
    plan(of)
    sweep(local(4, 9))
    with played_at(local(4, 9)):
        assert stale() == []
        set_(Attendee, row.id, reply=Reply.DECLINED)
        assert (deliver(), len(letters("reminder"))) == ([], 1)


def test_a_letter_that_waited_beyond_the_deadline_does_not_leave(app):
    of = case()
    someone(of)
    plan(of)
    sweep(local(4, 9))
    for at, dead in ((local(5, 16, 59), 0), (local(5, 17), 1)):
        with played_at(at):
            assert len(stale()) == dead


def test_a_longer_deadline_before_the_letter_left_stops_it(app):
    of = case()
    office = factories.organization()
    someone(of, organization_id=office.id)
    plan(of)
    sweep(local(4, 9))
    own_deadline(of, office, local(8, 17))
    with played_at(local(4, 9)):
        assert len(stale()) == 1


def test_whoever_was_told_after_it_was_due_needs_none(app):
    of = case()
    row = someone(of)
    plan(of)
    set_(Attendee, row.id, told_at=local(4, 9))
    assert (sweep(local(4, 12)), runs()) == (0, [("sent", 0)])


def test_what_fell_due_before_it_was_planned_or_while_it_was_off_is_not_sent(app):
    of = case()
    someone(of)
    with played_at(local(4, 9, 1)):
        row = plan(of)
        assert sweep(local(4, 10)) == 0
    other = plan(of, 2)
    for on, at in ((False, local(2, 9)), (True, local(3, 9, 30))):
        with played_at(at), write():
            assert switch_reminder(other, on, by=of.by)
    assert [sweep(local(3, 10)), sweep(local(4, 8))] == [0, 0]
    with write():
        assert switch_reminder(row, True, by=of.by) is False


def test_nobody_is_reminded_twice_within_an_hour(app):
    of = case()
    row, other = someone(of), someone(of)
    plan(of)
    with played_at(local(4, 8, 30)), write():
        assert remind(of.meeting, [f"a{row.id}"], by=of.by) == 1
    assert sweep(local(4, 9)) == 1
    assert reminded() == [row.id, other.id]


def test_by_hand_right_after_midnight_is_within_the_hour_too(app):
    of = case()
    row = someone(of)
    plan(of, 1, 23 * 60 + 50)
    assert sweep(local(4, 23, 50)) == 1
    for at, passes in ((local(5, 0, 10), False), (local(5, 0, 50), True)):
        with played_at(at):
            try:
                with write():
                    remind(of.meeting, [f"a{row.id}"], by=of.by)
                assert passes
            except DomainError:
                assert not passes


def test_two_planned_on_one_day_both_go_out(app):
    of = case()
    row = someone(of)
    plan(of, 0)
    plan(of, 0, 15 * 60)
    assert [sweep(local(5, 9)), sweep(local(5, 15))] == [1, 1]
    assert reminded() == [row.id, row.id]


def test_an_organization_left_out_gets_none(app):
    of = case()
    office, other = factories.organization(), factories.organization()
    someone(of, organization_id=office.id)
    row = someone(of, organization_id=other.id)
    plan(of, left_out=[office.id])
    assert (sweep(local(4, 9)), reminded()) == (1, [row.id])


def test_while_a_change_is_held_it_waits(app):
    of = case()
    someone(of)
    plan(of)
    with write() as session:
        held = HeldChange(
            meeting_id=of.meeting.id,
            facts={},
            base_version=of.meeting.version,
            quiet_minutes=5,
            first_at=now(),
            saved_at=now(),
            release_at=local(4, 10),
        )
        session.add(held)
    assert (sweep(local(4, 9)), runs()) == (0, [])
    with write() as session:
        session.delete(session.merge(held))
    assert sweep(local(4, 9, 10)) == 1


def test_sent_now_it_does_not_go_out_again(app):
    of = case()
    row = someone(of)
    mine = plan(of)
    with played_at(local(1, 9)), write():
        assert send_planned(mine, [f"a{row.id}", "a999"], by=of.by) == 1
    with pytest.raises(DomainError), played_at(local(3, 9)), write():
        send_planned(mine, [f"a{row.id}"], by=of.by)
    assert (sweep(local(4, 9)), reminded()) == (0, [row.id])


def test_one_that_is_removed_and_planned_anew_is_the_same(app):
    of = case()
    someone(of)
    mine = plan(of)
    assert sweep(local(4, 9)) == 1
    with played_at(local(4, 9, 5)):
        for expected in (True, False):
            with write():
                assert remove_reminder(mine, by=of.by) is expected
        assert planned(of.meeting.id) == []
        assert plan(of).id == mine.id
    assert sweep(local(4, 11)) == 0


def test_two_at_one_time_are_refused(app):
    of = case()
    plan(of)
    with pytest.raises(DomainError), write():
        plan_reminder(of.meeting, 1, NINE, by=of.by)


def test_twenty_are_enough(app):
    of = case()
    for days in range(20):
        plan(of, days)
    with pytest.raises(DomainError), write():
        plan_reminder(of.meeting, 30, NINE, by=of.by)


def test_changing_gives_another_time(app):
    of = case()
    someone(of)
    mine = plan(of)
    with write():
        new = change_reminder(mine, 2, NINE, [7, 5, 5], mine.version, by=of.by)
    assert [(row.id, row.days_before, row.left_out) for row in planned(of.meeting.id)] == [(new.id, 2, [5, 7])]
    assert [sweep(local(3, 9)), sweep(local(4, 9))] == [1, 0]


def test_a_change_of_an_older_version_is_refused(app):
    of = case()
    mine = plan(of)
    seen = mine.version
    with write():
        change_reminder(mine, 1, NINE, [5], seen, by=of.by)
    with pytest.raises(Stale), write():
        change_reminder(mine, 1, NINE, [], seen, by=of.by)
    with pytest.raises(Stale), write():
        change_reminder(mine, 3, NINE, [], seen, by=of.by)


def test_proposed_is_what_the_office_planned_last(app):
    first = case()
    assert board(first.meeting).proposed == list(USUAL)
    plan(first, 2, 600)
    plan(first, 7, 480)
    second = factories.meeting(first.organization)
    assert board(second).proposed == [(7, 480), (2, 600)]
    assert board(factories.meeting(factories.organization())).proposed == list(USUAL)


def test_what_is_proposed_is_switched_on_once(app):
    of = case()
    for expected in (3, 0):
        with write():
            assert adopt(of.meeting, USUAL, by=of.by) == expected
    assert [(row.days_before, row.clock, row.is_on) for row in planned(of.meeting.id)] == [
        (3, "09:00", True),
        (1, "09:00", True),
        (0, "09:00", True),
    ]


def test_a_concluded_meeting_is_not_planned_for(app):
    of = case(state=MeetingState.CONCLUDED)
    with pytest.raises(DomainError), write():
        plan_reminder(of.meeting, 1, NINE, by=of.by)


def test_nine_is_nine_where_the_meeting_is_also_when_clocks_change(app):
    starts = to_utc(now().replace(year=2031, month=4, day=4, hour=9, minute=0, second=0, tzinfo=None), "Europe/Berlin")
    of = case(zone="Europe/Berlin", starts_at=starts, reply_by=starts - 2 * HOUR)
    someone(of)
    plan(of, 5, 2 * 60 + 30)  # 30 March 2031, 02:30: skipped there
    before = now().replace(year=2031, month=3, day=30, hour=1, minute=29, second=59)
    assert [sweep(before), sweep(before + timedelta(seconds=1))] == [0, 1]


def test_the_day_of_the_reminder_is_on_record(app):
    of = case()
    someone(of)
    plan(of)
    at = local(4, 9) + timedelta(minutes=3)
    sweep(at)
    row = db.session.get_one(Attendee, reminded()[0])
    assert (row.reminded_at, row.told_at < now() - DAY + HOUR) == (at, True)
