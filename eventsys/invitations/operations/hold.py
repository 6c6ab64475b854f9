"""Holding a change of a meeting that people know of, so that several edits make one update; and carrying it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from eventsys.accounts.queries import load_actor
from eventsys.core import audit
from eventsys.core.actor import ANONYMOUS, WORKER, Actor, Channel
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.invitations.holding import Quiet, Seen, differences, merged, present, release_time
from eventsys.invitations.models import HeldChange, Obstacle
from eventsys.invitations.operations.aside import check_seen, drop, held_under, seen_alone
from eventsys.invitations.operations.change import Changed, Reason, change_meeting
from eventsys.invitations.policy import can_invite
from eventsys.invitations.queries.change import OPEN
from eventsys.invitations.queries.held import is_known
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting
from eventsys.meetings.operations import check_facts

TIMES = frozenset({"starts_at", "ends_at"})


UNTOLD = frozenset({"capacity"})


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving an edit came to: made at once (`changed`), held until `release_at`, or neither: nothing differs."""

    changed: Changed | None = None
    release_at: datetime | None = None


def check_edit(meeting: Meeting, facts: MeetingFacts, seen: Seen) -> tuple[Meeting, HeldChange | None]:
    """The meeting and its held change, locked, if it may be edited so. Raises `Stale` and `DomainError`."""
    row = locked(Meeting, meeting.id)
    held = held_under(row)
    check_seen(row, held, seen)
    if row.state not in OPEN:
        raise DomainError(_("Only a scheduled meeting, or one in session, can be changed here."))
    if held is None and not differences(row, facts):
        raise DomainError(_("Nothing was changed."))
    return row, held


def save_change(
    meeting: Meeting,
    facts: MeetingFacts,
    seen: Seen,
    *,
    by: Actor,
    quiet: Quiet,
    tell_words: bool = False,
    reason: Reason | None = None,
) -> Saved:
    """Save an edit: `facts` are all facts as they shall be, with what was held before merged into them.

    At a meeting that people know of the record stays as it is until the quiet time is over; a further edit starts it
    anew. Without a quiet time, when nobody knows of the meeting, and when it is about to begin, the change is made at
    once; so is one of facts that no letter says. Facts that say what the record says end the holding. `reason` says why
    a meeting is postponed; None keeps what was held. Raises `Stale` when the meeting or its held change is another than
    the one `seen`, and `DomainError`.
    """
    row, held = check_edit(meeting, facts, seen)
    if not differences(row, facts):
        if held is not None:
            drop(held, "discard", by=by)
        return Saved()
    check_facts(facts, by, present=row.convener_id)
    why = reason or _reason_kept(held, differences(row, facts))
    at = now()
    begins = min(row.starts_at, facts.starts_at)
    release_at = release_time(at, held.first_at if held else at, quiet, begins)
    tells_nobody = held is None and set(differences(row, facts)) <= UNTOLD
    if release_at <= at or tells_nobody or not is_known(row):
        return Saved(changed=_make(row, held, facts, by=by, tell_words=tell_words, reason=why))
    _hold(row, held, facts, by=by, quiet=quiet, tell_words=tell_words, reason=why, release_at=release_at)
    return Saved(release_at=release_at)


def send_now(meeting: Meeting, seen: Seen, *, by: Actor) -> Changed:
    """Carry the held change out at once. Raises `DomainError` when it is another than the one seen, or cannot be."""
    row, held = seen_alone(meeting, seen)
    try:
        facts = merged(row, held)
    except ValueError:
        raise DomainError(_("The held change can no longer be read. Discard it and enter it again.")) from None
    if not differences(row, facts):
        drop(held, "discard", by=by)
        return Changed(0, 0)
    return _make(row, held, facts, by=by, tell_words=held.tell_words, reason=_reason_of(held))


