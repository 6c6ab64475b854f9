"""What is found by what: the same rules when a text is indexed and when it is asked for."""

import re
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsys.core.search_text import QUERY_TERMS, index_text, query_terms

OFFICE = "沈阳市人民政府外事办公室"
HAN_TEXT = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=QUERY_TERMS)


def found(query: str, indexed: str) -> bool:
    """What the data base does: every term begins a word."""
    terms = query_terms(query)
    return bool(terms) and all(f" {term}" in indexed for term in terms)


def test_chinese_is_indexed_by_characters_and_pairs():
    assert index_text("外事办 2024") == " 外 事 办 外事 事办 2024 "


def test_latin_words_are_folded():
    assert index_text("Ångström's MEETING_room", "Ｈ５Ｎ１ meeting") == " angstrom s meeting room h5n1 "


def test_nothing_is_a_space():
    assert index_text(None, "", "…") == " "
    assert query_terms(" %_'\" ") == []


def test_names_are_also_found_by_sound():
    assert index_text(names=["曾伟"]) == " 曾 伟 曾伟 zengwei zw wei "


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("办", ["办"]),
        ("办公室", ["办公", "公室"]),
        ("外事 Meeting", ["外事", "meeting"]),
        ("外事外事", ["外事", "事外"]),
        ("第2次", ["第", "2", "次"]),
        ("100% _sure_", ["100", "sure"]),
    ],
)
def test_a_query_asks_for_terms(query, terms):
    assert query_terms(query) == terms


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("外办", False),
        ("外事", True),
        ("办公室", True),
        ("室", True),
        ("政府 外事", True),
        ("大连", False),
        ("shenyang", True),
        ("waishi", True),
        ("waishibangong", True),
        ("sysrmzf", True),
        ("wsb", True),
        ("Foreign aff", True),
        ("reign", False),
    ],
)
def test_an_office_is_found(query, expected):
    assert found(query, index_text(names=[OFFICE, "Foreign Affairs Office"])) is expected


def test_full_text_search_of_sqlite_finds_the_same():
    texts = [index_text(names=[name]) for name in (OFFICE, "大连市外事办公室", "曾伟", "Foreign Affairs Office")]
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(search_text, tokenize='unicode61 remove_diacritics 0')")
    connection.executemany("INSERT INTO words VALUES (?)", [(text,) for text in texts])
    for query in ("外事", "办", "wsb", "zeng", "affairs office", "沈阳 外事", "dalian", "nobody", "第2次"):
        match = " AND ".join(f'"{term}"*' for term in query_terms(query))
        rows = connection.execute("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid", (match,))
        assert [row for (row,) in rows] == [at for at, text in enumerate(texts, 1) if found(query, text)]
    connection.close()


@settings(deadline=None)
@given(st.text(), st.text())
def test_terms_are_letters_and_digits_with_single_spaces_between(text, name):
    indexed = index_text(text, names=[name])
    assert re.fullmatch(r" (?:[^\W_]+ )*", indexed)
    assert all(re.fullmatch(r"[^\W_]+", term) for term in query_terms(text))
    words = indexed.split()
    assert len(words) == len(set(words))


@settings(deadline=None)
@given(st.text(max_size=20))
def test_a_short_text_is_found_by_itself(text):
    if query_terms(text):
        assert found(text, index_text(text))


@settings(deadline=None)
@given(HAN_TEXT, HAN_TEXT, HAN_TEXT)
def test_any_part_of_a_chinese_text_finds_it(before, part, after):
    assert found(part, index_text(before + part + after))


@settings(deadline=None)
@given(st.text("abcdefgäöüÉ ", min_size=1), st.integers(1, 10))
def test_the_beginning_of_a_word_finds_it(text, length):
    for word in text.split():
        assert found(word[:length], index_text(text))
