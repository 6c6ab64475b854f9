"""Numbers in words and digits: how many reported, how many people and organizations came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from eventsys.core.language import gettext as _
from eventsys.core.language import ngettext
from eventsys.notices.checks.finding import Finding, Kind, Looked
from eventsys.notices.queries.record import Record

NUMBERS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
DIGITS = "零一二三四五六七八九"
_ZH = r"(?P<number>\d{1,4}|[零一二两三四五六七八九十百]{1,6})"
_EN = rf"\b(?P<number>\d{{1,4}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
_FREE = r"[^，。；！？\n]"
CHINESE_REPORTS = re.compile(rf"{_ZH}\s*个(?={_FREE}{{0,24}}[位区县市门]){_FREE}{{0,24}}汇报")
ENGLISH_REPORTS = re.compile(
    rf"{_EN}\s+(?P<who>(?:[a-z-]+,?\s+){{1,7}}?)(?:reported|delivered|gave|presented)\b", re.IGNORECASE
)
ORGANIZATIONS = re.compile(r"organi[sz]ation|district|count(?:y|ies)|cit(?:y|ies)|unit|office", re.IGNORECASE)
CHINESE_PEOPLE = re.compile(rf"{_ZH}(?P<more>[余多]?)\s*(?:人|名|位)(?!次){_FREE}{{0,12}}(?:参加|出席|参会|与会)")
CHINESE_UNITS = re.compile(
    rf"{_ZH}(?P<more>[余多]?)\s*(?:家|个)(?:参会|与会)?单位{_FREE}{{0,12}}(?:参加|出席|参会|与会)"
)
ENGLISH_PEOPLE = re.compile(
    rf"(?P<more>more than |over |about |some )?{_EN}\s+(?:people|persons|officials|participants|delegates)\s+"
    r"(?:attended|took part|were present|participated)",
    re.IGNORECASE,
)
ENGLISH_UNITS = re.compile(
    rf"(?P<more>more than |over |about |some )?{_EN}\s+(?:organi[sz]ations|units|offices)\s+"
    r"(?:attended|took part|were present|participated)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Told:
    """A number that a text tells; `more` says that it is told as a lower bound."""

    field: str
    words: str
    number: int
    more: bool = False

    def fits(self, number: int) -> bool:
        return self.number <= number if self.more else self.number == number


def counts(looked: Looked, record: Record) -> Iterator[Finding]:
    """Numbers that are others on record; where the record has none, no number is wrong."""
    reports, people, units = len(record.reporters), len(record.present), len(record.present_units)
    for language in ("zh", "en"):
        zh = language == "zh"
        if reports:
            for told in _reports(looked, language):
                if not told.fits(reports):
                    yield _finding(told, _reported(told.words, reports))
        for number, pattern, say in (
            (people, CHINESE_PEOPLE if zh else ENGLISH_PEOPLE, _people),
            (units, CHINESE_UNITS if zh else ENGLISH_UNITS, _units),
        ):
            for told in _told(looked, language, pattern) if number else ():
                if not told.fits(number):
                    yield _finding(told, say(told.words, number))


def number_of(word: str) -> int:
    """`13`, `thirteen`, `十三`, `二十`, `两`, `一百二十`."""
    if word.isdigit():
        return int(word)
    if word.lower() in NUMBERS:
        return NUMBERS.index(word.lower()) + 1
    hundreds, hundred, rest = word.replace("两", "二").rpartition("百")
    number = 100 * max(1, DIGITS.find(hundreds[-1:] or "一")) if hundred else 0
    tens, ten, ones = rest.replace("零", "").partition("十")
    if not ten:
        return number + max(0, DIGITS.find(tens[:1] or "零"))
    return number + 10 * (DIGITS.find(tens[:1]) if tens else 1) + (DIGITS.find(ones[:1]) if ones else 0)


def _finding(told: Told, message: str) -> Finding:
    return Finding(Kind.COUNT, told.field, told.words, message)


def _reported(words: str, number: int) -> str:
    return ngettext(
        "The text says “%(words)s”; by the record %(num)s organization reported.",
        "The text says “%(words)s”; by the record %(num)s organizations reported.",
        number,
        words=words,
    )


def _people(words: str, number: int) -> str:
    return ngettext(
        "The text says “%(words)s”; by the record %(num)s person came.",
        "The text says “%(words)s”; by the record %(num)s people came.",
        number,
        words=words,
    )


def _units(words: str, number: int) -> str:
    return _("The text says “%(words)s”; by the record people of %(num)s organizations came.", words=words, num=number)


def _reports(looked: Looked, language: str) -> Iterator[Told]:
    pattern = CHINESE_REPORTS if language == "zh" else ENGLISH_REPORTS
    for passage in looked.of(language, "title", "body"):
        for found in pattern.finditer(passage.text):
            if language == "zh" or ORGANIZATIONS.search(found["who"]):
                yield Told(passage.field, found.group(), number_of(found["number"]))


def _told(looked: Looked, language: str, pattern: re.Pattern[str]) -> Iterator[Told]:
    for passage in looked.of(language, "title", "body", "attended"):
        for found in pattern.finditer(passage.text):
            yield Told(passage.field, found.group(), number_of(found["number"]), bool(found["more"]))
