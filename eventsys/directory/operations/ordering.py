"""The display order of organizations, posts and post kinds, changed one step at a time."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.stamps import OFFICES, raise_stamp
from eventsys.core.transaction import locked
from eventsys.directory.models import Organization, Post, PostKind
from eventsys.extensions import db


class Direction(StrEnum):
    """One step towards the beginning or the end."""

    UP = "up"
    DOWN = "down"


def reorder_organization(organization: Organization, direction: Direction, *, by: Actor) -> None:
    """Change places with the open neighbour below the same parent; nothing happens at the ends."""
    row = locked(Organization, organization.id)
    same = Organization.parent_id.is_(None) if row.parent_id is None else Organization.parent_id == row.parent_id
    siblings = db.session.execute(
        select(Organization.id, Organization.position, Organization.closed_on)
        .where(same)
        .order_by(Organization.position, Organization.id)
    ).all()
    hidden = {each.id for each in siblings if each.closed_on is not None}
    if _step(Organization, row, siblings, hidden, direction, by=by):
        raise_stamp(OFFICES)


def reorder_post(post: Post, direction: Direction, *, by: Actor) -> None:
    """Change places with the neighbour in the same organization that still exists."""
    row = locked(Post, post.id)
    siblings = db.session.execute(
        select(Post.id, Post.position, Post.abolished_on)
        .where(Post.organization_id == row.organization_id)
        .order_by(Post.position, Post.id)
    ).all()
    hidden = {each.id for each in siblings if each.abolished_on is not None}
    _step(Post, row, siblings, hidden, direction, by=by)


def reorder_post_kind(kind: PostKind, direction: Direction, *, by: Actor) -> None:
    """Change places with the neighbouring kind."""
    row = locked(PostKind, kind.id)
    siblings = db.session.execute(select(PostKind.id, PostKind.position).order_by(PostKind.position, PostKind.id)).all()
    _step(PostKind, row, siblings, set(), direction, by=by)


def _step(model: Any, row: Any, siblings: Sequence[Any], hidden: set[int], direction: Direction, *, by: Actor) -> bool:
    """Move the row past its next visible sibling and number all anew. Whether anything moved."""
    ids = [each.id for each in siblings]
    here = ids.index(row.id)
    ahead = ids[here + 1 :] if direction is Direction.DOWN else ids[:here][::-1]
    target = next((each for each in ahead if each not in hidden), None)
    if target is None:
        return False
    ids.remove(row.id)
    ids.insert(ids.index(target) + (direction is Direction.DOWN), row.id)
    positions = {each.id: each.position for each in siblings}
    _number(model, ids, positions)
    after = ids.index(row.id) + 1
    audit.record(
        f"{model.__tablename__}.order",
        row,
        by=by,
        before={"position": here + 1},
        after={"position": after},
        label=_label(row),
    )
    return True


def _number(model: Any, ids: Sequence[int], positions: dict[int, int]) -> None:
    """Write the positions that changed. Versions stay: an open edit form says nothing about the order."""
    changed = [{"id": each, "position": at} for at, each in enumerate(ids, 1) if positions[each] != at]
    for values in changed:
        statement = update(model).where(model.id == values["id"]).values(position=values["position"])
        db.session.execute(statement.execution_options(synchronize_session=False))


def _label(row: Any) -> str:
    if isinstance(row, Post):
        return f"{row.organization.name('zh')}{row.title('zh')}"
    name: str = row.name("zh")
    return name
