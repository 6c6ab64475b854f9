"""What changed between two published texts, paragraph by paragraph, as words kept, left out and put in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from eventsys.rendering.richtext import plain_text

WORDS = re.compile(r"[a-zA-Z0-9\u00c0-\u024f’'-]+|\s+|.", re.DOTALL)
MOST_WORDS = 1500
KEPT, LEFT_OUT, PUT_IN = "kept", "left_out", "put_in"


@dataclass(frozen=True, slots=True)
class Change:
    """One paragraph that differs: (kind, words) pieces in the order of reading."""

    pieces: tuple[tuple[str, str], ...]


def changes(old: str, new: str) -> list[Change]:
    """The paragraphs in which two safe HTML texts differ; [] when they say the same."""
    before, after = _paragraphs(old), _paragraphs(new)
    return [
        change
        for act, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        if act != "equal"
        for change in _changed(before[a:b], after[c:d])
    ]


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    for number in range(max(len(before), len(after))):
        one = before[number] if number < len(before) else ""
        other = after[number] if number < len(after) else ""
        yield Change(tuple(_pieces(one, other)))


def _pieces(old: str, new: str) -> Iterator[tuple[str, str]]:
    before, after = WORDS.findall(old), WORDS.findall(new)
    if not before or not after or max(len(before), len(after)) > MOST_WORDS:
        yield from ((kind, text) for kind, text in ((LEFT_OUT, old), (PUT_IN, new)) if text)
        return
    for act, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if act == "equal":
            yield KEPT, "".join(before[a:b])
            continue
        yield from ((k, "".join(part)) for k, part in ((LEFT_OUT, before[a:b]), (PUT_IN, after[c:d])) if part)


def _paragraphs(html: str) -> list[str]:
    return [part for part in plain_text(html).split("\n\n") if part]
