"""The counts of several meetings at once, for lists of meetings; the same definition as `replies.counts`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import and_, false, func, select

from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Place
from eventsys.invitations.queries.replies import Counts, state_column


def counts_of(meeting_ids: Collection[int]) -> dict[int, Counts]:
    """How many places of each meeting are in each state, from one query; every id asked for is in the answer."""
    numbers: dict[int, dict[str, int]] = defaultdict(dict)
    statement = (
        select(Place.meeting_id, state_column(), func.count().label("number"))
        .select_from(Place)
        .outerjoin(Attendee, and_(Attendee.place_id == Place.id, Attendee.is_current))
        .where(Place.meeting_id.in_(meeting_ids), Place.withdrawn_at.is_(None), Place.walk_in.is_(false()))
        .group_by(Place.meeting_id, "place_state")
    )
    for meeting_id, state, number in db.session.execute(statement):
        numbers[meeting_id][state] = number
    return {meeting_id: Counts(**numbers[meeting_id]) for meeting_id in meeting_ids}
