"""One organization's quota and note changed: more places as rows, fewer from those that nobody is named for."""

from __future__ import annotations

from dataclasses import dataclass

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import check_version, locked
from eventsys.invitations.models import Ask, Place, PlaceRole
from eventsys.invitations.operations.rows import NewPlace, add_places
from eventsys.invitations.operations.withdraw import take_back
from eventsys.quotas.operations.ask import lock_meeting
from eventsys.quotas.operations.lock import lock_ask
from eventsys.quotas.queries.leaving import Wanted, leaving, mark_of_leaving, present_numbers

NAMES = ("further", "observers", "note_zh", "note_en")


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Places made, places withdrawn, and letters that say so."""

    added: int
    withdrawn: int
    letters: int


class MustBeShown(DomainError):
    """Somebody named, or told, would lose a place: who, has to be shown first."""


def adjust(ask: Ask, wanted: Wanted, version: int, shown: str, *, by: Actor) -> Adjusted:
    """Ask one organization for more or fewer, and change its note.

    Fewer: unnamed places go first. Where somebody is named on a place that goes, or was told of it, `shown` must be the
    mark of those places (`mark_of_leaving`); otherwise raises `MustBeShown`. Raises `Stale`, and `DomainError` beyond
    the meeting's capacity.
    """
    meeting = lock_meeting(ask.meeting)
    row = lock_ask(ask.id)
    check_version(row, version)
    going = leaving(row, wanted)
    if any(each.matters for each in going) and shown != mark_of_leaving(going):
        raise MustBeShown(_("Look at who would lose a place, then save again."))
    before = {name: getattr(row, name) for name in NAMES}
    letters = take_back(meeting, [locked(Place, each.place_id) for each in going], by=by)
    have = present_numbers(row)
    roles = [PlaceRole.REQUIRED] * (wanted.further - have[0]) + [PlaceRole.OBSERVER] * (wanted.observers - have[1])
    places = add_places(meeting, [NewPlace(row.organization_id, role) for role in roles])
    for name in NAMES:
        setattr(row, name, getattr(wanted, name))
    earlier, later = audit.difference(before, {name: getattr(wanted, name) for name in NAMES})
    audit.record(
        "ask.change",
        row,
        by=by,
        before=earlier,
        after=later | ({"places": places} if places else {}),
        label=row.organization.name(),
        meeting_id=meeting.id,
    )
    return Adjusted(len(places), len(going), letters)
