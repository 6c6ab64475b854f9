"""Two hundred meetings, each with a history of its own, played by the real verbs and sent by the real worker.

Everything follows from a seed: a story that shows a fault is played again by its number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select

from eventsys.chasing.operations.remind import remind
from eventsys.core.actor import Actor, Channel, Role
from eventsys.core.clock import played_at
from eventsys.core.errors import DomainError
from eventsys.core.outbox import Letter, LetterBatch
from eventsys.core.transaction import write
from eventsys.delivery.sending import deliver_due
from eventsys.directory.models import Organization, OrganizationKind
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Place, PlaceRole, Reply
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.operations.cancel import cancel_meeting
from eventsys.invitations.operations.change import Reason, change_meeting
from eventsys.invitations.operations.leave import LeaveDecision, decide_leave
from eventsys.invitations.operations.prepare import prepare
from eventsys.invitations.operations.resend import decline_proposal, resend, send_receipt
from eventsys.invitations.operations.send import mark_of_list, send_prepared
from eventsys.invitations.operations.substitute import Named, name_substitute
from eventsys.invitations.operations.withdraw import mark_of_place, people_of, withdraw_place
from eventsys.invitations.queries.send import outgoing
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting, MeetingKind, Visibility
from eventsys.meetings.operations import draft_meeting, schedule_meeting
from tests import factories
from tests.validators import moments, texts

SEED = 5546
STORIES = 200
LEAD = timedelta(days=30)
ALARMS = ("1440,30", "1440,30", "", "30", "10080,120,15,0", "40320")
LANGUAGES = (("zh",), ("en",), ("zh", "en"), ("zh", "en"))
ROLES = (PlaceRole.CHAIR, PlaceRole.REQUIRED, PlaceRole.REQUIRED, PlaceRole.OPTIONAL, PlaceRole.OBSERVER)


@dataclass(frozen=True)
class Sent:
    """One letter as it left, with the facts that it was made of."""

    octets: bytes
    kind: str
    address: str
    language: str
    common: dict[str, Any]
    facts: dict[str, Any]
    story: int


@dataclass
class City:
    """The office that convenes, and everybody who may be asked."""

    office: Organization
    by: Actor
    people: list[int]
    deputies: int = 0
    acts: Counter[str] = field(default_factory=Counter)


class Story:
    """One meeting and what happens to it, act after act, at a clock of its own."""

    def __init__(self, city: City, number: int) -> None:
        self.city = city
        self.random = Random(f"{SEED}:{number}")
        zone = self.random.choice(moments.ZONES)
        start = moments.start(self.random, zone)
        self.clock = start - LEAD
        self.facts = self._facts(zone, start, self.random.choice(LANGUAGES))
        self.meeting_id = 0

    def play(self) -> None:
        """The invitation, some acts out of `ACTS`, and an end."""
        self._act("invite", _convene)
        for name in self.random.sample(sorted(ACTS), self.random.randint(2, 4)):
            self._act(name, ACTS[name])
        name = self.random.choice((*ENDS, "stands", "stands"))
        if name in ENDS:
            self._act(name, ENDS[name])
        with played_at(self.clock):
            deliver_due()

    @property
    def meeting(self) -> Meeting:
        return db.session.get_one(Meeting, self.meeting_id, populate_existing=True)

    def attendees(self, *, told: bool = True) -> list[Attendee]:
        """Those on a place now."""
        statement = select(Attendee).where(Attendee.meeting_id == self.meeting_id, Attendee.is_current)
        rows = db.session.scalars(statement.order_by(Attendee.id)).all()
        return [row for row in rows if not told or row.told_at]

    def somebody(self) -> Attendee:
        """One of those on a place. Raises `DomainError` when nobody is."""
        found = self.attendees()
        if not found:
            raise DomainError("nobody is on a place")
        return self.random.choice(found)

    def words(self, limit: int = 300) -> str:
        return texts.line(self.random, self.random.choice(("zh", "en")), limit)

    def _act(self, name: str, act: Callable[[Story], None]) -> None:
        """What the verbs refuse did not happen; now and then nothing leaves before the next act."""
        self.clock += timedelta(seconds=self.random.choice((0, 0, 1, 59, 3601)))
        with played_at(self.clock):
            try:
                with write():
                    act(self)
            except DomainError:
                return
            finally:
                db.session.rollback()
            self.city.acts[name] += 1
            if self.random.random() < 0.8:
                deliver_due()

    def _facts(self, zone: str, start: datetime, languages: tuple[str, ...]) -> MeetingFacts:
        def said(name: str, make: Callable[[Random, str], str]) -> dict[str, str]:
            return {f"{name}_{code}": make(self.random, code) for code in languages}

        length = self.random.choice((15, 60, 90, 90, 150, 24 * 60, 3 * 24 * 60))
        return MeetingFacts(
            kind=MeetingKind.CONFERENCE,
            convener_id=self.city.office.id,
            starts_at=start,
            ends_at=start + timedelta(minutes=length),
            zone=zone,
            visibility=Visibility.PARTICIPANTS,
            reply_by=self.random.choice((None, start - timedelta(days=3))),
            online_url=self.random.choice(("", "https://meet.example.org/r?a=b;c=d,e&f=%2F")),
            contact_name=self.words(120),
            contact_phone=self.random.choice(("", "024-1234 5678")),
            contact_email=self.random.choice(("", "fao@example.org")),
            alarms=self.random.choice(ALARMS),
            **said("title", texts.line),
            **(said("venue", texts.line) if self.random.random() < 0.9 else {}),
            **(said("address", texts.line) if self.random.random() < 0.5 else {}),
            **said("notes", texts.block),
        )


def _convene(story: Story) -> None:
    by = story.city.by
    meeting = schedule_meeting(draft_meeting(story.facts, by=by), by=by)
    story.meeting_id = meeting.id
    people = story.random.sample(story.city.people, story.random.choice((2, 2, 3, 5)))
    for person_id, role in zip(people, ROLES, strict=False):
        prepare(meeting, [f"0.{person_id}"], role, by=by)
    _send(story)


def _send(story: Story) -> None:
    meeting = story.meeting
    going = outgoing(meeting)
    send_prepared(meeting, mark_of_list(meeting, going.invitees, going.liaisons), by=story.city.by)


def _change(story: Story, *, tell_words: bool = False, reason: Reason | None = None, **facts: Any) -> None:
    meeting = story.meeting
    new = replace(MeetingFacts.of(meeting), **facts)
    change_meeting(meeting, new, meeting.version, by=story.city.by, tell_words=tell_words, reason=reason)


def _new_time(story: Story) -> dict[str, Any]:
    start = moments.start(story.random, story.facts.zone)
    deadline = None if story.facts.reply_by is None else start - timedelta(days=1)
    return {"starts_at": start, "ends_at": start + timedelta(minutes=100), "reply_by": deadline}


def _move(story: Story) -> None:
    _change(story, **_new_time(story))


def _postpone(story: Story) -> None:
    _change(story, reason=Reason(story.words(), story.words()), **_new_time(story))


def _move_to_another_zone(story: Story) -> None:
    _change(story, zone=story.random.choice(moments.ZONES))


def _change_place(story: Story) -> None:
    _change(story, venue_zh=story.words(), venue_en=story.words())


def _change_link(story: Story) -> None:
    _change(story, online_url=f"https://meet.example.org/{story.random.randrange(10**6)}")


def _change_words(story: Story) -> None:
    notes = texts.block(story.random, "zh")
    _change(story, tell_words=story.random.random() < 0.6, notes_zh=notes, contact_name=story.words(120))


def _change_alarms(story: Story) -> None:
    _change(story, tell_words=True, alarms=story.random.choice(ALARMS))


def _answer(story: Story) -> None:
    for row in story.attendees():
        reply = story.random.choice((Reply.ACCEPTED, Reply.ACCEPTED, Reply.TENTATIVE, Reply.DECLINED))
        answer(row, reply, story.words(), by=story.city.by, channel=Channel.ON_BEHALF)


def _ask_for_leave(story: Story) -> None:
    row = story.somebody()
    answer(row, Reply.DECLINED, story.words(), True, by=story.city.by, channel=Channel.ON_BEHALF)
    decide_leave(row, story.random.choice(tuple(LeaveDecision)), story.words(), by=story.city.by)


def _named(story: Story) -> Named:
    story.city.deputies += 1
    who = texts.name(story.random, story.random.choice(("zh", "en")))
    return Named(who, story.words(100), "139", f"deputy{story.city.deputies}@example.org")


def _delegate(story: Story) -> None:
    name_substitute(story.somebody(), _named(story), by=story.city.by, channel=Channel.ON_BEHALF)


def _delegate_twice(story: Story) -> None:
    second = name_substitute(story.somebody(), _named(story), by=story.city.by, channel=Channel.ON_BEHALF)
    name_substitute(second, _named(story), by=story.city.by, channel=Channel.ON_BEHALF)


def _delegate_and_decline(story: Story) -> None:
    second = name_substitute(story.somebody(), _named(story), by=story.city.by, channel=Channel.ON_BEHALF)
    answer(second, Reply.DECLINED, story.words(), by=story.city.by, channel=Channel.ON_BEHALF)


def _delegate_and_take_back(story: Story) -> None:
    first = story.somebody()
    name_substitute(first, _named(story), by=story.city.by, channel=Channel.ON_BEHALF)
    answer(first, Reply.ACCEPTED, by=story.city.by, channel=Channel.ON_BEHALF)


def _remove(story: Story) -> Attendee:
    row = story.somebody()
    place = db.session.get_one(Place, row.place_id)
    withdraw_place(place, mark_of_place(place, people_of(place)), by=story.city.by)
    return row


def _remove_and_ask_again(story: Story) -> None:
    row = _remove(story)
    if row.person_id is None:
        raise DomainError("a substitute of no directory")
    prepare(story.meeting, [f"0.{row.person_id}"], PlaceRole.REQUIRED, by=story.city.by)
    _send(story)


def _add(story: Story) -> None:
    taken = {row.person_id for row in story.attendees(told=False)}
    person_id = story.random.choice([each for each in story.city.people if each not in taken])
    prepare(story.meeting, [f"0.{person_id}"], story.random.choice(ROLES), by=story.city.by)
    _send(story)


def _send_again(story: Story) -> None:
    if not resend(story.somebody(), by=story.city.by):
        raise DomainError("something waits")


def _refuse_a_proposal(story: Story) -> None:
    decline_proposal(story.somebody(), story.words(), stamp=story.clock, by=story.city.by)


def _answer_by_mail(story: Story) -> None:
    row = story.somebody()
    answer(row, Reply.TENTATIVE, story.words(), by=story.city.by, channel=Channel.MAIL)
    send_receipt(row, "somebody.else@example.org", by=story.city.by)


def _remind(story: Story) -> None:
    remind(story.meeting, [f"a{row.id}" for row in story.attendees()], by=story.city.by)


def _cancel(story: Story) -> None:
    meeting = story.meeting
    reason = Reason(story.words(), story.words())
    cancel_meeting(meeting, reason, meeting.version, postponed=False, by=story.city.by)


def _postpone_without_a_date(story: Story) -> None:
    meeting = story.meeting
    cancel_meeting(meeting, Reason(story.words(), ""), meeting.version, postponed=True, by=story.city.by)


ACTS: dict[str, Callable[[Story], Any]] = {
    "move": _move,
    "postpone": _postpone,
    "another zone": _move_to_another_zone,
    "place": _change_place,
    "link": _change_link,
    "words": _change_words,
    "alarms": _change_alarms,
    "answers": _answer,
    "leave": _ask_for_leave,
    "delegate": _delegate,
    "delegate twice": _delegate_twice,
    "delegate and decline": _delegate_and_decline,
    "delegate and take back": _delegate_and_take_back,
    "remove": _remove,
    "remove and ask again": _remove_and_ask_again,
    "add": _add,
    "send again": _send_again,
    "refuse a proposal": _refuse_a_proposal,
    "answer by mail": _answer_by_mail,
    "remind": _remind,
}
ENDS: dict[str, Callable[[Story], Any]] = {
    "cancel": _cancel,
    "postpone without a date": _postpone_without_a_date,
}


def play(app: Flask, folder: Path, stories: int = STORIES) -> tuple[list[Sent], Counter[str]]:
    """Play so many stories in an empty database; returns what left, in its order, and how often each act happened."""
    city = _city()
    with _mailbox(folder):
        for number in range(stories):
            Story(city, number).play()
    return _sent(folder), city.acts


def _city() -> City:
    office = factories.organization(
        '沈阳市"外事"办公室；\\N', name_en="Foreign Affairs Office; the \\New, 'one'", kind=OrganizationKind.OFFICE
    )
    random, people = Random(SEED), []
    for number in range(40):
        names = {"name_zh": texts.name(random, "zh"), "name_en": texts.name(random, "en")}
        person = factories.person(**names, email=f"person.{number}@example.org", language=random.choice(("zh", "en")))
        people.append(person.id)
    return City(office, factories.actor((Role.ORGANIZER, office)), people)


@contextmanager
def _mailbox(folder: Path) -> Iterator[None]:
    """Letters lie in this folder, as they left."""
    before = current_app.extensions["eventsys.settings"]
    current_app.extensions["eventsys.settings"] = replace(before, data=folder)
    try:
        yield
    finally:
        current_app.extensions["eventsys.settings"] = before


def _sent(folder: Path) -> list[Sent]:
    statement = select(Letter, LetterBatch.common).join(LetterBatch, LetterBatch.id == Letter.batch_id)
    rows = {letter.message_id: (letter, common) for letter, common in db.session.execute(statement)}
    found = []
    for path in sorted((folder / "mailbox" / "new").iterdir()):
        octets = path.read_bytes()
        message_id = octets.partition(b"\r\nMessage-ID: ")[2].partition(b"\r\n")[0].decode()
        letter, common = rows[message_id]
        found.append(
            Sent(octets, letter.kind, letter.address, letter.language, common, letter.facts, letter.meeting_id)
        )
    db.session.rollback()
    return found
