"""One place of an organization's sheet, answered by the verbs that invitees and the office use too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from eventsys.core.actor import Actor, Channel
from eventsys.core.errors import DomainError, Stale
from eventsys.core.language import gettext as _
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Reply
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.operations.place import current_attendee, lock_attendee, lock_place
from eventsys.invitations.operations.substitute import Named, name_person, name_substitute

ACCEPTED, TENTATIVE, DECLINED, LEAVE = "accepted", "tentative", "declined", "leave"
SUBSTITUTE, BACK, NAMED = "substitute", "back", "named"
COMING = frozenset({ACCEPTED, TENTATIVE, SUBSTITUTE, BACK, NAMED})
LATER = {SUBSTITUTE: 1, NAMED: 1}
CHANNEL = Channel.PORTAL


@dataclass(frozen=True, slots=True)
class Row:
    """The id of a row, for a verb that reads the row itself."""

    id: int


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What was filled in for one place; no `choice` leaves its answer as it is.

    `attendee_id` and `version` say who was on the place when the page was opened, None and 0 when nobody was.
    `back`: whoever a substitute stands in for attends after all. `answers` are those to questions about the person.
    """

    place_id: int
    attendee_id: int | None
    version: int
    choice: str = ""
    reason: str = ""
    named: Named | None = None
    answers: Mapping[int, str] = field(default_factory=dict)


def order_of(row: RowAnswer) -> tuple[int, int]:
    """Who stays away first: then somebody named elsewhere is free."""
    return LATER.get(row.choice, 0), row.place_id


def carry_out(row: RowAnswer, *, by: Actor) -> Attendee:
    """Answer for the place. Raises `Stale` when somebody else is on it by now, and what the verb raises."""
    if row.attendee_id is None:
        return name_person(Row(row.place_id), row.named or Named(), by=by, channel=CHANNEL)
    place, _meeting = lock_place(row.place_id)
    present = current_attendee(place)
    if present is None or present.id != row.attendee_id:
        raise Stale(_("Somebody else is on this place by now."), current=present)
    if row.choice == SUBSTITUTE:
        return name_substitute(
            present, row.named or Named(), by=by, channel=CHANNEL, version=row.version, reason=row.reason
        )
    if row.choice == BACK:
        return _take_back(present, row, by=by)
    leave = row.choice == LEAVE
    reply = Reply.DECLINED if leave else Reply(row.choice)
    return answer(present, reply, row.reason, leave, by=by, channel=CHANNEL, version=row.version)


def twice_named(rows: Sequence[RowAnswer]) -> Iterator[tuple[int, DomainError]]:
    """Places for which somebody is named who is named for an earlier one on the same sheet."""
    known: set[tuple[str, object]] = set()
    for row in rows:
        if row.named is None:
            continue
        marks = set(_marks(row.named))
        if marks & known:
            yield row.place_id, DomainError(_("This person is named for another place above."), field="person")
        known |= marks


def _marks(named: Named) -> Iterator[tuple[str, object]]:
    """What two entries have in common when they are one person."""
    if named.person_id is not None:
        yield "person", named.person_id
        return
    if named.email:
        yield "email", named.email.casefold()
    yield "words", (named.name, named.phone or named.email.casefold())


def _take_back(present: Attendee, row: RowAnswer, *, by: Actor) -> Attendee:
    """Whom the substitute stands in for attends after all."""
    if present.stands_in_for_id is None:
        raise DomainError(_("Choose from the list."))
    if present.version != row.version:
        raise Stale(_("Somebody else answered for this place meanwhile."), current=present)
    absent = lock_attendee(present.stands_in_for_id).attendee
    taken = answer(absent, Reply.ACCEPTED, row.reason, by=by, channel=CHANNEL)
    db.session.flush()
    return taken