def release(held_id: int, meeting_id: int) -> bool:
    """Carry out one held change whose time has come, in the name of whoever saved it last; whether it was.

    Changes nothing when somebody else did meanwhile, discarded it or edited it. One that cannot be carried out any more
    is kept with the reason, and waits for a person.
    """
    row = locked(Meeting, meeting_id)
    held = held_under(row)
    if held is None or held.id != held_id or held.obstacle is not None:
        return False
    if held.release_at > now() and held.base_version == row.version:
        return False
    by = _author(held)
    obstacle = _obstacle(row, held, by)
    if obstacle is None:
        try:
            with db.session.begin_nested():
                _make(row, held, merged(row, held), by=by, tell_words=held.tell_words, reason=_reason_of(held))
            return True
        except DomainError:
            obstacle = Obstacle.REFUSED
    _stop(held, obstacle)
    return False


def _make(
    row: Meeting, held: HeldChange | None, facts: MeetingFacts, *, by: Actor, tell_words: bool, reason: Reason | None
) -> Changed:
    """Make the change; what was held goes with it, in the same unit of work."""
    if held is not None:
        drop(held, "release", by=by)
    return change_meeting(row, facts, row.version, by=by, tell_words=tell_words, reason=reason)


def _hold(
    row: Meeting,
    held: HeldChange | None,
    facts: MeetingFacts,
    *,
    by: Actor,
    quiet: Quiet,
    tell_words: bool,
    reason: Reason | None,
    release_at: datetime,
) -> None:
    """Write the row, as a new one or over the one that is there."""
    at, new = now(), differences(row, facts)
    before = {**present(row, new), **(held.facts if held else {})}
    if held is None:
        held = HeldChange(meeting_id=row.id, meeting=row, first_at=at)
        db.session.add(held)
    why = reason or Reason()
    values = {
        "facts": new,
        "base_version": row.version,
        "tell_words": tell_words,
        **why.facts(),
        "quiet_minutes": quiet.minutes,
        "saved_at": at,
        "release_at": release_at,
        "account_id": by.account_id,
        "by": by.label,
        "obstacle": None,
        "stopped_at": None,
    }
    for name, value in values.items():
        setattr(held, name, value)
    db.session.flush()
    audit.record(
        "held_change.hold",
        held,
        by=by,
        before=before,
        after={**new, "release_at": release_at},
        label=row.title(),
        meeting_id=row.id,
    )


def _obstacle(row: Meeting, held: HeldChange, by: Actor) -> Obstacle | None:
    """Why the held change cannot be carried out by itself; None when it can."""
    if row.state not in OPEN:
        return Obstacle.OVER
    if held.base_version != row.version:
        return Obstacle.MOVED_ON
    if not can_invite(by, row):
        return Obstacle.NOT_ALLOWED
    try:
        facts = merged(row, held)
        check_facts(facts, by, present=row.convener_id)
    except (ValueError, DomainError):
        return Obstacle.REFUSED
    return Obstacle.BEGUN if min(row.starts_at, facts.starts_at) <= now() else None


def _stop(held: HeldChange, obstacle: Obstacle) -> None:
    held.obstacle, held.stopped_at = obstacle, now()
    db.session.flush()
    audit.record(
        "held_change.stop",
        held,
        by=WORKER,
        after={"obstacle": obstacle.value},
        label=held.meeting.title(),
        meeting_id=held.meeting_id,
    )


def _author(held: HeldChange) -> Actor:
    """Whoever saved the last edit, with the roles of today, acting by the worker."""
    actor = load_actor(held.account_id) if held.account_id is not None else ANONYMOUS
    return replace(actor, label=held.by, channel=Channel.WORKER)


def _reason_of(held: HeldChange) -> Reason | None:
    return Reason(held.reason_zh, held.reason_en) if held.reason_zh or held.reason_en else None


def _reason_kept(held: HeldChange | None, new: Mapping[str, Any]) -> Reason | None:
    """Why the meeting is postponed, from an earlier edit; it falls away with the new time."""
    return _reason_of(held) if held is not None and TIMES & set(new) else None
