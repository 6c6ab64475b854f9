"""Posts and their kinds: added, revised, abolished on a day, never deleted."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from eventsys.core.actor import Actor
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import check_version, locked
from eventsys.directory.models import Organization, Post, PostKind
from eventsys.directory.operations.ending import abolish
from eventsys.directory.operations.facts import PostFacts, PostKindFacts, checked_day, required
from eventsys.directory.operations.recording import record_change, record_new, snapshot
from eventsys.directory.words import refresh_post
from eventsys.extensions import db


def add_post_kind(facts: PostKindFacts, *, by: Actor) -> PostKind:
    """Put a new kind last. Raises `DomainError` when its Chinese name exists."""
    last = db.session.scalar(select(func.max(PostKind.position))) or 0
    row = PostKind(position=last + 1)
    _take_kind(row, facts)
    db.session.add(row)
    db.session.flush()
    record_new("post_kind.add", row, by=by, label=row.name("zh"))
    return row


def revise_post_kind(kind: PostKind, facts: PostKindFacts, version: int, *, by: Actor) -> PostKind:
    """Change its names; its posts keep their titles and are found by the new ones. Raises `Stale`."""
    row = locked(PostKind, kind.id)
    check_version(row, version)
    before = snapshot(row)
    _take_kind(row, facts)
    db.session.flush()
    if record_change("post_kind.revise", row, before, by=by, label=row.name("zh")):
        for post in db.session.scalars(select(Post).where(Post.kind_id == row.id)):
            refresh_post(post, post.organization, row)
    return row


def add_post(organization: Organization, facts: PostFacts, *, by: Actor) -> Post:
    """Put a new post last in the organization. Raises `DomainError` when the organization is closed."""
    office = locked(Organization, organization.id)
    if office.closed_on is not None:
        raise DomainError(_("This organization is closed. A closed organization gets no new posts."))
    last = db.session.scalar(select(func.max(Post.position)).where(Post.organization_id == office.id)) or 0
    row = Post(organization_id=office.id, position=last + 1)
    _take(row, facts, office)
    db.session.add(row)
    db.session.flush()
    record_new("post.add", row, by=by, label=_label(row, office))
    return row


def revise_post(post: Post, facts: PostFacts, version: int, *, by: Actor) -> Post:
    """Change titles and kind. Raises `Stale`."""
    row = locked(Post, post.id)
    check_version(row, version)
    before = snapshot(row)
    _take(row, facts, row.organization)
    db.session.flush()
    record_change("post.revise", row, before, by=by, label=_label(row, row.organization))
    return row


def abolish_post(post: Post, abolished_on: date, version: int, *, by: Actor) -> Post:
    """Abolish it from that day on; appointments end the day before. Raises `DomainError`, `Stale`."""
    row = locked(Post, post.id)
    check_version(row, version)
    if row.abolished_on is not None:
        raise DomainError(_("This post is already abolished."))
    abolish(row, checked_day(abolished_on, "abolished_on"), "abolished_on", by=by)
    return row


def restore_post(post: Post, version: int, *, by: Actor) -> Post:
    """Take an abolition back; appointments that ended with it stay ended."""
    row = locked(Post, post.id)
    check_version(row, version)
    if row.organization.closed_on is not None:
        raise DomainError(_("This organization is closed. Reopen it first."))
    before = snapshot(row)
    row.abolished_on = None
    db.session.flush()
    record_change("post.restore", row, before, by=by, label=_label(row, row.organization))
    return row


def _take(row: Post, facts: PostFacts, organization: Organization) -> None:
    kind = db.session.get(PostKind, facts.kind_id) if facts.kind_id else None
    if facts.kind_id and kind is None:
        raise DomainError(_("Choose a kind of post from the list."), field="kind_id")
    row.kind_id = facts.kind_id
    row.title_zh = facts.title_zh or (kind.name_zh if kind else "")
    row.title_en = facts.title_en or (kind.name_en if kind else "")
    required(title_zh=row.title_zh, title_en=row.title_en)
    refresh_post(row, organization, kind)


def _take_kind(row: PostKind, facts: PostKindFacts) -> None:
    required(name_zh=facts.name_zh, name_en=facts.name_en)
    with db.session.no_autoflush:
        same = db.session.scalar(select(PostKind.id).where(PostKind.name_zh == facts.name_zh))
    if same is not None and same != row.id:
        raise DomainError(_("There is a kind of post with this name already."), field="name_zh")
    row.name_zh, row.name_en = facts.name_zh, facts.name_en


def _label(row: Post, organization: Organization) -> str:
    return f"{organization.name('zh')}{row.title('zh')}"
