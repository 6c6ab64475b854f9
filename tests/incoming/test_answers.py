"""Answers by mail: whose they are, in which order they count, and what becomes of those that cannot be applied."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from eventsys.core.actor import Actor, Channel
from eventsys.core.clock import now
from eventsys.core.transaction import write
from eventsys.incoming.models import EntryState, Trust
from eventsys.incoming.reasons import Why
from eventsys.invitations.models import Reply
from eventsys.invitations.operations.answer import answer
from tests.incoming.messages import calendar, line, mail, reply, seat
from tests.incoming.world import (
    World,
    again,
    change,
    entries,
    entry,
    history,
    invited,
    letters,
    moved,
    take,
    world,
)


@pytest.fixture
def here(app: Flask) -> World:
    return world()


@pytest.mark.parametrize(
    ("partstat", "expected"),
    [("ACCEPTED", Reply.ACCEPTED), ("TENTATIVE", Reply.TENTATIVE), ("DECLINED", Reply.DECLINED)],
)
def test_an_answer_to_the_own_address_is_applied(here: World, partstat: str, expected: Reply) -> None:
    at = now() - timedelta(minutes=5)
    take(reply(here.meeting, here.li, partstat, comment="Wang\\, and tea"), arrived_at=at)
    row = again(here.li)
    assert (row.reply, row.reply_channel, row.comment) == (expected, Channel.MAIL, "Wang, and tea")
    assert row.replied_at == at
    assert again(here.wang).reply is Reply.PENDING
    found = entry()
    assert (found.state, found.trust, found.attendee_id) == (EntryState.APPLIED, Trust.SIGNED, here.li.id)
    assert history(here.li) == [(expected.value, "mail", "signed")]


def test_another_address_that_answers_is_shown_as_unsure(here: World) -> None:
    take(reply(here.meeting, here.li, address="private@elsewhere.example"))
    row, found = again(here.li), entry()
    assert (row.reply, row.replied_by) == (Reply.ACCEPTED, "private@elsewhere.example")
    assert (found.state, found.trust, found.address) == (
        EntryState.APPLIED,
        Trust.UNSURE,
        "private@elsewhere.example",
    )
    assert history(here.li) == [("accepted", "mail", "unsure")]


def test_the_own_address_counts_whatever_the_rest_says(here: World) -> None:
    """Google sends from its own address, Exchange names no organizer, others name one that is not us."""
    for organizer, sender in (("", "calendar-notification@google.com"), ("somebody@else.example", here.li.email)):
        text = calendar("REPLY", here.meeting.uid, line(here.li.email, "ACCEPTED"), organizer=organizer)
        take(mail(text, to=seat(here.li), sender=sender, method="REPLY", Reply_To=here.li.email))
    assert again(here.li).reply is Reply.ACCEPTED
    assert [each.trust for each in entries()] == [Trust.SIGNED, Trust.SIGNED]


def test_without_the_own_address_the_senders_domain_has_to_vouch(here: World) -> None:
    take(reply(here.meeting, here.li, by_token=False, vouched="example.org"))
    assert (again(here.li).reply, entry().trust) == (Reply.ACCEPTED, Trust.UNSIGNED)
    assert history(here.li) == [("accepted", "mail", "unsigned")]


def test_a_forged_sender_changes_nothing(here: World) -> None:
    forged = [
        reply(here.meeting, here.li, by_token=False),
        reply(here.meeting, here.li, by_token=False, vouched="attacker.example"),
        # The public mail domain vouches for the attacker's own address, not for the victim's.
        reply(here.meeting, here.li, by_token=False, vouched="example.org", sender="attacker@example.org"),
        reply(
            here.meeting,
            here.li,
            by_token=False,
            vouched="example.org",
            sender="attacker@example.org",
            Reply_To=here.li.email,
        ),
        reply(here.meeting, here.li, by_token=False).replace(
            b"From:", b"Authentication-Results: other.example; dkim=pass header.d=example.org\r\nFrom:"
        ),
    ]
    for data in forged:
        take(data)
    assert again(here.li).reply is Reply.PENDING
    assert {(each.state, each.reason, each.attendee_id) for each in entries()} == {
        (EntryState.WAITING, Why.UNVERIFIED, here.li.id)
    }


def test_an_answer_to_no_meeting_of_ours_waits_for_the_office(here: World) -> None:
    text = calendar("REPLY", "somebody-elses@uid.example", line(here.li.email, "ACCEPTED"))
    take(mail(text, method="REPLY", sender=here.li.email, vouched="example.org"))
    found = entry()
    assert (found.state, found.reason, found.meeting_id) == (EntryState.WAITING, Why.UNKNOWN_MEETING, None)


def test_somebody_who_was_not_invited_is_not_added(here: World) -> None:
    text = calendar("REPLY", here.meeting.uid, line("guest@example.org", "ACCEPTED", cn="Guest"))
    take(mail(text, method="REPLY", sender="guest@example.org", vouched="example.org"))
    found = entry()
    assert (found.state, found.reason, found.meeting_id) == (EntryState.WAITING, Why.UNINVITED, here.meeting.id)
    assert (found.attendee_id, found.address, found.name) == (None, "guest@example.org", "Guest")


def test_two_who_share_an_address_are_told_apart_by_the_own_address_alone(here: World) -> None:
    twin = invited(here.meeting, "赵")
    change(twin, email=here.li.email)
    take(reply(here.meeting, here.li, by_token=False, vouched="example.org"))
    assert (entry().state, entry().reason) == (EntryState.WAITING, Why.AMBIGUOUS)
    take(reply(here.meeting, twin, "DECLINED"))
    assert (again(twin).reply, again(here.li).reply) == (Reply.DECLINED, Reply.PENDING)


def test_of_several_answers_the_newest_stamp_wins(here: World) -> None:
    at = now() - timedelta(hours=3)
    take(reply(here.meeting, here.li, "ACCEPTED", at=at + timedelta(hours=1)))
    take(reply(here.meeting, here.li, "DECLINED", at=at))
    assert (again(here.li).reply, entry().state, entry().reason) == (Reply.ACCEPTED, EntryState.KEPT, Why.OLDER)
    take(reply(here.meeting, here.li, "TENTATIVE", at=at + timedelta(hours=2)))
    assert again(here.li).reply is Reply.TENTATIVE


def test_of_two_answers_with_one_stamp_the_later_arrival_wins(here: World) -> None:
    at = now() - timedelta(hours=1)
    take(reply(here.meeting, here.li, "ACCEPTED", at=at))
    take(reply(here.meeting, here.li, "DECLINED", at=at))
    assert again(here.li).reply is Reply.DECLINED
    assert [each.state for each in entries()] == [EntryState.APPLIED, EntryState.APPLIED]


def test_the_same_answer_under_another_message_id_changes_nothing(here: World) -> None:
    at = now() - timedelta(hours=1)
    take(reply(here.meeting, here.li, at=at))
    version = again(here.li).version
    take(reply(here.meeting, here.li, at=at))
    assert (entry().state, entry().reason) == (EntryState.KEPT, Why.REPEATED)
    assert again(here.li).version == version


def test_a_stamp_in_the_future_does_not_win_over_every_later_answer(here: World) -> None:
    take(reply(here.meeting, here.li, "ACCEPTED", at=now() + timedelta(days=900)))
    take(reply(here.meeting, here.li, "DECLINED", at=now() + timedelta(days=800)))
    assert again(here.li).reply is Reply.DECLINED


def test_without_a_stamp_the_date_of_the_mail_counts(here: World) -> None:
    take(reply(here.meeting, here.li, "ACCEPTED", at=now() - timedelta(hours=1)))
    text = calendar("REPLY", here.meeting.uid, line(here.li.email, "DECLINED"), sequence=None)
    without = "\r\n".join(each for each in text.split("\r\n") if not each.startswith("DTSTAMP"))
    assert "DTSTAMP" not in without
    take(mail(without, to=seat(here.li), sender=here.li.email, method="REPLY"))
    assert (again(here.li).reply, entry().sequence) == (Reply.DECLINED, None)


def test_an_answer_to_the_old_time_is_kept_and_changes_nothing(here: World) -> None:
    changed = moved(here)
    take(reply(changed, here.li, "ACCEPTED", sequence=0))
    assert (again(here.li).reply, entry().state, entry().reason) == (Reply.PENDING, EntryState.KEPT, Why.OLD_TIME)
    take(reply(changed, here.li, "DECLINED", sequence=1))
    assert again(here.li).reply is Reply.DECLINED


def test_an_answer_to_an_older_sequence_counts_while_the_time_is_the_same(here: World) -> None:
    """A new place raises the SEQUENCE and asks nobody again."""
    change(here.meeting, sequence=4)
    take(reply(here.meeting, here.li, "ACCEPTED", sequence=0))
    assert again(here.li).reply is Reply.ACCEPTED


@pytest.mark.parametrize("sequence", [1407317367304, 2**31, 7])
def test_a_sequence_that_we_never_sent_counts_as_the_present_one(here: World, sequence: int) -> None:
    take(reply(here.meeting, here.li, sequence=sequence))
    assert again(here.li).reply is Reply.ACCEPTED
    assert (entry().sequence or 0) < 2**31


def test_an_answer_on_the_page_is_not_overwritten_by_an_older_mail(here: World) -> None:
    with write():
        answer(here.li, Reply.DECLINED, by=Actor(label="李", attendee_id=here.li.id, channel=Channel.LINK))
    take(reply(here.meeting, here.li, "ACCEPTED", at=now() - timedelta(hours=2)))
    assert (again(here.li).reply, entry().state, entry().reason) == (
        Reply.DECLINED,
        EntryState.WAITING,
        Why.OLDER_THAN_PAGE,
    )


def test_the_deadline_counts_at_the_arrival(app: Flask) -> None:
    here = world(reply_by=now() - timedelta(minutes=10))
    take(reply(here.meeting, here.li), arrived_at=now() - timedelta(minutes=20))
    take(reply(here.meeting, here.wang), arrived_at=now() - timedelta(minutes=5))
    assert (again(here.li).reply, again(here.wang).reply) == (Reply.ACCEPTED, Reply.PENDING)
    assert (entry().state, entry().reason) == (EntryState.WAITING, Why.DEADLINE)


@pytest.mark.parametrize(("state", "why"), [("cancelled", Why.CANCELLED), ("concluded", Why.OVER)])
def test_a_meeting_that_awaits_nobody_keeps_the_answer_on_record(app: Flask, state: str, why: Why) -> None:
    here = world(state=state)
    take(reply(here.meeting, here.li))
    assert (again(here.li).reply, entry().state, entry().reason) == (Reply.PENDING, EntryState.KEPT, why)


@pytest.mark.parametrize(("partstat", "state"), [("ACCEPTED", EntryState.WAITING), ("DECLINED", EntryState.KEPT)])
def test_somebody_who_is_no_longer_asked(here: World, partstat: str, state: EntryState) -> None:
    change(here.li, is_current=False, link_revoked_at=now())
    take(reply(here.meeting, here.li, partstat))
    assert (again(here.li).reply, entry().state, entry().reason) == (Reply.PENDING, state, Why.NO_LONGER_ASKED)


def test_two_answers_in_one_mail_are_two_entries(here: World) -> None:
    first = calendar("REPLY", here.meeting.uid, line(here.li.email, "ACCEPTED"))
    second = calendar("REPLY", here.meeting.uid, line(here.wang.email, "DECLINED"))
    whole = first.replace("END:VCALENDAR\r\n", "") + second[second.index("BEGIN:VEVENT") :]
    take(mail(whole, method="REPLY", sender=here.li.email, vouched="example.org"))
    assert (again(here.li).reply, again(here.wang).reply) == (Reply.ACCEPTED, Reply.PENDING)
    assert [(each.attendee_id, each.state) for each in entries()] == [
        (here.li.id, EntryState.APPLIED),
        (here.wang.id, EntryState.WAITING),
    ]


def test_a_mail_that_contradicts_itself_is_for_people(here: World) -> None:
    data = reply(here.meeting, here.li, "ACCEPTED")
    other = calendar("REPLY", here.meeting.uid, line(here.li.email, "DECLINED"))
    boundary = data.split(b'boundary="')[1].split(b'"')[0]
    part = b"\n--" + boundary + b'\nContent-Type: application/ics; name="a.ics"\n\n' + other.encode() + b"\n"
    take(data.replace(b"\n--" + boundary + b"--", part + b"--" + boundary + b"--"))
    assert (again(here.li).reply, entry().state, entry().reason) == (
        Reply.PENDING,
        EntryState.WAITING,
        Why.CONTRADICTS,
    )


@pytest.mark.parametrize(("partstat", "state"), [("NEEDS-ACTION", EntryState.KEPT), ("X-PERHAPS", EntryState.WAITING)])
def test_what_is_no_answer_is_not_applied(here: World, partstat: str, state: EntryState) -> None:
    take(reply(here.meeting, here.li, partstat))
    assert (again(here.li).reply, entry().state, entry().reason) == (Reply.PENDING, state, Why.NO_CHOICE)


def test_a_comment_is_cleaned_and_cut(here: World) -> None:
    take(reply(here.meeting, here.li, comment="a\u202eb" + "x" * 3000))
    row = again(here.li)
    assert row.comment.startswith("abx") and row.comment.endswith("…") and len(row.comment) == 1000


def test_whoever_answered_is_told_at_the_address_on_file(here: World) -> None:
    take(reply(here.meeting, here.li, address="private@elsewhere.example"))
    take(reply(here.meeting, here.li, "DECLINED", at=now() + timedelta(minutes=1)))
    assert [(each.kind, each.address) for each in letters()] == [("receipt", here.li.email)]
