"""A letter's facts made into subject, plain text, HTML and calendar part.

The letters of a sending differ in a name, an address and a link. So one letter for each language and kind of reader is
made in full, with marks in place of those, and the others are that one filled in. The result is the same to the last
octet; whoever has more of their own (a liaison, both sides of a substitution) gets a letter made in full.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from flask import current_app
from markupsafe import escape

from eventsys.config import Settings
from eventsys.core.language import use_language
from eventsys.core.letters import Facts, Rendered
from eventsys.core.tokens import LINK_ID_LENGTH, LinkSigner
from eventsys.invitations.facts import text_of
from eventsys.invitations.letters import calendar, sentences
from eventsys.invitations.letters.words import addressed, context
from eventsys.web.pages import render_plain

OWN = frozenset(
    {
        *("mark", "link", "email", "organization_zh", "organization_en"),
        *("title_zh", "title_en", "name_zh", "name_en"),
    }
)
OTHERS = ("for_email", "to_email", "places")
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_LINK = "".join(secrets.choice(_LETTERS) for _ in range(LINK_ID_LENGTH))
_NAME = f"qx{secrets.token_hex(12)}"
_EMAIL = f"{_NAME}@example.org"
_ATTENDEE = re.compile(r"(?<=\r\n)ATTENDEE;(?:[^\r]|\r\n )*")
_FOLD = "\r\n "


def rendered(kind: str, common: Facts, facts: Facts, language: str) -> Rendered:
    """The letter in words. Nothing is looked up: everything stands in its facts."""
    with use_language(language):
        to = addressed(facts, language)
        if len(facts.get("link", "")) != LINK_ID_LENGTH or not to or any(name in facts for name in OTHERS):
            return in_full(kind, common, facts, language)
        return _filled(_pattern(_Alike.of(kind, common, facts, language)), facts, language, to)


def in_full(kind: str, common: Facts, facts: Facts, language: str) -> Rendered:
    """The letter made from its templates and a calendar object of its own."""
    with use_language(language):
        words = context(common, facts, language)
        shown = {
            **words,
            "subject": sentences.subject(kind, words),
            "lead": sentences.lead(kind, words),
            "answers": _answers(kind, words),
            "is_standing": kind not in {"cancellation", "withdrawal"},
        }
        text = render_plain("letters/letter.txt", **shown)
        html = render_plain("letters/letter.html", **shown)
        method = calendar.method_of(kind, facts)
        part = calendar.octets(kind, common, facts, words, _description(shown)) if method else None
    return Rendered(
        subject=shown["subject"],
        text=text,
        html=html,
        calendar=part,
        method=method,
        sender_name=words["office"],
        sender=calendar.sender_of(facts),
    )


def _answers(kind: str, words: Facts) -> list[tuple[str, str]]:
    """The three answers as label and address; all lead to the same page, which asks again before it acts."""
    if not sentences.asks(kind, words):
        return []
    return [(str(label), f"{words['page']}&answer={answer}") for answer, label in sentences.ANSWERS]


def _description(shown: Facts) -> str:
    """What a calendar shows below the title: the way back to the reply page, then the facts without time and place."""
    return render_plain("letters/calendar.txt", **shown).strip()


@dataclass(frozen=True, slots=True)
class _Alike:
    """What letters have in common that differ in nothing but name, address and link."""

    kind: str
    language: str
    method: str
    said: str
    settings: tuple[str, ...]
    common: Facts = field(compare=False, repr=False)
    facts: Facts = field(compare=False, repr=False)

    @classmethod
    def of(cls, kind: str, common: Facts, facts: Facts, language: str) -> _Alike:
        rest = {name: value for name, value in facts.items() if name not in OWN}
        settings = _settings()
        return cls(
            kind=kind,
            language=language,
            method=calendar.method_of(kind, facts),
            said=json.dumps((common, rest), sort_keys=True, ensure_ascii=False),
            settings=(settings.public_url, settings.mail.sender, *settings.secret_keys),
            common=common,
            facts=rest,
        )


class _Gapped:
    """A text whose marks were taken out: pieces, and between them which value goes there, from where to where.

    A value as long as its mark also goes where a line was folded amid the mark.
    """

    def __init__(self, text: str, marks: Mapping[str, str]) -> None:
        amid = f"(?:{_FOLD})?"
        names = sorted(marks, key=lambda name: -len(marks[name]))
        pattern = "|".join(f"(?P<{name}>{amid.join(map(re.escape, marks[name]))})" for name in names)
        self._pieces: list[str | tuple[str, int, int | None]] = []
        at = 0
        for found in re.finditer(pattern, text):
            self._pieces.append(text[at : found.start()])
            self._leave(str(found.lastgroup), found[0].split(_FOLD))
            at = found.end()
        self._pieces.append(text[at:])

    def _leave(self, name: str, parts: list[str]) -> None:
        start = 0
        for part in parts[:-1]:
            self._pieces += [(name, start, start + len(part)), _FOLD]
            start += len(part)
        self._pieces.append((name, start, None))

    def filled(self, values: Mapping[str, str]) -> str:
        return "".join(
            [piece if isinstance(piece, str) else values[piece[0]][piece[1] : piece[2]] for piece in self._pieces]
        )


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A letter with gaps."""

    letter: Rendered
    text: _Gapped
    html: _Gapped
    calendar: _Gapped | None


@lru_cache(maxsize=64)
def _pattern(alike: _Alike) -> _Pattern:
    own = {"link": _LINK, "email": _EMAIL, "name_zh": _NAME, "name_en": _NAME}
    letter = in_full(alike.kind, alike.common, {**alike.facts, **own}, alike.language)
    marks = {"name": _NAME, "token": _signer().token(_LINK)}
    part = None
    if alike.method and letter.calendar:
        octets = letter.calendar.decode()
        part = _Gapped(_ATTENDEE.sub(_EMAIL, octets), {"link": _LINK, "attendee": _EMAIL, "token": marks["token"]})
    return _Pattern(letter, _Gapped(letter.text, marks), _Gapped(letter.html, marks), part)


def _filled(pattern: _Pattern, facts: Facts, language: str, to: str) -> Rendered:
    token = _signer().token(facts["link"])
    part = None
    if pattern.calendar is not None:
        line = calendar.attendee_line(pattern.letter.method, facts, text_of(facts, "name", language))
        part = pattern.calendar.filled({"token": token, "link": facts["link"], "attendee": line}).encode()
    return Rendered(
        subject=pattern.letter.subject,
        text=pattern.text.filled({"name": to, "token": token}),
        html=pattern.html.filled({"name": str(escape(to)), "token": token}),
        calendar=part,
        method=pattern.letter.method if part is not None else "",
        sender_name=pattern.letter.sender_name,
        sender=calendar.sender_of(facts),
    )


def _settings() -> Settings:
    settings: Settings = current_app.extensions["eventsys.settings"]
    return settings


def _signer() -> LinkSigner:
    return LinkSigner(_settings().secret_keys, "reply")
