"""Reminders to reviewers: by hand, and when a deadline is near or past."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select

from eventsys.core.actor import WORKER, Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.notices.letters import remind
from eventsys.notices.models import Notice, NoticeAuthor, NoticeReview, NoticeVersion, StepState, VersionState
from eventsys.notices.operations.recording import Versioned, expect, held, put_down
from eventsys.notices.queries.review import Step, open_steps, staff_of, steps_of

BEFORE = timedelta(days=1)
AGAIN_AFTER = timedelta(hours=1)
AT_ONCE = 50


def remind_reviewers(version: Versioned, *, by: Actor) -> int:
    """Write to everybody who can take an open step. Returns how many letters were queued.

    Raises `DomainError` when the text is not in review, or when the last reminder is less than an hour old.
    """
    notice, row = held(version, None)
    expect(row, VersionState.IN_REVIEW, _("This text does not wait for review any more."))
    at, number = now(), 0
    for step in _open(notice, row):
        last = step.row.reminded_at or step.row.opened_at
        if last is not None and at - last < AGAIN_AFTER:
            continue
        number += _remind(row, step, f"{int(at.timestamp())}")
    if not number:
        raise DomainError(_("They were written to less than an hour ago, or nobody can be written to."))
    put_down(notice, row, "remind", by, after={"letters": number})
    return number


def remind_when_due() -> int:
    """Remind of steps that are due within a day, and again once they are overdue; each in its own unit of work."""
    at = now()
    statement = (
        select(NoticeReview.id, NoticeVersion.id.label("version_id"), NoticeVersion.notice_id)
        .join(NoticeVersion, NoticeVersion.id == NoticeReview.version_id)
        .where(
            NoticeReview.state == StepState.OPEN,
            NoticeReview.due_at <= at + BEFORE,
            or_(
                NoticeReview.reminded_at.is_(None),
                (NoticeReview.due_at <= at) & (NoticeReview.reminded_at < NoticeReview.due_at),
            ),
        )
        .order_by(NoticeReview.due_at)
        .limit(AT_ONCE)
    )
    rows = db.session.execute(statement).all()
    return sum(_remind_one(row.notice_id, row.version_id, row.id) for row in rows)


def _remind_one(notice_id: int, version_id: int, review_id: int) -> int:
    with write():
        notice, row = held(_Ids(version_id, notice_id), None)
        step = next((each for each in _open(notice, row) if each.row.id == review_id), None)
        due_at = step.row.due_at if step else None
        if step is None or due_at is None or row.state is not VersionState.IN_REVIEW:
            return 0
        # A second worker that looked at the same moment finds it done.
        former, late = step.row.reminded_at, due_at <= now()
        if former is not None and (not late or former >= due_at):
            return 0
        number = _remind(row, step, "late" if late else "due")
        put_down(notice, row, "remind", WORKER, after={"letters": number})
    return number


def _remind(row: NoticeVersion, step: Step, mark: str) -> int:
    step.row.reminded_at = now()
    return remind(row, step.row, step.takers, mark)


def _open(notice: Notice, row: NoticeVersion) -> list[Step]:
    authors = db.session.scalars(select(NoticeAuthor.account_id).where(NoticeAuthor.version_id == row.id))
    return open_steps(steps_of(row), staff_of(notice.meeting.convener.path), authors)


class _Ids:
    """A version by its ids."""

    def __init__(self, version_id: int, notice_id: int) -> None:
        self.id, self.notice_id = version_id, notice_id
