"""A mail server's notice about a letter says what became of that letter, and of no other."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, update

from eventsys.core.actor import WORKER
from eventsys.core.audit import AuditEntry
from eventsys.core.outbox import Letter, LetterEvent, LetterState, LetterStep
from eventsys.core.reasons import UNKNOWN_FATE
from eventsys.core.transaction import write
from eventsys.delivery.operations import claim, mark_bounced, mark_deferred, mark_failed, send_again
from eventsys.extensions import db
from tests import factories
from tests.delivery.kinds import letter, message_id, queue, sent_now, way

PERSON = factories.actor()
REASON = "550 5.1.1 no such user"


def bounced(name: str, *, recipient: str = "person1@example.org", reason: str = REASON, permanent: bool = True) -> bool:
    """Apply a notice; whether it was about a letter of ours."""
    with write():
        return mark_bounced(name, recipient, reason, by=WORKER, permanent=permanent) is not None


def sent() -> int:
    """A letter that the relay accepted."""
    (letter_id,) = queue(1)
    with write():
        (mine,) = claim("one", way()).letters
    sent_now(mine, "one", "250 queued")
    return letter_id


def change(letter_id: int, **values: object) -> None:
    with write() as session:
        session.execute(update(Letter).where(Letter.id == letter_id).values(**values))


def steps(letter_id: int) -> list[tuple[LetterStep, str]]:
    rows = db.session.execute(
        select(LetterEvent.step, LetterEvent.reason).where(LetterEvent.letter_id == letter_id).order_by(LetterEvent.id)
    )
    return [(row.step, row.reason) for row in rows]


def test_the_first_claim_names_a_letter_for_good(app: Flask) -> None:
    letter_id = sent()
    assert letter(letter_id).message_id == message_id(1)
    assert message_id(1) != message_id(1, life=1)
    assert message_id(1).startswith("<test-again-1.")


def test_a_returned_letter_says_so(app: Flask) -> None:
    letter_id = sent()
    assert bounced(message_id(1))
    row = letter(letter_id)
    assert (row.state, row.reason) == (LetterState.BOUNCED, REASON)
    assert row.sent_at is not None
    assert steps(letter_id) == [(LetterStep.BOUNCED, REASON)]
    entry = db.session.query(AuditEntry).filter_by(action="letter.bounce").one()
    assert (entry.subject_id, entry.after) == (letter_id, {"reason": REASON})


def test_the_same_notice_again_changes_nothing(app: Flask) -> None:
    letter_id = sent()
    for reason in (REASON, REASON, "554 another"):
        assert bounced(message_id(1), reason=reason)
    assert letter(letter_id).reason == REASON
    assert steps(letter_id) == [(LetterStep.BOUNCED, REASON)]
    assert db.session.query(AuditEntry).filter_by(action="letter.bounce").count() == 1


@pytest.mark.parametrize("wrap", ["{}", " {} ", "\r\n {}", "plain"])
def test_however_the_notice_writes_the_name(app: Flask, wrap: str) -> None:
    letter_id = sent()
    name = message_id(1)
    assert bounced(name[1:-1] if wrap == "plain" else wrap.format(name))
    assert letter(letter_id).state is LetterState.BOUNCED


@pytest.mark.parametrize("name", ["", "<>", "<somebody@else.example>", "<test-again-1@localhost>", "x" * 5000])
def test_a_letter_that_we_did_not_send_is_none(app: Flask, name: str) -> None:
    letter_id = sent()
    assert not bounced(name)
    assert (letter(letter_id).state, steps(letter_id)) == (LetterState.SENT, [])


def test_a_letter_without_a_name_yet_is_none(app: Flask) -> None:
    queue(1)
    assert not bounced(message_id(1))


def test_a_delay_is_noted_and_nothing_else(app: Flask) -> None:
    letter_id = sent()
    assert bounced(message_id(1), reason="4.4.1 no answer yet", permanent=False)
    assert letter(letter_id).state is LetterState.SENT
    assert steps(letter_id) == [(LetterStep.DELAYED, "4.4.1 no answer yet")]


def test_whom_a_forwarded_letter_did_not_reach_is_said(app: Flask) -> None:
    letter_id = sent()
    assert bounced(message_id(1), recipient="elsewhere@example.net", reason="550  5.1.1\r\n gone")
    assert letter(letter_id).reason == "elsewhere@example.net: 550 5.1.1 gone"


def test_a_notice_about_an_earlier_life_leaves_the_present_one(app: Flask) -> None:
    letter_id = sent()
    assert bounced(message_id(1))
    with write():
        send_again(letter_id, by=PERSON)
    with write():
        (mine,) = claim("one", way()).letters
    sent_now(mine, "one", "250 queued")
    assert bounced(message_id(1), reason="the same again, late")
    row = letter(letter_id)
    assert (row.state, row.reason, row.message_id) == (LetterState.SENT, "250 queued", message_id(1, life=1))
    assert steps(letter_id)[-1] == (LetterStep.BOUNCED_EARLIER, "the same again, late")
    assert bounced(message_id(1, life=1))
    assert letter(letter_id).state is LetterState.BOUNCED


def test_a_notice_while_the_fate_is_unknown_tells_it(app: Flask) -> None:
    """The answer was lost and the letter waits for another try: now we know that it had left, and came back."""
    (letter_id,) = queue(1)
    with write():
        (mine,) = claim("one", way()).letters
    with write():
        mark_deferred(mine, "one", "connection lost")
    assert bounced(message_id(1))
    assert letter(letter_id).state is LetterState.BOUNCED


def test_a_notice_before_the_mark_wins(app: Flask) -> None:
    """A quick notice: the worker that still holds the letter does not turn it back into a sent one."""
    (letter_id,) = queue(1)
    with write():
        (mine,) = claim("one", way()).letters
    assert bounced(message_id(1))
    sent_now(mine, "one", "250 queued")
    assert letter(letter_id).state is LetterState.BOUNCED


@pytest.mark.parametrize(
    ("reason", "state"), [("550 refused", LetterState.FAILED), (UNKNOWN_FATE, LetterState.BOUNCED)]
)
def test_a_letter_that_nobody_took_cannot_come_back(app: Flask, reason: str, state: LetterState) -> None:
    (letter_id,) = queue(1)
    with write():
        (mine,) = claim("one", way()).letters
    with write():
        mark_failed(mine, "one", reason, is_unsure=reason == UNKNOWN_FATE)
    assert bounced(message_id(1))
    assert letter(letter_id).state is state


@pytest.mark.parametrize("state", [LetterState.QUEUED, LetterState.SUPERSEDED])
def test_what_is_not_on_its_way_is_not_returned(app: Flask, state: LetterState) -> None:
    letter_id = sent()
    change(letter_id, state=state)
    assert bounced(message_id(1))
    assert letter(letter_id).state is state
    assert steps(letter_id) == [(LetterStep.BOUNCED_EARLIER, REASON)]
