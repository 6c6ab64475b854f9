"""When a version is to be published."""

from __future__ import annotations

from sqlalchemy import select

from eventsys.extensions import db
from eventsys.notices.models import NoticeVersion, PlannedPublication, VersionState


def planned_of(version: NoticeVersion) -> PlannedPublication | None:
    """The set time of a version, while it holds: not after the text was returned and approved anew."""
    if version.state is not VersionState.APPROVED:
        return None
    return db.session.scalar(
        select(PlannedPublication).where(
            PlannedPublication.version_id == version.id, PlannedPublication.text_version == version.version
        )
    )
