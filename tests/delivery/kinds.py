"""Kinds of letters of the tests' own, and letters of them, so that delivery is tested without any domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from eventsys.core.letters import Facts, Kind, Rendered, register
from eventsys.core.outbox import Letter, LetterState, Recipient, enqueue
from eventsys.core.transaction import AtOnce, write
from eventsys.delivery.identity import Identities
from eventsys.delivery.operations import Claimed, mark_sent
from eventsys.delivery.way import Way
from eventsys.extensions import db

CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def render(common: Facts, facts: Facts, language: str) -> Rendered:
    """A subject with the recipient's number; `broken` facts cannot be rendered."""
    if facts.get("broken"):
        raise LookupError("a name is missing")
    words = common.get("text", "text")
    return Rendered(
        subject=f"{common['title']} {facts['number']} {language}",
        text=words,
        html=f"<p>{words}</p>",
        calendar=CALENDAR if facts.get("calendar") else None,
        method="REQUEST" if facts.get("calendar") else "",
    )


def stale(letters: Sequence[Letter]) -> set[int]:
    """Those whose facts say so; `unreadable` breaks the check."""
    if any(letter.facts.get("unreadable") for letter in letters):
        raise RuntimeError("the record does not answer")
    return {letter.id for letter in letters if letter.facts.get("stale")}


AGAIN = Kind("test-again", render, stale, resend=True)
ONCE = Kind("test-once", render, stale, resend=False)
FRAGILE = Kind("test-fragile", render, stale, resend=True)


def register_all() -> None:
    for kind in (AGAIN, ONCE, FRAGILE):
        register(kind)


register_all()


def queue(number: int = 1, kind: Kind = AGAIN, *, common: dict[str, Any] | None = None, **facts: Any) -> list[int]:
    """Queue so many letters; returns their ids. `address`, `recipient`, `language`, `meeting_id`, … go to the row."""
    row = {name: facts.pop(name) for name in ("attendee_id", "organization_id") if name in facts}
    meeting_id = facts.pop("meeting_id", None)
    address, recipient = facts.pop("address", "person{}@example.org"), facts.pop("recipient", "Person {}")
    language = facts.pop("language", "en")
    with write():
        first = len(db.session.scalars(select(Letter.id)).all()) + 1
        keys = [f"{kind.name}:{at}" for at in range(first, first + number)]
        letters = [
            (key, Recipient(recipient.format(at), address.format(at), language, **row), {"number": at, **facts})
            for at, key in enumerate(keys, first)
        ]
        enqueue(kind.name, common or {"title": "Letter"}, letters, meeting_id=meeting_id)
        return list(db.session.scalars(select(Letter.id).where(Letter.key.in_(keys)).order_by(Letter.id)))


def identities() -> Identities:
    """What the application of the tests calls its letters."""
    settings = current_app.extensions["eventsys.settings"]
    return Identities(settings.host, settings.secret_keys[0])


def sent_now(letter: Claimed, worker: str, answer: str = "") -> bool:
    """Mark the letter sent, as a round of a worker does."""
    with AtOnce() as marks:
        return mark_sent(marks, letter, worker, answer)


def way(**more: Any) -> Way:
    """The way out of the application of the tests, where nobody can be asked."""
    return Way(identities(), **more)


def message_id(number: int, kind: Kind = AGAIN, life: int = 0) -> str:
    """The Message-ID of the letter with this number."""
    return identities().message_id(f"{kind.name}:{number}", life)


def letter(letter_id: int) -> Letter:
    """The row as it is now."""
    db.session.rollback()
    found = db.session.get(Letter, letter_id, populate_existing=True)
    assert found is not None
    return found


def states() -> dict[LetterState, int]:
    """How many letters are in which state."""
    db.session.rollback()
    found = db.session.execute(select(Letter.state, func.count().label("number")).group_by(Letter.state))
    return {row.state: row.number for row in found}
