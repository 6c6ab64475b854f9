"""A meeting with an agenda, for tests."""

from __future__ import annotations

from typing import Any

from eventsys.agenda.models import AgendaItem, AgendaKind
from eventsys.agenda.operations import ItemFacts, add_item
from eventsys.core.actor import Actor
from eventsys.core.transaction import write
from eventsys.meetings.models import Meeting


def item(meeting: Meeting, by: Actor, title: str, minutes: int = 30, **changes: Any) -> AgendaItem:
    """One more item of the agenda."""
    facts = ItemFacts(
        kind=changes.pop("kind", AgendaKind.OTHER),
        minutes=minutes,
        title_zh=title,
        title_en=changes.pop("title_en", ""),
        **changes,
    )
    with write():
        return add_item(meeting, facts, by=by)


def agenda(meeting: Meeting, by: Actor, *titles: str) -> list[AgendaItem]:
    """Items of half an hour each."""
    return [item(meeting, by, title) for title in titles]
