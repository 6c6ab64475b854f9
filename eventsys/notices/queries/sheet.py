"""The review record as a form: every step of every round of one version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from eventsys.extensions import db
from eventsys.notices.models import FindingReason, NoticeRevision, StepState
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
    """The record of the version on the desk, from three queries."""
    rows = steps_of(work.version, every_round=True)
    saved = _saved(work.version.id)
    numbers = {row.id: row.number for row in saved}
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
            numbers.get(row.revision_id or 0),
            row.remarks,
        )
        for row in rows
        if row.state is not StepState.ENDED
    ]
    authors = list(dict.fromkeys(row.by for row in saved if row.by))
    return Sheet(lines, authors, db.session.scalars(reasons).all())


def _saved(version_id: int) -> Sequence[Row[Any]]:
    columns: Any = select(NoticeRevision.id, NoticeRevision.number, NoticeRevision.by)
    rows: Sequence[Row[Any]] = db.session.execute(
        columns.where(NoticeRevision.version_id == version_id).order_by(NoticeRevision.number)
    ).all()
    return rows
