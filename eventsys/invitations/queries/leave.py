"""Leave that was asked for and waits for a decision, at all meetings of the offices that somebody decides for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from eventsys.core import reading
from eventsys.core.actor import Channel
from eventsys.core.columns import UtcDateTime
from eventsys.core.language import choose
from eventsys.directory.models import Organization
from eventsys.invitations.deadlines import STAFF_STATES
from eventsys.invitations.models import Attendee, Leave, Place, Reply
from eventsys.meetings.models import Meeting

PAGE = 50
Convener = aliased(Organization)


@dataclass(frozen=True, slots=True)
class Request:
    """One request, with what deciding on it needs to know; `version` is the attendee's."""

    attendee_id: int
    version: int
    meeting_id: int
    meeting_zh: str
    meeting_en: str
    starts_at: datetime
    zone: str
    organization_zh: str
    organization_en: str
    title_zh: str
    title_en: str
    name_zh: str
    name_en: str
    comment: str
    replied_at: datetime | None
    channel: Channel | None

    def meeting(self) -> str:
        return choose(self.meeting_zh, self.meeting_en)

    def organization(self) -> str:
        return choose(self.organization_zh, self.organization_en)

    def title(self) -> str:
        return choose(self.title_zh, self.title_en)

    def name(self) -> str:
        return choose(self.name_zh, self.name_en)


def is_waiting() -> tuple[Any, ...]:
    """Whether a request waits and can be decided, over `Attendee`, its `Place` and its `Meeting`."""
    return (
        Attendee.is_current,
        Attendee.reply == Reply.DECLINED,
        Attendee.leave == Leave.REQUESTED,
        Place.withdrawn_at.is_(None),
        Meeting.state.in_(STAFF_STATES),
        Meeting.roll_closed_at.is_(None),
    )


def waiting_leave(paths: Sequence[str], after: tuple[datetime, int] | None = None) -> list[Request]:
    """The requests at meetings of the offices at and below the tree paths, the next meeting first; `PAGE` and one more.

    `after` are the start and the attendee of the request after which the page begins.
    """
    values = {"after_at": after[0], "after_id": after[1]} if after else {}
    return [Request(*row) for row in reading.rows(_statement(tuple(paths), bool(after)), **values)]


@lru_cache(maxsize=256)
def _statement(paths: tuple[str, ...], is_later: bool) -> Executable:
    key = tuple_(Meeting.starts_at, Attendee.id)
    statement = (
        select(
            *(Attendee.id, Attendee.version, Meeting.id, Meeting.title_zh, Meeting.title_en, Meeting.starts_at),
            Meeting.zone,
            func.coalesce(func.nullif(Organization.short_zh, ""), Organization.name_zh, ""),
            func.coalesce(func.nullif(Organization.short_en, ""), Organization.name_en, ""),
            *(Attendee.title_zh, Attendee.title_en, Attendee.name_zh, Attendee.name_en),
            *(Attendee.comment, Attendee.replied_at, Attendee.reply_channel),
        )
        .join(Place, Place.id == Attendee.place_id)
        .join(Meeting, Meeting.id == Attendee.meeting_id)
        .join(Convener, Convener.id == Meeting.convener_id)
        .outerjoin(Organization, Organization.id == Place.organization_id)
        .where(*is_waiting(), or_(*(Convener.path.startswith(path, autoescape=True) for path in paths)))
        .order_by(Meeting.starts_at, Attendee.id)
        .limit(PAGE + 1)
    )
    if is_later:
        statement = statement.where(key > tuple_(bindparam("after_at", type_=UtcDateTime), bindparam("after_id")))
    return statement
