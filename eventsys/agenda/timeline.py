"""The agenda as a picture: each item as wide as it is long, with clock times below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from eventsys.agenda.models import AgendaKind
from eventsys.agenda.queries import TimedItem
from eventsys.core.formats import clock
from eventsys.meetings.models import Meeting

STEPS = (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)
MOST_TICKS = 9


@dataclass(frozen=True, slots=True)
class Bar:
    """One item: where it begins and how wide it is, in hundredths of the picture; `beyond` is past the end."""

    number: int
    at: float
    width: float
    beyond: bool
    is_break: bool
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A clock time below the picture; `anchor` keeps the first and the last inside it."""

    at: float
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole: bars, clock times, and where the meeting ends, in hundredths of the width."""

    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    end: float


def timeline(meeting: Meeting, items: Sequence[TimedItem]) -> Picture:
    """The picture of these items in their meeting: each as wide as it is long."""
    length = int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60
    width = max(length, sum(item.minutes for item in items), 1)
    return Picture(_bars(meeting, items, length, width), _ticks(meeting, width), _share(length, width))


def _bars(meeting: Meeting, items: Sequence[TimedItem], length: int, width: int) -> list[Bar]:
    bars, at = [], 0
    for item in items:
        words = f"{clock(item.starts_at, meeting.zone)}–{clock(item.ends_at, meeting.zone)} {item.title}"
        beyond, is_break = at + item.minutes > length, item.kind is AgendaKind.BREAK
        bars.append(Bar(item.number, _share(at, width), _share(item.minutes, width), beyond, is_break, words))
        at += item.minutes
    return bars


def _ticks(meeting: Meeting, width: int) -> list[Tick]:
    step = next((step for step in STEPS if width // step < MOST_TICKS), max(1440, width // 8))
    return [
        Tick(
            _share(at, width),
            clock(meeting.starts_at + timedelta(minutes=at), meeting.zone),
            "start" if at == 0 else "end" if width - at < step / 3 else "middle",
        )
        for at in range(0, width + 1, step)
    ]


def _share(minutes: int, width: int) -> float:
    return round(100 * minutes / width, 2)
