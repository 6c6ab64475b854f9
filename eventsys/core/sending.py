"""Whether letters go out at all: pauses that an administrator ordered, and the workers that were seen.

Kept in the database, so that every worker obeys and every page can say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.core import reading
from eventsys.core.columns import instant
from eventsys.extensions import Model

LONGEST_NAME = 60
LONGEST_REASON = 500


class SendingPause(Model):
    """A time in which no letter leaves; the one that has not ended counts. At most one is open."""

    __tablename__ = "sending_pause"
    __table_args__ = (Index("uq_sending_pause_open", "is_open", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    is_open: Mapped[bool | None] = mapped_column(default=True)
    paused_at: Mapped[datetime] = instant()
    paused_by: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    resumed_at: Mapped[datetime | None] = instant()


class WorkerBeat(Model):
    """A worker that was seen alive: since when, when last, and since when it has been at work on letters."""

    __tablename__ = "worker_beat"

    name: Mapped[str] = mapped_column(String(LONGEST_NAME), primary_key=True)
    started_at: Mapped[datetime] = instant()
    seen_at: Mapped[datetime] = instant()
    busy_since: Mapped[datetime | None] = instant()


_OPEN = select(SendingPause.paused_at, SendingPause.paused_by, SendingPause.reason).where(
    SendingPause.is_open.is_(True)
)


@dataclass(frozen=True, slots=True)
class Pause:
    """Why no letter leaves just now."""

    paused_at: datetime
    paused_by: str
    reason: str


def pause_now() -> Pause | None:
    """The pause that holds, None while letters leave; one short query."""
    row = reading.row(_OPEN)
    return Pause(*row) if row else None
