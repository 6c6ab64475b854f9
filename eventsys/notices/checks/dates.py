"""Days and weekdays: the date of the first sentences against the record, and weekdays that do not fit their dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from eventsys.core.clock import to_local
from eventsys.core.formats import day_full
from eventsys.core.language import gettext as _
from eventsys.meetings.models import Meeting
from eventsys.notices.checks.finding import Finding, Kind, Looked, Passage

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

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


@dataclass(frozen=True, slots=True)
class Mention:
    """A date in a text: its words, the day meant (None for one that does not exist), the weekday named (0 Monday)."""

    field: str
    words: str
    day: date | None
    weekday: int | None


def dates(looked: Looked, meeting: Meeting) -> Iterator[Finding]:
    """The first sentences (title and first paragraph) against the day of the meeting; then every weekday."""
    for language in ("zh", "en"):
        first = next(looked.of(language, "body"), None)
        lead = [*looked.of(language, "title"), *([first] if first else [])]
        yield from _days_told(list(_mentions(lead, language, meeting)), meeting)
        yield from _weekdays(_mentions(list(looked.of(language, "title", "body")), language, meeting))


def _days_told(mentions: Sequence[Mention], meeting: Meeting) -> Iterator[Finding]:
    days = _days(meeting)
    if not mentions or any(mention.day in days for mention in mentions):
        return
    message = _(
        "The text says “%(words)s”; by the record the meeting was on %(day)s.",
        words=mentions[0].words,
        day=day_full(meeting.starts_at, meeting.zone),
    )
    yield Finding(Kind.DATE, mentions[0].field, mentions[0].words, message)


def _weekdays(mentions: Iterator[Mention]) -> Iterator[Finding]:
    for mention in mentions:
        if mention.day is not None and mention.weekday is not None and mention.day.weekday() != mention.weekday:
            message = _("The text says “%(words)s”; that day is another weekday.", words=mention.words)
            yield Finding(Kind.WEEKDAY, mention.field, mention.words, message)


def _days(meeting: Meeting) -> set[date]:
    first = to_local(meeting.starts_at, meeting.zone).date()
    last = to_local(meeting.ends_at, meeting.zone).date()
    return {first + timedelta(days=number) for number in range((last - first).days + 1)}


def _mentions(passages: Sequence[Passage], language: str, meeting: Meeting) -> Iterator[Mention]:
    """The dates of a text in its order; a date without a year is of the meeting's."""
    patterns = (CHINESE_DATE,) if language == "zh" else ENGLISH_DATES
    year = to_local(meeting.starts_at, meeting.zone).year
    for passage in passages:
        matches = [match for pattern in patterns for match in pattern.finditer(passage.text)]
        for match in sorted(matches, key=lambda match: match.start()):
            yield Mention(passage.field, match.group().strip(), _day(match, year), _weekday(match["weekday"]))


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
