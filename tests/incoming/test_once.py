"""A message is taken in once, however often and by whichever door it comes."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from eventsys.incoming.models import Door, EntryState
from eventsys.incoming.operations import take as taking
from eventsys.incoming.operations.take import Taken
from eventsys.incoming.text import key_of
from eventsys.invitations.models import Reply
from tests.incoming.messages import mail, reply
from tests.incoming.world import World, again, entries, history, letters, messages, take, world


@pytest.fixture
def here(app: Flask) -> World:
    return world()


def as_mailbox(data: bytes) -> bytes:
    """The same message as a mailbox gives it: other line ends, and what servers put on top."""
    lines = re.sub(rb"\r?\n", b"\r\n", data)
    return b"Return-Path: <somebody@example.org>\r\nDelivered-To: meetings@localhost\r\n" + lines


def as_pipe(data: bytes) -> bytes:
    """The same message as a pipe gives it, with an mbox line."""
    lines = data.replace(b"\r\n", b"\n")
    return b"From somebody@example.org Thu Aug 22 09:00:00 2024\nX-Original-To: meetings@localhost\n" + lines


def test_the_same_message_by_both_doors_is_one(here: World) -> None:
    data = reply(here.meeting, here.li)
    first = take(as_mailbox(data), Door.MAILBOX)
    assert (first.is_new, take(as_pipe(data)), take(data)) == (
        True,
        Taken(first.id, is_new=False),
        Taken(first.id, is_new=False),
    )
    assert (len(messages()), len(entries()), len(letters("receipt"))) == (1, 1, 1)
    assert history(here.li) == [("accepted", "mail", "signed")]


def test_what_differs_is_another_message(here: World) -> None:
    data = reply(here.meeting, here.li, message_id="<one@example.org>")
    others = [
        data.replace(b"<one@example.org>", b"<two@example.org>"),
        reply(here.meeting, here.li, "DECLINED", message_id="<one@example.org>"),
        data.replace(b"Subject: Accepted", b"Subject: Declined"),
    ]
    assert len({key_of(each) for each in (data, *others)}) == 4


@pytest.mark.parametrize("data", [b"", b"\n\n", b"no headers at all", b"Subject: \xff\xfe\r\n\r\n\x00", b"From \n"])
def test_every_message_has_a_key(data: bytes) -> None:
    assert len(key_of(data)) == 64


def test_eight_at_once_by_both_doors_are_one(app: Flask, here: World) -> None:
    """One answer, one step of history, one receipt; and nobody of the eight fails."""
    data = reply(here.meeting, here.li, "TENTATIVE")
    ways = [(as_mailbox(data), Door.MAILBOX), (as_pipe(data), Door.PIPE)] * 4

    def come_in(way: tuple[bytes, Door]) -> Taken:
        with app.app_context():
            return take(*way)

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(come_in, ways))
    assert len({each.id for each in taken}) == 1
    assert sorted(each.is_new for each in taken) == [False] * 7 + [True]
    assert (len(messages()), len(entries()), len(letters("receipt"))) == (1, 1, 1)
    assert history(here.li) == [("tentative", "mail", "signed")]


def test_eight_different_answers_at_once_leave_the_newest(app: Flask, here: World) -> None:
    """Whatever order they come in: the newest stamp stands, every one is on record."""
    from datetime import timedelta

    from eventsys.core.clock import now

    at = now() - timedelta(hours=1)
    answers = ("ACCEPTED", "DECLINED") * 4
    several = [
        reply(here.meeting, here.li, partstat, at=at + timedelta(seconds=number))
        for number, partstat in enumerate(answers)
    ]

    def come_in(data: bytes) -> Taken:
        with app.app_context():
            return take(data)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(come_in, several))
    assert again(here.li).reply is Reply.DECLINED
    found = entries()
    assert len(found) == 8
    assert {each.state for each in found} <= {EntryState.APPLIED, EntryState.KEPT}
    assert max(found, key=lambda each: each.stamp or at).state is EntryState.APPLIED


def test_a_fault_of_ours_loses_nothing(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message is kept for people, with nothing half done, and does not stop the next one."""

    def stumble(*_arguments: object) -> None:
        take_answer(*_arguments)
        raise ZeroDivisionError

    take_answer = taking.take_answer
    monkeypatch.setattr(taking, "take_answer", stumble)
    take(reply(here.meeting, here.li))
    (found,) = entries()
    assert (found.state, found.reason, again(here.li).reply) == (EntryState.WAITING, "fault", Reply.PENDING)
    assert (history(here.li), letters()) == ([], [])
    monkeypatch.undo()
    take(reply(here.meeting, here.wang))
    assert again(here.wang).reply is Reply.ACCEPTED


def test_a_fault_when_we_ask_whose_it_is_loses_nothing(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(taking, "matched", stumble)
    take(reply(here.meeting, here.li))
    (found,) = entries()
    assert (found.state, found.reason, found.meeting_id) == (EntryState.WAITING, "fault", None)


def test_a_letter_in_words_by_both_doors_is_one(here: World) -> None:
    data = mail("很抱歉，我来不了。", sender=here.li.email)
    assert take(as_mailbox(data), Door.MAILBOX).id == take(as_pipe(data)).id
