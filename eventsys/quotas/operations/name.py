"""Naming somebody for the next open place of a quota: whoever comes after the last one is refused."""

from __future__ import annotations

from sqlalchemy import and_, func, select

from eventsys.core.actor import Actor, Channel
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.invitations.models import Ask, Attendee, Place, PlaceRole
from eventsys.invitations.operations.substitute import Named, name_person
from eventsys.meetings.models import Meeting
from eventsys.quotas.operations.lock import lock_ask


def name_next(ask: Ask, named: Named, *, by: Actor, channel: Channel | None = None, observer: bool = False) -> Attendee:
    """Put somebody on the organization's next open further place (or observer's), and invite them.

    The meeting's row is held, then the organization's: of many at once each takes a place of its own or none. Raises
    `DomainError`, naming the numbers, when all are taken; and what `name_person` raises.
    """
    locked(Meeting, ask.meeting_id)
    row = lock_ask(ask.id)
    place_id, places = _next_open(row, observer)
    if place_id is None:
        words = _(
            "All %(places)s places are taken: nobody else can be named. Ask the convening office for more.",
            places=places,
        )
        raise DomainError(words if places else _("No such place is asked for."), field="name")
    return name_person(db.session.get_one(Place, place_id), named, by=by, channel=channel)


def _next_open(row: Ask, observer: bool) -> tuple[int | None, int]:
    """The first place that nobody is on, and how many there are."""
    is_observer = Place.role == PlaceRole.OBSERVER
    quota = (
        Place.meeting_id == row.meeting_id,
        Place.organization_id == row.organization_id,
        Place.is_further.is_(True),
        Place.withdrawn_at.is_(None),
        is_observer if observer else ~is_observer,
    )
    opened = (
        select(Place.id)
        .outerjoin(Attendee, and_(Attendee.place_id == Place.id, Attendee.is_current))
        .where(*quota, Attendee.id.is_(None))
        .order_by(Place.position, Place.id)
        .limit(1)
    )
    number = select(func.count()).select_from(Place).where(*quota)
    return db.session.scalar(opened), db.session.scalar(number) or 0
