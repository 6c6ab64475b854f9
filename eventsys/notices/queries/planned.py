"""When a version is to be published."""

from __future__ import annotations

from sqlalchemy import select

from eventsys.extensions import db
from eventsys.notices.models import NoticeVersion, PlannedPublication, VersionState


def planned_of(version_id: int) -> PlannedPublication | None:
    """The set time of a version, while it holds: not after the text was returned and approved anew."""
    return db.session.scalar(
        select(PlannedPublication)
        .join(NoticeVersion, NoticeVersion.id == PlannedPublication.version_id)
        .where(
            PlannedPublication.version_id == version_id,
            NoticeVersion.state == VersionState.APPROVED,
            NoticeVersion.version == PlannedPublication.text_version,
        )
    )
