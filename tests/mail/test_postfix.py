"""What Postfix says about a letter: lines as its processes write them, in a log and a queue of our own making."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eventsys.mail.postfix import Fate, Found, Postfix

AT = datetime(2024, 8, 12, 1, 30, tzinfo=UTC)
MINE, OTHER = "<invitation-7-s0.k3q7abcdef@meet.example.gov.cn>", "<another@meet.example.gov.cn>"


def came_in(number: str, message_id: str = MINE) -> str:
    return (
        f"Aug 12 09:30:01 relay postfix/smtpd[71]: {number}: client=web[127.0.0.1]\n"
        f"Aug 12 09:30:01 relay postfix/cleanup[72]: {number}: message-id={message_id}\n"
    )


def is_safe(number: str) -> str:
    return f"Aug 12 09:30:01 relay postfix/qmgr[5]: {number}: from=<meet@example.gov.cn>, size=270 (queue active)\n"


def gone(number: str) -> str:
    return (
        f"Aug 12 09:30:02 relay postfix/smtp[9]: {number}: to=<li@example.gov.cn>, status=sent (250 ok)\n"
        f"Aug 12 09:30:02 relay postfix/qmgr[5]: {number}: removed\n"
    )


def reject(number: str) -> str:
    return (
        f"Aug 12 09:30:01 relay postfix/cleanup[72]: {number}: reject: header Subject: x from web[127.0.0.1]; "
        f"from=<meet@example.gov.cn> to=<li@example.gov.cn> proto=ESMTP: 5.7.1 no\n"
    )


class Machine:
    """A mail log, and a program that lists a queue."""

    def __init__(self, folder: Path) -> None:
        self._log, self._queue = folder / "mail.log", folder / "queue.py"
        self.queue()

    def log(self, *lines: str, before: str | None = None) -> None:
        self._log.write_text("".join(lines))
        if before is not None:
            self._log.with_name("mail.log.1").write_text(before)

    def queue(self, *numbers: str, code: int = 0, said: str | None = None) -> None:
        lines = [json.dumps({"queue_name": "incoming", "queue_id": number}) for number in numbers]
        text = "\n".join(lines) if said is None else said
        self._queue.write_text(f"print({text!r})\nraise SystemExit({code})\n")

    def ask(self, message_id: str = MINE, since: datetime = AT) -> Found:
        postfix = Postfix(self._log, (sys.executable, str(self._queue)))
        return postfix.ask(message_id, since, AT + timedelta(hours=1))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_what_the_queue_manager_took_over_was_taken(machine: Machine) -> None:
    machine.log(came_in("4F1A2"), is_safe("4F1A2"), gone("4F1A2"))
    assert machine.ask() == Found(Fate.TAKEN, "relay's log: 4F1A2")


def test_what_never_came_in_was_not_taken(machine: Machine) -> None:
    machine.log(came_in("4F1A2", OTHER), is_safe("4F1A2"))
    assert machine.ask() == Found(Fate.NOT_TAKEN)


@pytest.mark.parametrize("then", ["", reject("4F1A2"), came_in("4F1A3", OTHER) + is_safe("4F1A3")])
def test_what_came_in_and_not_through_was_not_taken(machine: Machine, then: str) -> None:
    """The header was read, then the sender died before the end of the message, or the message was refused."""
    machine.log(came_in("4F1A2"), then)
    assert machine.ask() == Found(Fate.NOT_TAKEN)


def test_a_number_that_is_used_again_speaks_for_its_new_message(machine: Machine) -> None:
    machine.log(came_in("4F1A2"), came_in("4F1A2", OTHER), is_safe("4F1A2"))
    assert machine.ask() == Found(Fate.NOT_TAKEN)
    assert machine.ask(OTHER).fate is Fate.TAKEN


def test_what_lies_in_the_queue_unseen_by_its_manager_was_taken(machine: Machine) -> None:
    machine.log(came_in("4F1A2"))
    machine.queue("0AAAA", "4F1A2")
    assert machine.ask() == Found(Fate.TAKEN, "relay's queue: 4F1A2")


@pytest.mark.parametrize("answer", [{"code": 69}, {"said": "mail system is down"}, {"said": '{"other": 1}'}])
def test_a_queue_that_does_not_tell_leaves_it_open(machine: Machine, answer: dict[str, object]) -> None:
    machine.log(came_in("4F1A2"))
    machine.queue(**answer)  # type: ignore[arg-type]
    assert machine.ask() == Found(Fate.UNKNOWN)


def test_the_second_try_may_have_got_through(machine: Machine) -> None:
    machine.log(came_in("4F1A2"), came_in("4F1A9"), is_safe("4F1A9"))
    assert machine.ask() == Found(Fate.TAKEN, "relay's log: 4F1A9")


def test_the_log_before_counts_too(machine: Machine) -> None:
    machine.log(is_safe("4F1A2"), came_in("4F1A8", OTHER), before=came_in("4F1A2"))
    assert machine.ask() == Found(Fate.TAKEN, "relay's log: 4F1A2")
    machine.log("", before=came_in("4F1A2") + is_safe("4F1A2"))
    assert machine.ask().fate is Fate.TAKEN


@pytest.mark.parametrize("text", [None, "", "Aug 12 09:30:01 web sshd[1]: nothing of mail\n"])
def test_a_log_that_tells_nothing_of_mail_is_not_the_relays(machine: Machine, text: str | None) -> None:
    if text is not None:
        machine.log(text)
    assert machine.ask() == Found(Fate.UNKNOWN)


def test_what_is_long_ago_may_have_left_the_log(machine: Machine) -> None:
    machine.log(came_in("4F1A2", OTHER))
    assert machine.ask(since=AT - timedelta(days=7)) == Found(Fate.UNKNOWN)
