"""The counts of several meetings at once, for lists of meetings; the same definition as `replies.counts`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import and_, bindparam, false, func, select

from eventsys.core import reading
from eventsys.invitations.models import Attendee, Place
from eventsys.invitations.queries.replies import Counts, state_column

_COUNTS = (
    select(Place.meeting_id, state_column(), func.count().label("number"))
    .select_from(Place)
    .outerjoin(Attendee, and_(Attendee.place_id == Place.id, Attendee.is_current))
    .where(
        Place.meeting_id.in_(bindparam("meeting_ids", expanding=True)),
        Place.withdrawn_at.is_(None),
        Place.walk_in.is_(false()),
    )
    .group_by(Place.meeting_id, "place_state")
)


def counts_of(meeting_ids: Collection[int]) -> dict[int, Counts]:
    """How many places of each meeting are in each state, from one query; every id asked for is in the answer."""
    numbers: dict[int, dict[str, int]] = defaultdict(dict)
    for meeting_id, state, number in reading.rows(_COUNTS, meeting_ids=list(meeting_ids)):
        numbers[meeting_id][state] = number
    return {meeting_id: Counts(**numbers[meeting_id]) for meeting_id in meeting_ids}
