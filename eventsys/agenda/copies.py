"""Copying a meeting with its agenda."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from eventsys.agenda.operations import copy_agenda
from eventsys.core.actor import Actor
from eventsys.core.clock import to_local
from eventsys.core.errors import DomainError
from eventsys.core.transaction import locked
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.fields import instant_of
from eventsys.meetings.models import Meeting
from eventsys.meetings.operations import draft_meeting

_followers: list[Callable[..., Any]] = []


def copy_meeting(source: Meeting, day: date, starts: time, *, by: Actor) -> Meeting:
    """A draft with the same facts and agenda on another day, of the same length, its deadline as many days before.

    The copy of a postponed meeting takes its place. Raises `DomainError` for a time that the zone skips.
    """
    row = locked(Meeting, source.id)
    facts = MeetingFacts.of(row)
    start = _instant(day, starts, facts.zone)
    moved = replace(
        facts, starts_at=start, ends_at=start + (facts.ends_at - facts.starts_at), reply_by=_deadline(facts, day, start)
    )
    copy = draft_meeting(moved, by=by, replaces=row if row.postponed else None)
    copy_agenda(row, copy, by=by)
    for follower in _followers:
        follower(row, copy, by=by)
    return copy


def on_copy(follower: Callable[..., Any]) -> None:
    """Let a later room copy what it keeps beside a meeting: `follower(source, copy, by=…)`, in the same transaction."""
    if follower not in _followers:
        _followers.append(follower)


def _deadline(facts: MeetingFacts, day: date, start: datetime) -> datetime | None:
    if facts.reply_by is None:
        return None
    deadline = to_local(facts.reply_by, facts.zone)
    shifted = deadline.date() + (day - to_local(facts.starts_at, facts.zone).date())
    return min(_instant(shifted, deadline.time(), facts.zone), start)


def _instant(day: date, clock: time, zone: str) -> datetime:
    try:
        return instant_of(day, clock, zone)
    except ValueError as error:
        raise DomainError(str(error), field="starts") from None
