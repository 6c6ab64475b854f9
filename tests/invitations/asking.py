"""What tests of asking share: an office with a meeting, the letters in the queue, and a worker that only looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import event, select, update

from eventsys.core.actor import Actor, Role
from eventsys.core.clock import now
from eventsys.core.letters import Rendered, kind_of
from eventsys.core.outbox import Letter, LetterBatch, LetterState
from eventsys.core.transaction import write
from eventsys.directory.models import Organization, OrganizationKind
from eventsys.extensions import db
from eventsys.meetings.models import Meeting
from tests import factories


@dataclass
class Office:
    """A convening office, its organizer and a scheduled meeting."""

    organization: Organization
    by: Actor
    meeting: Meeting


def office(**facts: object) -> Office:
    row = factories.organization("沈阳市外事办公室", name_en="Foreign Affairs Office", kind=OrganizationKind.OFFICE)
    facts.setdefault("starts_at", now().replace(second=0) + timedelta(days=7))
    return Office(row, factories.actor((Role.ORGANIZER, row)), factories.meeting(row, **facts))


def letters(kind: str = "") -> list[Letter]:
    """The letters in the queue, in order; of one kind if it is given."""
    db.session.rollback()
    statement = select(Letter).order_by(Letter.id)
    return list(db.session.scalars(statement.where(Letter.kind == kind) if kind else statement))


def keys(kind: str = "") -> list[str]:
    return [letter.key for letter in letters(kind)]


def stale() -> list[str]:
    """The keys of the letters that a worker would not send, because the record says something else by now."""
    waiting = [letter for letter in letters() if letter.state is LetterState.QUEUED]
    found: set[int] = set()
    for kind in sorted({letter.kind for letter in waiting}):
        found |= kind_of(kind).stale([letter for letter in waiting if letter.kind == kind])
    return [letter.key for letter in waiting if letter.id in found]


def deliver() -> list[str]:
    """A worker's round: what is stale is superseded, the rest is sent. Returns the keys of what was sent."""
    dead = set(stale())
    sent = [letter.key for letter in letters() if letter.state is LetterState.QUEUED and letter.key not in dead]
    with write() as session:
        for state, names in ((LetterState.SUPERSEDED, dead), (LetterState.SENT, sent)):
            session.execute(update(Letter).where(Letter.key.in_(names)).values(state=state))
    return sent


def words(letter: Letter, language: str = "") -> Rendered:
    """The letter as it is sent."""
    batch = db.session.get_one(LetterBatch, letter.batch_id)
    return kind_of(letter.kind).render(batch.common, letter.facts, language or letter.language)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL statements of the block, on both engines."""
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    engines = list(db.engines.values())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
