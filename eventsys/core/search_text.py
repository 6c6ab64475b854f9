"""Search text: what a text is found by, and what is looked for, made by the same rules on both sides.

Word segmentation misses given names and SQLite's trigrams miss words of two characters, so Chinese is indexed by
single characters and by pairs; Latin words are folded (small letters, no accents); names are also found by pinyin and
initials.

The text is one column, ` term term term ` with a space at both ends. A term is letters and digits only, so it needs no
escaping anywhere. A query asks for rows that hold, for **each** of its terms, a word that begins with it:

- now, on both databases: `search_text LIKE '% term%'`;
- SQLite FTS5: the same text in an `fts5(search_text, tokenize='unicode61 remove_diacritics 0')` table, asked
  `'"term"* AND "term"*'`;
- PostgreSQL: `array_to_tsvector(string_to_array(trim(search_text), ' '))` with a GIN index, asked
  `term:* & term:*`; no parser is involved, so the words are the same.
"""

import re
from collections.abc import Iterable, Iterator

from eventsys.core.names import HAN, fold, syllables

KANA = "\u3041-\u3096\u30a1-\u30fa\u30fc"
RUNS = re.compile(rf"(?P<pairs>(?:(?![\W_])[{HAN}{KANA}])+)|[^\W_{HAN}{KANA}]+")
TERM_LENGTH = 40
QUERY_TERMS = 16
TAIL = 6


def index_text(*texts: str | None, names: Iterable[str | None] = ()) -> str:
    """The words that `texts` and `names` are found by, each once, with a space before and after each; " " for nothing.

    Names are found as texts are, and by pinyin from any syllable on (`shenyang`, `waishi`) and initials (`sywsb`).
    """
    read = [name for name in names if name]
    words = dict.fromkeys(word for text in (*texts, *read) if text for word in _words(text))
    for name in read:
        words.update(dict.fromkeys(_spoken(name)))
    return f" {' '.join(words)} " if words else " "


def query_terms(query: str) -> list[str]:
    """What a query asks for: every term must begin a word of the search text. At most 16; [] for no letters."""
    terms: dict[str, None] = {}
    for run in RUNS.finditer(fold(query)):
        text = run.group()
        if run.lastgroup == "pairs" and len(text) > 1:
            terms.update(dict.fromkeys(_pairs(text)))
        else:
            terms[text[:TERM_LENGTH]] = None
    return list(terms)[:QUERY_TERMS]


def _words(text: str) -> Iterator[str]:
    for run in RUNS.finditer(fold(text)):
        if run.lastgroup == "pairs":
            yield from run.group()
            yield from _pairs(run.group())
        else:
            yield run.group()[:TERM_LENGTH]


def _pairs(text: str) -> Iterator[str]:
    return (text[at : at + 2] for at in range(len(text) - 1))


def _spoken(name: str) -> Iterator[str]:
    """The name's pinyin and initials, whole and from each further syllable on (there no more than six)."""
    spoken = syllables(name)
    letters = "".join(syllable[0] for syllable in spoken)
    if len(spoken) > 1:
        yield "".join(spoken)[:TERM_LENGTH]
        yield letters[:TERM_LENGTH]
    for at in range(1, len(spoken)):
        yield "".join(spoken[at : at + TAIL])[:TERM_LENGTH]
        if at + 1 < len(spoken):
            yield letters[at : at + TAIL]
