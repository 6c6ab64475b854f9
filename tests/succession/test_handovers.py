"""A post has passed on: the organizer is asked, and what they say is done and told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from eventsys.core.actor import Actor, Role
from eventsys.core.clock import now
from eventsys.core.errors import DomainError, Stale
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.transaction import write
from eventsys.directory.models import Appointment, Organization, Person, Post
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Place, Reply
from eventsys.invitations.operations.substitute import Named, name_substitute
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.succession.models import Decision
from eventsys.succession.operations.handovers import decide
from eventsys.succession.queries.handovers import Question, question_of, questions
from tests import factories as make
from tests.personas import Browse
from tests.succession.acting import again
from tests.web.forms import post as send

TODAY = date.today()  # noqa: DTZ011 - a day of the calendar
YESTERDAY = TODAY - timedelta(days=1)
HOME = "/workspace/handovers/"


@dataclass
class World:
    """A district's post: old held it until yesterday, new holds it since today; old is asked to a meeting in a week."""

    office: Organization
    district: Organization
    post: Post
    old: Person
    new: Person
    meeting: Meeting
    attendee: Attendee

    @property
    def organizer(self) -> Actor:
        return make.actor((Role.ORGANIZER, self.office))

    @property
    def place(self) -> Place:
        return again(self.attendee).place  # type: ignore[no-any-return]


@pytest.fixture
def world(app: Flask) -> World:
    office, district = make.organization("市外办"), make.organization("和平区")
    post = make.post(district)
    old, new = make.person("旧主任", post=post), make.person("新主任")
    meeting = make.meeting(office)
    attendee = make.attendee(meeting, old, post=post, reply=Reply.ACCEPTED)
    ended(old)
    appointed(new, post, TODAY)
    return World(office, district, post, old, new, meeting, attendee)


def ended(person: Person, on: date = YESTERDAY) -> None:
    with write():
        db.session.scalars(select(Appointment).where(Appointment.person_id == person.id)).one().ends_on = on


def appointed(person: Person, post: Post, starts_on: date, ends_on: date | None = None) -> None:
    with write() as session:
        session.add(Appointment(person_id=person.id, post_id=post.id, starts_on=starts_on, ends_on=ends_on))


def asked(world: World) -> Question:
    found = question_of(world.place.id)
    assert found is not None
    return found


def decided(world: World, decision: Decision, person: Person | None = None) -> None:
    question, place = asked(world), world.place
    with write():
        decide(place, decision, person.id if person else None, question.mark, by=world.organizer)


def letters() -> list[tuple[str, str]]:
    return [(row.kind, row.recipient) for row in db.session.scalars(select(Letter).order_by(Letter.id))]


def test_the_question_says_who_left_what_they_answered_and_who_holds_it(world: World) -> None:
    question = asked(world)
    assert question.left is not None
    assert (question.left.name, question.left.last_day, question.left.reply) == ("旧主任", YESTERDAY, Reply.ACCEPTED)
    assert [(each.name, each.starts_on, each.is_expected) for each in question.holders] == [("新主任", TODAY, False)]


def test_the_new_holder_is_invited_and_the_old_one_told(world: World) -> None:
    decided(world, Decision.PUT, world.new)
    rows = db.session.scalars(select(Attendee).order_by(Attendee.id)).all()
    assert [(row.person_id, row.is_current, row.reply) for row in rows] == [
        (world.old.id, False, Reply.ACCEPTED),
        (world.new.id, True, Reply.PENDING),
    ]
    assert letters() == [("withdrawal", "旧主任"), ("invitation", "新主任")]
    assert questions(None) == []


def test_keeping_changes_nothing_until_the_post_passes_on_again(world: World) -> None:
    decided(world, Decision.KEEP)
    assert (again(world.attendee).is_current, letters(), questions(None)) == (True, [], [])
    appointed(make.person("更新的主任"), world.post, TODAY)
    assert len(questions(None)) == 1


def test_left_open_the_place_is_to_be_named(world: World) -> None:
    decided(world, Decision.OPEN)
    assert again(world.attendee).is_current is False
    assert world.place.withdrawn_at is None
    assert letters() == [("withdrawal", "旧主任")]
    assert questions(None) == []


def test_nobody_is_written_to_before_anybody_was_told(world: World) -> None:
    with write():
        row = db.session.get_one(Attendee, world.attendee.id)
        row.told_at = row.told_sequence = None
    decided(world, Decision.PUT, world.new)
    row = db.session.scalars(select(Attendee).where(Attendee.is_current)).one()
    assert (row.person_id, row.told_at, letters()) == (world.new.id, None, [])


def test_a_substitute_is_shown_first_and_stands_down_too(world: World) -> None:
    with write():
        named = Named(name="代会人", email="sub@example.org")
        substitute = name_substitute(world.attendee, named, by=world.organizer)
    with write() as session:
        session.execute(update(Letter).values(state=LetterState.SENT))
    question = asked(world)
    assert [(each.name, each.reply) for each in question.people] == [
        ("旧主任", Reply.DELEGATED),
        ("代会人", Reply.PENDING),
    ]
    decided(world, Decision.PUT, world.new)
    assert again(substitute).is_current is False
    assert letters()[2:] == [("withdrawal", "代会人"), ("withdrawal", "旧主任"), ("invitation", "新主任")]


