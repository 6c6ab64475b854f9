"""Whether somebody with an account takes part in a meeting: bound by create_app for the meeting's own page."""

from __future__ import annotations

from sqlalchemy import and_, exists, or_, select

from eventsys.core.actor import Actor
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Place


def participates(actor: Actor, meeting_id: int) -> bool:
    """Whether the actor was told of an invitation to it, or answers for an organization that holds a place."""
    if actor.person_id is None:
        return False
    invited = exists().where(
        Attendee.meeting_id == meeting_id,
        Attendee.person_id == actor.person_id,
        Attendee.told_at.is_not(None),
        Attendee.link_revoked_at.is_(None),
    )
    answers_for = exists().where(
        and_(
            Place.meeting_id == meeting_id,
            Place.withdrawn_at.is_(None),
            Place.organization_id.in_(actor.liaison_for),
            Place.id == Attendee.place_id,
            Attendee.told_at.is_not(None),
        )
    )
    return bool(db.session.scalar(select(or_(invited, answers_for))))
