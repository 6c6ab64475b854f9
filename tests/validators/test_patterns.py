"""A letter filled into the pattern of its sending is the letter made in full, to the last octet."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from flask import Flask

from eventsys.invitations.letters import render
from eventsys.invitations.letters.render import in_full, rendered
from tests.validators.conftest import ONCE, Played
from tests.validators.stories import SEED, Sent

pytestmark = ONCE


@pytest.fixture(autouse=True)
def without_patterns() -> Iterator[None]:
    render._pattern.cache_clear()
    yield
    render._pattern.cache_clear()


def differs(letter: Sent) -> bool:
    facts = (letter.kind, letter.common, letter.facts, letter.language)
    return rendered(*facts) != in_full(*facts)


def test_every_letter_that_left(app: Flask, played: Played) -> None:
    letters = played[0]
    assert [(letter.story, letter.kind, letter.address) for letter in letters if differs(letter)] == []
    assert len(letters) > 1000


def test_every_letter_in_any_order(app: Flask, played: Played) -> None:
    letters = Random(SEED).sample(played[0], 200)
    assert [(letter.story, letter.kind, letter.address) for letter in letters if differs(letter)] == []


def test_the_letters_of_a_sending_share_their_patterns(app: Flask, played: Played) -> None:
    letter = next(each for each in played[0] if each.kind == "invitation" and "for_email" not in each.facts)
    for number in range(100):
        own = {"name_zh": f"李明{number}", "name_en": f"Li Ming {number}", "email": f"li.{number}@example.org"}
        other = rendered(letter.kind, letter.common, {**letter.facts, **own}, letter.language)
        assert f"li.{number}@example.org".encode() in (other.calendar or b"").replace(b"\r\n ", b"")
    assert render._pattern.cache_info().misses == 1
