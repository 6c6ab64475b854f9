"""Whether a queued letter still says what the record says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import aliased

from eventsys.core.clock import now
from eventsys.core.outbox import Letter
from eventsys.extensions import db
from eventsys.invitations.facts import INSTANTS, SECOND, WORDS, digest, instant_of
from eventsys.invitations.models import Ask, Attendee, Place, Reply
from eventsys.meetings.models import Meeting, MeetingState

LASTING = {"cancellation", "receipt", "extension", "on_behalf"}
OVER = {MeetingState.CANCELLED, MeetingState.CONCLUDED, MeetingState.ARCHIVED}


def out_of_date(kind: str, letters: Sequence[Letter]) -> set[int]:
    """The ids of letters that would say something that is not so any more, from one query (two with liaisons' letters).

    A letter about the meeting as it stands must repeat its facts as they are, to somebody still asked; a reminder also
    wants them silent, one about a substitute wants that one entered, or gone. A change queues new letters for those
    whose first has not left, so none is lost here. Nobody is told off who has been asked again.
    """
    if kind in LASTING:
        return set()
    if kind == "withdrawal":
        return _asked_again([letter.id for letter in letters])
    if kind == "leave_notice":
        return _decided_otherwise(letters)
    rows = {row.letter_id: row for row in db.session.execute(_records([letter.id for letter in letters]))}
    named = _named_places(letters)
    dead = _too_late(letters) if kind == "reminder" else set()
    return dead | {letter.id for letter in letters if _differs(kind, letter, rows[letter.id], named)}


def _too_late(letters: Sequence[Letter]) -> set[int]:
    """The ids of reminders that leave after their reader's deadline, or whose organization has another one by now."""
    ids = [letter.id for letter in letters]
    own = (
        select(Letter.id, Ask.reply_by)
        .join(Ask, and_(Ask.meeting_id == Letter.meeting_id, Ask.organization_id == Letter.organization_id))
        .where(Letter.id.in_(ids), Ask.reply_by.is_not(None))
    )
    deadlines = {row.id: row.reply_by for row in db.session.execute(own)}
    return {
        letter.id
        for letter in letters
        if deadlines.get(letter.id) != instant_of(letter.facts, "reply_by")
        or now() >= (instant_of(letter.facts, "until") or now() + SECOND)
    }


def _records(ids: list[int]) -> Any:
    return (
        select(
            Letter.id.label("letter_id"),
            Meeting.state,
            Meeting.sequence,
            Meeting.alarms,
            *(getattr(Meeting, name) for name in (*WORDS, *INSTANTS)),
            Attendee.is_current,
            Attendee.reply,
            Attendee.leave,
            Attendee.leave_decided_at,
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
        return not _is_decided(letter, row)
    if digest(row) != letter.facts["mark"]:
        return True
    if letter.attendee_id is None:
        return all(place[0] in named for place in letter.facts["places"])
    return _no_longer_asked(row) or not _fits(kind, row)


def _fits(kind: str, row: Row[Any]) -> bool:
    """Whether the invitee stands as a letter of this kind says."""
    match kind:
        case "reminder":
            return row.reply is Reply.PENDING
        case "delegation":
            return row.reply is Reply.DELEGATED
        case "return":
            return bool(row.is_current)
    return True


def _is_decided(letter: Letter, row: Any) -> bool:
    """Whether the decision on leave still is the one that the letter tells; older letters know no moment of it."""
    at = letter.facts.get("decided_at")
    same = at is None or (row.leave_decided_at is not None and row.leave_decided_at.isoformat() == at)
    return bool(same and letter.facts["decision"] == row.leave.value)


def _decided_otherwise(letters: Sequence[Letter]) -> set[int]:
    """Of letters that tell liaisons of a decision on leave, those whose decision does not stand any more."""
    statement = (
        select(Attendee.id, Attendee.leave, Attendee.leave_decided_at, Meeting.state)
        .join(Meeting, Meeting.id == Attendee.meeting_id)
        .where(Attendee.id.in_({letter.facts["attendee"] for letter in letters}))
    )
    rows = {row.id: row for row in db.session.execute(statement)}
    found = {letter.id: rows[letter.facts["attendee"]] for letter in letters}
    return {
        letter.id for letter in letters if found[letter.id].state in OVER or not _is_decided(letter, found[letter.id])
    }


def _asked_again(ids: list[int]) -> set[int]:
    """Of letters that take somebody off a place, those to people who were asked again since, on the same address."""
    again = aliased(Attendee)
    statement = (
        select(Letter.id)
        .join(Attendee, Attendee.id == Letter.attendee_id)
        .join(
            again,
            and_(
                again.meeting_id == Attendee.meeting_id,
                again.id > Attendee.id,
                func.lower(again.email) == func.lower(Attendee.email),
                again.name_zh == Attendee.name_zh,
                again.name_en == Attendee.name_en,
            ),
        )
        .where(Letter.id.in_(ids), again.is_current, again.told_at.is_not(None))
    )
    return set(db.session.scalars(statement))


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
