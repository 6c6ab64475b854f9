"""What was found about a row or a file, kept in both languages, so that whoever looks later reads their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

from eventsys.core.errors import DomainError
from eventsys.core.language import LANGUAGES, current_language, use_language
from eventsys.core.text import TextRefused

REFUSED, ASKED, NOTED = "refused", "asked", "noted"


class Finding(TypedDict):
    """`column` is the key of a column, "" for the whole row; `weight` says whether it stops the row."""

    column: str
    weight: str
    zh: str
    en: str


def refused(column: str, words: Callable[[], object]) -> Finding:
    """The row cannot be taken. `words` is asked once in each language."""
    return _finding(column, REFUSED, words)


def asked(column: str, words: Callable[[], object]) -> Finding:
    """The row is taken only if somebody says so."""
    return _finding(column, ASKED, words)


def noted(column: str, words: Callable[[], object]) -> Finding:
    """The row is taken, and this is worth knowing."""
    return _finding(column, NOTED, words)


def refusal_of(column: str, check: Callable[[], Any]) -> Finding:
    """The words with which `check` refuses, in both languages; it is known to refuse."""

    def words() -> str:
        try:
            check()
        except DomainError as refusal:
            return refusal.message
        except TextRefused as refusal:
            return refusal.reason
        raise AssertionError("the check refused before and does not now")

    return refused(column, words)


def words_of(finding: Finding) -> str:
    """The finding in the language of the moment."""
    return finding["en"] if current_language() == "en" else finding["zh"]


def in_both(words: Callable[[], object]) -> dict[str, str]:
    """A text in every language, by its code."""
    texts = {}
    for language in LANGUAGES:
        with use_language(language):
            texts[language] = str(words())
    return texts


def _finding(column: str, weight: str, words: Callable[[], object]) -> Finding:
    texts = in_both(words)
    return Finding(column=column, weight=weight, zh=texts["zh"], en=texts["en"])
