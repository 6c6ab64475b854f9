"""Whether a queued letter still says what the record says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from eventsys.core.outbox import Letter
from eventsys.extensions import db
from eventsys.invitations.facts import INSTANTS, WORDS, digest
from eventsys.invitations.models import Attendee, Place, Reply
from eventsys.meetings.models import Meeting, MeetingState

ASKING = {"invitation", "update", "reminder"}
OVER = {MeetingState.CANCELLED, MeetingState.CONCLUDED, MeetingState.ARCHIVED}


def out_of_date(kind: str, letters: Sequence[Letter]) -> set[int]:
    """The ids of letters that would say something that is not so any more, from one query (two with liaisons' letters).

    An invitation, update or reminder must repeat the meeting's facts as they are, to somebody still asked; a reminder
    also wants them silent. A change queues new letters for those whose first has not left, so none is lost here.
    """
    if kind in {"cancellation", "withdrawal"}:
        return set()
    rows = {row.letter_id: row for row in db.session.execute(_records([letter.id for letter in letters]))}
    named = _named_places(letters)
    return {letter.id for letter in letters if _differs(kind, letter, rows[letter.id], named)}


def _records(ids: list[int]) -> Any:
    return (
        select(
            Letter.id.label("letter_id"),
            Meeting.state,
            Meeting.sequence,
            *(getattr(Meeting, name) for name in (*WORDS, *INSTANTS)),
            Attendee.is_current,
            Attendee.reply,
            Attendee.leave,
            Attendee.link_revoked_at,
            Place.withdrawn_at,
        )
        .join(Meeting, Meeting.id == Letter.meeting_id)
        .outerjoin(Attendee, Attendee.id == Letter.attendee_id)
        .outerjoin(Place, Place.id == Attendee.place_id)
        .where(Letter.id.in_(ids))
    )


def _differs(kind: str, letter: Letter, row: Row[Any], named: set[int]) -> bool:
    if row.state in OVER:
        return True
    if kind == "leave_decision":
        return bool(letter.facts["decision"] != row.leave.value)
    if digest(row) != letter.facts["mark"]:
        return True
    if letter.attendee_id is None:
        return all(place[0] in named for place in letter.facts["places"])
    return _no_longer_asked(row) or (kind == "reminder" and row.reply is not Reply.PENDING)


def _no_longer_asked(row: Row[Any]) -> bool:
    if row.withdrawn_at is not None or row.link_revoked_at is not None:
        return True
    return not row.is_current and row.reply is not Reply.DELEGATED


def _named_places(letters: Sequence[Letter]) -> set[int]:
    """Of the places that letters to liaisons ask names for, those that are named or withdrawn by now."""
    ids = {place[0] for letter in letters if letter.attendee_id is None for place in letter.facts.get("places", ())}
    if not ids:
        return set()
    statement = (
        select(Place.id)
        .outerjoin(Attendee, (Attendee.place_id == Place.id) & Attendee.is_current)
        .where(Place.id.in_(ids), Attendee.id.is_not(None) | Place.withdrawn_at.is_not(None))
    )
    return set(db.session.scalars(statement))
