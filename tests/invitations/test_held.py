"""A change that is held: nothing is changed and nobody told before it goes out, and then once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from eventsys.accounts.models import HeldRole
from eventsys.core.actor import Channel
from eventsys.core.audit import AuditEntry
from eventsys.core.clock import now
from eventsys.core.errors import DomainError, Stale
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.holding import AT_ONCE, Quiet, Seen
from eventsys.invitations.models import Attendee, HeldChange, Obstacle, Reply
from eventsys.invitations.operations.aside import discard
from eventsys.invitations.operations.cancel import cancel_meeting
from eventsys.invitations.operations.change import Changed, Reason, change_meeting
from eventsys.invitations.operations.hold import release, save_change, send_now
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.meetings.operations import start_meeting
from tests import factories
from tests.invitations.asking import deliver, keys, letters, words
from tests.invitations.held import DAY, QUIET, ROOM, Case, acts, edit, found, held, organizer, record, sweep, told

pytestmark = pytest.mark.usefixtures("english")


def reply(case: Case) -> Reply:
    db.session.rollback()
    return db.session.get_one(Attendee, case.attendee.id, populate_existing=True).reply


def seen(case: Case) -> Seen:
    before = found(case)
    return Seen.of(before.meeting, before.held)


def test_an_edit_is_held_and_nothing_is_changed(app):
    case = told()
    before = MeetingFacts.of(record(case))
    saved = edit(case, venue_zh=ROOM)
    assert (saved.changed, saved.release_at is not None) == (None, True)
    assert (MeetingFacts.of(record(case)), record(case).version, record(case).sequence) == (before, 1, 0)
    assert (letters(), reply(case), sweep(4)) == ([], Reply.ACCEPTED, 0)
    assert found(case).facts == replace(before, venue_zh=ROOM)
    assert acts(case) == ["hold"]


def test_when_its_time_has_come_it_goes_out_once(app):
    case = told()
    edit(case, venue_zh=ROOM)
    assert [sweep(6), sweep(6), sweep(7)] == [1, 0, 0]
    assert (record(case).venue_zh, record(case).sequence, held(case)) == (ROOM, 1, None)
    assert keys() == [f"update:{case.attendee.id}:s1:v1"]
    assert acts(case) == ["hold", "release"]


def test_a_worker_that_looked_before_the_last_edit_comes_too_early(app):
    case = told()
    edit(case, venue_zh=ROOM)
    row = held(case)
    with write():
        assert release(row.id, case.meeting.id) is False
    with write():
        assert release(row.id + 1, case.meeting.id) is False
    assert (held(case).version, letters()) == (row.version, [])


def test_it_is_made_in_the_name_of_whoever_saved_it_last(app):
    case = told()
    other = organizer(case, "同事")
    edit(case, venue_zh=ROOM)
    edit(case, by=other, online_url="https://meet.example.org/1")
    sweep(6)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "meeting.change")).one()
    assert (entry.account_id, entry.actor, entry.channel) == (other.account_id, other.label, Channel.WORKER.value)


def test_several_edits_make_one_update_with_one_sequence(app):
    case = told()
    edit(case, venue_zh="303会议室")
    edit(case, starts_at=case.meeting.starts_at + DAY, ends_at=case.meeting.ends_at + DAY)
    edit(case, venue_zh=ROOM)
    assert sweep(6) == 1
    assert keys() == [f"update:{case.attendee.id}:s1:v1"]
    assert letters()[0].facts["changes"] == ["time", "place"]
    assert (record(case).venue_zh, record(case).sequence, record(case).timed_sequence) == (ROOM, 1, 1)
    assert reply(case) is Reply.PENDING
    text = words(letters()[0], "zh").text
    assert (ROOM in text, "303会议室" in text) == (True, False)


def test_each_edit_starts_the_quiet_time_anew_but_not_for_ever(app):
    case, begun = told(), now()
    for minute in range(0, 240, 4):
        at = begun + timedelta(minutes=minute)
        saved = edit(case, at=at, venue_zh=f"{minute}号会议室")
        assert saved.release_at == min(at + timedelta(minutes=5), begun + timedelta(minutes=240))
    assert (sweep(239), sweep(241)) == (0, 1)
    assert (record(case).venue_zh, len(letters())) == ("236号会议室", 1)


@pytest.mark.parametrize("minutes", [1, 15, 60, 240])
def test_the_quiet_time_is_chosen(app, minutes):
    case = told()
    at = now()
    assert edit(case, at=at, quiet=Quiet(minutes, 240), venue_zh=ROOM).release_at == at + timedelta(minutes=minutes)
    row = held(case)
    assert row is not None
    assert row.quiet_minutes == minutes


def test_at_once_is_made_at_once_with_all_that_was_held(app):
    case = told()
    edit(case, venue_zh=ROOM)
    saved = edit(case, quiet=AT_ONCE, online_url="https://meet.example.org/1")
    assert saved.changed == Changed(letters=1, reset=0)
    assert (record(case).venue_zh, record(case).sequence, held(case)) == (ROOM, 1, None)
    assert letters()[0].facts["changes"] == ["place", "link"]


def test_a_meeting_that_nobody_was_told_of_is_changed_at_once(app):
    case = told()
    with write() as session:
        session.execute(update(Attendee).values(told_at=None, told_sequence=None))
    assert edit(case, venue_zh=ROOM).changed == Changed(0, 0)
    assert (record(case).venue_zh, held(case), letters()) == (ROOM, None, [])


@pytest.mark.parametrize("state", sorted(set(MeetingState) - {MeetingState.SCHEDULED, MeetingState.IN_SESSION}))
def test_a_draft_or_a_meeting_that_is_over_holds_nothing(app, state):
    case = told()
    with write() as session:
        session.get_one(Meeting, case.meeting.id).state = state
    for quiet in (QUIET, AT_ONCE):
        with pytest.raises(DomainError, match="Only a scheduled meeting"):
            edit(case, quiet=quiet, venue_zh=ROOM)
    assert (held(case), letters()) == (None, [])


def test_soon_before_the_meeting_nothing_waits(app):
    case = told(starts_at=now().replace(second=0) + timedelta(minutes=40), reply_by=None)
    at = now()
    assert edit(case, at=at, quiet=Quiet(60, 240), venue_zh=ROOM).release_at == case.meeting.starts_at - timedelta(
        minutes=30
    )
    assert edit(case, at=at + timedelta(minutes=11), venue_zh="303会议室").changed == Changed(1, 0)


def test_a_new_start_that_is_near_does_not_wait_either(app):
    case = told(reply_by=None)
    near = now().replace(second=0) + timedelta(minutes=20)
    saved = edit(case, starts_at=near, ends_at=near + timedelta(hours=1))
    assert saved.changed == Changed(1, 1)


def test_edits_that_change_nothing_in_the_end_dissolve_what_is_held(app):
    case = told()
    edit(case, venue_zh=ROOM)
    saved = edit(case, venue_zh=case.meeting.venue_zh)
    assert (saved.changed, saved.release_at, held(case), letters()) == (None, None, None, [])
    assert acts(case) == ["hold", "discard"]
    with pytest.raises(DomainError, match="Nothing was changed"):
        edit(case)


def test_discarding_tells_nobody_and_the_log_keeps_it(app):
    case = told()
    edit(case, venue_zh=ROOM)
    meeting, version = record(case), seen(case)
    with write():
        discard(meeting, version, by=case.by)
    assert (held(case), letters(), record(case).version, sweep(10)) == (None, [], 1, 0)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "held_change.discard")).one()
    assert (entry.before, entry.account_id) == ({"venue_zh": ROOM}, case.by.account_id)
    with pytest.raises(DomainError, match="held no more"), write():
        discard(record(case), Seen(1, 5), by=case.by)


def test_an_earlier_look_never_fits_a_later_held_change(app):
    case = told()
    edit(case, venue_zh=ROOM)
    first = seen(case)
    meeting = record(case)
    with write():
        discard(meeting, first, by=case.by)
    edit(case, venue_zh="303会议室")
    for act in (discard, send_now):
        with pytest.raises(DomainError, match="Look at it again"), write():
            act(record(case), first, by=case.by)
    assert held(case) is not None


def test_sent_now_it_does_not_wait(app):
    case = told()
    edit(case, venue_zh=ROOM, tell_words=True)
    meeting, version = record(case), seen(case)
    with write():
        assert send_now(meeting, version, by=case.by) == Changed(1, 0)
    assert (record(case).venue_zh, held(case), sweep(10), len(letters())) == (ROOM, None, 0, 1)


def test_two_organizers_the_second_is_shown_both(app):
    case = told()
    both = seen(case)
    edit(case, venue_zh=ROOM, seen=both)
    with pytest.raises(Stale) as refusal:
        edit(case, venue_zh="303会议室", seen=both)
    assert refusal.value.current.facts.venue_zh == ROOM
    assert held(case).facts == {"venue_zh": ROOM}


def test_new_words_alone_are_held_too_and_told_only_if_wanted(app):
    case = told()
    edit(case, notes_zh="请着正装")
    assert (record(case).notes_zh, sweep(6), letters(), record(case).notes_zh) == ("", 1, [], "请着正装")
    edit(case, notes_zh="请着便装", tell_words=True)
    assert (sweep(6), len(letters("update")), record(case).sequence) == (1, 1, 0)


def test_the_facts_are_checked_when_they_are_entered(app):
    case = told()
    with pytest.raises(DomainError, match="end"):
        edit(case, ends_at=case.meeting.starts_at)
    elsewhere = factories.organization("别处")
    with pytest.raises(DomainError, match="organizer"):
        edit(case, convener_id=elsewhere.id)
    assert held(case) is None


# What cannot go out is kept, and says why.


def stopped(case: Case) -> Obstacle | None:
    row = held(case)
    assert row is not None
    return row.obstacle


def test_a_record_that_moved_on_stops_it_before_its_time(app):
    case = told()
    edit(case, venue_zh=ROOM)
    with write() as session:
        session.get_one(Meeting, case.meeting.id).notes_zh = "somebody else"
    assert (sweep(), stopped(case), letters()) == (0, Obstacle.MOVED_ON, [])
    assert (sweep(60), acts(case)) == (0, ["hold", "stop"])


def test_an_opened_meeting_stops_it_and_a_person_sends_it(app):
    case = told()
    edit(case, venue_zh=ROOM)
    meeting = record(case)
    with write():
        start_meeting(meeting, by=case.by)
    assert (sweep(6), stopped(case)) == (0, Obstacle.MOVED_ON)
    meeting, version = record(case), seen(case)
    with write():
        assert send_now(meeting, version, by=case.by).letters == 1
    assert record(case).venue_zh == ROOM


def test_a_cancelled_meeting_stops_it(app):
    case = told()
    edit(case, venue_zh=ROOM)
    with write() as session:
        session.get_one(Meeting, case.meeting.id).state = MeetingState.CANCELLED
    assert (sweep(6), stopped(case), letters()) == (0, Obstacle.OVER, [])
    with pytest.raises(DomainError, match="Only a scheduled meeting"), write():
        send_now(record(case), seen(case), by=case.by)


def test_a_start_that_has_passed_stops_it(app):
    case = told(starts_at=now().replace(second=0) + timedelta(hours=2), reply_by=None)
    edit(case, venue_zh=ROOM)
    assert (sweep(150), stopped(case), letters()) == (0, Obstacle.BEGUN, [])


def test_an_author_who_may_no_longer_change_it_stops_it(app):
    case = told()
    edit(case, venue_zh=ROOM)
    with write() as session:
        session.query(HeldRole).delete()
    assert (sweep(6), stopped(case), letters()) == (0, Obstacle.NOT_ALLOWED, [])


@pytest.mark.parametrize("facts", [{"ends_at": "1999-01-01T00:00:00+00:00"}, {"gone": 1}, {"starts_at": "never"}])
def test_facts_that_can_be_no_more_stop_it(app, facts):
    case = told()
    edit(case, venue_zh=ROOM)
    with write() as session:
        session.execute(update(HeldChange).values(facts=facts))
    assert (sweep(6), stopped(case), record(case).version) == (0, Obstacle.REFUSED, 1)
    with pytest.raises(DomainError), write():
        send_now(record(case), seen(case), by=case.by)
    meeting, version = record(case), seen(case)
    with write():
        discard(meeting, version, by=case.by)


def test_another_edit_sets_a_stopped_one_going_again(app):
    case = told()
    edit(case, venue_zh=ROOM)
    with write() as session:
        session.get_one(Meeting, case.meeting.id).notes_zh = "somebody else"
    sweep()
    edit(case, venue_zh="303会议室")
    assert (sweep(6), record(case).venue_zh, record(case).notes_zh) == (1, "303会议室", "somebody else")


def test_one_that_breaks_holds_up_no_other(app, monkeypatch, caplog):
    broken, fine = told(), told()
    edit(broken, venue_zh=ROOM)
    edit(fine, venue_zh=ROOM)
    with write() as session:
        session.execute(update(HeldChange).where(HeldChange.meeting_id == broken.meeting.id).values(facts=[1]))
    assert sweep(6) == 1
    assert (record(fine).venue_zh, "could not be carried out" in caplog.text) == (ROOM, True)
    assert held(broken) is not None


# Beside other acts.


def test_nothing_is_changed_beside_it(app):
    case = told()
    edit(case, venue_zh=ROOM)
    meeting = record(case)
    other = replace(MeetingFacts.of(meeting), starts_at=meeting.starts_at + DAY, ends_at=meeting.ends_at + DAY)
    with pytest.raises(DomainError, match="is held and has not gone out"), write():
        change_meeting(meeting, other, meeting.version, by=case.by)
    assert (letters(), record(case).version) == ([], 1)


def test_cancelling_discards_it_in_one_go(app):
    case = told()
    edit(case, venue_zh=ROOM)
    version = held(case).version
    with write():
        args = {"postponed": False, "by": case.by, "held_version": version}
        assert cancel_meeting(record(case), Reason("防汛"), 1, **args) == 1
    assert (held(case), sweep(10), [letter.kind for letter in letters()]) == (None, 0, ["cancellation"])
    assert acts(case) == ["hold", "discard"]
    assert ROOM not in words(letters()[0], "zh").text


def test_cancelling_refuses_what_was_not_seen(app):
    case = told()
    edit(case, venue_zh=ROOM)
    with pytest.raises(Stale), write():
        cancel_meeting(record(case), Reason("防汛"), 1, postponed=False, by=case.by)
    assert (held(case) is not None, record(case).state) == (True, MeetingState.SCHEDULED)


def test_postponing_to_a_date_takes_the_place_of_what_is_held(app):
    case = told()
    edit(case, venue_zh=ROOM)
    meeting = record(case)
    facts = replace(MeetingFacts.of(meeting), starts_at=meeting.starts_at + DAY, ends_at=meeting.ends_at + DAY)
    with write():
        save_change(meeting, facts, seen(case), by=case.by, quiet=QUIET, reason=Reason("会场检修"))
    assert set(held(case).facts) == {"starts_at", "ends_at"}
    sweep(6)
    shown = words(letters()[0], "zh")
    assert ("会场检修" in shown.text, ROOM in shown.text, shown.subject.startswith("会议延期")) == (True, False, True)


def test_why_it_is_postponed_stays_while_the_new_time_does(app):
    case = told()
    meeting = record(case)
    moved = {"starts_at": meeting.starts_at + DAY, "ends_at": meeting.ends_at + DAY}
    with write():
        facts = replace(MeetingFacts.of(meeting), **moved)
        save_change(meeting, facts, seen(case), by=case.by, quiet=QUIET, reason=Reason("会场检修"))
    edit(case, venue_zh=ROOM)
    assert held(case).reason_zh == "会场检修"
    edit(case, starts_at=meeting.starts_at, ends_at=meeting.ends_at)
    assert held(case).reason_zh == ""


def test_whoever_is_invited_meanwhile_gets_one_letter_with_the_new_facts(app):
    case = told()
    edit(case, venue_zh=ROOM)
    added = factories.attendee(case.meeting, factories.person(), told=False)
    from tests.invitations.test_send import send_all

    send_all(case)
    sweep(6)
    assert deliver() == [f"update:{case.attendee.id}:s1:v1", f"invitation:{added.id}:s1:v1"]
