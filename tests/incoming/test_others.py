"""What comes by mail beside answers: each kind does what it may, and nothing else changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.core.audit import AuditEntry
from eventsys.core.clock import now
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.incoming.models import EntryState, Said, Trust
from eventsys.incoming.reasons import Why
from eventsys.invitations.models import Reply
from eventsys.invitations.operations.send import invite
from eventsys.mail.received import Reason
from tests.incoming.messages import OURS, bounce, calendar, counter, line, mail, refresh, reply, seat
from tests.incoming.world import World, again, change, entries, entry, letters, take, world


@pytest.fixture
def here(app: Flask) -> World:
    return world()


def outcome() -> tuple[Said, EntryState, str]:
    found = entry()
    return found.said, found.state, found.reason


def test_a_proposal_waits_and_touches_no_answer(here: World) -> None:
    start = here.meeting.starts_at + timedelta(days=1)
    take(counter(here.meeting, here.li, start, start + timedelta(hours=3), comment="下周更好", location="东厅"))
    found = entry()
    assert outcome() == (Said.PROPOSAL, EntryState.WAITING, "")
    assert (found.starts_at, found.ends_at, found.location) == (start, start + timedelta(hours=3), "东厅")
    assert (found.comment, found.trust, found.attendee_id) == ("下周更好", Trust.SIGNED, here.li.id)
    assert again(here.li).reply is Reply.PENDING


def test_of_two_proposals_the_newer_waits(here: World) -> None:
    at = now() - timedelta(hours=1)
    later = here.meeting.starts_at + timedelta(days=1)
    take(counter(here.meeting, here.li, later, at=at))
    take(counter(here.meeting, here.li, later + timedelta(days=1), at=at + timedelta(minutes=1)))
    take(counter(here.meeting, here.li, later + timedelta(days=2), at=at - timedelta(minutes=1)))
    assert [(each.state, each.reason) for each in entries()] == [
        (EntryState.KEPT, Why.REPLACED),
        (EntryState.WAITING, ""),
        (EntryState.KEPT, Why.REPLACED),
    ]


def test_a_proposal_of_what_is_or_of_another_time_that_was(here: World) -> None:
    take(counter(here.meeting, here.li, here.meeting.starts_at, here.meeting.ends_at))
    assert outcome() == (Said.PROPOSAL, EntryState.KEPT, Why.SAME_FACTS)
    change(here.meeting, sequence=1, timed_sequence=1)
    take(counter(here.meeting, here.li, here.meeting.starts_at + timedelta(days=1)))
    assert outcome() == (Said.PROPOSAL, EntryState.KEPT, Why.OLD_TIME)


def test_a_proposal_that_nothing_vouches_for_says_so(here: World) -> None:
    take(counter(here.meeting, here.li, here.meeting.starts_at + timedelta(days=1), to=OURS))
    assert outcome() == (Said.PROPOSAL, EntryState.WAITING, Why.UNVERIFIED)


def told(here: World) -> Letter:
    """Li's invitation, accepted by the next server an hour ago."""
    change(here.li, told_at=None, told_sequence=None)
    with write() as session:
        invite(session.merge(here.meeting), [session.merge(here.li)], by=here.by)
    (letter,) = letters("invitation")
    change_letter(letter, state=LetterState.SENT, attempts=1, message_id="<invitation-of-li@localhost>")
    return letter


def change_letter(letter: Letter, **values: Any) -> None:
    with write() as session:
        row = session.get_one(Letter, letter.id)
        for name, value in {"sent_at": now(), "tried_at": now(), **values}.items():
            setattr(row, name, value)


def test_a_calendar_asks_for_the_invitation_once_an_hour(here: World) -> None:
    told(here)
    take(refresh(here.meeting, here.li))
    assert outcome() == (Said.REFRESH, EntryState.APPLIED, "")
    take(refresh(here.meeting, here.li))
    assert outcome() == (Said.REFRESH, EntryState.KEPT, Why.TOO_SOON)
    assert [(each.kind, each.address) for each in letters()] == [
        ("invitation", here.li.email),
        ("resend", here.li.email),
    ]


