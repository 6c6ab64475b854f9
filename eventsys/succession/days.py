"""Days on a post: spans from one day to another, both included, joined where they overlap. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Span:
    """From one day to another; open where `ends_on` is None."""

    starts_on: date
    ends_on: date | None

    def holds(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same days in as few spans as can be, the earliest first."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda each: each.starts_on):
        if found and found[-1].holds(span.starts_on):
            last = found.pop()
            open_end = last.ends_on is None or span.ends_on is None
            ends_on = None if open_end else max(last.ends_on or date.min, span.ends_on or date.min)
            found.append(Span(last.starts_on, ends_on))
        else:
            found.append(span)
    return found
