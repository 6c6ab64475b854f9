"""What stands on the desk: a meeting, its notice, the version being worked on, and the record of its review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, String, bindparam, cast, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from eventsys.extensions import db
from eventsys.meetings.models import Meeting
from eventsys.notices.models import Notice, NoticeAuthor, NoticeReview, NoticeVersion, ReviewEvent, VersionState
from eventsys.notices.queries.review import Step, open_steps, staff_of, steps_of

EVENTS = 100

_Newer = aliased(Notice)
_Open = aliased(NoticeVersion)
_Earlier = aliased(Notice)
_NEWEST_NOTICE = select(func.max(_Newer.id)).where(_Newer.meeting_id == Meeting.id).correlate(Meeting).scalar_subquery()
_NEWEST_VERSION = (
    select(_Open.id)
    .where(_Open.notice_id == Notice.id, _Open.state != VersionState.SUPERSEDED)
    .order_by(_Open.number.desc())
    .limit(1)
    .correlate(Notice)
    .scalar_subquery()
)
_AUTHORS = (
    select(func.aggregate_strings(cast(NoticeAuthor.account_id, String), ","))
    .where(NoticeAuthor.version_id == NoticeVersion.id)
    .scalar_subquery()
)
_HAS_EARLIER = exists().where(
    _Earlier.meeting_id == Meeting.id, _Earlier.id != Notice.id, _Earlier.published_at.is_not(None)
)
_DESK = (
    select(Meeting, Notice, NoticeVersion, _AUTHORS, _HAS_EARLIER)
    .select_from(Meeting)
    .options(joinedload(Meeting.convener, innerjoin=True))
    .outerjoin(Notice, Notice.id == _NEWEST_NOTICE)
    .outerjoin(NoticeVersion, NoticeVersion.id == _NEWEST_VERSION)
    .where(Meeting.id == bindparam("meeting_id", type_=Integer))
)


@dataclass(frozen=True, slots=True)
class Work:
    """A meeting and its latest notice. `version` is its newest one that counts, None before the notice is started.

    `has_earlier` says that other notices of the meeting were published before (and withdrawn).
    """

    meeting: Meeting
    notice: Notice | None = None
    version: NoticeVersion | None = None
    authors: frozenset[int] = frozenset()
    steps: tuple[NoticeReview, ...] = ()
    waiting: tuple[Step, ...] = ()
    has_earlier: bool = False

    @property
    def begun(self) -> Begun | None:
        """The same once the notice has been started."""
        if self.notice is None or self.version is None:
            return None
        return Begun(self.meeting, self.notice, self.version, self.authors, self.steps, self.waiting, self.has_earlier)

    @property
    def reviewers(self) -> frozenset[int]:
        """The accounts that can take a step now."""
        return frozenset(each.account_id for step in self.waiting for each in step.takers)


@dataclass(frozen=True, slots=True)
class Begun:
    """A meeting whose notice has been started: `steps` are those of the present round, `waiting` the open ones."""

    meeting: Meeting
    notice: Notice
    version: NoticeVersion
    authors: frozenset[int]
    steps: tuple[NoticeReview, ...] = ()
    waiting: tuple[Step, ...] = ()
    has_earlier: bool = False

    @property
    def reviewers(self) -> frozenset[int]:
        """The accounts that can take a step now."""
        return frozenset(each.account_id for step in self.waiting for each in step.takers)

    def step_of(self, account_id: int | None) -> Step | None:
        """The step that this account would pass."""
        return next((step for step in self.waiting if step.takes(account_id)), None)

    @property
    def path(self) -> str:
        """Where the work on it is done."""
        return desk_path(self.meeting.id)

    @property
    def is_correction(self) -> bool:
        return self.version.number > 1

    @property
    def address(self) -> str:
        """The public address, "" before it is published."""
        return f"/notices/{self.notice.year}/{self.notice.slug}" if self.notice.slug else ""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the review record."""

    at: datetime
    number: int
    act: str
    by: str
    account_id: int | None
    reason: str


def desk_path(meeting_id: int) -> str:
    """Where the notice of a meeting is written and reviewed."""
    return f"/workspace/meetings/{meeting_id}/notice"


def find_work(meeting_id: int) -> Work | None:
    """The desk of a meeting, None when there is no such meeting; one query, three while it is in review."""
    row = db.session.execute(_DESK, {"meeting_id": meeting_id}).one_or_none()
    if row is None:
        return None
    meeting, notice, version, written, has_earlier = row
    if version is None:
        return Work(meeting)
    authors = frozenset(int(each) for each in (written or "").split(",") if each)
    steps = tuple(steps_of(version)) if version.round else ()
    in_review = version.state is VersionState.IN_REVIEW
    waiting = open_steps(steps, staff_of(meeting.convener.path), authors) if in_review else ()
    return Work(meeting, notice, version, authors, steps, tuple(waiting), has_earlier)


def find_begun(meeting_id: int) -> Begun | None:
    """The desk of a meeting whose notice has been started, else None."""
    work = find_work(meeting_id)
    return work.begun if work else None


def review_events(notice_id: int) -> list[Event]:
    """The review record, oldest first; of several saves in a row by one account the last."""
    statement = (
        select(
            ReviewEvent.at,
            NoticeVersion.number,
            ReviewEvent.act,
            ReviewEvent.by,
            ReviewEvent.account_id,
            ReviewEvent.reason,
        )
        .join(NoticeVersion, NoticeVersion.id == ReviewEvent.version_id)
        .where(ReviewEvent.notice_id == notice_id)
        .order_by(ReviewEvent.id.desc())
        .limit(EVENTS)
    )
    events: list[Event] = []
    for row in reversed(db.session.execute(statement).all()):
        event = Event(*row)
        if events and event.act == events[-1].act == "save" and event.account_id == events[-1].account_id:
            events.pop()
        events.append(event)
    return events


def last_return(events: Sequence[Event]) -> Event | None:
    """The return that the present draft answers, None when the last act was another one (saving apart)."""
    acts = [event for event in events if event.act != "save"]
    return acts[-1] if acts and acts[-1].act == "return" else None
