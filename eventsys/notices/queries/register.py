"""Reads of the register."""

from __future__ import annotations

from sqlalchemy import select

from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.notices.models import Register


def register_of(path: str) -> Register | None:
    """The register that an organization keeps, or the nearest one above it (by its tree path)."""
    ids = [int(part) for part in path.split("/") if part]
    rows = db.session.execute(
        select(Register, Organization.path)
        .join(Organization, Organization.id == Register.organization_id)
        .where(Register.organization_id.in_(ids))
    ).all()
    found: Register | None = max(rows, key=lambda row: len(row[1]), default=(None, ""))[0]
    return found


def own_register(organization_id: int) -> Register | None:
    """What this organization keeps itself."""
    return db.session.scalar(select(Register).where(Register.organization_id == organization_id))
