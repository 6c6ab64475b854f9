"""Files of published notices: kept when they are made, forgotten when their words are not public any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete

from eventsys.core.clock import now
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.notices.models import FileForm, Notice, NoticeFile, NoticeVersion


def keep_files(row: Row[Any], mark: str, made: Sequence[tuple[FileForm, bytes, int]]) -> bool:
    """Keep `(form, octets, pages)` made from a row of `queries.files.wanting_files`.

    False, and nothing kept, when the notice changed meanwhile.
    """
    version = locked(NoticeVersion, row.id)
    notice = locked(Notice, version.notice_id)
    if notice.published_id != version.id or (notice.version, version.version) != (row.notice_version, row.text_version):
        return False
    forget_files(version.id)
    for form, data, pages in made:
        db.session.add(
            NoticeFile(
                version_id=version.id,
                form=form,
                mark=mark,
                notice_version=row.notice_version,
                text_version=row.text_version,
                meeting_version=row.meeting_version,
                pages=pages,
                size=len(data),
                made_at=now(),
                data=data,
            )
        )
    return True


def forget_files(version_id: int) -> None:
    """Delete what was made ready of a version, in the transaction that takes its words back."""
    db.session.execute(delete(NoticeFile).where(NoticeFile.version_id == version_id))
