"""While sending is paused no letter leaves, whoever holds it; afterwards all do."""

from __future__ import annotations

import pytest
from flask import Flask

from eventsys.core.actor import Role
from eventsys.core.audit import AuditEntry
from eventsys.core.errors import DomainError
from eventsys.core.outbox import LetterState
from eventsys.core.sending import SendingPause, pause_now
from eventsys.core.transaction import write
from eventsys.delivery.operations import claim, pause_sending, resume_sending
from eventsys.delivery.sending import deliver_due
from eventsys.extensions import db
from tests import factories
from tests.delivery.kinds import letter, queue, sent_now, states, way
from tests.delivery.test_sending import relay
from tests.mail.servers import Desk, serving

KEEPER = factories.actor((Role.ADMINISTRATOR, None))
REASON = "邮件服务器正在更换"


def pause(reason: str = REASON) -> None:
    with write():
        pause_sending(reason, by=KEEPER)


def resume() -> None:
    with write():
        resume_sending(by=KEEPER)


def test_nothing_leaves_while_sending_is_paused(app: Flask) -> None:
    ids, desk = queue(3), Desk()
    pause()
    with serving(desk) as port, relay(app, port):
        assert deliver_due() == 0
        assert [(letter(each).state, letter(each).attempts) for each in ids] == [(LetterState.QUEUED, 0)] * 3
        resume()
        assert deliver_due() == 3
    assert len(desk.letters) == 3


def test_a_pause_stops_the_round_before_its_next_letter(app: Flask) -> None:
    queue(5)

    class Keeper(Desk):
        async def handle_DATA(self, *arguments: object) -> str:
            if len(self.letters) == 1:
                with app.app_context():
                    pause()
            return await super().handle_DATA(*arguments)  # type: ignore[arg-type]

    desk = Keeper()
    with serving(desk) as port, relay(app, port):
        assert deliver_due() == 2
    assert states() == {LetterState.SENT: 2, LetterState.QUEUED: 3}


def test_so_it_does_after_a_letter_that_was_refused(app: Flask) -> None:
    queue(3, address="550@example.org")

    class Keeper(Desk):
        async def handle_RCPT(self, *arguments: object) -> str:
            with app.app_context():
                pause()
            return await super().handle_RCPT(*arguments)  # type: ignore[arg-type]

    with serving(Keeper()) as port, relay(app, port):
        assert deliver_due() == 0
    assert states() == {LetterState.FAILED: 1, LetterState.QUEUED: 2}


def test_the_reason_and_who_paused_are_kept(app: Flask) -> None:
    assert pause_now() is None
    pause(f"  {REASON} ")
    found = pause_now()
    assert found is not None
    assert (found.reason, found.paused_by) == (REASON, KEEPER.label)
    resume()
    db.session.rollback()
    assert pause_now() is None
    row = db.session.query(SendingPause).one()
    assert row.resumed_at is not None
    assert [entry.action for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)] == [
        "sending.pause",
        "sending.resume",
    ]


def test_pausing_needs_a_reason(app: Flask) -> None:
    with pytest.raises(DomainError) as refused, write():
        pause_sending("  ", by=KEEPER)
    assert refused.value.field == "reason"


def test_sending_is_paused_once_and_resumed_once(app: Flask) -> None:
    with pytest.raises(DomainError), write():
        resume_sending(by=KEEPER)
    pause()
    with pytest.raises(DomainError), write():
        pause_sending("again", by=KEEPER)
    resume()
    pause("later")
    assert db.session.query(SendingPause).count() == 2


def test_a_mark_says_whether_the_next_one_may_leave(app: Flask) -> None:
    first, second = queue(2)
    with write():
        mine = {each.id: each for each in claim("one", way()).letters}
    assert sent_now(mine[first], "one")
    pause()
    assert not sent_now(mine[second], "one")
    assert states() == {LetterState.SENT: 2}
