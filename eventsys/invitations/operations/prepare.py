"""Preparing invitations: places and attendees as rows, and nobody told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.tokens import new_link_id
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Leave, Place, PlaceRole, Reply
from eventsys.invitations.operations.asks import ensure_asks
from eventsys.invitations.queries.prepare import Asked, Pick, asked, picked
from eventsys.meetings.models import Meeting, MeetingState

BEFORE_IT_ENDS = (MeetingState.DRAFT, MeetingState.SCHEDULED, MeetingState.IN_SESSION)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What preparing came to: places made, of them to be named and without an address, and picks left out as asked."""

    places: int = 0
    to_be_named: int = 0
    without_address: int = 0
    already: int = 0


def prepare(meeting: Meeting, keys: Sequence[str], role: PlaceRole, *, by: Actor) -> Prepared:
    """Make places for the picks of these keys; nobody is told.

    People and posts already asked are left out and counted. Raises `DomainError` when nothing is left, or the meeting
    is over.
    """
    meeting = locked(Meeting, meeting.id)
    if meeting.state not in BEFORE_IT_ENDS:
        raise DomainError(_("Nobody can be added to this meeting any more."))
    chosen = picked(meeting, keys)
    if not chosen:
        raise DomainError(_("Choose at least one person or post."), field="picks")
    new = [pick for pick in chosen if not pick.is_asked]
    if not new:
        raise DomainError(_("All of these are on the list already. Nobody was added."), field="picks")
    places = _make(meeting, new, role)
    result = Prepared(
        places=len(places),
        to_be_named=sum(pick.is_unnamed for pick in new),
        without_address=sum(pick.lacks_address for pick in new),
        already=len(chosen) - len(new),
    )
    audit.record(
        "invitation.prepare",
        meeting,
        by=by,
        after={"places": places, "role": role.value},
        label=meeting.title(),
        meeting_id=meeting.id,
    )
    return result


def _make(meeting: Meeting, new: Sequence[Pick], role: PlaceRole) -> list[int]:
    """Insert places and attendees, each in one statement; returns the places' ids."""
    rows = _place_rows(meeting, new, role, asked(meeting))
    try:
        returning = insert(Place).returning(Place.id, sort_by_parameter_order=True)
        ids = list(db.session.scalars(returning, rows))
        people = [
            _attendee_row(meeting, pick, place_id)
            for pick, place_id in zip(new, ids, strict=True)
            if not pick.is_unnamed
        ]
        if people:
            db.session.execute(insert(Attendee), people)
        ensure_asks(meeting.id, {row["organization_id"] for row in rows if row["organization_id"] is not None})
    except IntegrityError as error:
        raise DomainError(_("Somebody else has just added some of these. Look at the list again.")) from error
    return ids


def _place_rows(meeting: Meeting, new: Sequence[Pick], role: PlaceRole, so_far: Asked) -> list[dict[str, Any]]:
    """A post stands on one place only; its further holders come as people of its organization."""
    last = db.session.scalar(select(func.max(Place.position)).where(Place.meeting_id == meeting.id)) or 0
    taken = set(so_far.post_ids)
    rows = []
    for number, pick in enumerate(new, last + 1):
        post_id = pick.candidate.post_id
        rows.append(
            {
                "meeting_id": meeting.id,
                "organization_id": pick.candidate.organization_id,
                "post_id": None if post_id in taken else post_id,
                "role": role,
                "position": number,
                "walk_in": False,
                "created_at": now(),
            }
        )
        taken.add(post_id or 0)
    return rows


def _attendee_row(meeting: Meeting, pick: Pick, place_id: int) -> dict[str, Any]:
    who = pick.candidate
    return {
        "meeting_id": meeting.id,
        "place_id": place_id,
        "person_id": who.person_id,
        "name_zh": who.name_zh,
        "name_en": who.name_en,
        "title_zh": who.title_zh,
        "title_en": who.title_en,
        "email": who.email,
        "phone": who.phone,
        "language": who.language,
        "is_current": True,
        "link_id": new_link_id(),
        "reply": Reply.PENDING,
        "leave": Leave.NONE,
        "created_at": now(),
        "version": 1,
    }
