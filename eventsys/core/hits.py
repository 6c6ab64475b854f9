"""A hit shown in its sentence: the part of a text that holds most of what was asked for, with those words marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from eventsys.core.names import HAN
from eventsys.core.search_text import RUNS, query_terms

SENTENCE = re.compile(r"[^。！？!?；;\n]*?(?:[。！？!?；;]+[”’」』）)]*|\.(?=\s)|\n|$)")
LONGEST = 140
BEFORE = 40
TEXT, HIT = False, True


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence in pieces, each with whether it is a hit; `cut` says at which ends something was left out."""

    pieces: tuple[tuple[str, bool], ...]
    cut: tuple[bool, bool] = (False, False)


def shown(text: str, asked: str) -> Shown | None:
    """The sentence of the text with the most different words of the query; None where no word stands as it was typed.

    The search itself also finds words without their accents and by pinyin: those have no place to be shown in.
    """
    pattern = _pattern(asked)
    if pattern is None:
        return None
    best, most = "", 0
    for sentence in SENTENCE.findall(text):
        number = len({found.lower() for found in pattern.findall(sentence)})
        if number > most:
            best, most = sentence.strip(), number
    return _cut(best, pattern) if most else None


def marked(text: str, asked: str) -> tuple[tuple[str, bool], ...]:
    """The whole text in pieces, for a title."""
    pattern = _pattern(asked)
    return tuple(_pieces(text, pattern)) if pattern else ((text, TEXT),)


@lru_cache(maxsize=256)
def _pattern(asked: str) -> re.Pattern[str] | None:
    """What may be marked: each run of the query whole, else (in Chinese) its pairs."""
    runs: list[str] = [run.group() for run in RUNS.finditer(asked) if run.group()]
    wanted = dict.fromkeys((*runs, *(term for term in query_terms(asked) if _is_chinese(term))))
    if not wanted:
        return None
    parts = (
        re.escape(each) if _is_chinese(each) else rf"(?<![^\W_{HAN}]){re.escape(each)}[^\W_{HAN}]*" for each in wanted
    )
    return re.compile("|".join(parts), re.IGNORECASE)


def _is_chinese(words: str) -> bool:
    return not words[:1].isascii()


def _cut(sentence: str, pattern: re.Pattern[str]) -> Shown:
    if len(sentence) <= LONGEST:
        return Shown(tuple(_pieces(sentence, pattern)))
    found = pattern.search(sentence)
    start = max(0, min((found.start() if found else 0) - BEFORE, len(sentence) - LONGEST))
    end = start + LONGEST
    start, end = _whole_words(sentence, start, end)
    return Shown(tuple(_pieces(sentence[start:end], pattern)), (start > 0, end < len(sentence)))


def _whole_words(sentence: str, start: int, end: int) -> tuple[int, int]:
    """Do not cut a Latin word: move inwards to the next space, a few characters at most."""
    if start and sentence[start - 1 : start + 1].isascii():
        space = sentence.find(" ", start, start + 20)
        start = space + 1 if space >= 0 else start
    if end < len(sentence) and sentence[end - 1 : end + 1].isascii():
        space = sentence.rfind(" ", end - 20, end)
        end = space if space >= 0 else end
    return start, end


def _pieces(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, bool]]:
    """Neighbouring hits are one: 外事 and 事办 mark 外事办."""
    at = 0
    for start, end in _spans(text, pattern):
        if start > at:
            yield text[at:start], TEXT
        yield text[start:end], HIT
        at = end
    if at < len(text):
        yield text[at:], TEXT


def _spans(text: str, pattern: re.Pattern[str]) -> Sequence[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    at = 0
    while found := pattern.search(text, at):
        if spans and found.start() <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], found.end()))
        else:
            spans.append((found.start(), found.end()))
        at = found.start() + 1
    return spans
