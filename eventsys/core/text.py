"""Text that people type: refused when it could deceive a reader or break a file, else brought into one form.

Refused are control characters (C0, C1, NUL, line and paragraph separators, non-characters), characters that change the
reading direction (Unicode TR36 section 2.9), halves of characters (lone surrogates) and over-long text. Markup is not
looked at: it is shown as text everywhere.
"""

import re
import unicodedata

from eventsys.core.language import gettext as _
from eventsys.core.names import romanized

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]")
DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
HALVES = re.compile("[\ud800-\udfff]")
INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
NEWLINES = re.compile("\r\n?")
TRAILING = re.compile(r"[^\S\n]+(?=\n)")
WORDS = re.compile(r"[a-z0-9]+")


class TextRefused(ValueError):
    """A text that cannot be taken; `reason` says why and what to do, in the language of the moment."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def clean_line(text: str, limit: int) -> str:
    """One line in NFC without spaces at its ends, at most `limit` characters; raises `TextRefused`."""
    line = _cleaned(text).strip()
    if "\n" in line:
        raise TextRefused(_("Write this on one line."))
    return _bounded(line, limit)


def clean_block(text: str, limit: int) -> str:
    r"""Lines parted by `\n` in NFC without spaces at their ends, at most `limit` characters; raises `TextRefused`."""
    return _bounded(TRAILING.sub("", _cleaned(text).strip()), limit)


def _cleaned(text: str) -> str:
    """The text in NFC with plain newlines, tabs as spaces, and without what has no width."""
    _refuse(HALVES, text, _("Character %(position)s is damaged. Delete it or type it again."))
    _refuse(CONTROLS, text, _("Character %(position)s is an invisible control character. Delete it or type the text."))
    _refuse(DIRECTIONS, text, _("Character %(position)s changes the reading direction. Delete it or type the text."))
    return unicodedata.normalize("NFC", INVISIBLE.sub("", NEWLINES.sub("\n", text).replace("\t", " ")))


def _refuse(pattern: re.Pattern[str], text: str, reason: str) -> None:
    found = pattern.search(text)
    if found:
        raise TextRefused(reason % {"position": found.start() + 1})


def _bounded(text: str, limit: int) -> str:
    if len(text) > limit:
        raise TextRefused(
            _("This is %(length)s characters long; at most %(limit)s are possible.", length=len(text), limit=limit)
        )
    return text


def slug(text: str, limit: int = 60) -> str:
    """ASCII words for an address: those of an English title, the pinyin of a Chinese one; whole words, never empty."""
    words = WORDS.findall(romanized(text))
    kept = words[0][:limit] if words else "untitled"
    for word in words[1:]:
        if len(kept) + 1 + len(word) > limit:
            break
        kept += "-" + word
    return kept
