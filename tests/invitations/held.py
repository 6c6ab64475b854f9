"""What tests of held changes share: a meeting that somebody was told of, edits by real accounts, the worker's turn."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from eventsys.accounts.queries import load_actor
from eventsys.core.actor import Actor, Role
from eventsys.core.audit import AuditEntry
from eventsys.core.clock import now, played_at
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.holding import Editing, Quiet, Seen
from eventsys.invitations.models import Attendee, HeldChange, Reply
from eventsys.invitations.operations.hold import Saved, save_change
from eventsys.invitations.queries.held import editing
from eventsys.invitations.tasks import release_due
from eventsys.meetings.models import Meeting
from tests import factories
from tests.invitations.asking import Office, office

QUIET = Quiet(5, 240)
ROOM = "302会议室"
DAY = timedelta(days=1)


@dataclass
class Case(Office):
    """An office whose organizer has an account, and one attendee who was told and has accepted."""

    attendee: Attendee


def organizer(case: Office, name: str = "组织者") -> Actor:
    """An organizer of the office, with an account."""
    who = factories.person(name)
    factories.holds(who, Role.ORGANIZER, case.organization)
    return load_actor(factories.account(who).id)


def told(**facts: object) -> Case:
    """A meeting that somebody was told of, and the organizer of its office."""
    plain = office(**facts)
    row = factories.attendee(plain.meeting, factories.person(), reply=Reply.ACCEPTED)
    return Case(plain.organization, organizer(plain), plain.meeting, row)


def record(case: Office) -> Meeting:
    """The meeting as the record says it."""
    db.session.rollback()
    return db.session.get_one(Meeting, case.meeting.id, populate_existing=True)


def found(case: Office) -> Editing:
    """The meeting with what is held over it."""
    return editing(record(case))


def held(case: Office) -> HeldChange | None:
    return found(case).held


def edit(
    case: Office,
    *,
    by: Actor | None = None,
    quiet: Quiet = QUIET,
    seen: Seen | None = None,
    tell_words: bool = False,
    at: datetime | None = None,
    **facts: Any,
) -> Saved:
    """An edit as the page sends it: over what is held so far, by the office's organizer, at a moment of the clock."""
    with ExitStack() as stack:
        if at is not None:
            stack.enter_context(played_at(at))
        before = found(case)
        new = replace(before.facts, **facts)
        seen = seen or Seen.of(before.meeting, before.held)
        with write():
            return save_change(before.meeting, new, seen, by=by or case.by, quiet=quiet, tell_words=tell_words)


def sweep(minutes: float = 0) -> int:
    """The worker's turn, some minutes from now."""
    with played_at(now() + timedelta(minutes=minutes)):
        return release_due()


def acts(case: Office) -> list[str]:
    """What the audit log says of held changes, oldest first."""
    db.session.rollback()
    statement = select(AuditEntry.action).where(
        AuditEntry.meeting_id == case.meeting.id, AuditEntry.action.startswith("held_change")
    )
    return [action.removeprefix("held_change.") for action in db.session.scalars(statement.order_by(AuditEntry.id))]
