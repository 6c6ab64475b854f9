"""One finding of the check, and the text that is looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from eventsys.rendering.document import Block
from eventsys.rendering.reading import read
from eventsys.rendering.replacing import lines


class Kind(StrEnum):
    """What is wrong. The value is part of a finding's key and stands in the database."""

    FACT = "fact"
    DATE = "date"
    WEEKDAY = "weekday"
    COUNT = "count"
    ORGANIZATION = "organization"
    PERSON = "person"
    EMPTY_WORDS = "empty_words"
    QUOTES = "quotes"
    PUNCTUATION = "punctuation"
    HEADING = "heading"
    PICTURE = "picture"
    PERSONAL = "personal"
    AVOIDED = "avoided"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at which field, in the current language.

    `words` are those of the text (or of the record, where the text lacks them), `instead` those to take over, by the
    fact they come from. `blocks` says that the notice cannot go on with it; otherwise somebody says why it may.
    """

    kind: Kind
    field: str
    words: str
    message: str
    blocks: bool = False
    fact: str = ""
    instead: str = ""

    @property
    def key(self) -> str:
        """Names the finding whatever language it is told in, as long as the same words stand in the same field."""
        told = "\x1f".join((self.kind.value, self.field, self.words, self.fact, self.instead))
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    @property
    def language(self) -> str:
        return self.field[-2:]


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of a field: a title, a paragraph, a list item, a cell."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A text as the checks see it: its columns, the lines of each, the trees of both bodies, and its known facts."""

    row: Any
    trees: Mapping[str, Sequence[Block]]
    passages: Sequence[Passage]
    facts: Mapping[str, Mapping[str, str]]

    def of(self, language: str, *names: str) -> Iterator[Passage]:
        """The passages of one language, perhaps of some fields only (`body`, `title`)."""
        wanted = {f"{name}_{language}" for name in names}
        return (
            each for each in self.passages if each.field.endswith(language) and (not wanted or each.field in wanted)
        )


def looked_at(row: Any) -> Looked:
    """The text of a version (or of anything with the columns of `NoticeText`)."""
    trees = {language: read(getattr(row, f"body_{language}")) for language in ("zh", "en")}
    passages: list[Passage] = []
    for language in ("zh", "en"):
        passages.append(Passage(f"title_{language}", getattr(row, f"title_{language}")))
        passages += [Passage(f"body_{language}", line) for line in lines(trees[language])]
        for name in ("attended", "author", "department", "correction"):
            value = getattr(row, f"{name}_{language}")
            passages += [Passage(f"{name}_{language}", line) for line in value.splitlines()]
    return Looked(row, trees, [each for each in passages if each.text], getattr(row, "facts", None) or {})
