"""Both languages are complete."""

from __future__ import annotations

from eventsys.translations import copied, missing, unused


def test_every_text_is_translated() -> None:
    assert missing() == []


def test_no_translation_is_left_over() -> None:
    assert unused() == []


def test_no_translation_is_a_copy() -> None:
    assert copied() == []
