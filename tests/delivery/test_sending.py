"""Letters leave over a real SMTP connection, and each ends in the state that the server's answer says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from eventsys.config import MailSettings, Settings
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.transaction import write
from eventsys.delivery import sending
from eventsys.delivery.sending import deliver_due
from eventsys.delivery.way import local_mailbox
from tests.delivery.kinds import AGAIN, ONCE, letter, message_id, queue, states
from tests.mail.servers import Desk, saying, serving

GREETING = "220 hello"
READY = (GREETING, "250 hello", "250 ok", "250 ok", "354 go on")


@contextmanager
def settings(app: Flask, **changes: object) -> Iterator[Settings]:
    """The application with some settings changed."""
    before: Settings = app.extensions["eventsys.settings"]
    app.extensions["eventsys.settings"] = replace(before, **changes)  # type: ignore[arg-type]
    try:
        yield app.extensions["eventsys.settings"]
    finally:
        app.extensions["eventsys.settings"] = before


@contextmanager
def relay(app: Flask, port: int) -> Iterator[None]:
    """The application with this relay."""
    with settings(app, mail=MailSettings(host="127.0.0.1", port=port, sender="office@example.org")):
        yield


def read(data: bytes) -> Message:
    return BytesParser().parsebytes(data)


def test_letters_arrive_as_they_were_written(app: Flask) -> None:
    (letter_id,) = queue(1, common={"title": "Conference", "text": "Please come."}, calendar=True)
    desk = Desk()
    with serving(desk) as port, relay(app, port):
        assert deliver_due() == 1
    ((sender, recipient, data),) = desk.letters
    found = read(data)
    assert (sender, recipient) == ("office@example.org", "person1@example.org")
    assert found["Subject"] == "Conference 1 en"
    assert found["Message-ID"] == message_id(1)
    assert found["Content-Language"] == "en"
    row = letter(letter_id)
    assert (row.state, row.reason) == (LetterState.SENT, "250 2.0.0 queued as 4711")
    assert row.sent_at is not None


def test_the_recipients_language_is_spoken(app: Flask) -> None:
    queue(1, language="zh")
    desk = Desk()
    with serving(desk) as port, relay(app, port):
        deliver_due()
    found = read(desk.letters[0][2])
    assert (found["Subject"], found["Content-Language"]) == ("Letter 1 zh", "zh-Hans")


def test_many_letters_go_over_one_connection(app: Flask) -> None:
    queue(120)
    desk = Desk()
    with serving(desk) as port, relay(app, port):
        assert deliver_due() == 120
    assert len({read(data)["Message-ID"] for _sender, _recipient, data in desk.letters}) == 120
    assert len(desk.sessions) == 1
    assert states() == {LetterState.SENT: 120}


def test_a_batch_of_stale_letters_does_not_end_the_round(app: Flask) -> None:
    queue(60, stale=True)
    queue(1)
    desk = Desk()
    with serving(desk) as port, relay(app, port):
        assert deliver_due() == 1
    assert states() == {LetterState.SUPERSEDED: 60, LetterState.SENT: 1}


def test_a_refused_recipient_fails_alone(app: Flask) -> None:
    (refused,), sound = queue(1, address="550@example.org"), queue(1)
    desk = Desk()
    with serving(desk) as port, relay(app, port):
        assert deliver_due() == 1
    assert (letter(refused).state, letter(refused).reason) == (LetterState.FAILED, "550 not for this recipient")
    assert letter(sound[0]).state is LetterState.SENT


def test_a_busy_recipient_waits_alone(app: Flask) -> None:
    (busy,), sound = queue(1, address="450@example.org"), queue(1)
    desk = Desk()
    with serving(desk) as port, relay(app, port):
        assert deliver_due() == 1
    assert (letter(busy).state, letter(busy).attempts) == (LetterState.DEFERRED, 1)
    assert letter(sound[0]).state is LetterState.SENT


@pytest.mark.parametrize("facts", [{"broken": True}, {"address": "no address"}])
def test_a_letter_that_cannot_be_made_fails_alone(app: Flask, facts: dict[str, object]) -> None:
    (broken,), sound = queue(1, **facts), queue(1)
    desk = Desk()
    with serving(desk) as port, relay(app, port):
        assert deliver_due() == 1
    assert letter(broken).state is LetterState.FAILED
    assert letter(sound[0]).state is LetterState.SENT


def test_a_relay_that_is_away_ends_the_round(app: Flask) -> None:
    first, *others = queue(60)
    with saying() as (port, _heard):
        pass
    with relay(app, port):
        assert deliver_due() == 0
    assert (letter(first).state, letter(first).attempts) == (LetterState.DEFERRED, 1)
    assert {(letter(each).state, letter(each).attempts) for each in others} == {(LetterState.QUEUED, 0)}
    desk = Desk()
    with serving(desk) as again, relay(app, again):
        assert deliver_due() == 59


def test_a_relay_that_refuses_our_login_ends_the_round(app: Flask) -> None:
    queue(3)
    with serving(Desk(), password="right") as port, relay(app, port):
        assert deliver_due() == 0
    assert states() == {LetterState.DEFERRED: 1, LetterState.QUEUED: 2}


@pytest.mark.parametrize(("kind", "state"), [(AGAIN, LetterState.DEFERRED), (ONCE, LetterState.FAILED)])
def test_a_lost_answer_is_no_failure(app: Flask, kind: object, state: LetterState) -> None:
    (letter_id,) = queue(1, kind)  # type: ignore[arg-type]
    with saying((*READY, "")) as (port, _heard), relay(app, port):
        assert deliver_due() == 0
    assert letter(letter_id).state is state


def test_stopping_finishes_the_letter_at_hand_and_puts_the_rest_back(app: Flask) -> None:
    queue(5)
    desk = Desk()
    with serving(desk) as port, relay(app, port):
        assert deliver_due(stopping=lambda: len(desk.letters) == 2) == 2
    assert states() == {LetterState.SENT: 2, LetterState.QUEUED: 3}


def test_leases_are_kept_while_sending_is_slow(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim that takes longer than its lease: what another worker took meanwhile is not sent twice."""
    monkeypatch.setattr(sending, "RENEW_SECONDS", 0.0)
    queue(3)

    class Thief(Desk):
        async def handle_DATA(self, *arguments: object) -> str:
            with app.app_context(), write() as session:
                session.execute(update(Letter).where(Letter.key == "test-again:3").values(lease_by="another"))
            return await super().handle_DATA(*arguments)  # type: ignore[arg-type]

    desk = Thief()
    with serving(desk) as port, relay(app, port):
        assert deliver_due() == 2
    assert states() == {LetterState.SENT: 2, LetterState.SENDING: 1}


def test_without_a_relay_letters_lie_in_the_local_mailbox(app: Flask, tmp_path: Path) -> None:
    (letter_id,) = queue(1)
    with settings(app, data=tmp_path) as changed:
        assert deliver_due() == 1
        key = letter(letter_id).reason
        assert read(local_mailbox(changed).read(key))["Message-ID"] == message_id(1)
