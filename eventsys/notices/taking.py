"""Taking over what the record says by now: the old words of facts out of a text, the new ones in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from eventsys.notices.checks.finding import Finding
from eventsys.notices.text import WRITTEN, NoticeText
from eventsys.rendering.replacing import replaced_all, whole

LINES = ("title", "attended", "department")


def taken_over(row: Any, found: Iterable[Finding]) -> tuple[NoticeText, dict[str, dict[str, str]]]:
    """The version's text and its facts with the new words of the findings; others are passed over."""
    text = {name: getattr(row, name) or "" for name in WRITTEN}
    facts = {language: dict(taken) for language, taken in (row.facts or {}).items()}
    wanted = [finding for finding in found if finding.fact and finding.instead]
    for language in ("zh", "en"):
        mine = [finding for finding in wanted if finding.language == language]
        pairs = _pairs(mine)
        if not pairs:
            continue
        for name in LINES:
            column = f"{name}_{language}"
            text[column] = _in_line(text[column], pairs)
        text[f"body_{language}"] = replaced_all(text[f"body_{language}"], pairs)[0]
        known = facts.setdefault(language, {})
        facts[language] = {fact: _in_line(words, pairs) for fact, words in known.items()}
        facts[language] |= {finding.fact: finding.instead for finding in mine}
    return NoticeText(**text), facts


def _pairs(found: Iterable[Finding]) -> dict[str, str]:
    """Old words to new ones, also as they begin a sentence; where the new ones stand already, they stay."""
    pairs: dict[str, str] = {}
    for finding in found:
        for change in (str, _capital):
            pairs.setdefault(change(finding.instead), change(finding.instead))
    for finding in found:
        for change in (str, _capital):
            pairs[change(finding.words)] = change(finding.instead)
    return pairs


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _in_line(line: str, pairs: Mapping[str, str]) -> str:
    return whole(*pairs).sub(lambda match: pairs[match.group()], line)
