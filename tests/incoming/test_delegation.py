"""Substitutes by mail: named by the invitee, or answering themselves; one hop, never a circle (RFC 5546 3.2.2.3)."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.core.actor import Channel
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.incoming.models import EntryState, Trust
from eventsys.incoming.reasons import Why
from eventsys.invitations.models import Attendee, Reply
from eventsys.invitations.operations.substitute import Named, name_substitute
from tests.incoming.messages import calendar, line, mail, seat
from tests.incoming.world import World, again, change, entry, history, letters, take, world

ZHAO = "zhao@example.org"


@pytest.fixture
def here(app: Flask) -> World:
    return world()


def substitute(of: Attendee) -> Attendee:
    db.session.rollback()
    return db.session.scalars(select(Attendee).where(Attendee.stands_in_for_id == of.id, Attendee.is_current)).one()


def delegating(here: World, to: str = ZHAO, *lines: str, own: str = "", sender: str = "") -> bytes:
    """Li's REPLY that somebody else comes."""
    text = calendar(
        "REPLY", here.meeting.uid, line(own or here.li.email, "DELEGATED", delegated_to=f"mailto:{to}"), *lines
    )
    return mail(text, to=seat(here.li), sender=sender or here.li.email, method="REPLY")


def standing_in(here: World, partstat: str = "ACCEPTED", address: str = ZHAO) -> bytes:
    """The REPLY of whoever got Li's invitation from Li."""
    own = line(address, partstat, cn="Zhao", delegated_from=f"mailto:{here.li.email}")
    return mail(calendar("REPLY", here.meeting.uid, own), to=seat(here.li), sender=address, method="REPLY")


def test_an_invitee_names_a_substitute(here: World) -> None:
    take(delegating(here, ZHAO, line(ZHAO, cn="赵某", delegated_from=f"mailto:{here.li.email}")))
    row, other = again(here.li), substitute(here.li)
    assert (row.reply, row.is_current) == (Reply.DELEGATED, False)
    assert (other.email, other.name_zh, other.reply) == (ZHAO, "赵某", Reply.PENDING)
    assert (entry().state, entry().trust) == (EntryState.APPLIED, Trust.SIGNED)
    assert history(here.li) == [("delegated", "mail", "signed")]
    assert [each.address for each in letters("invitation")] == [ZHAO]


def test_without_a_name_the_address_stands_for_it(here: World) -> None:
    take(delegating(here))
    assert substitute(here.li).name_en == ZHAO


def test_the_same_again_changes_nothing(here: World) -> None:
    take(delegating(here))
    take(delegating(here))
    assert (entry().state, entry().reason) == (EntryState.KEPT, Why.REPEATED)
    assert len(letters("invitation")) == 1


def test_the_delegate_answers_on_the_invitation_that_was_handed_on(here: World) -> None:
    take(standing_in(here))
    other = substitute(here.li)
    assert (again(here.li).reply, other.reply, other.reply_channel) == (Reply.DELEGATED, Reply.ACCEPTED, Channel.MAIL)
    assert (other.email, other.name_en) == (ZHAO, "Zhao")
    assert entry().attendee_id == other.id


def test_the_answer_of_a_delegate_who_is_named_already(here: World) -> None:
    take(delegating(here))
    take(standing_in(here, "TENTATIVE"))
    assert substitute(here.li).reply is Reply.TENTATIVE
    assert len(letters("invitation")) == 1


def test_a_substitute_who_answers_on_the_invitees_own_address(here: World) -> None:
    """Their program does not say for whom; the office knows who stands in."""
    with write():
        name_substitute(here.li, Named(name="赵某", email=ZHAO), by=here.by)
    text = calendar("REPLY", here.meeting.uid, line(ZHAO, "ACCEPTED"))
    take(mail(text, to=seat(here.li), sender=ZHAO, method="REPLY"))
    assert (substitute(here.li).reply, again(here.li).reply) == (Reply.ACCEPTED, Reply.DELEGATED)
    assert entry().trust is Trust.SIGNED


def test_a_delegate_who_declines_changes_nothing(here: World) -> None:
    take(standing_in(here, "DECLINED"))
    assert (again(here.li).reply, entry().state, entry().reason) == (
        Reply.PENDING,
        EntryState.KEPT,
        Why.WILL_NOT_STAND_IN,
    )


