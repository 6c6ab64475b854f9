"""A held change as a value: which facts differ, as JSON and back, and when the change is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from eventsys.invitations.models import HeldChange
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting, MeetingKind, Visibility

INSTANTS = frozenset({"starts_at", "ends_at", "reply_by"})
KINDS: Mapping[str, type[StrEnum]] = {"kind": MeetingKind, "visibility": Visibility}
LEAD = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Quiet:
    """How long an edit waits for further ones, and the longest that any edit waits; both in minutes."""

    minutes: int
    longest: int


AT_ONCE = Quiet(0, 0)


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody had before them: the version of the meeting, and of its held change (0: there was none).

    As text `7`, or `7.3` with a held change.
    """

    meeting: int
    held: int = 0

    @classmethod
    def of(cls, meeting: Meeting, held: HeldChange | None) -> Seen:
        return cls(meeting.version, held.version if held else 0)

    @classmethod
    def read(cls, text: str) -> Seen:
        """Of a form's field; for a text that this product did not write, a pair that nobody's can be."""
        parts = text.split(".")
        if len(parts) > 2 or not all(part.isascii() and part.isdigit() and len(part) < 11 for part in parts):
            return cls(-1, -1)
        return cls(*map(int, parts))

    def __str__(self) -> str:
        return f"{self.meeting}.{self.held}" if self.held else str(self.meeting)


@dataclass(frozen=True, slots=True)
class Editing:
    """A meeting as whoever edits it finds it: the record, with what is held over it."""

    meeting: Meeting
    held: HeldChange | None

    @property
    def id(self) -> int:
        return self.meeting.id

    @property
    def version(self) -> str:
        return str(Seen.of(self.meeting, self.held))

    @property
    def facts(self) -> MeetingFacts:
        """The record's with the held ones over them, where those can still be read."""
        try:
            return merged(self.meeting, self.held) if self.held else MeetingFacts.of(self.meeting)
        except ValueError:
            return MeetingFacts.of(self.meeting)


def differences(meeting: Meeting, facts: MeetingFacts) -> dict[str, Any]:
    """The facts that differ from the record, by name, as JSON."""
    before = MeetingFacts.of(meeting).columns()
    return {name: _plain(value) for name, value in facts.columns().items() if value != before[name]}


def present(meeting: Meeting, names: Mapping[str, Any]) -> dict[str, Any]:
    """What the record says for the facts of these names, as JSON."""
    return {name: _plain(getattr(meeting, name)) for name in names if hasattr(meeting, name)}


def merged(meeting: Meeting, held: HeldChange) -> MeetingFacts:
    """The record's facts with the held ones over them. Raises `ValueError` when they cannot be read any more."""
    try:
        return replace(MeetingFacts.of(meeting), **{name: _read(name, value) for name, value in held.facts.items()})
    except TypeError as error:
        raise ValueError(f"held change {held.id}: {error}") from error


def release_time(at: datetime, first_at: datetime, quiet: Quiet, begins: datetime) -> datetime:
    """When an edit of the moment `at` is carried out, of edits that began at `first_at`; `at` itself means at once.

    After the quiet time, yet no later than the longest one after the first edit, and half an hour before the meeting
    `begins` (by the old or the new facts, whichever is earlier): nobody is to hear of a change on the way.
    """
    latest = min(first_at + timedelta(minutes=quiet.longest), begins - LEAD)
    return max(at, min(at + timedelta(minutes=quiet.minutes), latest))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def _read(name: str, value: Any) -> Any:
    if name in INSTANTS:
        return datetime.fromisoformat(value) if value else None
    return KINDS[name](value) if name in KINDS else value
