"""A letter of unknown fate is sent again only when the relay, asked for its Message-ID, does not have it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from eventsys.config import MailSettings, Settings
from eventsys.core.clock import now
from eventsys.core.letters import Kind
from eventsys.core.outbox import Letter, LetterEvent, LetterState, LetterStep
from eventsys.core.reasons import RELAY_HAS_IT, UNKNOWN_FATE
from eventsys.core.transaction import write
from eventsys.delivery.operations import claim
from eventsys.delivery.sending import deliver_due
from eventsys.extensions import db
from tests.delivery.kinds import AGAIN, ONCE, letter, message_id, queue, way
from tests.delivery.test_sending import READY
from tests.mail.servers import Desk, saying, serving
from tests.mail.test_postfix import came_in, is_safe

KINDS = pytest.mark.parametrize("kind", [AGAIN, ONCE], ids=["again", "once"])


@contextmanager
def relay(app: Flask, port: int, log: Path) -> Iterator[None]:
    """The application with a relay that can be asked: what it logged stands in this file."""
    before: Settings = app.extensions["eventsys.settings"]
    mail = MailSettings(host="127.0.0.1", port=port, sender="office@example.org", query="postfix", log=log)
    app.extensions["eventsys.settings"] = replace(before, mail=mail)
    try:
        yield
    finally:
        app.extensions["eventsys.settings"] = before


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "mail.log"
    path.write_text(came_in("0AAAA", "<of@somebody.else>") + is_safe("0AAAA"))
    return path


def abandoned(kind: Kind) -> int:
    """A letter whose worker died while it was sending."""
    (letter_id,) = queue(1, kind)
    with write():
        assert len(claim("dead", way()).letters) == 1
    past = now() - timedelta(minutes=6)
    with write() as session:
        session.execute(update(Letter).values(tried_at=past, lease_until=past))
    return letter_id


def steps(letter_id: int) -> list[LetterStep]:
    statement = select(LetterEvent.step).where(LetterEvent.letter_id == letter_id).order_by(LetterEvent.id)
    return list(db.session.scalars(statement))


@KINDS
def test_what_the_relay_has_is_not_sent_again(app: Flask, log: Path, kind: Kind) -> None:
    letter_id, desk = abandoned(kind), Desk()
    tried_at = letter(letter_id).tried_at
    log.write_text(log.read_text() + came_in("4F1A2", message_id(1, kind)) + is_safe("4F1A2"))
    with serving(desk) as port, relay(app, port, log):
        assert deliver_due() == 1
    row = letter(letter_id)
    assert (row.state, row.reason, row.sent_at, row.unsure_since) == (LetterState.SENT, RELAY_HAS_IT, tried_at, None)
    assert desk.letters == []
    assert steps(letter_id) == [LetterStep.INTERRUPTED]


@KINDS
def test_what_the_relay_does_not_have_is(app: Flask, log: Path, kind: Kind) -> None:
    letter_id, desk = abandoned(kind), Desk()
    with serving(desk) as port, relay(app, port, log):
        assert deliver_due() == 1
    assert letter(letter_id).state is LetterState.SENT
    assert len(desk.letters) == 1


@pytest.mark.parametrize(
    ("kind", "state", "letters"), [(AGAIN, LetterState.SENT, 1), (ONCE, LetterState.DEFERRED, 0)], ids=["again", "once"]
)
def test_where_the_relay_cannot_tell_the_kind_decides(
    app: Flask, tmp_path: Path, kind: Kind, state: LetterState, letters: int
) -> None:
    letter_id, desk = abandoned(kind), Desk()
    with serving(desk) as port, relay(app, port, tmp_path / "no.log"):
        deliver_due()
    assert letter(letter_id).state is state
    assert len(desk.letters) == letters
    if kind is ONCE:
        assert letter(letter_id).reason == UNKNOWN_FATE


@KINDS
def test_a_lost_answer_is_asked_for_at_the_next_try(app: Flask, log: Path, kind: Kind) -> None:
    (letter_id,) = queue(1, kind)
    with saying((*READY, "")) as (port, _heard), relay(app, port, log):
        assert deliver_due() == 0
    row = letter(letter_id)
    assert (row.state, row.unsure_since) == (LetterState.DEFERRED, row.tried_at)
    log.write_text(log.read_text() + came_in("4F1A2", message_id(1, kind)) + is_safe("4F1A2"))
    with write() as session:
        session.execute(update(Letter).values(due_at=now()))
    desk = Desk()
    with serving(desk) as port, relay(app, port, log):
        assert deliver_due() == 1
    assert (letter(letter_id).state, desk.letters) == (LetterState.SENT, [])


def test_a_refusal_later_leaves_the_earlier_try_open(app: Flask, log: Path) -> None:
    """The relay did not have it, and now refuses it: a notice about it would still be believed."""
    letter_id = abandoned(AGAIN)
    with write() as session:
        session.execute(update(Letter).values(address="550@example.org"))
    with serving(Desk()) as port, relay(app, port, log):
        assert deliver_due() == 0
    row = letter(letter_id)
    assert row.state is LetterState.FAILED
    assert row.unsure_since is not None


def test_letters_that_must_not_go_twice_are_claimed_together_where_the_relay_can_be_asked(app: Flask) -> None:
    queue(5, ONCE)
    with write():
        assert len(claim("one", way()).letters) == 1
    with write():
        assert len(claim("two", way(resolves=True)).letters) == 4


def test_the_local_mailbox_never_holds_a_letter_twice(app: Flask) -> None:
    """Without a relay nobody has to be asked: what lies there is found by its Message-ID."""
    letter_id = abandoned(ONCE)
    assert deliver_due() == 1
    assert letter(letter_id).state is LetterState.SENT
