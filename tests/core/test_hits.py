"""Hits stand in their sentence, marked, and nothing else of the text is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.core.hits import LONGEST, marked, shown

CHINESE = "8月22日，全市外办主任会议召开。会议听取了各区工作汇报。市友协负责同志参加。"
ENGLISH = "The offices met on Thursday 22 August. They heard reports from the districts. Nobody was absent."


def brackets(text: str, asked: str) -> str | None:
    found = shown(text, asked)
    if found is None:
        return None
    words = "".join(f"[{words}]" if is_hit else words for words, is_hit in found.pieces)
    return "…" * found.cut[0] + words + "…" * found.cut[1]


@pytest.mark.parametrize(
    ("text", "asked", "sentence"),
    [
        (CHINESE, "汇报", "会议听取了各区工作[汇报]。"),
        (CHINESE, "工作汇报", "会议听取了各区[工作汇报]。"),
        (CHINESE, "友", "市[友]协负责同志参加。"),
        (CHINESE, "会议 汇报", "[会议]听取了各区工作[汇报]。"),
        (CHINESE, "外办会议", "8月22日，全市[外办]主任[会议]召开。"),
        (CHINESE, "没有", None),
        (CHINESE, "。", None),
        (ENGLISH, "rep", "They heard [reports] from the districts."),
        (ENGLISH, "OFFICES", "The [offices] met on Thursday 22 August."),
        (ENGLISH, "port", None),
        (ENGLISH, "22", "The offices met on Thursday [22] August."),
        ("a\nb c\nd", "c", "b [c]"),
    ],
)
def test_the_sentence_of_a_hit(text: str, asked: str, sentence: str | None) -> None:
    assert brackets(text, asked) == sentence


def test_a_long_sentence_is_cut_around_its_hit() -> None:
    found = brackets("前" * 200 + "目标" + "后" * 200, "目标")
    assert found is not None
    assert found.startswith("…前") and found.endswith("后…") and "[目标]" in found
    assert len(found) == LONGEST + 4
    words = brackets("word " * 60 + "target " + "other " * 60, "target")
    assert words is not None
    assert words.startswith("…word ") and words.endswith(" other…")


def test_a_title_is_whole() -> None:
    assert marked("全市外办主任会议", "外办") == (("全市", False), ("外办", True), ("主任会议", False))
    assert marked("Title", "") == (("Title", False),)


@given(st.text("市外办会议ab c。.\n", max_size=60), st.text("市外办ab ", max_size=6))
def test_pieces_are_the_text(text: str, asked: str) -> None:
    assert "".join(words for words, _is_hit in marked(text, asked)) == text
    found = shown(text, asked)
    assert found is None or "".join(words for words, _is_hit in found.pieces) in text


def test_hostile_texts_take_no_time() -> None:
    """No pattern of the marker looks at a character twice."""
    assert shown("a" * 60_000, "b") is None
    assert shown("(" * 60_000 + "好", "好") is not None