def test_a_named_substitute_who_declines_gives_the_place_back(here: World) -> None:
    take(delegating(here))
    take(standing_in(here, "DECLINED"))
    assert (again(here.li).reply, again(here.li).is_current) == (Reply.PENDING, True)


def test_both_in_one_mail_of_the_delegate(here: World) -> None:
    """Two ATTENDEE lines: who handed on, and who answers, where the mail is the delegate's own."""
    own = line(ZHAO, "ACCEPTED", delegated_from=f"mailto:{here.li.email}")
    take(delegating(here, ZHAO, own, sender=ZHAO))
    assert (again(here.li).reply, substitute(here.li).reply) == (Reply.DELEGATED, Reply.ACCEPTED)


def test_nobody_answers_for_the_delegate(here: World) -> None:
    own = line(ZHAO, "ACCEPTED", delegated_from=f"mailto:{here.li.email}")
    take(delegating(here, ZHAO, own))
    assert (again(here.li).reply, substitute(here.li).reply) == (Reply.DELEGATED, Reply.PENDING)


def refused(here: World, why: Why) -> None:
    assert (again(here.li).reply, again(here.li).is_current) == (Reply.PENDING, True)
    assert (entry().state, entry().reason) == (EntryState.WAITING, why)
    assert letters() == []


def test_not_to_oneself(here: World) -> None:
    take(delegating(here, here.li.email))
    refused(here, Why.REFUSED)
    assert entry().note


def test_not_to_somebody_who_has_a_place(here: World) -> None:
    take(delegating(here, here.wang.email))
    refused(here, Why.HAS_PLACE)


def test_not_to_nobody(here: World) -> None:
    text = calendar("REPLY", here.meeting.uid, line(here.li.email, "DELEGATED"))
    take(mail(text, to=seat(here.li), sender=here.li.email, method="REPLY"))
    refused(here, Why.NO_DELEGATE)


def test_not_back_to_whom_one_stands_in_for(here: World) -> None:
    """A circle, and a second hop by mail."""
    with write():
        other = name_substitute(here.li, Named(name="赵某", email=ZHAO), by=here.by)
    for to in (here.li.email, "qian@example.org"):
        text = calendar("REPLY", here.meeting.uid, line(ZHAO, "DELEGATED", delegated_to=f"mailto:{to}"))
        take(mail(text, to=seat(other), sender=ZHAO, method="REPLY"))
        assert (entry().state, entry().reason) == (EntryState.WAITING, Why.SECOND_HAND)
    assert substitute(here.li).id == other.id


def test_a_delegate_of_a_delegate_is_for_people(here: World) -> None:
    take(delegating(here))
    take(standing_in(here, address="qian@example.org"))
    assert (entry().state, entry().reason) == (EntryState.WAITING, Why.SECOND_HAND)
    assert substitute(here.li).email == ZHAO


def test_without_the_own_address_nobody_makes_themselves_a_substitute(here: World) -> None:
    own = line(ZHAO, "ACCEPTED", delegated_from=f"mailto:{here.li.email}")
    take(mail(calendar("REPLY", here.meeting.uid, own), sender=ZHAO, method="REPLY", vouched="example.org"))
    assert (entry().state, entry().reason, entry().other_address) == (
        EntryState.WAITING,
        Why.UNINVITED,
        here.li.email,
    )
    assert again(here.li).reply is Reply.PENDING


def test_whoever_was_represented_takes_the_place_back(here: World) -> None:
    take(delegating(here))
    text = calendar("REPLY", here.meeting.uid, line(here.li.email, "ACCEPTED"))
    take(mail(text, to=seat(here.li), sender=here.li.email, method="REPLY"))
    assert (again(here.li).reply, again(here.li).is_current) == (Reply.ACCEPTED, True)


def test_an_unsure_answer_does_not_take_the_place_back(here: World) -> None:
    take(delegating(here))
    text = calendar("REPLY", here.meeting.uid, line("other@elsewhere.example", "ACCEPTED"))
    take(mail(text, to=seat(here.li), sender="other@elsewhere.example", method="REPLY"))
    assert (substitute(here.li).email, entry().state, entry().reason) == (
        ZHAO,
        EntryState.WAITING,
        Why.UNVERIFIED,
    )


def test_an_old_delegation_is_kept(here: World) -> None:
    change(here.meeting, sequence=2, timed_sequence=2)
    take(delegating(here))
    assert (entry().state, entry().reason) == (EntryState.KEPT, Why.OLD_TIME)
