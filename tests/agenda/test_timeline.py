"""The agenda as a picture."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from eventsys.agenda.models import AgendaKind
from eventsys.agenda.queries import timed_items
from eventsys.agenda.timeline import Bar, timeline
from eventsys.core.language import use_language
from tests import factories
from tests.agenda.samples import item
from tests.meetings.samples import START, office, organizer


def test_each_item_is_as_wide_as_it_is_long(app: Flask) -> None:
    meeting = factories.meeting(office(), starts_at=START)
    by = organizer(meeting.convener)
    item(meeting, by, "学习", 60)
    item(meeting, by, "休息", 30, kind=AgendaKind.BREAK)
    with use_language("zh"):
        picture = timeline(meeting, timed_items(meeting))
    assert picture.bars == [
        Bar(1, 0.0, 50.0, False, False, "9:00–10:00 学习"),
        Bar(2, 50.0, 25.0, False, True, "10:00–10:30 休息"),
    ]
    assert picture.end == 100.0
    assert [(tick.at, tick.label, tick.anchor) for tick in picture.ticks] == [
        (0.0, "9:00", "start"),
        (12.5, "9:15", "middle"),
        (25.0, "9:30", "middle"),
        (37.5, "9:45", "middle"),
        (50.0, "10:00", "middle"),
        (62.5, "10:15", "middle"),
        (75.0, "10:30", "middle"),
        (87.5, "10:45", "middle"),
        (100.0, "11:00", "end"),
    ]


def test_what_goes_beyond_the_end_is_marked(app: Flask) -> None:
    meeting = factories.meeting(office(), starts_at=START, ends_at=START + timedelta(hours=1))
    by = organizer(meeting.convener)
    for minutes in (50, 50):
        item(meeting, by, "学习", minutes)
    picture = timeline(meeting, timed_items(meeting))
    assert ([bar.beyond for bar in picture.bars], picture.end) == ([False, True], 60.0)


@pytest.mark.parametrize("days", [1, 3, 31])
def test_long_meetings_have_few_clock_times(app: Flask, days: int) -> None:
    meeting = factories.meeting(office(), starts_at=START, ends_at=START + timedelta(days=days))
    assert len(timeline(meeting, []).ticks) <= 9
