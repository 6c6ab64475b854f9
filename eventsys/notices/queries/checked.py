"""The words why findings of the check were passed over."""

from __future__ import annotations

from sqlalchemy import select

from eventsys.extensions import db
from eventsys.notices.models import FindingReason


def reasons_of(version_id: int) -> dict[str, FindingReason]:
    """By the finding's key."""
    rows = db.session.scalars(select(FindingReason).where(FindingReason.version_id == version_id))
    return {row.key: row for row in rows}
