"""What the product says in a language: its own source strings and catalogue."""

from __future__ import annotations

from eventsys.core.language import choose, gettext, ngettext, use_language


class Words:
    """`say("Save draft")` is the text as a page in this language shows it."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, msgid: str, **variables: object) -> str:
        with use_language(self.language):
            return gettext(msgid, **variables)

    def count(self, one: str, many: str, number: int) -> str:
        with use_language(self.language):
            return ngettext(one, many, number)

    def choose(self, zh: str, en: str) -> str:
        """The text of the record that this page shows."""
        return choose(zh, en, self.language)