def test_nobody_has_letters_sent_to_others(here: World) -> None:
    told(here)
    take(refresh(here.meeting, here.li, to=OURS))
    assert outcome() == (Said.REFRESH, EntryState.KEPT, Why.UNVERIFIED)
    assert len(letters()) == 1


@pytest.mark.parametrize("named", [True, False])
def test_a_letter_that_came_back_is_undeliverable_and_nothing_else_changes(here: World, named: bool) -> None:
    """With the Message-ID of our letter, or only to the address that it went out from."""
    letter = told(here)
    take(bounce("<invitation-of-li@localhost>" if named else "", here.li.email, to=seat(here.li)))
    db.session.rollback()
    assert db.session.get_one(Letter, letter.id).state is LetterState.BOUNCED
    found = entry()
    assert outcome() == (Said.BOUNCE, EntryState.APPLIED, "")
    assert (found.letter_id, found.attendee_id, found.meeting_id) == (letter.id, here.li.id, here.meeting.id)
    assert "5.1.1" in found.note
    assert again(here.li).reply is Reply.PENDING


def test_a_delay_is_no_failure(here: World) -> None:
    letter = told(here)
    take(bounce("<invitation-of-li@localhost>", here.li.email, to=OURS, action="delayed", status="4.4.1"))
    db.session.rollback()
    assert db.session.get_one(Letter, letter.id).state is LetterState.SENT
    assert outcome() == (Said.BOUNCE, EntryState.KEPT, Reason.DELAYED)


def test_a_bounce_of_no_letter_of_ours(here: World) -> None:
    take(bounce("<somebody-elses@example.net>", "x@example.net", to=OURS))
    assert outcome() == (Said.BOUNCE, EntryState.KEPT, Why.NO_LETTER)


@pytest.mark.parametrize("method", ["CANCEL", "REQUEST", "PUBLISH", "ADD", "DECLINECOUNTER"])
def test_other_methods_change_nothing(here: World, method: str) -> None:
    """Only the organizer's side cancels: a CANCEL from an attendee is on record and no more."""
    times = (f"DTSTART:{here.meeting.starts_at:%Y%m%dT%H%M%SZ}", "SUMMARY:Meeting")
    text = calendar(method, here.meeting.uid, line(here.li.email, "DECLINED"), *times, sequence=9)
    before = state_of(here)
    take(mail(text, to=seat(here.li), sender=here.li.email, method=method))
    assert outcome() == (Said.OTHER, EntryState.KEPT, Reason.NO_ANSWER)
    assert state_of(here) == before


def state_of(here: World) -> tuple[Any, ...]:
    row, meeting = again(here.li), db.session.get_one(type(here.meeting), here.meeting.id)
    return row.version, row.reply, meeting.version, meeting.state, meeting.sequence, len(letters())


@pytest.mark.parametrize("component", ["VTODO", "VJOURNAL"])
def test_other_components_change_nothing(here: World, component: str) -> None:
    text = calendar("REPLY", here.meeting.uid, line(here.li.email, "ACCEPTED"), component=component)
    take(mail(text, to=seat(here.li), sender=here.li.email, method="REPLY"))
    assert outcome() == (Said.OTHER, EntryState.KEPT, Reason.OTHER_COMPONENT)
    assert again(here.li).reply is Reply.PENDING


def test_an_occurrence_that_nobody_issued_changes_nothing(here: World) -> None:
    text = calendar("REPLY", here.meeting.uid, line(here.li.email, "ACCEPTED"), "RECURRENCE-ID:20240101T000000Z")
    take(mail(text, to=seat(here.li), sender=here.li.email, method="REPLY"))
    assert outcome() == (Said.OTHER, EntryState.KEPT, Reason.ONE_OCCURRENCE)
    assert again(here.li).reply is Reply.PENDING


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.example.org>"},
        {"Return_Path": "<>"},
    ],
)
def test_what_no_person_wrote_is_on_record_and_gets_no_answer(here: World, headers: dict[str, str]) -> None:
    take(mail("I am out of office.", to=seat(here.li), sender=here.li.email, **headers))
    assert outcome() == (Said.OTHER, EntryState.KEPT, Reason.AUTOMATIC)
    assert letters() == []


