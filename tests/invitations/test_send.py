"""Sending: one letter to each, in bulk, never twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from eventsys.core.actor import Role
from eventsys.core.audit import AuditEntry
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.outbox import Letter, LetterBatch
from eventsys.core.tokens import new_link_id
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Leave, Place, PlaceRole, Reply
from eventsys.invitations.operations.send import invite, mark_of_list, send_prepared
from eventsys.invitations.operations.withdraw import mark_of_place, people_of, withdraw_place
from eventsys.invitations.queries.send import outgoing
from eventsys.meetings.models import MeetingState
from tests import factories
from tests.invitations.asking import Office, deliver, keys, letters, office, stale, statements, words

pytestmark = pytest.mark.usefixtures("english")


def send_all(case: Office) -> int:
    with write():
        going = outgoing(case.meeting)
        return send_prepared(case.meeting, mark_of_list(case.meeting, going.invitees, going.liaisons), by=case.by)


def unnamed_place(case: Office, title: str = "主任") -> Place:
    district = factories.organization()
    post = factories.post(district, title)
    with write() as session:
        place = Place(meeting_id=case.meeting.id, organization_id=district.id, post_id=post.id, created_at=now())
        session.add(place)
    return place


def test_inviting_one_person_queues_one_letter(app):
    case = office()
    row = factories.attendee(case.meeting, factories.person("李明", name_en="Li Ming"), told=False)
    with write():
        assert invite(case.meeting, [row], by=case.by) == 1
        assert (row.told_at, row.told_sequence) == (now(), 0)
        row.comment = "later in the same act"
    assert [(each.key, each.kind, each.recipient) for each in letters()] == [
        (f"invitation:{row.id}:s0", "invitation", "李明")
    ]
    assert stale() == []


def test_inviting_twice_is_refused(app):
    case = office()
    row = factories.attendee(case.meeting, factories.person(), told=False)
    with write():
        invite(case.meeting, [row], by=case.by)
    with pytest.raises(DomainError), write():
        invite(case.meeting, [row], by=case.by)
    assert len(letters()) == 1


def test_whoever_has_no_address_stays_prepared_until_the_directory_has_one(app):
    case = office()
    person = factories.person(email="")
    row = factories.attendee(case.meeting, person, told=False)
    with write():
        assert invite(case.meeting, [row], by=case.by) == 0
        assert row.told_at is None
    with write() as session:
        session.merge(person).email = "found@example.org"
    with write():
        assert invite(case.meeting, [db.session.get_one(Attendee, row.id)], by=case.by) == 1
    assert [letter.address for letter in letters()] == ["found@example.org"]
    assert db.session.get_one(Attendee, row.id).email == "found@example.org"


def test_a_draft_sends_nothing(app):
    case = office(state=MeetingState.DRAFT)
    factories.attendee(case.meeting, factories.person(), told=False)
    with pytest.raises(DomainError, match="scheduled"):
        send_all(case)
    assert letters() == []


def test_sending_twice_sends_once(app):
    case = office()
    factories.attendee(case.meeting, factories.person(), told=False)
    assert send_all(case) == 1
    with pytest.raises(DomainError):
        send_all(case)
    assert len(letters()) == 1


def test_a_list_that_changed_since_it_was_shown_is_not_sent(app):
    case = office()
    factories.attendee(case.meeting, factories.person(), told=False)
    going = outgoing(case.meeting)
    shown = mark_of_list(case.meeting, going.invitees, going.liaisons)
    factories.attendee(case.meeting, factories.person(), told=False)
    with pytest.raises(DomainError, match="changed"), write():
        send_prepared(case.meeting, shown, by=case.by)
    assert letters() == []


def test_places_to_be_named_go_to_the_liaison_and_wait_where_there_is_none(app):
    case = office()
    asked, waiting = unnamed_place(case), unnamed_place(case, "副主任")
    liaison = factories.person("联络员")
    factories.holds(liaison, Role.LIAISON, db.session.get_one(type(case.organization), asked.organization_id))
    going = outgoing(case.meeting)
    assert (going.letters, [place[0] for place in going.without_liaison]) == (1, [waiting.id])
    assert send_all(case) == 1
    letter = letters()[0]
    assert (letter.recipient, letter.attendee_id, letter.organization_id) == ("联络员", None, asked.organization_id)
    shown = words(letter)
    assert (shown.calendar, shown.method, "主任" in shown.text) == (None, "", True)
    assert db.session.get_one(Place, asked.id).told_sequence == 0
    assert db.session.get_one(Place, waiting.id).told_at is None
    assert stale() == []


def test_one_added_later_is_told_alone_with_the_current_sequence(app):
    case = office(sequence=3)
    factories.attendee(case.meeting, factories.person())
    added = factories.attendee(case.meeting, factories.person(), told=False)
    assert send_all(case) == 1
    assert keys() == [f"invitation:{added.id}:s3"]
    assert b"SEQUENCE:3\r\n" in (words(letters()[0]).calendar or b"")


def withdraw(case: Office, row: Attendee) -> int:
    with write():
        place = db.session.get_one(Place, row.place_id)
        return withdraw_place(place, mark_of_place(place, people_of(place)), by=case.by).letters


def test_one_removed_is_told_alone(app):
    case = office()
    rows = [factories.attendee(case.meeting, factories.person(), told=False) for _ in range(3)]
    send_all(case)
    assert len(deliver()) == 3
    assert withdraw(case, rows[1]) == 1
    letter = letters("withdrawal")[0]
    assert (letter.attendee_id, words(letter).method) == (rows[1].id, "CANCEL")
    calendar = words(letter).calendar or b""
    assert (calendar.count(b"ATTENDEE"), b"STATUS:CANCELLED" in calendar) == (1, False)
    gone = db.session.get_one(Attendee, rows[1].id)
    assert (gone.is_current, gone.link_revoked_at is not None) == (False, True)
    with pytest.raises(DomainError):
        withdraw(case, rows[1])
    assert len(letters("withdrawal")) == 1


def test_one_removed_before_the_invitation_left_is_never_told(app):
    case = office()
    row = factories.attendee(case.meeting, factories.person(), told=False)
    send_all(case)
    assert withdraw(case, row) == 0
    assert (stale(), deliver()) == ([f"invitation:{row.id}:s0"], [])


def test_a_prepared_one_is_removed_in_silence_and_can_be_asked_again(app):
    case = office()
    person = factories.person()
    row = factories.attendee(case.meeting, person, told=False)
    assert withdraw(case, row) == 0
    again = factories.attendee(case.meeting, person, told=False)
    assert send_all(case) == 1
    assert keys() == [f"invitation:{again.id}:s0"]


def crowd(case: Office, size: int) -> None:
    """People with places, quickly."""
    with write() as session:
        numbers = range(size)
        places = [
            {"meeting_id": case.meeting.id, "role": PlaceRole.REQUIRED, "position": n, "created_at": now()}
            for n in numbers
        ]
        ids = list(session.scalars(insert(Place).returning(Place.id, sort_by_parameter_order=True), places))
        people = [
            {
                "meeting_id": case.meeting.id,
                "place_id": place_id,
                "name_zh": f"某{n}",
                "email": f"p{n}@example.org",
                "link_id": new_link_id(),
                "is_current": True,
                "reply": Reply.PENDING,
                "leave": Leave.NONE,
                "language": "en" if n % 4 == 0 else "zh",
                "created_at": now(),
                "version": 1,
            }
            for n, place_id in zip(numbers, ids, strict=True)
        ]
        session.execute(insert(Attendee), people)


def test_two_thousand_are_sent_in_one_batch_with_as_many_queries_as_one(app):
    small = office()
    crowd(small, 1)
    with statements() as few:
        assert send_all(small) == 1
    large = Office(small.organization, small.by, factories.meeting(small.organization))
    crowd(large, 2000)
    with statements() as many:
        assert send_all(large) == 2000
    batches = select(func.count(func.distinct(Letter.batch_id))).where(Letter.meeting_id == large.meeting.id)
    told = select(func.count()).where(Attendee.meeting_id == large.meeting.id, Attendee.told_sequence == 0)
    assert (db.session.scalar(batches), db.session.scalar(told)) == (1, 2000)
    assert len(many) == len(few)
    assert db.session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.action == "invitation.send")) == 2


def test_the_common_facts_stand_once_and_personal_ones_are_small(app):
    case = office(notes_zh="须知" * 500)
    crowd(case, 3)
    send_all(case)
    assert db.session.scalar(select(func.count(LetterBatch.id))) == 1
    assert max(len(str(letter.facts)) for letter in letters()) < 400


@pytest.mark.parametrize("hours", [0, 48])
def test_letters_of_a_meeting_that_is_over_are_not_sent(app, hours):
    case = office()
    factories.attendee(case.meeting, factories.person(), told=False)
    send_all(case)
    with write() as session:
        meeting = session.merge(case.meeting)
        meeting.state = MeetingState.CONCLUDED
        meeting.modified_at = now() + timedelta(hours=hours)
    assert len(stale()) == 1
