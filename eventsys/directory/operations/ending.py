"""What ends with a post or an organization."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import or_, select

from eventsys.core.actor import Actor
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.directory.models import Appointment, Post
from eventsys.directory.operations.recording import record_change, snapshot
from eventsys.directory.words import day_words
from eventsys.extensions import db


def abolish(post: Post, abolished_on: date, field: str, *, by: Actor) -> None:
    """Abolish a locked post from that day on and end its appointments the day before.

    Raises `DomainError` at `field` for an appointment that starts on that day or later.
    """
    last = day_before(abolished_on)
    for appointment in _lasting(post.id, last, field):
        old = snapshot(appointment)
        appointment.ends_on = last
        db.session.flush()
        record_change("appointment.end", appointment, old, by=by, label=appointment.person.name("zh"))
    before = snapshot(post)
    post.abolished_on = abolished_on
    db.session.flush()
    record_change("post.abolish", post, before, by=by, label=f"{post.organization.name('zh')}{post.title('zh')}")


def day_before(day: date) -> date:
    return day - timedelta(days=1)


def _lasting(post_id: int, last: date, field: str) -> list[Appointment]:
    """The appointments that last longer than the last day."""
    lasting = or_(Appointment.ends_on.is_(None), Appointment.ends_on > last)
    found = list(db.session.scalars(select(Appointment).where(Appointment.post_id == post_id, lasting)))
    for appointment in found:
        if appointment.starts_on > last:
            raise DomainError(
                _(
                    "%(person)s is appointed from %(day)s. Change that appointment first, or choose a later day.",
                    person=appointment.person.name(),
                    day=day_words(appointment.starts_on),
                ),
                field=field,
            )
    return found
