"""What stands on the desk: a meeting, its notice, the version being worked on, and the record of its review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from eventsys.extensions import db
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting
from eventsys.notices.models import Notice, NoticeAuthor, NoticeReview, NoticeVersion, ReviewEvent, VersionState
from eventsys.notices.queries.review import Step, open_steps, staff_of, steps_of

EVENTS = 100


@dataclass(frozen=True, slots=True)
class Work:
    """A meeting and its latest notice. `version` is its newest one that counts, None before the notice is started."""

    meeting: Meeting
    notice: Notice | None = None
    version: NoticeVersion | None = None
    authors: frozenset[int] = frozenset()
    steps: tuple[NoticeReview, ...] = ()
    waiting: tuple[Step, ...] = ()

    @property
    def begun(self) -> Begun | None:
        """The same once the notice has been started."""
        if self.notice is None or self.version is None:
            return None
        return Begun(self.meeting, self.notice, self.version, self.authors, self.steps, self.waiting)

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
    """The desk of a meeting, None when there is no such meeting; three queries, six while it is in review."""
    meeting = find_meeting(meeting_id)
    if meeting is None:
        return None
    found = _newest(meeting_id)
    if found is None:
        return Work(meeting)
    authors = _authors(found[1].id)
    steps = tuple(steps_of(found[1])) if found[1].round else ()
    in_review = found[1].state is VersionState.IN_REVIEW
    waiting = open_steps(steps, staff_of(meeting.convener.path), authors) if in_review else ()
    return Work(meeting, *found, authors, steps, tuple(waiting))


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


def earlier_notices(meeting_id: int, notice_id: int) -> list[tuple[str, str]]:
    """Title and address of the meeting's other notices that were published (withdrawn ones)."""
    statement = (
        select(Notice.year, Notice.slug, NoticeVersion)
        .join(NoticeVersion, NoticeVersion.id == Notice.published_id)
        .where(Notice.meeting_id == meeting_id, Notice.id != notice_id)
        .order_by(Notice.id.desc())
    )
    return [(version.title(), f"/notices/{year}/{slug}") for year, slug, version in db.session.execute(statement)]


def _newest(meeting_id: int) -> tuple[Notice, NoticeVersion] | None:
    newest = select(func.max(Notice.id)).where(Notice.meeting_id == meeting_id).scalar_subquery()
    statement = (
        select(Notice, NoticeVersion)
        .join(NoticeVersion, NoticeVersion.notice_id == Notice.id)
        .where(Notice.id == newest, NoticeVersion.state != VersionState.SUPERSEDED)
        .order_by(NoticeVersion.number.desc())
        .limit(1)
    )
    row = db.session.execute(statement).one_or_none()
    return (row[0], row[1]) if row else None


def _authors(version_id: int) -> frozenset[int]:
    statement = select(NoticeAuthor.account_id).where(NoticeAuthor.version_id == version_id)
    return frozenset(db.session.scalars(statement))
