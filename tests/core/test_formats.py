"""Dates and numbers in both languages, as the pictures write them."""

from datetime import UTC, datetime

import pytest

from eventsys.core import formats
from eventsys.core.language import use_language

SHANGHAI = "Asia/Shanghai"
START = datetime(2024, 8, 22, 1, 0, tzinfo=UTC)
END = datetime(2024, 8, 22, 3, 30, tzinfo=UTC)
NEXT_DAY = datetime(2024, 8, 23, 3, 30, tzinfo=UTC)
NEXT_YEAR = datetime(2025, 1, 1, 1, 0, tzinfo=UTC)
DEADLINE = datetime(2024, 8, 19, 9, 0, tzinfo=UTC)


def both(function, *args) -> tuple[str, str]:
    texts = []
    for language in ("zh", "en"):
        with use_language(language):
            texts.append(function(*args))
    return texts[0], texts[1]


@pytest.mark.parametrize(
    ("function", "args", "zh", "en"),
    [
        (formats.day, (START, SHANGHAI), "8月22日（周四）", "Thu 22 Aug"),
        (formats.day, (START, SHANGHAI, END), "8月22日（周四）", "Thu 22 Aug"),
        (formats.day, (START, SHANGHAI, NEXT_YEAR), "2024年8月22日（周四）", "Thu 22 Aug 2024"),
        (formats.day_full, (START, SHANGHAI), "2024年8月22日（周四）", "Thursday 22 August 2024"),
        (formats.date_short, (START, SHANGHAI), "2024年8月22日", "22 August 2024"),
        (formats.clock, (START, SHANGHAI), "9:00", "09:00"),
        (formats.clock, (START, "Europe/Berlin"), "3:00", "03:00"),
        (formats.moment, (DEADLINE, SHANGHAI), "8月19日 17:00", "Mon 19 Aug, 17:00"),
        (formats.moment, (DEADLINE, SHANGHAI, NEXT_YEAR), "2024年8月19日 17:00", "Mon 19 Aug 2024, 17:00"),
        (formats.span, (START, END, SHANGHAI), "8月22日（周四）9:00–11:30", "Thu 22 Aug, 09:00–11:30"),
        (
            formats.span,
            (START, END, SHANGHAI, NEXT_YEAR),
            "2024年8月22日（周四）9:00–11:30",
            "Thu 22 Aug 2024, 09:00–11:30",
        ),
        (
            formats.span,
            (START, NEXT_DAY, SHANGHAI),
            "8月22日（周四）9:00至8月23日（周五）11:30",
            "Thu 22 Aug, 09:00 – Fri 23 Aug, 11:30",
        ),
        (
            formats.span,
            (START, NEXT_YEAR, SHANGHAI),
            "2024年8月22日（周四）9:00至2025年1月1日（周三）9:00",
            "Thu 22 Aug 2024, 09:00 – Wed 1 Jan 2025, 09:00",
        ),
        (formats.zone_name, (SHANGHAI, START), "北京时间（UTC+8）", "China Standard Time (UTC+8)"),
        (formats.zone_name, ("Asia/Kathmandu", START), "尼泊尔时间（UTC+5:45）", "Nepal Time (UTC+5:45)"),
        (
            formats.zone_name,
            ("America/Sao_Paulo", START),
            "巴西利亚标准时间（UTC−3）",
            "Brasilia Standard Time (UTC−3)",
        ),
        (formats.zone_name, ("Europe/London", START), "英国夏令时间（UTC+1）", "British Summer Time (UTC+1)"),
        (formats.zone_name, ("Etc/GMT+3", START), "UTC−3", "UTC−3"),
        (formats.zone_name, ("UTC", START), "协调世界时（UTC）", "Coordinated Universal Time (UTC)"),
        (formats.number, (12345,), "12,345", "12,345"),
        (formats.count_days, (1,), "1天", "1 day"),
        (formats.count_days, (3,), "3天", "3 days"),
        (formats.due_in, (START, DEADLINE), "还有2天", "in 2 days"),
        (formats.due_in, (END, START), "还有2小时", "in 2 hours"),
        (formats.due_in, (START, START), "还有1分钟", "in 1 minute"),
        (formats.due_in, (DEADLINE, START), "2天前", "2 days ago"),
    ],
)
def test_each_language_writes_its_own(function, args, zh, en):
    assert both(function, *args) == (zh, en)


def test_the_day_is_that_of_the_zone():
    late = datetime(2024, 12, 31, 17, 0, tzinfo=UTC)
    assert both(formats.date_short, late, SHANGHAI) == ("2025年1月1日", "1 January 2025")
    assert both(formats.date_short, late, "UTC") == ("2024年12月31日", "31 December 2024")


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        formats.day(datetime(2024, 8, 22, 9, 0), SHANGHAI)  # noqa: DTZ001
