"""What people decide about incoming mail: apply an answer, take one back, name a substitute, invite, ignore."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select

from eventsys.core.actor import Actor, Channel
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.incoming.models import EntryState, IncomingEntry, Said
from eventsys.incoming.operations.outcome import handled, seen
from eventsys.incoming.policy import CAN_BE_APPLIED, CAN_BE_SETTLED
from eventsys.invitations.deadlines import OPEN_STATES
from eventsys.invitations.models import Attendee, Place, PlaceRole
from eventsys.invitations.operations.answer import ANSWERS, answer
from eventsys.invitations.operations.restore import answers_on, last_step, restore_answers
from eventsys.invitations.operations.rows import check_room
from eventsys.invitations.operations.substitute import Named, name_person, name_substitute
from eventsys.meetings.models import Meeting

SOURCE = "mail"


def apply_by_hand(entry_id: int, version: int, *, by: Actor) -> IncomingEntry:
    """Enter an answer that was not applied by itself, on behalf of the attendee, as it was written.

    Raises `Closed`, and `DomainError` when there is nothing to apply.
    """
    entry = seen(entry_id, version)
    if entry.state not in CAN_BE_APPLIED or entry.attendee_id is None or entry.reply not in ANSWERS:
        raise DomainError(_("There is no answer here that could be entered."))
    attendee = db.session.get_one(Attendee, entry.attendee_id)
    _with_undo(entry, attendee.place_id, lambda: _enter(attendee, entry, by))
    handled(entry, EntryState.APPLIED, "apply", by=by)
    return entry


def undo(entry_id: int, version: int, *, by: Actor) -> IncomingEntry:
    """Take an answer by mail back: everybody on the place stands as before it; the history keeps both.

    Raises `Closed`, and `DomainError` when somebody answered since.
    """
    entry = seen(entry_id, version)
    if entry.state is not EntryState.APPLIED or entry.place_before is None or entry.attendee_id is None:
        raise DomainError(_("There is no answer here that could be undone."))
    restore_answers(entry.attendee_id, entry.place_before, entry.event_id or 0, by=by)
    handled(entry, EntryState.UNDONE, "undone", by=by)
    return entry


def settle(entry_id: int, version: int, *, by: Actor) -> IncomingEntry:
    """Take an entry out of the tray without doing anything. Raises `DomainError`."""
    entry = seen(entry_id, version)
    if entry.state not in CAN_BE_SETTLED:
        raise DomainError(_("This was settled already."))
    handled(entry, EntryState.SETTLED, "settle", by=by)
    return entry


def put_back(entry_id: int, version: int, *, by: Actor) -> IncomingEntry:
    """Put an entry that somebody settled back into the tray. Raises `DomainError`."""
    entry = seen(entry_id, version)
    if entry.state is not EntryState.SETTLED:
        raise DomainError(_("This lies in the tray already, or was dealt with."))
    handled(entry, EntryState.WAITING, "put_back", by=by)
    return entry


def make_substitute(entry_id: int, version: int, attendee_id: int, named: Named, *, by: Actor) -> IncomingEntry:
    """Make whoever answered the substitute of an attendee of the meeting, with the answer that they gave.

    Raises `Closed`, and `DomainError` for a circle, a fourth hand, or somebody who has a place.
    """
    entry = _open_answer(entry_id, version)
    attendee = db.session.get(Attendee, attendee_id)
    if attendee is None or attendee.meeting_id != entry.meeting_id:
        raise DomainError(_("Choose whom they stand in for."), field="attendee")
    _check_free(entry, named)

    def act() -> None:
        channel = Channel.ON_BEHALF
        substitute = name_substitute(attendee, named, by=by, channel=channel, source=SOURCE)
        entry.attendee_id = substitute.id
        _enter(substitute, entry, by)

    _with_undo(entry, attendee.place_id, act)
    handled(entry, EntryState.APPLIED, "substitute", by=by)
    return entry


def invite_answerer(entry_id: int, version: int, role: PlaceRole, named: Named, *, by: Actor) -> IncomingEntry:
    """Give whoever answered a place of their own, invite them, and enter the answer that they gave.

    Raises `Closed`, and `DomainError` for somebody who has a place.
    """
    entry = _open_answer(entry_id, version)
    meeting = locked(Meeting, entry.meeting_id or 0)
    if meeting.state not in OPEN_STATES:
        raise DomainError(_("Nobody can be added to this meeting any more."))
    _check_free(entry, named)
    check_room(meeting, 1)
    place = _new_place(meeting, role)
    attendee = name_person(place, named, by=by, channel=Channel.ON_BEHALF, source=SOURCE)
    entry.attendee_id = attendee.id
    _enter(attendee, entry, by)
    handled(entry, EntryState.APPLIED, "invite", by=by)
    return entry


def _enter(attendee: Attendee, entry: IncomingEntry, by: Actor) -> None:
    """Enter what was answered, as the office enters a letter on paper; nothing where nothing was answered."""
    if entry.reply in ANSWERS:
        answer(attendee, entry.reply, entry.comment, by=by, channel=Channel.ON_BEHALF, source=SOURCE)


def _with_undo(entry: IncomingEntry, place_id: int, act: Callable[[], None]) -> None:
    before = answers_on(place_id)
    act()
    entry.place_before, entry.event_id = before, last_step(place_id)


def _open_answer(entry_id: int, version: int) -> IncomingEntry:
    entry = seen(entry_id, version)
    if entry.state not in CAN_BE_APPLIED or entry.said is not Said.ANSWER or entry.meeting_id is None:
        raise DomainError(_("There is no answer here that could be entered."))
    return entry


def _check_free(entry: IncomingEntry, named: Named) -> None:
    """Nobody gets a second place under one address."""
    if not named.email:
        return
    statement = select(Attendee.id).where(
        Attendee.meeting_id == entry.meeting_id,
        Attendee.is_current,
        func.lower(Attendee.email) == named.email.lower(),
    )
    if db.session.scalars(statement.limit(1)).first() is not None:
        raise DomainError(_("Somebody with this address has a place at the meeting already."), field="email")


def _new_place(meeting: Meeting, role: PlaceRole) -> Place:
    last = db.session.scalar(select(func.max(Place.position)).where(Place.meeting_id == meeting.id)) or 0
    place = Place(meeting_id=meeting.id, role=role, position=last + 1, walk_in=False, created_at=now())
    db.session.add(place)
    db.session.flush()
    return place
