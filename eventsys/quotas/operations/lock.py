"""One organization's row, locked; whoever changes places locks the meeting before it."""

from __future__ import annotations

from eventsys.core.transaction import locked
from eventsys.invitations.models import Ask


def lock_ask(ask_id: int) -> Ask:
    """The row as it is now, locked until the unit of work ends. Raises `LookupError` when there is none."""
    return locked(Ask, ask_id)
