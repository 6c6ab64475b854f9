"""The matrix in words: everything a cell shows, said once for each request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from eventsys.core.actor import Channel
from eventsys.core.formats import span
from eventsys.core.language import current_language
from eventsys.core.language import gettext as _
from eventsys.invitations import words
from eventsys.invitations.policy import can_see_other_meeting
from eventsys.invitations.queries.conflicts import Conflict, Conflicts
from eventsys.invitations.queries.matrix import CellPart, Column, Line, Matrix
from eventsys.invitations.queries.shapes import PlaceState
from eventsys.meetings.models import Meeting
from eventsys.web.access import current_actor

SILENT = frozenset({PlaceState.NO_REPLY, PlaceState.PREPARED, PlaceState.TO_BE_NAMED, PlaceState.OPTIONAL})
CellAddress = Callable[[int, int, str], str]


@dataclass(frozen=True, slots=True)
class Part:
    """The places of one state in a cell as they are shown."""

    href: str
    tone: str
    label: str
    note: str
    returned: bool
    conflict: bool


@dataclass(frozen=True, slots=True)
class ShownLine:
    """An organization with its cells; `said` is how many of its places are answered."""

    organization_id: int
    name: str
    said: str
    cells: tuple[tuple[Part, ...], ...]


def shown(meeting: Meeting, found: Matrix, conflicts: Conflicts, cell_at: CellAddress) -> list[ShownLine]:
    """The lines of the matrix; `cell_at` makes the address where the several places of a cell are listed."""
    maker = _Maker(meeting, conflicts, cell_at)
    return [
        ShownLine(
            line.organization_id,
            line.name,
            _("%(answered)s of %(places)s", answered=line.answered, places=line.places),
            maker.cells(line, found.columns),
        )
        for line in found.lines
    ]


class _Maker:
    """Makes the parts; labels are looked up once, days are formatted once."""

    def __init__(self, meeting: Meeting, conflicts: Conflicts, cell_at: CellAddress) -> None:
        self._conflicts, self._cell_at = conflicts.by_cell, cell_at
        self._place_at = f"/workspace/meetings/{meeting.id}/invitations/places/"
        self._labels = {state: str(label) for state, label in words.STATES.items()}
        lower = current_language() == "en"
        self._in_numbers = {state: label.lower() if lower else label for state, label in self._labels.items()}
        self._day = partial(words.short_day, zone=meeting.zone)
        self._channels = {channel: f"{label}{_(', ')}" for channel, label in words.CHANNELS.items()}

    def cells(self, line: Line, columns: tuple[Column, ...]) -> tuple[tuple[Part, ...], ...]:
        return tuple(
            tuple(self._part(line.organization_id, column.kind_id, part, len(cell)) for part in cell)
            for column, cell in zip(columns, line.cells, strict=True)
        )

    def _part(self, organization_id: int, column_id: int, part: CellPart, parts: int) -> Part:
        state = part.state
        conflict = bool(self._conflicts and (organization_id or None, column_id, state.value) in self._conflicts)
        tone = words.TONES[state]
        if part.number > 1 or parts > 1:
            label = f"{part.number} {self._in_numbers[state]}"
            return Part(self._cell_at(organization_id, column_id, state.value), tone, label, "", False, conflict)
        href = f"{self._place_at}{part.place_id}"
        return Part(href, tone, self._labels[state], self._note(part), part.mail_returned, conflict)

    def _note(self, part: CellPart) -> str:
        if part.state is PlaceState.SUBSTITUTE:
            return part.title()
        if part.state is PlaceState.ON_LEAVE and part.decided_at:
            return _("granted %(when)s", when=self._day(part.decided_at))
        if part.state is PlaceState.NO_REPLY and part.reminded_at:
            return _("reminded %(when)s", when=self._day(part.reminded_at))
        if part.state in SILENT or not part.replied_at:
            return ""
        return self._channel(part.channel) + self._day(part.replied_at)

    def _channel(self, channel: Channel | None) -> str:
        return self._channels[channel] if channel else ""


def conflict_lines(found: tuple[Conflict, ...]) -> list[tuple[str, str, str]]:
    """What is wrong with a place: words, which meeting and when, its address; the last two for its staff alone."""
    return [_conflict_line(conflict) for conflict in found]


def _conflict_line(conflict: Conflict) -> tuple[str, str, str]:
    said, other = str(words.CONFLICTS[conflict.kind]), conflict.other
    if other is None or not can_see_other_meeting(current_actor(), other.path):
        return said, "", ""
    when = span(other.starts_at, other.ends_at, other.zone)
    return said, f"{other.title()}{_(', ')}{when}", f"/workspace/meetings/{other.id}/invitations/"
