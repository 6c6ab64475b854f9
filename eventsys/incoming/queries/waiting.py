"""How much waits for somebody: for the home page, a meeting's next step, and the state of the mailbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, func, or_, select, true

from eventsys.core import reading
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.incoming.models import EntryState, IncomingEntry, MailboxPosition, Said
from eventsys.incoming.queries.lists import PATH
from eventsys.invitations.models import Attendee
from eventsys.meetings.models import Meeting

MOST = 30


@dataclass(frozen=True, slots=True)
class Mailbox:
    """When the mailbox answered last, and why it does not since when."""

    seen_at: datetime | None
    fault: str
    fault_at: datetime | None


def waiting_below(paths: tuple[str, ...] | None) -> Sequence[Any]:
    """What waits below the tree paths (None: anywhere), by meeting: id, titles, number. None stands for no meeting."""
    return reading.rows(_below(paths))


@lru_cache(maxsize=256)
def _below(paths: tuple[str, ...] | None) -> Executable:
    visible = true() if paths is None else or_(*(PATH.startswith(path, autoescape=True) for path in paths))
    return (
        select(
            IncomingEntry.meeting_id, Meeting.title_zh, Meeting.title_en, func.count(IncomingEntry.id).label("number")
        )
        .select_from(IncomingEntry)
        .outerjoin(Meeting, Meeting.id == IncomingEntry.meeting_id)
        .outerjoin(Organization, Organization.id == Meeting.convener_id)
        .where(IncomingEntry.state == EntryState.WAITING, visible)
        .group_by(IncomingEntry.meeting_id, Meeting.title_zh, Meeting.title_en)
        .order_by(func.max(IncomingEntry.id).desc())
        .limit(MOST)
    )


def unsure_of(attendee_id: int) -> int | None:
    """The entry by which an attendee's present answer came by mail, where it can still be undone; None without one."""
    return db.session.scalar(
        select(IncomingEntry.id)
        .join(Attendee, Attendee.id == IncomingEntry.attendee_id)
        .where(
            IncomingEntry.attendee_id == attendee_id,
            IncomingEntry.said == Said.ANSWER,
            IncomingEntry.state == EntryState.APPLIED,
        )
        .order_by(IncomingEntry.id.desc())
        .limit(1)
    )


def mailbox_state(name: str) -> Mailbox | None:
    """How the mailbox of this name is; None before it was ever read."""
    row = db.session.execute(
        select(MailboxPosition.seen_at, MailboxPosition.fault, MailboxPosition.fault_at).where(
            MailboxPosition.mailbox == name
        )
    ).one_or_none()
    return Mailbox(*row) if row is not None else None
