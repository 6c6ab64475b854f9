"""One cell into the text that is kept: checked, in one form, or refused with the reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.text import CONTROLS, HALVES, TextRefused, clean_block, clean_line
from eventsys.directory.operations import checked_email, checked_phone
from eventsys.directory.operations.facts import EARLIEST, LATEST
from eventsys.exchange.columns import Column, Form, choice_of
from eventsys.exchange.findings import Finding, noted, refusal_of, refused
from eventsys.exchange.reading.rows import Broken, Formula, Raw

FIRST_SERIAL, LAST_SERIAL = 1, 109_939  # 1 January 1900 and 31 December 2200, as spreadsheets count days
SERIAL = re.compile(r"[1-9][0-9]{3,5}(?:\.0+)?")
COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
WRITTEN = re.compile(
    r"([0-9]{4})\s*(?:[-/.年])\s*([0-9]{1,2})\s*(?:[-/.月])\s*([0-9]{1,2})\s*日?(?:[T\s]+0{1,2}:00(?::00(?:\.0+)?)?)?"
)
CHINESE_DIGITS = "〇零一二三四五六七八九"
CHINESE = re.compile(
    r"([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]?"
)
MOBILE = re.compile(r"1[0-9]{10}")
MARK = re.compile(r"[^\s,;，；、]{1,40}")
CUT = re.compile(r"[,;，；、\s]+")
LONGEST_KEPT = 5000
DAMAGE = "\ufffd"
LARGEST_NUMBER = 2**31 - 1

Taken = tuple[str, Finding | None]


def taken(column: Column, raw: Raw) -> Taken:
    """The text of a cell in its one form and what was found about it; a refused cell keeps its text as it was."""
    if raw is None:
        return "", None
    if isinstance(raw, Formula):
        return kept(raw.text), refused(
            column.key, lambda: _("The cell holds a formula. Replace it by its value (paste as values).")
        )
    if isinstance(raw, Broken):
        return raw.text, refused(
            column.key, lambda: _("The cell holds an error (%(text)s). Fill it in.", text=raw.text)
        )
    if column.form is Form.DAY:
        return _day(column, raw)
    text = as_text(raw)
    try:
        text = _clean(column, text)
        return _shaped(column, text, raw)
    except (DomainError, TextRefused):
        return kept(text), refusal_of(column.key, lambda: _shaped(column, _clean(column, text), raw))


def as_text(raw: Raw) -> str:
    """The cell as somebody reads it: whole numbers without a point, days as ISO."""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else repr(raw)
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(" ")
    if isinstance(raw, date | time | timedelta):
        return str(raw)
    return "" if raw is None else raw.text if isinstance(raw, Formula | Broken) else str(raw)


def kept(text: str) -> str:
    """A text as it was, with a mark for each character that no database and no file takes; at most a cell of it."""
    return HALVES.sub(DAMAGE, CONTROLS.sub(DAMAGE, text))[:LONGEST_KEPT]


def day_of(text: str) -> date | None:
    """The day that a text names: ISO, with slashes or points, in Chinese, compact, or as a spreadsheet's number."""
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        found = COMPACT.fullmatch(plain) or WRITTEN.fullmatch(plain)
        if found:
            return date(*(int(part) for part in found.groups()))
        chinese = CHINESE.fullmatch(text.strip())
        if chinese:
            year = int("".join(str(max(0, CHINESE_DIGITS.index(each) - 1)) for each in chinese[1]))
            return date(year, _chinese_number(chinese[2]), _chinese_number(chinese[3]))
    except ValueError:
        return None
    return _of_serial(float(plain)) if SERIAL.fullmatch(plain) else None


def _clean(column: Column, text: str) -> str:
    if column.form is Form.BLOCK:
        return clean_block(text, column.limit)
    if column.form in {Form.LINE, Form.TOLD}:
        return clean_line(text, column.limit)
    return clean_line(unicodedata.normalize("NFKC", clean_line(text, column.limit)), column.limit)


def _shaped(column: Column, text: str, raw: Raw) -> Taken:
    """The cleaned text checked by its form. Raises `DomainError`."""
    if not text:
        return "", None
    return _SHAPES.get(column.form, _as_it_is)(column, text, raw)


def _as_it_is(_column: Column, text: str, _raw: Raw) -> Taken:
    return text, None


def _email(_column: Column, text: str, _raw: Raw) -> Taken:
    return _checked_email(text), None


@lru_cache(maxsize=1024)
def _checked_email(text: str) -> str:
    return checked_email(text)


def _phone(column: Column, text: str, raw: Raw) -> Taken:
    phone = checked_phone(text)
    if isinstance(raw, int | float) and not MOBILE.fullmatch(phone):
        return phone, noted(
            column.key,
            lambda: _("The cell is a number, so a zero at its beginning may be missing. Format the cell as text."),
        )
    return phone, None


def _choice(column: Column, text: str, _raw: Raw) -> Taken:
    found = choice_of(column, text)
    if found is None:
        words = ", ".join(str(label) for label in column.choices.values())
        raise DomainError(_("“%(text)s” is none of: %(words)s.", text=text[:60], words=words))
    return found, None


def _code(_column: Column, text: str, _raw: Raw) -> Taken:
    if not MARK.fullmatch(text):
        raise DomainError(_("Write a number, or a mark of your own without spaces and commas, such as N1."))
    if text.isdigit() and not text.isdecimal():
        raise DomainError(_("No record has the number %(number)s.", number=text))
    return (_number(text) if text.isdigit() else text), None


def _codes(_column: Column, text: str, _raw: Raw) -> Taken:
    parts = [part for part in CUT.split(text) if part]
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise DomainError(_("Write numbers parted by commas, such as 12, 31."))
    return ", ".join(_number(part) for part in parts), None


def _number(text: str) -> str:
    number = int(text)
    if not 0 < number <= LARGEST_NUMBER:
        raise DomainError(_("No record has the number %(number)s.", number=text))
    return str(number)


_SHAPES: dict[Form, Callable[[Column, str, Raw], Taken]] = {
    Form.EMAIL: _email,
    Form.PHONE: _phone,
    Form.CHOICE: _choice,
    Form.CODE: _code,
    Form.CODES: _codes,
}


def _day(column: Column, raw: Raw) -> Taken:
    text = as_text(raw).strip()
    if not text:
        return "", None
    if isinstance(raw, datetime):
        found = raw.date() if raw.time() == time() else None
    elif isinstance(raw, date):
        found = raw
    else:
        found = day_of(text)
    if found is None:
        return kept(text), refused(column.key, lambda: _("Write the day as year, month and day, like 2024-08-22."))
    if not EARLIEST <= found <= LATEST:
        return text, refused(column.key, lambda: _("Choose a day between 1900 and 2200."))
    return found.isoformat(), None


def _of_serial(number: float) -> date | None:
    """The day of a spreadsheet's number (1 = 1 January 1900; 60, a day that never was, is none)."""
    if not FIRST_SERIAL <= number <= LAST_SERIAL or number == 60:
        return None
    return date(1899, 12, 31 if number < 60 else 30) + timedelta(days=int(number))


def _chinese_number(text: str) -> int:
    """1 to 31 in Chinese: 八, 十, 十二, 二十, 三十一. Raises `ValueError`."""
    tens, ten, ones = text.partition("十")
    if not ten:
        tens, ones = "", tens
        return CHINESE_DIGITS.index(ones) - 1
    return (CHINESE_DIGITS.index(tens) - 1 if tens else 1) * 10 + (CHINESE_DIGITS.index(ones) - 1 if ones else 0)
