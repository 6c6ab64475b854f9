"""Whether anything changed at a meeting's places since somebody looked: numbers that only rise, from one query.

Every verb writes the audit log, which nothing is ever taken out of; so how many entries a meeting has rises with each
change, in whichever order transactions commit (see docs/decisions/0005-collection-stamps.md, which a row of its own
would need for every reply to wait for). Delivery alone is not in the log: letters that failed or came back are counted.
"""

from __future__ import annotations

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import aliased

from eventsys.core import reading
from eventsys.core.audit import AuditEntry
from eventsys.core.outbox import UNDELIVERED, Letter
from eventsys.invitations.queries.conflicts import OPEN
from eventsys.meetings.models import Meeting

ID: BindParameter[int] = bindparam("meeting_id")
Other = aliased(Meeting)
Numbers = tuple[int, ...]


def changes(meeting_id: int) -> Numbers | None:
    """The numbers of a meeting and of those held at the same time, with which it may conflict; None without one."""
    row = reading.row(_NUMBERS, meeting_id=meeting_id)
    return tuple(row) if row else None


_AT_THAT_TIME = (
    select(Other.id)
    .where(
        Other.id != Meeting.id,
        Other.state.in_(OPEN),
        Other.starts_at < Meeting.ends_at,
        Other.ends_at > Meeting.starts_at,
    )
    .correlate(Meeting)
)
_NUMBERS = select(
    Meeting.version,
    select(func.count()).select_from(AuditEntry).where(AuditEntry.meeting_id == ID).scalar_subquery(),
    select(func.count())
    .select_from(Letter)
    .where(Letter.meeting_id == ID, Letter.state.in_(UNDELIVERED))
    .scalar_subquery(),
    select(func.count())
    .select_from(AuditEntry)
    .where(AuditEntry.meeting_id.in_(_AT_THAT_TIME))
    .correlate(Meeting)
    .scalar_subquery(),
).where(Meeting.id == ID)
