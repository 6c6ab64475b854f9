"""Which language is being spoken, and the texts in it.

Source strings are English; the Chinese stands in `eventsys/translations/zh/*.po`, one fragment for each room, read
once and merged into a plain dictionary. The language is a context variable, so that a page, a letter and a command
use the same functions; it is "zh" until somebody says otherwise.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

LANGUAGES = ("zh", "en")
HTML_LANG = {"zh": "zh-Hans", "en": "en"}
LOCALES = {"zh": "zh_Hans_CN", "en": "en_GB"}
FRAGMENTS = Path(__file__).parent.parent / "translations"

_language: ContextVar[str] = ContextVar("language", default=LANGUAGES[0])


class Catalogue(dict[str, str]):
    """Texts by msgid; a msgid that is not in it is its own text."""

    def __missing__(self, msgid: str) -> str:
        return msgid


def current_language() -> str:
    """The language being spoken, one of `LANGUAGES`."""
    return _language.get()


def set_language(code: str) -> None:
    """Speak `code` from here on in this context: for a request, which is a context of its own."""
    _language.set(code)


@contextmanager
def use_language(code: str) -> Iterator[None]:
    """Speak `code` inside the block. Raises ValueError for a language that is not in `LANGUAGES`."""
    if code not in LANGUAGES:
        raise ValueError(f"not a language of this product: {code!r}")
    token = _language.set(code)
    try:
        yield
    finally:
        _language.reset(token)


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> Mapping[str, str]:
    """All texts of `language`; a look-up by `[msgid]` never fails. A plural stands under its singular msgid."""
    merged = Catalogue()
    for path in sorted((FRAGMENTS / language).glob("*.po")):
        for msgid, text in read_fragment(path).items():
            if text:
                merged.setdefault(msgid, text)
    return merged


def read_fragment(path: Path) -> dict[str, str]:
    """The texts of one fragment by (singular) msgid, "" where there is none yet."""
    with path.open("rb") as file:
        messages = read_po(file, locale="zh", domain=path.stem)
    return {_first(message.id): _first(message.string) for message in messages if message.id}


def _first(value: Any) -> str:
    """Singular of a msgid or text; Chinese has one plural form, so the first is the only one."""
    return str(value) if isinstance(value, str) else str(value[0]) if value else ""


def gettext(msgid: str, **variables: object) -> str:
    """The text in the current language, with `%(name)s` filled in when variables are given."""
    text = catalogue(_language.get())[msgid]
    return text % variables if variables else text


def ngettext(one: str, many: str, n: int, **variables: object) -> str:
    """The text for `n` things in the current language; `n` is also there as `%(num)s`."""
    texts = catalogue(_language.get())
    text = texts.get(one, one if n == 1 else many)
    return text % {"num": n, **variables}


def choose(zh: str | None, en: str | None, language: str | None = None) -> str:
    """The one of two texts that is in the language, the other where that is empty."""
    first, second = (en, zh) if (language or _language.get()) == "en" else (zh, en)
    return first or second or ""


class LazyText:
    """A text that is looked up each time it is used: for labels that are made when a module is imported."""

    __slots__ = ("_msgid", "_variables")

    def __init__(self, msgid: str, variables: Mapping[str, object]) -> None:
        self._msgid = msgid
        self._variables = variables

    def __str__(self) -> str:
        return gettext(self._msgid, **self._variables)

    def __repr__(self) -> str:
        return f"lazy_gettext({self._msgid!r})"

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, str | LazyText) else NotImplemented

    def __lt__(self, other: object) -> bool:
        return str(self) < str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __bool__(self) -> bool:
        return bool(self._msgid)

    def __len__(self) -> int:
        return len(str(self))

    def __mod__(self, values: object) -> str:
        return str(self) % values

    def __add__(self, other: object) -> str:
        return str(self) + str(other)

    def __radd__(self, other: object) -> str:
        return str(other) + str(self)

    def __contains__(self, part: str) -> bool:
        return part in str(self)

    def __getitem__(self, index: int | slice) -> str:
        return str(self)[index]

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def lazy_gettext(msgid: str, **variables: object) -> LazyText:
    """`gettext` at the moment of use: `str()`, `%`, `+`, `==` and templates see the text of the language then."""
    return LazyText(msgid, variables)
