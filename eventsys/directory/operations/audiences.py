"""Audiences: rules of whom to invite, saved for an organization."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import check_version, locked
from eventsys.directory.models import Audience, Organization, OrganizationKind, Person, Post, PostKind
from eventsys.directory.operations.facts import AudienceFacts, required
from eventsys.directory.operations.recording import record_change, record_new, snapshot
from eventsys.directory.policy import can_own_audience
from eventsys.directory.queries.candidates import ids
from eventsys.extensions import db

NAMED: dict[str, Any] = {
    "post_kind_ids": PostKind,
    "organization_ids": Organization,
    "within_ids": Organization,
    "post_ids": Post,
    "person_ids": Person,
}
MEANING = ("organization_kinds", "post_kind_ids", "organization_ids", "post_ids", "person_ids")


def save_audience(facts: AudienceFacts, *, by: Actor) -> Audience:
    """Save a new audience. Raises `DomainError` for a rule that means nobody at all."""
    row = Audience(created_at=now())
    _take(row, facts, by)
    db.session.add(row)
    db.session.flush()
    record_new("audience.add", row, by=by, label=row.name("zh"))
    return row


def revise_audience(audience: Audience, facts: AudienceFacts, version: int, *, by: Actor) -> Audience:
    """Change name, owner or rule; invitations already prepared stay as they are. Raises `Stale`."""
    row = locked(Audience, audience.id)
    check_version(row, version)
    before = snapshot(row)
    _take(row, facts, by)
    db.session.flush()
    record_change("audience.revise", row, before, by=by, label=row.name("zh"))
    return row


def delete_audience(audience: Audience, version: int, *, by: Actor) -> None:
    """Delete the rule; the log keeps it, and nobody who was invited by it is touched. Raises `Stale`."""
    row = locked(Audience, audience.id)
    check_version(row, version)
    audit.record("audience.delete", row, by=by, before=snapshot(row), label=row.name("zh"))
    db.session.delete(row)


def plain_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The rule with known entries only, each sorted; empty ones are left out."""
    kinds = sorted({str(kind) for kind in rule.get("organization_kinds") or ()} & set(OrganizationKind))
    named = {key: sorted(ids(rule, key)) for key in NAMED}
    return {key: value for key, value in {"organization_kinds": kinds, **named}.items() if value}


def _take(row: Audience, facts: AudienceFacts, by: Actor) -> None:
    required(name_zh=facts.name_zh or facts.name_en)
    owner = db.session.get(Organization, facts.owner_id)
    if owner is None or not can_own_audience(by, owner):
        raise DomainError(_("Choose an organization from the list."), field="owner_id")
    rule = plain_rule(facts.rule)
    if not any(rule.get(key) for key in MEANING):
        raise DomainError(_("Choose at least one kind, organization, post or person."), field="post_kind_ids")
    for key, model in NAMED.items():
        _check_known(key, model, rule.get(key, []))
    row.owner_id, row.name_zh, row.name_en, row.rule = owner.id, facts.name_zh, facts.name_en, rule


def _check_known(key: str, model: Any, wanted: list[int]) -> None:
    if not wanted:
        return
    known = set(db.session.scalars(select(model.id).where(model.id.in_(wanted))))
    if set(wanted) - known:
        raise DomainError(_("Something you chose is no longer on record. Choose again."), field=key)
