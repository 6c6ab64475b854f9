"""Typed text: one form, or a refusal that says why."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsys.core.language import use_language
from eventsys.core.text import TextRefused, clean_block, clean_line, slug

CONTROL = "Character %d is an invisible control character. Delete it or type the text."
DIRECTION = "Character %d changes the reading direction. Delete it or type the text."


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("  外事工作会议\u3000\n", "外事工作会议"),
        ("A\tb", "A b"),
        ("cafe\u0301", "café"),
        ("\ufeffzero\u200bwidth", "zerowidth"),
        ("<b>=?utf-8?q?x?=</b>", "<b>=?utf-8?q?x?=</b>"),
        ("", ""),
    ],
)
def test_a_line_is_brought_into_one_form(typed, line):
    assert clean_line(typed, 30) == line


@pytest.mark.parametrize(
    ("typed", "block"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        (" a \t\n\n  b ", "a\n\n  b"),
        ("\n\n", ""),
    ],
)
def test_a_block_keeps_its_lines(typed, block):
    assert clean_block(typed, 30) == block


@pytest.mark.parametrize("clean", [clean_line, clean_block])
@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("a\x00", CONTROL % 2),
        ("\x1bab", CONTROL % 1),
        ("ab\x85", CONTROL % 3),
        ("a\u2028b", CONTROL % 2),
        ("a\x0bb", CONTROL % 2),
        ("a\ufffe", CONTROL % 2),
        ("a\u202eb", DIRECTION % 2),
        ("\u2067ab", DIRECTION % 1),
        ("ab\u200f", DIRECTION % 3),
        ("a\ud800b", "Character 2 is damaged. Delete it or type it again."),
        ("x" * 31, "This is 31 characters long; at most 30 are possible."),
    ],
)
def test_what_could_deceive_or_break_is_refused(clean, typed, reason):
    with use_language("en"), pytest.raises(TextRefused) as refusal:
        clean(typed, 30)
    assert refusal.value.reason == reason


def test_a_line_has_one_line():
    with use_language("zh"), pytest.raises(TextRefused) as refusal:
        clean_line("a\nb", 30)
    assert str(refusal.value) == "请写在一行内。"


@settings(deadline=None)
@given(st.text(st.characters()))
def test_what_is_taken_is_clean_and_stays_so(typed):
    for clean in (clean_line, clean_block):
        try:
            text = clean(typed, 1000)
        except TextRefused as refusal:
            assert refusal.reason
            continue
        assert clean(text, 1000) == text
        assert text == text.strip() == unicodedata.normalize("NFC", text)
        assert {unicodedata.category(character) for character in text if character != "\n"} & {"Cc", "Cs"} == set()
        text.encode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Information session, held together!", "information-session-held-together"),
        ("沈阳市外事工作会议", "shen-yang-shi-wai-shi-gong-zuo-hui-yi"),
        ("2024年会", "2024-nian-hui"),
        ("one two three", "one-two-three"),
        ("…", "untitled"),
        ("x" * 100, "x" * 60),
    ],
)
def test_a_slug_is_made_of_words(text, words):
    assert slug(text) == words


def test_a_slug_is_cut_between_words():
    assert slug("one two three", 9) == "one-two"


@settings(deadline=None)
@given(st.text(), st.integers(8, 80))
def test_a_slug_is_an_address_whatever_the_text(text, limit):
    made = slug(text, limit)
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", made)
    assert len(made) <= limit
