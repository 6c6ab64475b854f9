"""The saved texts of a notice's versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventsys.extensions import db
from eventsys.notices.models import NoticeRevision, NoticeVersion, RevisionKind

MOST = 200


@dataclass(frozen=True, slots=True)
class Saved:
    """One line of the history."""

    id: int
    version_number: int
    number: int
    kind: RevisionKind
    at: datetime
    by: str


def history(notice_id: int) -> list[Saved]:
    """Every saved text, the newest first."""
    statement = (
        select(
            NoticeRevision.id,
            NoticeVersion.number.label("version_number"),
            NoticeRevision.number,
            NoticeRevision.kind,
            NoticeRevision.at,
            NoticeRevision.by,
        )
        .join(NoticeVersion, NoticeVersion.id == NoticeRevision.version_id)
        .where(NoticeVersion.notice_id == notice_id)
        .order_by(NoticeVersion.number.desc(), NoticeRevision.number.desc())
        .limit(MOST)
    )
    return [Saved(*row) for row in db.session.execute(statement)]


def find_revision(notice_id: int, revision_id: int) -> NoticeRevision | None:
    """A saved text of this notice."""
    return db.session.scalars(
        select(NoticeRevision)
        .join(NoticeVersion, NoticeVersion.id == NoticeRevision.version_id)
        .where(NoticeRevision.id == revision_id, NoticeVersion.notice_id == notice_id)
    ).one_or_none()


def revision_before(revision: NoticeRevision) -> NoticeRevision | None:
    """The text that stood before: of the same version, else the last of the one before."""
    same = select(NoticeRevision).where(
        NoticeRevision.version_id == revision.version_id, NoticeRevision.number < revision.number
    )
    found = db.session.scalars(same.order_by(NoticeRevision.number.desc()).limit(1)).first()
    if found is not None:
        return found
    version = db.session.get_one(NoticeVersion, revision.version_id)
    former = (
        select(NoticeRevision)
        .join(NoticeVersion, NoticeVersion.id == NoticeRevision.version_id)
        .where(NoticeVersion.notice_id == version.notice_id, NoticeVersion.number < version.number)
        .order_by(NoticeVersion.number.desc(), NoticeRevision.number.desc())
        .limit(1)
    )
    return db.session.scalars(former).first()
