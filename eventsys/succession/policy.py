"""Who may do what: records are merged by administrators alone."""

from __future__ import annotations

from eventsys.core.actor import Actor


def can_merge(actor: Actor, subject: object = None) -> bool:
    """Compare records, say that two are two people, make two that are one person one record."""
    return actor.is_administrator
