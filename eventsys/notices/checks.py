"""Where a text contradicts the record: simple, honest checks whose findings are shown to whoever passes it on.

Only three things are looked at: the date of the first sentences, weekdays that do not fit their dates, and how many
organizations reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from eventsys.core.clock import to_local
from eventsys.core.formats import day_full
from eventsys.core.language import gettext as _
from eventsys.core.language import ngettext
from eventsys.meetings.models import Meeting
from eventsys.notices.queries.record import reporters
from eventsys.rendering.richtext import plain_text

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NUMBERS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
DIGITS = "零一二三四五六七八九"

_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in MONTHS)
_WEEKDAY = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in DAYS)
CHINESE_DATE = re.compile(
    r"(?:(?P<year>\d{4})\s*年\s*)?(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日"
    r"(?:\s*[（(]?\s*(?:周|星期)(?P<weekday>[一二三四五六日天]))?"
)
ENGLISH_DATES = (
    re.compile(
        rf"(?:\b(?P<weekday>{_WEEKDAY}),?\s+)?\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month>{_MONTH})\b"
        r"(?:,?\s+(?P<year>\d{4}))?"
    ),
    re.compile(
        rf"(?:\b(?P<weekday>{_WEEKDAY}),?\s+)?\b(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b"
        r"(?:,?\s+(?P<year>\d{4}))?"
    ),
)
CHINESE_REPORTS = re.compile(
    r"(?P<number>\d{1,3}|[零一二两三四五六七八九十]{1,4})\s*个(?=[^，。；！？\n]{0,24}[位区县市门])[^，。；！？\n]{0,24}汇报"
)
ENGLISH_REPORTS = re.compile(
    rf"\b(?P<number>\d{{1,3}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})\s+"
    r"(?P<who>(?:[a-z-]+,?\s+){1,7}?)(?:reported|delivered|gave|presented)\b",
    re.IGNORECASE,
)
ORGANIZATIONS = re.compile(r"organi[sz]ation|district|count(?:y|ies)|cit(?:y|ies)|unit|office", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A date in a text: its words, the day meant (None for one that does not exist), the weekday named (0 Monday)."""

    words: str
    day: date | None
    weekday: int | None


def contradictions(texts: dict[str, tuple[str, str]], meeting: Meeting) -> list[str]:
    """What the texts (`language: (title, safe HTML)`) say otherwise than the record, in the current language."""
    found: list[str] = []
    number = len(reporters(meeting))
    for language, (title, body) in texts.items():
        words = plain_text(body)
        lead = f"{title}\n{words.split(chr(10) * 2, 1)[0]}"
        found += _dates(list(_mentions(lead, language, meeting)), meeting)
        found += _weekdays(_mentions(f"{title}\n{words}", language, meeting))
        found += _reports(words, language, number)
    return list(dict.fromkeys(found))


def _dates(mentions: list[Mention], meeting: Meeting) -> list[str]:
    days = _days(meeting)
    if not mentions or any(mention.day in days for mention in mentions):
        return []
    return [
        _(
            "The text says “%(words)s”; by the record the meeting was on %(day)s.",
            words=mentions[0].words,
            day=day_full(meeting.starts_at, meeting.zone),
        )
    ]


def _weekdays(mentions: Iterator[Mention]) -> list[str]:
    return [
        _("The text says “%(words)s”; that day is another weekday.", words=mention.words)
        for mention in mentions
        if mention.day is not None and mention.weekday is not None and mention.day.weekday() != mention.weekday
    ]


def _reports(words: str, language: str, number: int) -> list[str]:
    if not number:
        return []
    return [
        ngettext(
            "The text says “%(words)s”; by the record %(num)s organization reported.",
            "The text says “%(words)s”; by the record %(num)s organizations reported.",
            number,
            words=said,
        )
        for said, told in _told(words, language)
        if told != number
    ]


def _told(words: str, language: str) -> Iterator[tuple[str, int]]:
    pattern = CHINESE_REPORTS if language == "zh" else ENGLISH_REPORTS
    for found in pattern.finditer(words):
        if language == "en" and not ORGANIZATIONS.search(found["who"]):
            continue
        yield " ".join(found.group().split()), _number(found["number"])


def _days(meeting: Meeting) -> set[date]:
    first = to_local(meeting.starts_at, meeting.zone).date()
    last = to_local(meeting.ends_at, meeting.zone).date()
    return {first + timedelta(days=number) for number in range((last - first).days + 1)}


def _mentions(text: str, language: str, meeting: Meeting) -> Iterator[Mention]:
    """The dates of a text in its order; a date without a year is of the meeting's."""
    patterns = (CHINESE_DATE,) if language == "zh" else ENGLISH_DATES
    found = sorted((match for pattern in patterns for match in pattern.finditer(text)), key=lambda match: match.start())
    year = to_local(meeting.starts_at, meeting.zone).year
    for match in found:
        yield Mention(match.group().strip(), _day(match, year), _weekday(match["weekday"]))


def _day(match: re.Match[str], year: int) -> date | None:
    month = match["month"]
    number = int(month) if month.isdigit() else 1 + [name[:3] for name in MONTHS].index(month[:3])
    try:
        return date(int(match["year"] or year), number, int(match["day"]))
    except ValueError:
        return None


def _weekday(word: str | None) -> int | None:
    if not word:
        return None
    return "一二三四五六日".find(word.replace("天", "日")) if len(word) == 1 else [d[:3] for d in DAYS].index(word[:3])


def _number(word: str) -> int:
    """`13`, `thirteen`, `十三`, `二十`, `两`."""
    if word.isdigit():
        return int(word)
    if word.lower() in NUMBERS:
        return NUMBERS.index(word.lower()) + 1
    tens, ten, ones = word.replace("两", "二").partition("十")
    if not ten:
        return max(0, DIGITS.find(tens[:1]))
    return 10 * (DIGITS.find(tens[:1]) if tens else 1) + (DIGITS.find(ones[:1]) if ones else 0)
