"""Setting a held change aside: by discarding it, or because the meeting itself is cancelled or postponed."""

from __future__ import annotations

from sqlalchemy import select

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.errors import DomainError, Stale
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.invitations.holding import Editing, Seen
from eventsys.invitations.models import HeldChange
from eventsys.meetings.models import Meeting


def held_under(meeting: Meeting) -> HeldChange | None:
    """The held change of a meeting that this unit of work has locked, fresh."""
    statement = select(HeldChange).where(HeldChange.meeting_id == meeting.id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def none_held(meeting: Meeting) -> None:
    """Raise `DomainError` while a change of the meeting is held: another one must not be made beside it."""
    if held_under(meeting) is not None:
        raise DomainError(
            _("A change of this meeting is held and has not gone out. Send it or discard it first, then do this.")
        )


def check_seen(meeting: Meeting, held: HeldChange | None, seen: Seen) -> None:
    """Raise `Stale` when the meeting or its held change is another than the one that was looked at."""
    if Seen.of(meeting, held) == seen:
        return
    words = _("Somebody else saved this while you were editing. Compare both texts, then save again.")
    raise Stale(words, current=Editing(meeting, held))


def discard(meeting: Meeting, seen: Seen, *, by: Actor) -> None:
    """Throw the held change away: nothing was changed, nobody is told, the audit log keeps it.

    Raises `DomainError` when it is gone, or is another than the one that was seen.
    """
    _row, held = seen_alone(meeting, seen)
    drop(held, "discard", by=by)


def seen_alone(meeting: Meeting, seen: Seen) -> tuple[Meeting, HeldChange]:
    """The meeting and its held change, locked. Raises `DomainError` unless they are what was seen."""
    row = locked(Meeting, meeting.id)
    held = held_under(row)
    if held is None:
        raise DomainError(_("This change is held no more: it has gone out or was discarded."))
    if Seen.of(row, held) != seen:
        raise DomainError(_("Something was changed since you opened this page. Look at it again, then decide."))
    return row, held


def drop(held: HeldChange, act: str, *, by: Actor) -> None:
    """Delete the row; the entry in the audit log says what it held."""
    meeting = held.meeting
    audit.record(
        f"held_change.{act}", held, by=by, before=dict(held.facts), label=meeting.title(), meeting_id=meeting.id
    )
    db.session.delete(held)
    db.session.flush()
