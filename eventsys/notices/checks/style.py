"""Style: phrases that say nothing, marks that are not closed, Chinese and Western punctuation mixed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eventsys.core.language import gettext as _
from eventsys.core.names import HAN
from eventsys.notices.checks.finding import Finding, Kind, Looked, Passage

EMPTY = {
    "zh": (
        *(
            "高度重视",
            "具有重要意义",
            "具有十分重要的意义",
            "圆满成功",
            "取得圆满成功",
            "亲切关怀",
            "重要讲话",
            "热烈掌声",
        ),
        *("狠抓落实", "再上新台阶", "迈上新台阶", "开创新局面", "掀起热潮", "受益匪浅", "隆重召开", "胜利召开"),
    ),
    "en": (
        *("of great significance", "a complete success", "highly valued", "attached great importance"),
        *("deeply inspired", "unanimously agreed", "profound exposition", "grand meeting", "warm applause"),
        *("new heights", "a new chapter", "fruitful results", "as is well known"),
    ),
}
PAIRS = {
    "「": "」",
    "『": "』",
    "“": "”",
    "‘": "’",
    "《": "》",
    "〈": "〉",
    "（": "）",
    "【": "】",
    "〔": "〕",
    "(": ")",
}
CLOSING = {close: opening for opening, close in PAIRS.items()}
APOSTROPHE = re.compile(r"(?<=\w)’(?=\w)|(?<=s)’(?=\W|$)")
WESTERN_IN_CHINESE = re.compile(rf"(?<=[{HAN}])[,;:?!()\"'](?=.|$)|(?<=[{HAN}])\.(?!\d|\w)|[,;:?!(](?=[{HAN}])")
CHINESE_IN_ENGLISH = re.compile(r"[，。；：？！（）、「」『』《》]")
AROUND = 8


def empty_words(looked: Looked) -> Iterator[Finding]:
    """Phrases that say nothing, as they stand in the text."""
    for passage in looked.passages:
        text = passage.text.casefold()
        for phrase in _longest(phrase for phrase in EMPTY[passage.field[-2:]] if phrase in text):
            at = text.find(phrase)
            words = passage.text[at : at + len(phrase)]
            message = _("“%(words)s” says nothing that could be checked. Say what happened.", words=words)
            yield Finding(Kind.EMPTY_WORDS, passage.field, words, message)


def quotation_marks(looked: Looked) -> Iterator[Finding]:
    """Quotation marks and brackets that are not closed, or close what is not open, within one paragraph."""
    for passage in looked.passages:
        at = _unbalanced(passage)
        if at is not None:
            words = _near(passage.text, at)
            message = _("“%(mark)s” has no partner in: %(words)s", mark=passage.text[at], words=words)
            yield Finding(Kind.QUOTES, passage.field, words, message)


def punctuation(looked: Looked) -> Iterator[Finding]:
    """Western punctuation beside Chinese characters, Chinese punctuation in an English text."""
    for passage in looked.passages:
        zh = passage.field.endswith("zh")
        found = (WESTERN_IN_CHINESE if zh else CHINESE_IN_ENGLISH).search(passage.text)
        if found:
            words = _near(passage.text, found.start())
            message = _("Western punctuation in a Chinese text: %(words)s", words=words)
            if not zh:
                message = _("Chinese punctuation in an English text: %(words)s", words=words)
            yield Finding(Kind.PUNCTUATION, passage.field, words, message)


def _longest(phrases: Iterator[str]) -> list[str]:
    """The phrases that are not part of another one."""
    found = list(phrases)
    return [phrase for phrase in found if not any(phrase != other and phrase in other for other in found)]


def _unbalanced(passage: Passage) -> int | None:
    """Where the first mark without a partner stands; an apostrophe is none."""
    apostrophes = {match.start() for match in APOSTROPHE.finditer(passage.text)}
    opened: list[tuple[str, int]] = []
    for at, mark in enumerate(passage.text):
        if mark in PAIRS:
            opened.append((mark, at))
        elif mark in CLOSING:
            if opened and opened[-1][0] == CLOSING[mark]:
                opened.pop()
            elif at not in apostrophes and not _is_enumeration(passage.text, at):
                return at
    return opened[0][1] if opened else None


def _is_enumeration(text: str, at: int) -> bool:
    """`1)` and `a）` number a paragraph."""
    return text[at] in ")）" and at <= 3 and text[:at].strip().isalnum()


def _near(text: str, at: int) -> str:
    """The words around a place, within its line."""
    start = max(0, at - AROUND)
    return " ".join(text[start : at + AROUND].split())