def test_our_own_letter_coming_back_is_no_answer(here: World) -> None:
    """A loop: what we sent, with the mark that no person wrote it."""
    text = calendar("REQUEST", here.meeting.uid, line(here.li.email, "NEEDS-ACTION"), "SUMMARY:Meeting")
    take(mail(text, to=seat(here.li), sender=seat(here.li), method="REQUEST", Auto_Submitted="auto-generated"))
    assert outcome()[:2] == (Said.OTHER, EntryState.KEPT)
    assert letters() == []


def test_an_answer_that_a_program_sent_by_itself_counts(here: World) -> None:
    take(reply(here.meeting, here.li, Auto_Submitted="auto-replied"))
    assert again(here.li).reply is Reply.ACCEPTED


def test_a_letter_in_words_waits_for_people(here: World) -> None:
    take(mail("很抱歉，我来不了。", to=seat(here.li), sender=here.li.email, subject="Re: 会议"))
    found = entry()
    assert outcome() == (Said.WORDS, EntryState.WAITING, Reason.NO_CALENDAR)
    assert (found.meeting_id, found.attendee_id, found.incoming.subject) == (here.meeting.id, here.li.id, "Re: 会议")
    assert again(here.li).reply is Reply.PENDING


def test_an_answer_inside_a_forwarded_message_changes_nothing(here: World) -> None:
    inner = reply(here.meeting, here.li).decode()
    outer = (
        f"From: {here.wang.email}\r\nTo: {OURS}\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nsee below\r\n'
        f"--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--b--\r\n"
    )
    take(outer.encode())
    assert outcome() == (Said.WORDS, EntryState.WAITING, Reason.FORWARDED)
    assert again(here.li).reply is Reply.PENDING


def test_an_answer_that_only_outlook_could_read_waits(here: World) -> None:
    data = mail("x", to=seat(here.li), sender=here.li.email, subject="Accepted: Meeting").decode()
    part = '\nContent-Type: application/ms-tnef; name="winmail.dat"\nContent-Transfer-Encoding: base64\n\neJ8+\n'
    head, _blank, _body = data.partition("\n\n")
    head = "\n".join(each for each in head.split("\n") if not each.startswith("Content-"))
    take(f'{head}\nContent-Type: multipart/mixed; boundary="b"\n\n--b{part}--b--\n'.encode())
    assert outcome() == (Said.UNREADABLE, EntryState.WAITING, Reason.TNEF)
    assert entry().attendee_id == here.li.id


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.NOT_A_MESSAGE),
        (b"\x00\xff" * 500, Reason.NOT_A_MESSAGE),
        (b"Subject: x\r\n\r\n" + b"x" * (2 * 1024 * 1024 + 10), Reason.TOO_LARGE),
    ],
)
def test_what_cannot_be_read_goes_to_the_tray(here: World, data: bytes, reason: Reason) -> None:
    take(data)
    assert outcome() == (Said.UNREADABLE, EntryState.WAITING, reason)
    assert entry().meeting_id is None


@pytest.mark.parametrize("number", [501, 50_000])
def test_too_many_attendees_are_refused_unread(here: World, number: int) -> None:
    lines = [f"ATTENDEE:mailto:{each}@e.cn" for each in range(number)]
    take(mail(calendar("REPLY", here.meeting.uid, *lines), to=seat(here.li), method="REPLY"))
    said, state, reason = outcome()
    assert (said, state) == (Said.UNREADABLE, EntryState.WAITING)
    assert reason in {Reason.TOO_MANY_ATTENDEES, Reason.CALENDAR_TOO_LARGE}
    assert again(here.li).reply is Reply.PENDING


def test_every_message_is_in_the_audit_log(here: World) -> None:
    take(reply(here.meeting, here.li))
    db.session.rollback()
    found = db.session.scalars(select(AuditEntry).where(AuditEntry.channel == "mail").order_by(AuditEntry.id)).all()
    assert [each.action for each in found] == ["reply.accepted", "incoming.receive"]
    assert {each.actor for each in found} == {here.li.email}
    assert {each.meeting_id for each in found} == {here.meeting.id}
