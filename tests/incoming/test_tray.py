"""What people decide about incoming mail, and that everything can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.core.actor import Channel
from eventsys.core.audit import AuditEntry
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.incoming.models import EntryState, IncomingEntry
from eventsys.incoming.operations import tray
from eventsys.incoming.operations.forget import drop_raw_messages
from eventsys.incoming.operations.proposal import accept_proposal, refuse_proposal
from eventsys.invitations.models import Attendee, Place, PlaceRole, Reply
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.operations.substitute import Named
from eventsys.meetings.models import Meeting
from tests.incoming.messages import calendar, counter, line, mail, reply, seat
from tests.incoming.world import World, again, change, entry, history, letters, messages, take, world

ZHAO = Named(name="赵某", email="zhao@example.org")


@pytest.fixture
def here(app: Flask) -> World:
    return world()


def do(here: World, verb: Callable[..., Any], *arguments: Any) -> Any:
    """The organizer's act on the last entry, as it is now."""
    found = entry()
    with write():
        return verb(found.id, found.version, *arguments, by=here.by)


def acts() -> list[str]:
    """What the audit log says about incoming mail."""
    db.session.rollback()
    statement = select(AuditEntry.action).where(AuditEntry.subject_type == "incoming_entry").order_by(AuditEntry.id)
    return list(db.session.scalars(statement))


def meeting(here: World) -> Meeting:
    db.session.rollback()
    return db.session.get_one(Meeting, here.meeting.id, populate_existing=True)


def guest(here: World, partstat: str = "ACCEPTED") -> None:
    """An answer of somebody who was not invited."""
    text = calendar("REPLY", here.meeting.uid, line(ZHAO.email, partstat, cn=ZHAO.name))
    take(mail(text, method="REPLY", sender=ZHAO.email))


def test_an_answer_that_came_too_late_is_entered_by_hand(app: Flask) -> None:
    here = world(reply_by=now() - timedelta(hours=1))
    take(reply(here.meeting, here.li, "DECLINED", comment="Ill"))
    do(here, tray.apply_by_hand)
    row = again(here.li)
    assert (row.reply, row.comment, row.reply_channel) == (Reply.DECLINED, "Ill", Channel.ON_BEHALF)
    assert history(here.li) == [("declined", "on_behalf", "mail")]
    assert (entry().state, entry().handled_by) == (EntryState.APPLIED, "tester")
    assert acts() == ["incoming.receive", "incoming.apply"]


def test_an_answer_is_undone_and_the_history_keeps_both(here: World) -> None:
    with write():
        answer(here.li, Reply.DECLINED, "Ill", by=here.by)
    before = again(here.li)
    expected = (before.reply, before.comment, before.replied_at, before.replied_by, before.reply_channel)
    take(reply(here.meeting, here.li, "ACCEPTED", at=now() + timedelta(minutes=1)))
    assert again(here.li).reply is Reply.ACCEPTED
    do(here, tray.undo)
    row = again(here.li)
    assert (row.reply, row.comment, row.replied_at, row.replied_by, row.reply_channel) == expected
    assert [each[0] for each in history(here.li)] == ["declined", "accepted", "undone"]
    assert (entry().state, acts()) == (EntryState.UNDONE, ["incoming.receive", "incoming.undone"])


def test_what_was_undone_does_not_stand_before_later_answers(here: World) -> None:
    take(reply(here.meeting, here.li, "ACCEPTED", at=now()))
    do(here, tray.undo)
    take(reply(here.meeting, here.li, "DECLINED", at=now() - timedelta(minutes=5)))
    assert again(here.li).reply is Reply.DECLINED


def test_an_answer_is_not_undone_under_a_newer_one(here: World) -> None:
    take(reply(here.meeting, here.li, "ACCEPTED"))
    with write():
        answer(here.li, Reply.DECLINED, by=here.by)
    with pytest.raises(DomainError):
        do(here, tray.undo)
    assert (again(here.li).reply, entry().state) == (Reply.DECLINED, EntryState.APPLIED)


def test_a_substitute_named_by_mail_steps_down_when_it_is_undone(here: World) -> None:
    text = calendar("REPLY", here.meeting.uid, line(here.li.email, "DELEGATED", delegated_to=f"mailto:{ZHAO.email}"))
    take(mail(text, to=seat(here.li), sender=here.li.email, method="REPLY"))
    do(here, tray.undo)
    other = db.session.scalars(select(Attendee).where(Attendee.email == ZHAO.email)).one()
    assert (again(here.li).reply, again(here.li).is_current) == (Reply.PENDING, True)
    assert (other.is_current, other.link_revoked_at is not None) == (False, True)
    assert [each.address for each in letters("return")] == [here.li.email]


def test_a_substitute_who_declined_stands_in_again_when_it_is_undone(here: World) -> None:
    guest(here)
    do(here, tray.make_substitute, here.li.id, ZHAO)
    other = db.session.get_one(Attendee, entry().attendee_id or 0)
    take(reply(here.meeting, other, "DECLINED", at=now() + timedelta(minutes=1)))
    assert (again(here.li).is_current, again(other).is_current) == (True, False)
    do(here, tray.undo)
    assert (again(here.li).reply, again(here.li).is_current) == (Reply.DELEGATED, False)
    assert (again(other).reply, again(other).is_current) == (Reply.ACCEPTED, True)


