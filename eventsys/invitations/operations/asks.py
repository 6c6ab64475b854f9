"""An organization with a place at a meeting has one row that says what it is asked for, and one link to answer at."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from eventsys.core.clock import now
from eventsys.core.tokens import new_link_id
from eventsys.extensions import db
from eventsys.invitations.models import Ask


def ensure_asks(meeting_id: int, organization_ids: Collection[int]) -> None:
    """Give each of these organizations its row, unless it has one; two at once make one."""
    wanted = set(organization_ids)
    if not wanted:
        return
    known = select(Ask.organization_id).where(Ask.meeting_id == meeting_id, Ask.organization_id.in_(wanted))
    missing = sorted(wanted - set(db.session.scalars(known)))
    if not missing:
        return
    rows = [
        {
            "meeting_id": meeting_id,
            "organization_id": organization_id,
            "further": 0,
            "observers": 0,
            "note_zh": "",
            "note_en": "",
            "link_id": new_link_id(),
            "created_at": now(),
            "version": 1,
        }
        for organization_id in missing
    ]
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    db.session.execute(dialect.insert(Ask).on_conflict_do_nothing(), rows)
