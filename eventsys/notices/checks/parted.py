"""Where the record has moved on since the text took its facts: the words that stand there, and those of today."""

from __future__ import annotations

from collections.abc import Iterator

from eventsys.core.language import gettext as _
from eventsys.notices.checks.finding import Finding, Kind, Looked
from eventsys.notices.facts import facts_in
from eventsys.notices.queries.record import Record
from eventsys.rendering.replacing import whole


def parted(looked: Looked, record: Record) -> Iterator[Finding]:
    """Facts that the text took from the record, still says, and that the record says otherwise by now."""
    for language, taken in looked.facts.items():
        known = facts_in(record, language) if taken else {}
        for fact, words in taken.items():
            today = known.get(fact, "")
            field = _field(looked, language, words, today) if words and today != words else ""
            if not field:
                continue
            message = _("The record no longer says “%(words)s”.", words=words)
            if today:
                message = _("The text says “%(words)s”; the record now says “%(today)s”.", words=words, today=today)
            yield Finding(Kind.FACT, field, words, message, fact=fact, instead=today)


def _field(looked: Looked, language: str, words: str, today: str) -> str:
    """The first field that says the words, "" when none does; a sentence may begin with them.

    Where the words of today stand already, the old ones within them are not looked at.
    """
    old = {words, words[:1].upper() + words[1:]}
    new = {today, today[:1].upper() + today[1:]} if today else set()
    pattern = whole(*old, *new)
    for passage in looked.of(language, "title", "body", "attended", "department"):
        if any(match.group() in old for match in pattern.finditer(passage.text)):
            return passage.field
    return ""
