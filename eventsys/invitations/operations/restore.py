"""Taking back an answer that came in without its giver: everybody on the place stands as before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from eventsys.core.actor import Actor, Channel
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Leave, Reply, ReplyEvent
from eventsys.invitations.operations.place import Answering, answer_of, check_open, lock_attendee, put_down
from eventsys.invitations.operations.succession import step_down
from eventsys.invitations.operations.tell import tell_return

_INSTANTS = ("replied_at", "leave_decided_at", "link_revoked_at")
_TEXTS = ("comment", "replied_by", "leave_decided_by", "leave_note")
_CODES = {"reply": Reply, "leave": Leave, "reply_channel": Channel}


def answers_on(place_id: int) -> list[dict[str, Any]]:
    """How everybody ever put on the place stands, as plain values for `restore_answers`."""
    statement = select(Attendee).where(Attendee.place_id == place_id).order_by(Attendee.id)
    return [_standing(row) for row in db.session.scalars(statement.execution_options(populate_existing=True))]


def last_step(place_id: int) -> int:
    """The number of the last step in the history of the place's answers; 0 before the first."""
    people = select(Attendee.id).where(Attendee.place_id == place_id)
    return db.session.scalar(select(func.max(ReplyEvent.id)).where(ReplyEvent.attendee_id.in_(people))) or 0


def restore_answers(attendee_id: int, before: Sequence[dict[str, Any]], step: int, *, by: Actor) -> Attendee:
    """Put everybody on the attendee's place back to `before`; their history keeps both. Returns the attendee.

    `step` is the last step that the answer left in the history. Whoever was named by it steps down; they are told, and
    whoever has the place again. Raises `DomainError` when somebody answered since, `Closed` when the roll is closed.
    """
    found = lock_attendee(attendee_id)
    check_open(found.meeting, found.place, Channel.ON_BEHALF)
    if last_step(found.place.id) != step:
        raise DomainError(_("This answer was changed since. Nothing was undone; look at the answer as it is now."))
    known = {row["id"]: row for row in before}
    gone = [row for row in _people(found) if row.id not in known and row.is_current]
    for row in gone:
        step_down(replace(found, attendee=row), by=by, channel=by.channel)
    db.session.flush()
    people = [row for row in _people(found) if row.id in known]
    # One person is current on a place at any moment: whoever leaves it comes first.
    for row in sorted(people, key=lambda each: bool(known[each.id]["is_current"])):
        _restore(replace(found, attendee=row), known[row.id], by=by)
    for row in gone:
        original = next((each for each in people if each.id == row.stands_in_for_id and each.is_current), None)
        if original is not None:
            tell_return(original, row, by=by)
    return found.attendee


def _restore(found: Answering, values: dict[str, Any], *, by: Actor) -> None:
    row, standing = found.attendee, _standing(found.attendee)
    if standing == values:
        return
    before = answer_of(row)
    for name, kind in _CODES.items():
        setattr(row, name, kind(values[name]) if values[name] else None)
    for name in _INSTANTS:
        setattr(row, name, datetime.fromisoformat(values[name]) if values[name] else None)
    for name in _TEXTS:
        setattr(row, name, values[name])
    row.is_current = values["is_current"]
    db.session.flush()
    put_down("undone", found, before, by=by, channel=by.channel)


def _people(found: Answering) -> list[Attendee]:
    """Everybody ever put on the place, locked."""
    ids = db.session.scalars(select(Attendee.id).where(Attendee.place_id == found.place.id).order_by(Attendee.id))
    return [found.attendee if found.attendee.id == each else locked(Attendee, each) for each in ids.all()]


def _standing(row: Attendee) -> dict[str, Any]:
    values: dict[str, Any] = {"id": row.id, "is_current": row.is_current}
    for name in _CODES:
        value = getattr(row, name)
        values[name] = value.value if value is not None else None
    for name in _INSTANTS:
        at = getattr(row, name)
        values[name] = at.isoformat() if at else None
    return values | {name: getattr(row, name) for name in _TEXTS}