def test_a_vacant_post_asks_too(app: Flask, world: World) -> None:
    with write() as session:
        row = session.scalars(select(Appointment).where(Appointment.person_id == world.new.id)).one()
        session.delete(row)
    assert asked(world).holders == ()


def test_a_place_to_be_named_asks_when_somebody_begins(world: World) -> None:
    decided(world, Decision.OPEN)
    newest = make.person("更新的主任")
    appointed(newest, world.post, TODAY)
    question = asked(world)
    assert (question.left, [each.name for each in question.holders]) == (None, ["新主任", "更新的主任"])
    decided(world, Decision.PUT, newest)
    assert db.session.scalars(select(Attendee).where(Attendee.is_current)).one().person_id == newest.id


@pytest.mark.parametrize(
    "facts",
    [
        {"state": MeetingState.CONCLUDED},
        {"state": MeetingState.CANCELLED},
        {"starts_at": now() - timedelta(days=1)},
    ],
)
def test_only_meetings_to_come_ask(world: World, facts: dict[str, Any]) -> None:
    with write():
        row = db.session.get_one(Meeting, world.meeting.id)
        for name, value in facts.items():
            setattr(row, name, value)
    assert questions(None) == []


def test_a_meeting_before_the_change_does_not_ask(world: World) -> None:
    ended(world.old, TODAY + timedelta(days=30))
    assert questions(None) == []


def test_somebody_named_who_never_held_the_post_is_not_asked_about(world: World) -> None:
    with write() as session:
        session.delete(session.scalars(select(Appointment).where(Appointment.person_id == world.old.id)).one())
    assert questions(None) == []


def test_a_change_meanwhile_is_seen_first(world: World) -> None:
    question, place = asked(world), world.place
    appointed(make.person("第二位主任"), world.post, TODAY)
    with pytest.raises(Stale), write():
        decide(place, Decision.PUT, world.new.id, question.mark, by=world.organizer)
    assert again(world.attendee).is_current is True


def test_only_a_holder_can_be_put_on_and_only_once(world: World) -> None:
    stranger, question, place = make.person(), asked(world), world.place
    with pytest.raises(DomainError), write():
        decide(place, Decision.PUT, stranger.id, question.mark, by=world.organizer)
    assert again(world.attendee).is_current is True
    decided(world, Decision.PUT, world.new)
    with pytest.raises(DomainError), write():
        decide(world.place, Decision.PUT, world.new.id, question.mark, by=world.organizer)
    assert len(letters()) == 2


def test_a_holder_with_another_place_is_said_and_not_offered(world: World, browse: Browse) -> None:
    make.attendee(world.meeting, world.new)
    assert [each.is_expected for each in asked(world).holders] == [True]
    page = browse(world.organizer).get(HOME)
    assert f'value="put-{world.new.id}"' not in page.text
    assert 'value="keep"' in page.text


def test_the_page_decides(world: World, browse: Browse) -> None:
    organizer, place_id = browse(world.organizer), world.place.id
    home = organizer.get("/workspace/")
    assert f'href="{HOME}"' in home.text
    page = organizer.get(HOME)
    assert [text in page.text for text in ("旧主任", "新主任", "和平区")] == [True] * 3
    name, mark = f"q{place_id}-choice", asked(world).mark
    refused = send(organizer, f"{HOME}{place_id}", {f"q{place_id}-seen": mark}, page=HOME)
    assert refused.status_code == 422
    stale = send(organizer, f"{HOME}{place_id}", {f"q{place_id}-seen": "old", name: "keep"}, page=HOME)
    assert stale.status_code == 409
    data = {f"q{place_id}-seen": mark, name: f"put-{world.new.id}"}
    assert send(organizer, f"{HOME}{place_id}", data, page=HOME).location == HOME
    assert "旧主任" not in organizer.get(HOME).text
    assert f'href="{HOME}"' not in organizer.get("/workspace/").text


def test_other_offices_see_and_decide_nothing(world: World, browse: Browse) -> None:
    other = browse(make.actor((Role.ORGANIZER, world.district)))
    assert "旧主任" not in other.get(HOME).text
    assert other.get(f"{HOME}{world.place.id}").status_code == 404
    assert other.get(f"{HOME}9999999999").status_code == 404
    assert browse(make.actor((Role.LIAISON, world.district))).get(HOME).status_code == 403
    assert browse(make.actor((Role.APPROVER, world.office))).get(f"{HOME}{world.place.id}").status_code == 404


def test_sentences_stand_apart_as_each_language_writes_them(world: World, browse: Browse) -> None:
    organizer = browse(world.organizer)
    chinese, english = (organizer.get(f"{HOME}?lang={language}").text for language in ("zh", "en"))
    assert re.search(r"旧主任任职至[^<]*日。新主任自", chinese)
    assert re.search(r"held the post until [^<]*\d{4}\. Person", english)
