"""What changed between two texts, as readers are shown it."""

from __future__ import annotations

from eventsys.notices.changes import KEPT, LEFT_OUT, MOST_WORDS, PUT_IN, Change, changes


def test_equal_texts_have_no_changes() -> None:
    assert changes("<p>甲</p>", "<p>甲</p>") == []


def test_words_of_a_paragraph() -> None:
    assert changes("<p>十二个区汇报。</p><p>乙</p>", "<p>十三个区汇报。</p><p>乙</p>") == [
        Change(((KEPT, "十"), (LEFT_OUT, "二"), (PUT_IN, "三"), (KEPT, "个区汇报。")))
    ]
    assert changes("<p>Twelve reported.</p>", "<p>Thirteen reported.</p>") == [
        Change(((LEFT_OUT, "Twelve"), (PUT_IN, "Thirteen"), (KEPT, " reported.")))
    ]


def test_a_paragraph_more_and_one_less() -> None:
    assert changes("<p>甲</p>", "<p>甲</p><p>乙</p>") == [Change(((PUT_IN, "乙"),))]
    assert changes("<p>甲</p><p>乙</p>", "<p>乙</p>") == [Change(((LEFT_OUT, "甲"),))]


def test_markup_is_not_compared() -> None:
    assert changes("<p><strong>甲</strong></p>", "<h2>甲</h2>") == []


def test_an_overlong_paragraph_is_replaced_whole() -> None:
    old, new = "甲" * (MOST_WORDS + 1), "乙" * (MOST_WORDS + 1)
    assert changes(f"<p>{old}</p>", f"<p>{new}</p>") == [Change(((LEFT_OUT, old), (PUT_IN, new)))]
