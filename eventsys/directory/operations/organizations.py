"""Organizations: added, revised, moved in the tree, closed on a day, never deleted."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select, update

from eventsys.core.actor import Actor
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.stamps import OFFICES, raise_stamp
from eventsys.core.transaction import check_version, locked
from eventsys.directory.models import Organization, Post
from eventsys.directory.operations.ending import abolish
from eventsys.directory.operations.facts import (
    OrganizationFacts,
    checked_day,
    checked_email,
    checked_language,
    checked_phone,
    required,
    values_of,
)
from eventsys.directory.operations.recording import record_change, record_new, snapshot
from eventsys.directory.words import refresh_organization, refresh_post
from eventsys.extensions import db

PATH_LENGTH = 300


def add_organization(facts: OrganizationFacts, parent: Organization | None = None, *, by: Actor) -> Organization:
    """Put a new organization last below its parent, or last at the top of the tree."""
    row = Organization(parent_id=_open_parent(parent.id).id if parent else None, path="")
    _take(row, facts)
    row.position = _last_position(row.parent_id) + 1
    db.session.add(row)
    db.session.flush()
    row.path = _path_below(locked(Organization, row.parent_id) if row.parent_id else None, row.id)
    db.session.flush()
    record_new("organization.add", row, by=by, label=row.name("zh"))
    raise_stamp(OFFICES)
    return row


def revise_organization(
    organization: Organization, facts: OrganizationFacts, version: int, *, by: Actor
) -> Organization:
    """Change names, kind and contact; the search text of its posts follows. Raises `Stale`."""
    row = locked(Organization, organization.id)
    check_version(row, version)
    before = snapshot(row)
    _take(row, facts)
    db.session.flush()
    if record_change("organization.revise", row, before, by=by, label=row.name("zh")):
        for post in db.session.scalars(select(Post).where(Post.organization_id == row.id)):
            refresh_post(post, row, post.kind)
        raise_stamp(OFFICES)
    return row


def move_organization(organization: Organization, parent_id: int | None, version: int, *, by: Actor) -> Organization:
    """Put it, with all below it, last below another parent or at the top.

    Raises `DomainError` for a circle or a closed parent, `Stale`.
    """
    row = locked(Organization, organization.id)
    check_version(row, version)
    parent = _open_parent(parent_id) if parent_id else None
    if parent is not None and parent.path.startswith(row.path):
        raise DomainError(_("An organization cannot stand below itself. Choose another one."), field="parent_id")
    if parent_id == row.parent_id:
        return row
    before, old = snapshot(row), row.path
    row.parent_id, row.position = parent_id, _last_position(parent_id) + 1
    _rewrite_paths(old, _path_below(parent, row.id))
    row.path = _path_below(parent, row.id)
    db.session.flush()
    record_change("organization.move", row, before, by=by, label=row.name("zh"))
    raise_stamp(OFFICES)
    return row


def close_organization(organization: Organization, closed_on: date, version: int, *, by: Actor) -> Organization:
    """Close it from that day on: its posts are abolished the same day, their appointments end the day before.

    Raises `DomainError` while open organizations stand below it, or when somebody is appointed from that day or later.
    """
    row = locked(Organization, organization.id)
    check_version(row, version)
    if row.closed_on is not None:
        raise DomainError(_("This organization is already closed."))
    _refuse_open_children(row)
    before = snapshot(row)
    row.closed_on = checked_day(closed_on, "closed_on")
    for post in db.session.scalars(
        select(Post).where(Post.organization_id == row.id, Post.abolished_on.is_(None)).order_by(Post.position, Post.id)
    ):
        abolish(post, closed_on, "closed_on", by=by)
    db.session.flush()
    record_change("organization.close", row, before, by=by, label=row.name("zh"))
    raise_stamp(OFFICES)
    return row


def reopen_organization(organization: Organization, version: int, *, by: Actor) -> Organization:
    """Take a closing back; posts and appointments that ended with it stay ended."""
    row = locked(Organization, organization.id)
    check_version(row, version)
    if row.parent_id:
        _open_parent(row.parent_id)
    before = snapshot(row)
    row.closed_on = None
    db.session.flush()
    record_change("organization.reopen", row, before, by=by, label=row.name("zh"))
    raise_stamp(OFFICES)
    return row


def _take(row: Organization, facts: OrganizationFacts) -> None:
    required(name_zh=facts.name_zh, name_en=facts.name_en)
    values = values_of(facts) | {
        "email": checked_email(facts.email),
        "phone": checked_phone(facts.phone),
        "language": checked_language(facts.language) or "zh",
    }
    for name, value in values.items():
        setattr(row, name, value)
    refresh_organization(row)


def _open_parent(parent_id: int) -> Organization:
    """The parent, locked. Raises `DomainError` at `parent_id` when it does not exist or is closed."""
    try:
        parent = locked(Organization, parent_id)
    except LookupError:
        raise DomainError(_("Choose an organization from the list."), field="parent_id") from None
    if parent.closed_on is not None:
        raise DomainError(_("%(name)s is closed. Choose an open organization.", name=parent.name()), field="parent_id")
    return parent


def _last_position(parent_id: int | None) -> int:
    same = Organization.parent_id.is_(None) if parent_id is None else Organization.parent_id == parent_id
    return db.session.scalar(select(func.max(Organization.position)).where(same)) or 0


def _path_below(parent: Organization | None, organization_id: int) -> str:
    path = f"{parent.path if parent else '/'}{organization_id}/"
    if len(path) > PATH_LENGTH:
        raise DomainError(_("The tree is too deep here. Choose an organization nearer to the top."), field="parent_id")
    return path


def _rewrite_paths(old: str, new: str) -> None:
    """Every path that begins with the old one begins with the new one. Raises `DomainError` when one grows too long."""
    below = Organization.path.like(f"{old}%")
    longest = db.session.scalar(select(func.max(func.length(Organization.path))).where(below)) or 0
    if longest - len(old) + len(new) > PATH_LENGTH:
        raise DomainError(_("The tree is too deep here. Choose an organization nearer to the top."), field="parent_id")
    db.session.execute(
        update(Organization)
        .where(below)
        .values(path=new + func.substr(Organization.path, len(old) + 1))
        .execution_options(synchronize_session=False)
    )


def _refuse_open_children(row: Organization) -> None:
    open_below = select(Organization.id).where(Organization.parent_id == row.id, Organization.closed_on.is_(None))
    if db.session.scalar(open_below.limit(1)):
        raise DomainError(_("Open organizations stand below this one. Close or move them first."))
