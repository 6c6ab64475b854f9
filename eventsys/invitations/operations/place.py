"""What the verbs of answering share: a place locked with its people, its deadline, and the history of an answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Integer, bindparam, insert, select, text
from sqlalchemy.orm import defer

from eventsys.core import audit
from eventsys.core.actor import Actor, Channel
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.formats import moment
from eventsys.core.language import gettext as _
from eventsys.core.transaction import assign, locked
from eventsys.extensions import db
from eventsys.invitations.deadlines import UNTIL_DEADLINE, closes_at, is_open, whom_to_call
from eventsys.invitations.models import Attendee, Leave, Place, Reply, ReplyEvent
from eventsys.invitations.queries.deadlines import own_deadline
from eventsys.meetings.models import Meeting, MeetingState

_ID = bindparam("row_id", type_=Integer)
_FRESH = {"populate_existing": True}
# What the verbs of answering never read of a meeting.
_TEXTS = (Meeting.calendar_zh, Meeting.calendar_en, Meeting.search_text, Meeting.notes_zh, Meeting.notes_en)
_MEETING_OF_PLACE = (
    select(Meeting)
    .where(Meeting.id == select(Place.meeting_id).where(Place.id == _ID).scalar_subquery())
    .with_for_update(read=True)
    .execution_options(**_FRESH)
)
_ANSWERING = (
    select(Meeting, Place, Attendee)
    .join(Attendee, Attendee.meeting_id == Meeting.id)
    .join(Place, Place.id == Attendee.place_id)
    .options(*(defer(column) for column in _TEXTS))
    .where(Attendee.id == _ID)
    # PostgreSQL locks in the order of these clauses; SQLite's unit of work excludes every other writer anyway.
    .with_for_update(read=True, of=Meeting)
    .suffix_with(text("FOR UPDATE OF place, attendee"), dialect="postgresql")
    .execution_options(**_FRESH)
)


class Identified(Protocol):
    """A row, or anything that carries its id: verbs read the row again themselves."""

    @property
    def id(self) -> int: ...


class Closed(DomainError):
    """It is too late to answer; the words say whom to call."""


@dataclass(frozen=True, slots=True)
class Answering:
    """A place and one of its people, locked until the unit of work ends, with the meeting."""

    meeting: Meeting
    place: Place
    attendee: Attendee


def lock_attendee(attendee_id: int) -> Answering:
    """Lock the place, then the attendee: whoever answers for one place waits for the one before.

    The meeting is held before both, shared by all who answer: whoever changes or cancels it comes before or after.
    Raises `LookupError` when there is no such attendee.
    """
    row = db.session.execute(_ANSWERING, {"row_id": attendee_id}).one_or_none()
    if row is None:
        raise LookupError(f"Attendee {attendee_id}")
    return Answering(*row)


def lock_place(place_id: int) -> tuple[Place, Meeting]:
    """Lock a place, its meeting held before it as in `lock_attendee`. Raises `LookupError` when it does not exist."""
    meeting = db.session.scalars(_MEETING_OF_PLACE, {"row_id": place_id}).first()
    if meeting is None:
        raise LookupError(f"Place {place_id}")
    return locked(Place, place_id), meeting


def current_attendee(place: Place) -> Attendee | None:
    """Who is on the place now, locked."""
    statement = (
        select(Attendee)
        .where(Attendee.place_id == place.id, Attendee.is_current)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(statement).one_or_none()


def check_open(meeting: Meeting, place: Place, channel: Channel, at: datetime | None = None) -> None:
    """Raise `Closed` when no answer is taken any more, or was at the instant `at` when it arrived."""
    if place.withdrawn_at is not None:
        raise Closed(_("This place is no longer asked for. %(contact)s", contact=whom_to_call(meeting)))
    if takes_answers(meeting, place, channel, at):
        return
    if meeting.state is MeetingState.CANCELLED:
        raise Closed(_("The meeting has been cancelled. No answer is needed."))
    if meeting.state is MeetingState.DRAFT:
        raise Closed(_("The meeting is not scheduled yet. Schedule it first."))
    if channel not in UNTIL_DEADLINE:
        raise Closed(_("The roll of this meeting is closed. Answers can no longer be changed."))
    when = moment(closes_at(meeting, own_deadline(place)), meeting.zone)
    raise Closed(_("Replies closed on %(when)s. %(contact)s", when=when, contact=whom_to_call(meeting)))


def takes_answers(meeting: Meeting, place: Place, channel: Channel, at: datetime | None = None) -> bool:
    """Whether an answer for the place is taken; only after the deadline is an own one of its organization looked up."""
    return is_open(meeting, channel, at) or (
        channel in UNTIL_DEADLINE and is_open(meeting, channel, at, own_deadline(place))
    )


def answer_of(attendee: Attendee) -> dict[str, Any]:
    """The answer as the audit log keeps it."""
    return {
        "reply": attendee.reply.value,
        "leave": attendee.leave.value,
        "comment": attendee.comment,
        "current": attendee.is_current,
    }


def label_of(attendee: Attendee) -> str:
    """An attendee in the audit log: the post, the name."""
    return " ".join(
        text for text in (attendee.title_zh or attendee.title_en, attendee.name_zh or attendee.name_en) if text
    )


_EVENT = insert(ReplyEvent)


def put_down(
    act: str,
    found: Answering,
    before: dict[str, Any],
    *,
    by: Actor,
    channel: Channel,
    comment: str | None = None,
    source: str = "",
    caller: str = "",
) -> None:
    """Keep a step of the answer's history and write it into the audit log, as done through `channel`."""
    attendee = found.attendee
    db.session.connection().execute(
        _EVENT,
        {
            "attendee_id": attendee.id,
            "meeting_id": attendee.meeting_id,
            "at": now(),
            "by": by.label,
            "account_id": by.account_id,
            "channel": channel,
            "act": act,
            "reply": attendee.reply,
            "leave": attendee.leave,
            "comment": attendee.comment if comment is None else comment,
            "source": source,
            "caller": caller,
            "sequence": found.meeting.sequence,
        },
    )
    earlier, later = audit.difference(before, answer_of(attendee))
    audit.record(
        f"reply.{act}",
        attendee,
        by=replace(by, channel=channel),
        before=earlier,
        after=later | {name: said for name, said in (("source", source), ("caller", caller)) if said},
        label=label_of(attendee),
        meeting_id=attendee.meeting_id,
    )


def set_answer(
    attendee: Attendee,
    reply: Reply,
    leave: Leave,
    comment: str,
    *,
    by: Actor,
    channel: Channel,
    at: datetime | None = None,
) -> None:
    """Write an answer into the attendee's row, as given just now or at the instant `at` when it arrived.

    A decision on earlier leave no longer stands beside it.
    """
    assign(
        attendee,
        reply=reply,
        leave=leave,
        comment=comment,
        replied_at=at or now(),
        replied_by=by.label,
        reply_channel=channel,
        leave_decided_at=None,
        leave_decided_by="",
        leave_note="",
    )
