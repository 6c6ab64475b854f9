"""The review record as a form: every step of every round of one version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventsys.extensions import db
from eventsys.notices.models import FindingReason, NoticeReview, NoticeRevision, StepState
from eventsys.notices.queries.review import steps_of
from eventsys.notices.queries.work import Begun


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One step: when it was opened and decided, by whom, on which saved text, with which remarks."""

    round: int
    name: str
    state: StepState
    by: str
    stood_in: bool
    at: datetime | None
    due_at: datetime | None
    revision: int | None
    remarks: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The steps, who wrote the text, and the words why findings were passed over."""

    lines: Sequence[SheetLine]
    authors: Sequence[str]
    reasons: Sequence[FindingReason]


def sheet_of(work: Begun) -> Sheet:
    """The record of the version on the desk, from four queries."""
    rows = steps_of(work.version, every_round=True)
    revisions = _numbers(rows)
    written = (
        select(NoticeRevision.by)
        .where(NoticeRevision.version_id == work.version.id, NoticeRevision.by != "")
        .order_by(NoticeRevision.number)
    )
    reasons = select(FindingReason).where(FindingReason.version_id == work.version.id).order_by(FindingReason.id)
    lines = [
        SheetLine(
            row.round,
            row.name(),
            row.state,
            row.by,
            row.stood_in,
            row.decided_at,
            row.due_at,
            revisions.get(row.revision_id or 0),
            row.remarks,
        )
        for row in rows
        if row.state is not StepState.ENDED
    ]
    return Sheet(lines, list(dict.fromkeys(db.session.scalars(written))), db.session.scalars(reasons).all())


def _numbers(rows: Sequence[NoticeReview]) -> dict[int, int]:
    ids = [row.revision_id for row in rows if row.revision_id]
    statement = select(NoticeRevision.id, NoticeRevision.number).where(NoticeRevision.id.in_(ids))
    return {row.id: row.number for row in db.session.execute(statement)}
