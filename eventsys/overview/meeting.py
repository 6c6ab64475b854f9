"""The stages of a meeting and what happened lately."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, func, select

from eventsys.core import reading
from eventsys.core.actor import Channel
from eventsys.core.clock import now
from eventsys.core.formats import day, moment
from eventsys.core.language import choose
from eventsys.core.language import gettext as _
from eventsys.directory.models import Organization
from eventsys.invitations.models import Attendee, Leave, Place, Reply, ReplyEvent
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.notices.models import Notice, NoticeState

EVENTS = 6


@dataclass(frozen=True, slots=True)
class Stage:
    """One point of the life line; `at` is how far today is towards the next point, in tenths."""

    label: str
    when: str
    state: str = ""
    main: bool = False
    href: str | None = None
    today: str | None = None
    at: int = 5


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: when, what, by which door."""

    when: str
    what: str
    note: str
    href: str


_MEETING = bindparam("meeting_id", type_=Integer)
_TOLD_AND_PUBLISHED = select(
    select(func.min(Attendee.told_at)).where(Attendee.meeting_id == _MEETING).scalar_subquery(),
    select(func.min(Notice.published_at))
    .where(Notice.meeting_id == _MEETING, Notice.state == NoticeState.PUBLISHED)
    .scalar_subquery(),
)
_LATEST = (
    select(
        ReplyEvent.at,
        ReplyEvent.reply,
        ReplyEvent.leave,
        ReplyEvent.channel,
        Attendee.id,
        Attendee.title_zh,
        Attendee.title_en,
        Attendee.name_zh,
        Attendee.name_en,
        Organization.name_zh.label("organization_zh"),
        Organization.name_en.label("organization_en"),
    )
    .join(Attendee, Attendee.id == ReplyEvent.attendee_id)
    .join(Place, Place.id == Attendee.place_id)
    .outerjoin(Organization, Organization.id == Place.organization_id)
    .where(
        ReplyEvent.meeting_id == _MEETING,
        ReplyEvent.channel.not_in((Channel.WORKER,)),
        ReplyEvent.reply != Reply.PENDING,
    )
    .order_by(ReplyEvent.id.desc())
    .limit(EVENTS)
)


def life_line(meeting: Meeting) -> list[Stage]:
    """The stages from the decision to the published notice; one query."""
    told, published = reading.rows(_TOLD_AND_PUBLISHED, meeting_id=meeting.id)[0]
    base = f"/workspace/meetings/{meeting.id}"
    planned = [
        (_("Drafted"), meeting.created_at, True, f"{base}/preview"),
        (_("Scheduled"), meeting.scheduled_at, meeting.scheduled_at is not None, None),
        (_("Invitations sent"), told, told is not None, f"{base}/letters"),
        (_("Replies close"), meeting.reply_by, meeting.reply_by is not None and meeting.reply_by < now(), None),
        (_("Meeting"), meeting.starts_at, meeting.state in _HELD, f"{base}/agenda/"),
        (_("Roll closed"), meeting.roll_closed_at, meeting.roll_closed_at is not None, f"{base}/attendance"),
        (_("Notice published"), published, published is not None, f"{base}/notice"),
    ]
    stages = [
        Stage(label, _when(at, meeting), "done" if done else "", label == _("Meeting"), href if done else None)
        for label, at, done, href in planned
    ]
    return _with_today(stages, [at for _label, at, _done, _href in planned], meeting)


_HELD = (MeetingState.IN_SESSION, MeetingState.CONCLUDED, MeetingState.ARCHIVED)


def _when(at: datetime | None, meeting: Meeting) -> str:
    return moment(at, meeting.zone, meeting.starts_at) if at else ""


def _with_today(stages: list[Stage], at: list[datetime | None], meeting: Meeting) -> list[Stage]:
    """Mark today between the last point before and the first point after it, while the meeting is still ahead."""
    present = now()
    known = [(index, moment_) for index, moment_ in enumerate(at) if moment_ is not None]
    before = [(index, point) for index, point in known if point <= present]
    after = [(index, point) for index, point in known if point > present]
    if not before or not after:
        return stages
    index, start = before[-1]
    share = (present - start) / (after[0][1] - start)
    words = _("Today, %(day)s", day=day(present, meeting.zone))
    stages[index] = replace(stages[index], today=words, at=min(9, int(share * 10)))
    return stages


def latest_events(meeting: Meeting) -> list[Event]:
    """The latest answers, from one query."""
    return [
        Event(
            moment(row.at, meeting.zone, now()),
            _("%(who)s: %(answer)s", who=_who(row), answer=_answer(row.reply, row.leave)),
            channel_words(row.channel),
            f"/workspace/meetings/{meeting.id}/attendees/{row.id}",
        )
        for row in reading.rows(_LATEST, meeting_id=meeting.id)
    ]


def channel_words(channel: Channel) -> str:
    """By which door an answer came, in words."""
    return {
        Channel.LINK: _("by the personal link"),
        Channel.PORTAL: _("by the liaison"),
        Channel.ON_BEHALF: _("on behalf"),
        Channel.MAIL: _("by mail"),
    }.get(channel, _("by the office"))


def _who(row: Any) -> str:
    organization = choose(row.organization_zh, row.organization_en)
    post = choose(row.title_zh, row.title_en) or choose(row.name_zh, row.name_en)
    return _("%(organization)s %(post)s", organization=organization, post=post) if organization else post


def _answer(reply: Reply, leave: Leave) -> str:
    if leave is not Leave.NONE:
        return {
            Leave.REQUESTED: _("asks leave"),
            Leave.GRANTED: _("leave granted"),
            Leave.REFUSED: _("leave refused"),
        }[leave]
    return {
        Reply.PENDING: _("no reply"),
        Reply.ACCEPTED: _("accepted"),
        Reply.TENTATIVE: _("tentative"),
        Reply.DECLINED: _("declined"),
        Reply.DELEGATED: _("names a substitute"),
    }[reply]
