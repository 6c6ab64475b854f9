"""Preparing invitations: places and attendees as rows, and nobody told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.invitations.models import PlaceRole
from eventsys.invitations.operations.rows import NewPlace, add_places
from eventsys.invitations.queries.prepare import picked
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
    places = add_places(meeting, [NewPlace(pick.candidate.organization_id, role, pick.candidate) for pick in new])
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
