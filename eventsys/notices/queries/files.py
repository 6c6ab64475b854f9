"""Reads for the files of published notices: what is kept, what is missing, what a file is made from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, select

from eventsys.accounts.queries import office_zone
from eventsys.core.language import LANGUAGES
from eventsys.extensions import db
from eventsys.meetings.models import Meeting
from eventsys.notices.models import FileForm, Notice, NoticeFile, NoticePicture, NoticeState, NoticeVersion
from eventsys.notices.paper import paper_of, picture_names
from eventsys.notices.queries.public import preview_row
from eventsys.rendering.paper import Paper


def shown_at(year: int, slug: str) -> Row[Any] | None:
    """The notice at an address: its id, state and the version that is public there."""
    columns: Any = select(Notice.id, Notice.state, Notice.published_id, Notice.published_at)
    found: Row[Any] | None = db.session.execute(columns.where(Notice.year == year, Notice.slug == slug)).one_or_none()
    return found


def version_shown_at(year: int, slug: str, number: int) -> Row[Any] | None:
    """The same with a version that was public there at some time."""
    columns: Any = select(Notice.id, Notice.state, NoticeVersion.id.label("published_id"), NoticeVersion.published_at)
    here = (Notice.year == year, Notice.slug == slug, NoticeVersion.number == number)
    found: Row[Any] | None = db.session.execute(
        columns.join(NoticeVersion, NoticeVersion.notice_id == Notice.id).where(
            *here, NoticeVersion.published_at.is_not(None)
        )
    ).one_or_none()
    return found


def paper_for(version_id: int, base: str) -> Paper | None:
    """What the files of a version say now, in both languages; of an earlier version they say that it is one."""
    rows = {code: preview_row(version_id, code) for code in LANGUAGES}
    found = {code: row for code, row in rows.items() if row is not None}
    if len(found) < len(rows):
        return None
    return paper_of(found, office_zone(), base, _pictures([row.body for row in found.values()]))


def kept_file(version_id: int, form: FileForm, mark: str) -> bytes | None:
    """The file made ready, if it still says what the paper with this mark says."""
    return db.session.scalar(
        select(NoticeFile.data).where(
            NoticeFile.version_id == version_id, NoticeFile.form == form, NoticeFile.mark == mark
        )
    )


def wanting_files(limit: int) -> Sequence[Row[Any]]:
    """Published versions whose files are missing or were made from earlier rows, the latest change first."""
    made = and_(
        NoticeFile.version_id == NoticeVersion.id,
        NoticeFile.form == FileForm.DOCX,
        NoticeFile.notice_version == Notice.version,
        NoticeFile.text_version == NoticeVersion.version,
        NoticeFile.meeting_version == Meeting.version,
    )
    statement: Any = (
        select(
            NoticeVersion.id,
            Notice.published_at,
            Notice.version.label("notice_version"),
            NoticeVersion.version.label("text_version"),
            Meeting.version.label("meeting_version"),
        )
        .select_from(Notice)
        .join(NoticeVersion, NoticeVersion.id == Notice.published_id)
        .join(Meeting, Meeting.id == Notice.meeting_id)
        .outerjoin(NoticeFile, made)
        .where(Notice.state == NoticeState.PUBLISHED, NoticeFile.id.is_(None))
        .order_by(Notice.modified_at.desc(), Notice.id.desc())
        .limit(limit)
    )
    rows: Sequence[Row[Any]] = db.session.execute(statement).all()
    return rows


def _pictures(bodies: Sequence[str]) -> dict[str, bytes]:
    """The octets of the pictures that the bodies show."""
    names = dict.fromkeys(name for body in bodies for name in picture_names(body))
    if not names:
        return {}
    keys = {name.partition(".")[0]: name for name in names}
    rows = db.session.execute(select(NoticePicture.key, NoticePicture.content).where(NoticePicture.key.in_(keys)))
    return {keys[row.key]: row.content for row in rows}
