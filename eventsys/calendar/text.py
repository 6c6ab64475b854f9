"""Which characters a text may carry into a calendar object.

icalendar escapes line breaks, commas and semicolons, but lets other control characters through. Some readers take
U+2028, U+000B and their like for the end of a content line; bidirectional controls make a line show what it does not
say.
"""

import re
from urllib.parse import quote

_BREAK = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_BLANK = re.compile(r"[ \t\n]+")
_URI = "%:/?#[]@!$&'()*+,;=-._~"
_UNQUOTABLE = str.maketrans("", "", '"^\\')


def paragraphs(text: str) -> str:
    """Clean a text of several lines: every line break becomes LF; C0, C1, bidirectional controls and surrogates go."""
    return _CONTROL.sub("", _BREAK.sub("\n", text)).strip()


def line(text: str) -> str:
    """Clean a text of one line: as `paragraphs`, and every run of blanks becomes one space."""
    return _BLANK.sub(" ", paragraphs(text))


def common_name(text: str) -> str:
    """Clean a name for the CN parameter, which cannot hold a double quote.

    "^" goes because it is an escape there (RFC 6868), the backslash because readers take it for one before ":" and ";".
    """
    return line(text.translate(_UNQUOTABLE))


def uri(text: str) -> str:
    """Clean a URI: nothing invisible and no blank stands in it, and what RFC 3986 does not allow is percent-encoded."""
    return quote(_BLANK.sub("", paragraphs(text)), safe=_URI)
