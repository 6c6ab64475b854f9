"""Answers to a meeting's own questions, of the organization and of each of its people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select

from eventsys.answers.models import QuestionAnswer
from eventsys.answers.operations.rows import COMING, RowAnswer
from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.extensions import db
from eventsys.invitations.models import Ask, Attendee


def write_answers(ask: Ask, rows: Sequence[RowAnswer], of_organization: Mapping[int, str], *, by: Actor) -> int:
    """Keep the answers as they are on the sheet; returns how many of them changed.

    Those about a person belong to whoever is on the place now, after its row was carried out.
    """
    typed: dict[tuple[int, int | None], str] = {(key, None): value for key, value in of_organization.items()}
    asked = {row.place_id: row for row in rows if row.answers and (not row.choice or row.choice in COMING)}
    people = db.session.execute(
        select(Attendee.place_id, Attendee.id).where(Attendee.place_id.in_(asked), Attendee.is_current)
    )
    for place_id, attendee_id in people:
        typed |= {(key, attendee_id): value for key, value in asked[place_id].answers.items()}
    known = {
        (row.question_id, row.attendee_id): row
        for row in db.session.scalars(select(QuestionAnswer).where(QuestionAnswer.ask_id == ask.id))
    }
    return sum(_write(ask, key, value, known.get(key), by=by) for key, value in typed.items())


def _write(ask: Ask, key: tuple[int, int | None], value: str, row: QuestionAnswer | None, *, by: Actor) -> bool:
    if value == (row.value if row else ""):
        return False
    if row is None:
        db.session.add(
            QuestionAnswer(question_id=key[0], attendee_id=key[1], ask_id=ask.id, value=value, at=now(), by=by.label)
        )
    elif value:
        row.value, row.at, row.by = value, now(), by.label
    else:
        db.session.execute(delete(QuestionAnswer).where(QuestionAnswer.id == row.id))
    return True
