"""Dates, times and numbers as each language writes them.

All moments are aware datetimes (UTC); `zone` is an IANA name. The language is the current one. The formatted text is
cached by moment, zone, pattern and language, because formatting is dear (a hundred times a look-up).
`now`, where a function takes it, adds the year to a date that is not of the year of `now`.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, get_timezone_name
from babel.numbers import format_decimal

from eventsys.core.language import LOCALES, current_language, gettext, ngettext

PATTERNS = {
    "day": {"zh": "M月d日（EEE）", "en": "EEE d MMM"},
    "day_year": {"zh": "y年M月d日（EEE）", "en": "EEE d MMM y"},
    "day_full": {"zh": "y年M月d日（EEE）", "en": "EEEE d MMMM y"},
    "date_short": {"zh": "y年M月d日", "en": "d MMMM y"},
    "clock": {"zh": "H:mm", "en": "HH:mm"},
    "moment": {"zh": "M月d日 H:mm", "en": "EEE d MMM, HH:mm"},
    "moment_year": {"zh": "y年M月d日 H:mm", "en": "EEE d MMM y, HH:mm"},
    "day_clock": {"zh": "M月d日（EEE）H:mm", "en": "EEE d MMM, HH:mm"},
    "month": {"zh": "M月", "en": "MMM"},
    "month_year": {"zh": "y年M月", "en": "MMMM y"},
    "day_of_month": {"zh": "d", "en": "d"},
    "weekday": {"zh": "EEE", "en": "EEE"},
    "weekday_name": {"zh": "EEEE", "en": "EEEE"},
    "day_clock_year": {"zh": "y年M月d日（EEE）H:mm", "en": "EEE d MMM y, HH:mm"},
}
CUSTOMARY_ZONE_NAMES = {"中国标准时间": "北京时间"}

MINUTE, HOUR, DAY = 60, 3600, 86400


@lru_cache(maxsize=16384)
def _format(at: datetime, zone: str, pattern: str, language: str) -> str:
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return format_datetime(at, PATTERNS[pattern][language], tzinfo=ZoneInfo(zone), locale=LOCALES[language])


def _with_year(at: datetime, zone: str, now: datetime | None) -> str:
    """The suffix of the pattern that says the year, where it must be said."""
    if now is None:
        return ""
    there = ZoneInfo(zone)
    return "" if at.astimezone(there).year == now.astimezone(there).year else "_year"


def day(at: datetime, zone: str, now: datetime | None = None) -> str:
    """`8月22日（周四）`, `Thu 22 Aug`."""
    return _format(at, zone, "day" + _with_year(at, zone, now), current_language())


def day_full(at: datetime, zone: str) -> str:
    """`2024年8月22日（周四）`, `Thursday 22 August 2024`."""
    return _format(at, zone, "day_full", current_language())


def weekday_name(at: datetime, zone: str) -> str:
    """`星期四`, `Thursday`."""
    return _format(at, zone, "weekday_name", current_language())


def month(at: datetime, zone: str) -> str:
    """`2024年8月`, `August 2024`."""
    return _format(at, zone, "month_year", current_language())


def leaf(at: datetime, zone: str) -> tuple[str, str, str]:
    """Month, day and weekday for a calendar leaf: `8月`, `22`, `周四`; `Aug`, `22`, `Thu`."""
    language = current_language()
    return (
        _format(at, zone, "month", language),
        _format(at, zone, "day_of_month", language),
        _format(at, zone, "weekday", language),
    )


def date_short(at: datetime, zone: str) -> str:
    """`2024年8月30日`, `30 August 2024`."""
    return _format(at, zone, "date_short", current_language())


def clock(at: datetime, zone: str) -> str:
    """`9:00`, `09:00`."""
    return _format(at, zone, "clock", current_language())


def moment(at: datetime, zone: str, now: datetime | None = None) -> str:
    """`8月19日 17:00`, `Mon 19 Aug, 17:00`."""
    return _format(at, zone, "moment" + _with_year(at, zone, now), current_language())


def span(start: datetime, end: datetime, zone: str, now: datetime | None = None) -> str:
    """`8月22日（周四）9:00–11:30`, `Thu 22 Aug, 09:00–11:30`; both days where they differ."""
    return _span(start, end, zone, _with_year(start, zone, now) or _with_year(end, zone, now), current_language())


@lru_cache(maxsize=4096)
def _span(start: datetime, end: datetime, zone: str, year: str, language: str) -> str:
    there = ZoneInfo(zone)
    first, last = start.astimezone(there), end.astimezone(there)
    if first.year != last.year:
        year = "_year"
    begin = _format(start, zone, "day_clock" + year, language)
    if first.date() == last.date():
        return begin + "–" + _format(end, zone, "clock", language)
    finish = _format(end, zone, "day_clock" + year, language)
    return f"{begin}至{finish}" if language == "zh" else f"{begin} – {finish}"


def zone_name(zone: str, at: datetime) -> str:
    """`北京时间（UTC+8）`, `China Standard Time (UTC+8)`: the zone in words, with its offset at that moment."""
    return _zone_name(zone, at, current_language())


@lru_cache(maxsize=1024)
def _zone_name(zone: str, at: datetime, language: str) -> str:
    there = at.astimezone(ZoneInfo(zone))
    offset = _offset(there)
    words = _zone_words(zone, there, LOCALES[language])
    if not words:
        return offset
    return f"{words}（{offset}）" if language == "zh" else f"{words} ({offset})"


def _zone_words(zone: str, there: datetime, locale: str) -> str:
    """The zone's own name at that moment, else that of its place, "" for a bare offset."""
    words = get_timezone_name(there, locale=locale)
    if words.startswith(("GMT+", "GMT-")):
        words = "" if zone.startswith("Etc/") else get_timezone_name(ZoneInfo(zone), locale=locale)
    return CUSTOMARY_ZONE_NAMES.get(words, words)


def _offset(there: datetime) -> str:
    """`UTC`, `UTC+8`, `UTC+5:45`, `UTC−3`, with a real minus sign."""
    minutes = int((there.utcoffset() or timedelta()).total_seconds()) // MINUTE
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


def number(value: float) -> str:
    """`1,234` and `2.5`, grouped as the language does."""
    return format_decimal(value, locale=LOCALES[current_language()])


def count_days(days: int) -> str:
    """`3天`, `3 days`, `1 day`."""
    return ngettext("%(num)s day", "%(num)s days", days)


def due_in(at: datetime, now: datetime) -> str:
    """`还有3天`, `in 3 days` for what is to come, `3天前`, `3 days ago` for what is past; whole units, rounded down."""
    seconds = int((at - now).total_seconds())
    if seconds < 0:
        return gettext("%(time)s ago", time=_duration(-seconds))
    return gettext("in %(time)s", time=_duration(seconds))


def _duration(seconds: int) -> str:
    if seconds >= DAY:
        return count_days(seconds // DAY)
    if seconds >= HOUR:
        return ngettext("%(num)s hour", "%(num)s hours", seconds // HOUR)
    return ngettext("%(num)s minute", "%(num)s minutes", max(1, seconds // MINUTE))
