"""What an invitee's page reads: everything about one personal link, from one row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import current_app
from sqlalchemy import Integer, Select, String, and_, bindparam, select
from sqlalchemy.orm import aliased, contains_eager, defer

from eventsys.config import Settings
from eventsys.core import reading
from eventsys.core.actor import Channel
from eventsys.core.clock import now
from eventsys.core.columns import LINE, UtcDateTime
from eventsys.core.tokens import LINK_ID_LENGTH, LinkSigner
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.invitations.deadlines import closes_at, is_open
from eventsys.invitations.models import Attendee, Place, Reply, ReplyEvent
from eventsys.invitations.queries.deadlines import own_column
from eventsys.invitations.queries.shapes import NEED_NOT_ANSWER
from eventsys.meetings.models import Meeting, MeetingState

LINK_OUTLIVES = timedelta(days=7)
NOBODY = "-" * LINK_ID_LENGTH
ANSWER_ACTS = (Reply.ACCEPTED.value, Reply.TENTATIVE.value, Reply.DECLINED.value, "leave", "delegated")
Convener = aliased(Organization)
Original = aliased(Attendee)
Present = aliased(Attendee)


class PageState(StrEnum):
    """What the page of a link says."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever answers by a link: the ids that a POST needs, read without the page."""

    id: int
    token: str
    link_id: str
    label: str
    is_free: bool


@dataclass(frozen=True, slots=True)
class InviteePage:
    """One invitee's page. `present` is whoever is on the place, `original` whom this invitee stands in for."""

    id: int
    token: str
    link_id: str
    attendee: Attendee
    place: Place
    meeting: Meeting
    original: Attendee | None
    present: Attendee | None
    own_deadline: datetime | None = None

    @property
    def state(self) -> PageState:
        if self.place.withdrawn_at is not None:
            return PageState.WITHDRAWN
        if self.meeting.state is MeetingState.CANCELLED:
            return PageState.CANCELLED
        if self.is_replaced:
            return PageState.REPLACED
        if not self.is_answered:
            return PageState.OPEN if self.may_answer else PageState.CLOSED
        return PageState.ANSWERED

    @property
    def is_answered(self) -> bool:
        return self.attendee.reply is not Reply.PENDING

    @property
    def is_replaced(self) -> bool:
        """Whether somebody else is on the place who is not there by this invitee's own naming."""
        if self.attendee.is_current or self.attendee.reply is Reply.DELEGATED:
            return False
        return self.present is not None

    @property
    def may_answer(self) -> bool:
        """Whether an answer, or another one, is still taken."""
        return is_open(self.meeting, Channel.LINK, own=self.own_deadline) and not self.is_replaced

    @property
    def is_free(self) -> bool:
        """Whether they owe no reason for staying away: optional, observing, or a substitute."""
        return self.place.role in NEED_NOT_ANSWER or self.attendee.stands_in_for_id is not None

    @property
    def closes_at(self) -> datetime:
        return closes_at(self.meeting, self.own_deadline)


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """The last answer of an invitee, which may be to facts that have changed since."""

    reply: Reply
    at: datetime
    sequence: int


def find_page(token: str) -> InviteePage | None:
    """The page of a genuine link that is neither revoked nor expired, None otherwise, after the same work."""
    row = db.session.execute(_PAGE, _asked(token)).one_or_none()
    if row is None:
        return None
    attendee, place, original, present, own = row
    return InviteePage(attendee.id, token, attendee.link_id, attendee, place, attendee.meeting, original, present, own)


def find_holder(token: str) -> Holder | None:
    """Whoever holds a genuine link, in as little as an answer needs; None as for `find_page`."""
    row = reading.row(_HOLDER, **_asked(token))
    if row is None:
        return None
    texts = (row.title_zh or row.title_en, row.name_zh or row.name_en)
    is_free = row.role in NEED_NOT_ANSWER or row.stands_in_for_id is not None
    return Holder(row.id, token, row.link_id, " ".join(text for text in texts if text)[:LINE], is_free)


def last_answer(attendee_id: int) -> LastAnswer | None:
    """What the invitee answered last, whatever became of it."""
    row = reading.row(_LAST_ANSWER, attendee_id=attendee_id)
    return LastAnswer(row.reply, row.at, row.sequence) if row else None


def signer(purpose: str) -> LinkSigner:
    """The signer of links ("reply") or of the mark in the forms behind them ("reply-form")."""
    settings: Settings = current_app.extensions["eventsys.settings"]
    return LinkSigner(settings.secret_keys, purpose)


def _asked(token: str) -> dict[str, Any]:
    """What `_living` asks for; a token that is not genuine asks for a link that nobody has."""
    return {"link_id": signer("reply").link_id(token) or NOBODY, "since": now() - LINK_OUTLIVES}


def _living(*columns: Any) -> Select[Any]:
    """Columns of the attendee whose link this is, while it is neither revoked nor expired."""
    statement: Select[Any] = (
        select(*columns)
        .select_from(Attendee)
        .join(Place, Place.id == Attendee.place_id)
        .join(Meeting, Meeting.id == Attendee.meeting_id)
        .where(
            Attendee.link_id == bindparam("link_id", type_=String),
            Attendee.link_revoked_at.is_(None),
            Meeting.ends_at > bindparam("since", type_=UtcDateTime),
            Meeting.state != MeetingState.DRAFT,
        )
    )
    return statement


_PAGE = (
    _living(Attendee, Place, Original, Present, own_column())
    .join(Convener, Convener.id == Meeting.convener_id)
    .outerjoin(Organization, Organization.id == Place.organization_id)
    .outerjoin(Original, Original.id == Attendee.stands_in_for_id)
    .outerjoin(Present, and_(Present.place_id == Place.id, Present.is_current, Present.id != Attendee.id))
    .options(
        contains_eager(Attendee.meeting)
        .options(defer(Meeting.calendar_zh), defer(Meeting.calendar_en), defer(Meeting.search_text))
        .contains_eager(Meeting.convener.of_type(Convener))
        .defer(Convener.search_text),
        contains_eager(Place.organization).defer(Organization.search_text),
    )
)
_HOLDER = _living(
    *(Attendee.id, Attendee.link_id, Attendee.title_zh, Attendee.title_en, Attendee.name_zh, Attendee.name_en),
    *(Attendee.stands_in_for_id, Place.role),
)
_LAST_ANSWER = (
    select(ReplyEvent.reply, ReplyEvent.at, ReplyEvent.sequence)
    .where(ReplyEvent.attendee_id == bindparam("attendee_id", type_=Integer), ReplyEvent.act.in_(ANSWER_ACTS))
    .order_by(ReplyEvent.id.desc())
    .limit(1)
)
