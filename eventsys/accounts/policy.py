"""Who may keep accounts and roles, and who reads the audit log: administrators."""

from __future__ import annotations

from eventsys.core.actor import Actor


def can_administer(actor: Actor, subject: object = None) -> bool:
    """Invite people, close accounts, grant and end roles, for anybody."""
    return actor.is_administrator


def can_read_audit(actor: Actor, subject: object = None) -> bool:
    """The whole audit log."""
    return actor.is_administrator
