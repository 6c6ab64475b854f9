"""Each person's calendar gets later and later revisions of one event from one organizer, whatever happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from eventsys.core.actor import Channel
from eventsys.core.outbox import Letter, LetterBatch, LetterState
from eventsys.core.transaction import write
from eventsys.delivery.operations import send_again
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Place, PlaceRole, Reply
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.operations.prepare import prepare
from eventsys.invitations.operations.resend import resend
from eventsys.invitations.operations.substitute import Named, name_substitute
from eventsys.invitations.operations.withdraw import mark_of_place, people_of, withdraw_place
from eventsys.invitations.queries.change import told
from eventsys.meetings.models import Meeting, MeetingState
from tests import factories
from tests.invitations.asking import Office, deliver, letters, office, stale, words
from tests.invitations.revisions import grows, said_to
from tests.invitations.test_change import cancel, change, moved
from tests.invitations.test_send import send_all

pytestmark = pytest.mark.usefixtures("english")


def withdraw(case: Office, attendee: Attendee) -> None:
    with write():
        place = db.session.get_one(Place, attendee.place_id)
        withdraw_place(place, mark_of_place(place, people_of(place)), by=case.by)


def ask_again(case: Office, person_id: int) -> None:
    with write():
        prepare(case.meeting, [f"0.{person_id}"], PlaceRole.REQUIRED, by=case.by)
    send_all(case)


def delegate(case: Office, attendee: Attendee, name: str, email: str) -> Attendee:
    with write():
        return name_substitute(attendee, Named(name, "Deputy", "139", email), by=case.by)


def reply(case: Office, attendee: Attendee, with_what: Reply) -> None:
    with write():
        answer(attendee, with_what, by=case.by)


def test_acts_within_one_second_are_revisions_of_different_moments(app):
    case = office()
    row = factories.attendee(case.meeting, factories.person(email="li@example.org"), told=False)
    send_all(case)
    deliver()
    change(case, venue_zh="302会议室")
    change(case, notes_zh="请着正装", tell_words=True)
    change(case, **moved(case))
    cancel(case)
    said = said_to(row.email)
    assert [(each.method, each.sequence) for each in said] == [
        ("REQUEST", 0),
        ("REQUEST", 1),
        ("REQUEST", 1),
        ("REQUEST", 2),
        ("CANCEL", 3),
    ]
    assert grows(said) and len({each.organizer for each in said}) == 1


def test_words_changed_in_silence_are_a_later_revision_too(app):
    case = office()
    row = factories.attendee(case.meeting, factories.person(email="li@example.org"), told=False)
    send_all(case)
    change(case, notes_zh="请着正装")
    change(case, venue_zh="302会议室")
    assert grows(said_to(row.email))


def test_whoever_is_taken_off_and_asked_again_has_one_event_and_one_organizer(app):
    case = office()
    person = factories.person("李明", email="li@example.org")
    person_id = person.id
    first = factories.attendee(case.meeting, person, told=False)
    send_all(case)
    deliver()
    withdraw(case, first)
    deliver()
    ask_again(case, person_id)
    deliver()
    change(case, venue_zh="302会议室")
    said = said_to("li@example.org")
    assert [(each.method, each.sequence) for each in said] == [
        ("REQUEST", 0),
        ("CANCEL", 1),
        ("REQUEST", 2),
        ("REQUEST", 3),
    ]
    assert grows(said) and len({each.organizer for each in said}) == 1


def test_another_person_at_the_mailbox_of_one_taken_off_has_a_way_in_of_their_own(app):
    case = office()
    first = factories.attendee(case.meeting, factories.person("李明", email="office@example.org"), told=False)
    other = factories.person("王芳", email="Office@example.org").id
    send_all(case)
    deliver()
    withdraw(case, first)
    ask_again(case, other)
    assert stale() == []
    said = said_to("office@example.org") + said_to("Office@example.org")
    assert [each.sequence for each in said] == [0, 1, 2]
    assert grows(said) and said[0].organizer == said[1].organizer != said[2].organizer


def test_nobody_is_told_off_who_was_asked_again_before_the_letter_left(app):
    case = office()
    person = factories.person("李明", email="li@example.org")
    person_id = person.id
    first = factories.attendee(case.meeting, person, told=False)
    send_all(case)
    deliver()
    withdraw(case, first)
    ask_again(case, person_id)
    assert [key.partition(":")[0] for key in stale()] == ["withdrawal"]
    assert [key.partition(":")[0] for key in deliver()] == ["invitation"]


def test_somebody_added_later_begins_with_the_present_revision(app):
    case = office()
    factories.attendee(case.meeting, factories.person())
    change(case, venue_zh="302会议室")
    factories.attendee(case.meeting, factories.person(email="late@example.org"), told=False)
    send_all(case)
    assert [each.sequence for each in said_to("late@example.org")] == [1]


def test_both_sides_of_a_substitution_see_it_in_their_calendars(app):
    case = office()
    first = factories.attendee(case.meeting, factories.person("李明", email="li@example.org"))
    second = delegate(case, first, "王芳", "wang@example.org")
    deliver()
    reply(case, second, Reply.ACCEPTED)
    change(case, venue_zh="302会议室")
    pair = (("li@example.org", "DELEGATED"), ("wang@example.org", "NEEDS-ACTION"))
    after = (("li@example.org", "DELEGATED"), ("wang@example.org", "ACCEPTED"))
    assert [(each.kind, each.attendees) for each in said_to("li@example.org")] == [
        ("delegation", pair),
        ("update", after),
    ]
    assert [each.attendees for each in said_to("wang@example.org")] == [pair, after]
    assert b"VALARM" not in (words(letters("delegation")[0]).calendar or b"")


def test_a_chain_of_substitutes_names_each_ones_neighbours(app):
    case = office()
    first = factories.attendee(case.meeting, factories.person("李明", email="li@example.org"))
    second = delegate(case, first, "王芳", "wang@example.org")
    deliver()
    delegate(case, second, "赵强", "zhao@example.org")
    deliver()
    change(case, venue_zh="302会议室")
    li, wang, zhao = "li@example.org", "wang@example.org", "zhao@example.org"
    assert said_to(li)[-1].attendees == ((li, "DELEGATED"), (wang, "DELEGATED"))
    assert said_to(wang)[-1].attendees == ((li, "DELEGATED"), (wang, "DELEGATED"), (zhao, "NEEDS-ACTION"))
    assert said_to(zhao)[-1].attendees == ((wang, "DELEGATED"), (zhao, "NEEDS-ACTION"))


def test_a_place_that_comes_back_is_told(app):
    case = office()
    first = factories.attendee(case.meeting, factories.person("李明", email="li@example.org"))
    second = delegate(case, first, "王芳", "wang@example.org")
    deliver()
    reply(case, second, Reply.DECLINED)
    said = said_to("li@example.org")
    assert [(each.kind, each.attendees[0][1]) for each in said] == [
        ("delegation", "DELEGATED"),
        ("return", "NEEDS-ACTION"),
    ]
    assert grows(said) and stale() == []


def test_a_place_that_is_taken_back_is_told_to_both_calendars(app):
    case = office()
    first = factories.attendee(case.meeting, factories.person("李明", email="li@example.org"))
    delegate(case, first, "王芳", "wang@example.org")
    deliver()
    reply(case, first, Reply.ACCEPTED)
    assert said_to("li@example.org")[-1].attendees == (("li@example.org", "ACCEPTED"),)
    assert [(each.method, each.sequence) for each in said_to("wang@example.org")] == [("REQUEST", 0), ("CANCEL", 1)]


def test_a_substitute_named_twice_goes_on_with_one_organizer(app):
    case = office()
    first = factories.attendee(case.meeting, factories.person("李明", email="li@example.org"))
    for name, email in (("王芳", "wang@example.org"), ("赵强", "zhao@example.org"), ("王芳", "wang@example.org")):
        delegate(case, first, name, email)
        deliver()
    said = said_to("wang@example.org")
    assert [(each.method, each.sequence) for each in said] == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2)]
    assert grows(said) and len({each.organizer for each in said}) == 1


def test_whoever_sent_a_substitute_and_holds_another_place_is_told_once(app):
    case = office()
    person = factories.person("李明", email="li@example.org")
    person_id = person.id
    first = factories.attendee(case.meeting, person)
    delegate(case, first, "王芳", "wang@example.org")
    deliver()
    ask_again(case, person_id)
    deliver()
    assert [row.email for row in told(case.meeting).invitees].count("li@example.org") == 1
    change(case, venue_zh="302会议室")
    said = said_to("li@example.org")
    assert grows(said) and [each.kind for each in said] == ["delegation", "invitation", "update"]


def test_an_answer_given_before_the_invitation_left_stands_in_it(app):
    case = office()
    row = factories.attendee(case.meeting, factories.person(email="li@example.org"), told=False)
    reply(case, row, Reply.ACCEPTED)
    send_all(case)
    change(case, venue_zh="302会议室")
    assert [each.attendees[0][1] for each in said_to("li@example.org")] == ["ACCEPTED", "ACCEPTED"]
    change(case, **moved(case))
    assert said_to("li@example.org")[-1].attendees[0][1] == "NEEDS-ACTION"


def test_a_letter_to_the_offices_own_mailbox_has_no_calendar_part(app):
    case = office()
    factories.attendee(case.meeting, factories.person(email="Meetings+x@localhost.example.org"), told=False)
    factories.attendee(case.meeting, factories.person(email="Meetings@example.org"), told=False)
    with_own_address(app, "meetings@example.org")
    try:
        send_all(case)
        assert [len(said_to(letter.address)) for letter in letters()] == [1, 0]
    finally:
        with_own_address(app, "meetings@localhost")


def with_own_address(app, address: str) -> None:
    settings = app.extensions["eventsys.settings"]
    app.extensions["eventsys.settings"] = replace(settings, mail=replace(settings.mail, sender=address))


def test_sent_again_between_two_changes(app):
    case = office()
    row = factories.attendee(case.meeting, factories.person(email="li@example.org"))
    change(case, venue_zh="302会议室")
    deliver()
    with write():
        assert resend(row, by=case.by)
    deliver()
    change(case, venue_zh="303会议室")
    said = said_to("li@example.org")
    assert [(each.kind, each.sequence) for each in said] == [("update", 1), ("resend", 1), ("update", 2)]
    assert grows(said)


def test_a_letter_that_came_back_and_leaves_again_is_a_later_message(app):
    case = office()
    row = factories.attendee(case.meeting, factories.person(email="li@example.org"), told=False)
    send_all(case)
    with write() as session:
        session.execute(update(Letter).values(state=LetterState.BOUNCED))
        told_at, letter_id = session.get_one(Attendee, row.id).told_at, session.scalars(select(Letter.id)).one()
    with write():
        send_again(letter_id, by=case.by)
    change(case, venue_zh="302会议室")
    again, changed = letters()
    assert told_at < datetime.fromisoformat(again.facts["stamp"]) < datetime.fromisoformat(common_of(changed)["stamp"])


def common_of(letter: Letter) -> dict[str, Any]:
    return db.session.get_one(LetterBatch, letter.batch_id).common


def test_the_record_of_a_meeting_that_is_over_tells_nobody(app):
    case = office()
    first = factories.attendee(case.meeting, factories.person("李明", email="li@example.org"))
    second = delegate(case, first, "王芳", "wang@example.org")
    deliver()
    with write() as session:
        session.execute(update(Meeting).values(state=MeetingState.CONCLUDED))
    with write():
        answer(second, Reply.DECLINED, by=case.by, channel=Channel.ON_BEHALF)
    assert [letter.kind for letter in letters()] == ["invitation", "delegation"]