def test_a_guest_becomes_a_substitute_with_their_answer(here: World) -> None:
    guest(here, "TENTATIVE")
    do(here, tray.make_substitute, here.li.id, ZHAO)
    other = db.session.get_one(Attendee, entry().attendee_id or 0)
    assert (again(here.li).reply, other.stands_in_for_id) == (Reply.DELEGATED, here.li.id)
    assert (other.reply, other.reply_channel, other.email) == (Reply.TENTATIVE, Channel.ON_BEHALF, ZHAO.email)
    assert [each.address for each in letters("invitation")] == [ZHAO.email]
    assert acts() == ["incoming.receive", "incoming.substitute"]
    do(here, tray.undo)
    assert (again(here.li).reply, again(here.li).is_current) == (Reply.PENDING, True)


def test_a_guest_is_invited_with_their_answer(here: World) -> None:
    guest(here)
    do(here, tray.invite_answerer, PlaceRole.OBSERVER, ZHAO)
    other = db.session.get_one(Attendee, entry().attendee_id or 0)
    place = db.session.get_one(Place, other.place_id)
    assert (other.reply, place.role, other.stands_in_for_id) == (Reply.ACCEPTED, PlaceRole.OBSERVER, None)
    assert [each.address for each in letters("invitation")] == [ZHAO.email]
    assert again(here.li).reply is Reply.PENDING


def test_nobody_gets_a_second_place(here: World) -> None:
    guest(here)
    for verb, arguments in ((tray.make_substitute, (here.li.id,)), (tray.invite_answerer, (PlaceRole.REQUIRED,))):
        with pytest.raises(DomainError):
            do(here, verb, *arguments, Named(name="王", email=here.wang.email.upper()))
    assert (entry().state, letters()) == (EntryState.WAITING, [])


def test_a_substitute_is_not_named_at_another_meeting(here: World) -> None:
    other = world()
    guest(here)
    with pytest.raises(DomainError):
        do(here, tray.make_substitute, other.li.id, ZHAO)


def test_a_decision_is_made_once(here: World) -> None:
    guest(here)
    found = entry()
    with write():
        tray.settle(found.id, found.version, by=here.by)
    for verb in (tray.settle, tray.apply_by_hand):
        with pytest.raises(DomainError), write():
            verb(found.id, found.version, by=here.by)
    assert entry().state is EntryState.SETTLED
    do(here, tray.put_back)
    assert (entry().state, entry().reason) == (EntryState.WAITING, "uninvited")


def test_what_took_effect_is_not_settled(here: World) -> None:
    take(reply(here.meeting, here.li))
    with pytest.raises(DomainError):
        do(here, tray.settle)


def proposal(here: World) -> None:
    start = here.meeting.starts_at + timedelta(days=1)
    take(counter(here.meeting, here.li, start, start + timedelta(hours=3), location="East Hall"))


def test_a_proposal_is_accepted_for_everybody(here: World) -> None:
    with write():
        answer(here.wang, Reply.ACCEPTED, by=here.by)
    proposal(here)
    start, reply_by, version = here.meeting.starts_at, here.meeting.reply_by or now(), meeting(here).version
    do(here, accept_proposal, version)
    row = meeting(here)
    assert row.starts_at == start + timedelta(days=1)
    assert (row.ends_at - row.starts_at, row.sequence, row.timed_sequence) == (timedelta(hours=3), 1, 1)
    assert (row.venue_zh, row.venue_en, row.reply_by) == (
        "East Hall",
        "East Hall",
        reply_by + timedelta(days=1),
    )
    assert [each.address for each in letters("update")] == [here.li.email, here.wang.email]
    assert (again(here.wang).reply, entry().state) == (Reply.PENDING, EntryState.APPLIED)
    assert acts() == ["incoming.receive", "incoming.accept"]


def test_a_proposal_is_not_accepted_over_a_change(here: World) -> None:
    proposal(here)
    version = meeting(here).version
    change(here.meeting, version=version + 1)
    with pytest.raises(DomainError):
        do(here, accept_proposal, version)
    assert (meeting(here).sequence, entry().state) == (0, EntryState.WAITING)


def test_a_proposal_is_refused_with_a_word(here: World) -> None:
    proposal(here)
    assert do(here, refuse_proposal, "Our leader is away then.") is True
    (letter,) = letters("decline_counter")
    assert (letter.address, letter.facts["note"]) == (here.li.email, "Our leader is away then.")
    assert (entry().state, meeting(here).sequence, again(here.li).reply) == (EntryState.REFUSED, 0, Reply.PENDING)
    with pytest.raises(DomainError):
        do(here, refuse_proposal, "again")


def test_messages_are_kept_for_a_time_and_what_they_said_for_ever(here: World) -> None:
    old = now() - timedelta(days=400)
    take(reply(here.meeting, here.li), arrived_at=old)
    guest(here)
    for message in messages():
        change(message, taken_at=old)
    change(here.meeting, starts_at=old, ends_at=old + timedelta(hours=1), reply_by=None)
    with write():
        assert drop_raw_messages(180) == 1
        assert drop_raw_messages(180) == 0
    kept, waits = messages()
    assert (kept.raw, kept.raw_dropped_at is not None) == (None, True)
    assert (waits.raw is not None, waits.raw_dropped_at) == (True, None)
    assert db.session.scalars(select(IncomingEntry.comment)).all() == ["", ""]


def test_messages_of_a_meeting_to_come_are_kept(here: World) -> None:
    take(reply(here.meeting, here.li))
    for message in messages():
        change(message, taken_at=now() - timedelta(days=400))
    with write():
        assert drop_raw_messages(180) == 0
