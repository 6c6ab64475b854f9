"""What a reader sees of a page, and how much of it two pages share."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

UNSEEN = frozenset({"style", "script", "title", "template"})
WORDS = re.compile(r"[a-z0-9@.:–+-]+|[^\W\d_]", re.IGNORECASE)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in UNSEEN

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in UNSEEN

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)


def seen(page: str) -> Counter[str]:
    """The words of a page and its Chinese characters, each with how often it stands there; a calendar's lines."""
    if page.startswith("BEGIN:VCALENDAR"):
        return Counter(line for line in page.splitlines() if line.startswith(("UID:", "SUMMARY", "DTSTART", "DTEND")))
    text = _Text()
    text.feed(page)
    return Counter(WORDS.findall(" ".join(text.parts)))


def shared(one: str, other: str) -> float:
    """The part of all words on either page that stands on both, 0 to 1."""
    first, second = seen(one), seen(other)
    either = sum((first | second).values())
    return sum((first & second).values()) / either if either else 1.0
