"""An organization's places, as the office enters answers for them."""

from __future__ import annotations

from dataclasses import dataclass

from eventsys.invitations.models import Place
from eventsys.invitations.queries import replies
from eventsys.invitations.queries.shapes import ReplyRow
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting


@dataclass(frozen=True, slots=True)
class OrganizationPlaces:
    """The places that are asked of one organization; there is at least one."""

    meeting: Meeting
    organization_id: int
    rows: tuple[ReplyRow, ...]

    @property
    def id(self) -> int:
        return self.meeting.id

    def name(self) -> str:
        return self.rows[0].organization()


def find_organization_places(meeting_id: int, organization_id: int) -> OrganizationPlaces | None:
    """The organization's places at this meeting, None when it has none there; two queries."""
    meeting = find_meeting(meeting_id)
    rows = replies.rows(meeting_id, only=(Place.organization_id == organization_id,)) if meeting else []
    return OrganizationPlaces(meeting, organization_id, tuple(rows)) if meeting and rows else None
