"""Who may exchange the directory with files: administrators alone, since the files hold everybody's contacts."""

from __future__ import annotations

from eventsys.core.actor import Actor
from eventsys.exchange.models import Import


def can_exchange(actor: Actor) -> bool:
    """Bring files in and take the directory out."""
    return actor.is_administrator


def can_follow(actor: Actor, brought: Import) -> bool:
    """Look at an import, decide about it, stop it: any administrator, so that nobody's work hangs on one person."""
    return actor.is_administrator
