"""The text of a notice as it is saved: cleaned, and with the words that it is found by."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from eventsys.core.search_text import index_text
from eventsys.rendering.richtext import is_blank, plain_text, safe_html

SEARCHED = 12_000


@dataclass(frozen=True, slots=True)
class NoticeText:
    """Everything that an editor writes. The bodies become safe HTML here, before a unit of work is open."""

    title_zh: str = ""
    title_en: str = ""
    body_zh: str = ""
    body_en: str = ""
    author_zh: str = ""
    author_en: str = ""
    department_zh: str = ""
    department_en: str = ""
    attended_zh: str = ""
    attended_en: str = ""
    correction_zh: str = ""
    correction_en: str = ""
    search_text: str = field(init=False, default="")

    def __post_init__(self) -> None:
        for name in ("body_zh", "body_en"):
            html = getattr(self, name)
            object.__setattr__(self, name, "" if is_blank(html) else safe_html(html))
        object.__setattr__(self, "search_text", self._words())

    @classmethod
    def of(cls, row: Any, **changes: str) -> Self:
        """The text of a saved version, with some parts changed."""
        return cls(**{name: getattr(row, name) or "" for name in WRITTEN} | changes)

    def columns(self) -> dict[str, str]:
        """The values of a version's columns."""
        return asdict(self)

    def _words(self) -> str:
        bodies = (plain_text(body)[:SEARCHED] for body in (self.body_zh, self.body_en))
        bylines = (self.author_zh, self.author_en, self.department_zh, self.department_en)
        return index_text(self.title_zh, self.title_en, *bodies, *bylines, self.attended_zh, self.attended_en)


WRITTEN = tuple(name for name in NoticeText.__dataclass_fields__ if name != "search_text")
