"""Both are expected at one meeting: the place that was chosen stays theirs, the other is asked for or given up."""

from __future__ import annotations

from collections.abc import Mapping

from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.extensions import db
from eventsys.invitations.operations.place import answer_of, lock_attendee, put_down
from eventsys.succession.queries.merging import Clash, Comparison, OnPlace, stays_asked_for


def settle_clashes(found: Comparison, chosen: Mapping[int, str], *, by: Actor) -> None:
    """Take the person off the places that were not chosen. Raises `DomainError` where nobody chose.

    Nobody is written to: the person stays invited, and a message that takes the other place off would take the meeting
    out of their calendar. The answer on it stays in its history.
    """
    for clash in found.to_decide:
        _give_up(_not_chosen(clash, chosen.get(clash.meeting_id, "")), by=by)
    db.session.flush()


def _not_chosen(clash: Clash, chosen: str) -> OnPlace:
    match chosen:
        case "staying":
            return clash.gone
        case "gone":
            return clash.staying
    raise DomainError(
        _("Choose which place stays at %(meeting)s.", meeting=clash.title), field=f"meeting_{clash.meeting_id}"
    )


def _give_up(given_up: OnPlace, *, by: Actor) -> None:
    """An organization's place is to be named again; one for this person alone is withdrawn."""
    found = lock_attendee(given_up.attendee_id)
    before = answer_of(found.attendee)
    found.attendee.is_current = False
    found.attendee.link_revoked_at = now()
    put_down("merged", found, before, by=by, channel=by.channel, comment="")
    if not stays_asked_for(found.place):
        found.place.withdrawn_at = now()
