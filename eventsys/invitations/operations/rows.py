"""Places as rows: made in bulk for people, posts and quotas, as far as there is room for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.tokens import new_link_id
from eventsys.directory.queries import Candidate
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Leave, Place, PlaceRole, Reply
from eventsys.invitations.operations.asks import ensure_asks
from eventsys.invitations.queries.capacity import places_asked
from eventsys.invitations.queries.prepare import asked
from eventsys.meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place to make: for a candidate, or (without one) one more of the organization's quota."""

    organization_id: int | None
    role: PlaceRole
    candidate: Candidate | None = None


def add_places(meeting: Meeting, new: Sequence[NewPlace]) -> list[int]:
    """Insert places and attendees, each in one statement; returns the places' ids.

    The meeting is locked by the caller: whoever adds places to it at the same moment waits, and counts these. Raises
    `DomainError` beyond the meeting's capacity, and when somebody else added the same people.
    """
    check_room(meeting, len(new))
    rows = _place_rows(meeting, new)
    try:
        returning = insert(Place).returning(Place.id, sort_by_parameter_order=True)
        ids = list(db.session.scalars(returning, rows)) if rows else []
        people = [
            _attendee_row(meeting, each.candidate, place_id)
            for each, place_id in zip(new, ids, strict=True)
            if each.candidate is not None and each.candidate.person_id is not None
        ]
        if people:
            db.session.execute(insert(Attendee), people)
        ensure_asks(meeting.id, {each.organization_id for each in new if each.organization_id is not None})
    except IntegrityError as error:
        raise DomainError(_("Somebody else has just added some of these. Look at the list again.")) from error
    return ids


def check_room(meeting: Meeting, more: int) -> None:
    """Raise `DomainError` when so many more places are beyond the capacity of the locked meeting."""
    if meeting.capacity is None or more <= 0:
        return
    so_far = places_asked(meeting.id)
    if so_far + more <= meeting.capacity:
        return
    raise DomainError(
        _(
            "The meeting has room for %(capacity)s. Asked for so far: %(asked)s places; this would add %(more)s. "
            "Ask for fewer, or raise the capacity of the meeting.",
            capacity=meeting.capacity,
            asked=so_far,
            more=more,
        )
    )


def _place_rows(meeting: Meeting, new: Sequence[NewPlace]) -> list[dict[str, Any]]:
    """A post stands on one place only; its further holders come as people of its organization."""
    last = db.session.scalar(select(func.max(Place.position)).where(Place.meeting_id == meeting.id)) or 0
    taken = set(asked(meeting).post_ids)
    rows = []
    for number, each in enumerate(new, last + 1):
        post_id = each.candidate.post_id if each.candidate is not None else None
        rows.append(
            {
                "meeting_id": meeting.id,
                "organization_id": each.organization_id,
                "post_id": None if post_id in taken else post_id,
                "role": each.role,
                "position": number,
                "walk_in": False,
                "is_further": each.candidate is None,
                "created_at": now(),
            }
        )
        taken.add(post_id or 0)
    return rows


def _attendee_row(meeting: Meeting, who: Candidate, place_id: int) -> dict[str, Any]:
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
