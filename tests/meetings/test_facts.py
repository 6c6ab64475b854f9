"""What facts of a meeting cannot be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from eventsys.core.language import use_language
from eventsys.meetings.facts import problems
from eventsys.meetings.models import Visibility
from tests.meetings.samples import START, facts, office

PLACES = "Enter how many places there are as a whole number from 1 to 100000, or leave it empty"
NEEDS_BOTH = "a public meeting needs a Chinese and an English one"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"title_en": ""}, [("title_en", f"Enter the English title: {NEEDS_BOTH}")]),
        ({"title_zh": ""}, [("title_zh", f"Enter the Chinese title: {NEEDS_BOTH}")]),
        ({"title_zh": "", "title_en": "", "visibility": Visibility.INTERNAL}, [("title_zh", "Enter a title")]),
        ({"title_zh": "", "visibility": Visibility.PARTICIPANTS}, []),
        ({"ends_at": START}, [("ends_at", "Set the end to a time after the start")]),
        (
            {"ends_at": START + timedelta(days=31, minutes=1)},
            [("ends_at", "Set an earlier end: a meeting lasts 31 days at most")],
        ),
        ({"zone": "Mars/Olympus"}, [("zone", "Choose a time zone from the list")]),
        ({"zone": "asia/shanghai"}, [("zone", "Choose a time zone from the list")]),
        ({"reply_by": None}, []),
        ({"reply_by": START}, []),
        (
            {"reply_by": START + timedelta(minutes=1)},
            [("reply_by", "Set the reply deadline before the start of the meeting (Thu 22 Aug, 09:00)")],
        ),
        ({"capacity": 1}, []),
        ({"capacity": 100_000}, []),
        ({"capacity": 0}, [("capacity", PLACES)]),
        ({"capacity": 100_001}, [("capacity", PLACES)]),
        ({"online_url": "https://meet.example.org/j/1?pwd=x"}, []),
        ({"online_url": "http://meet.example.org"}, [("online_url", "Enter a link that begins with https://")]),
        ({"online_url": "javascript:alert(1)"}, [("online_url", "Enter a link that begins with https://")]),
        ({"online_url": "https://"}, [("online_url", "Enter a link that begins with https://")]),
        ({"online_url": "https://[x"}, [("online_url", "Enter a link that begins with https://")]),
        (
            {"contact_email": "Li <li@example.org>"},
            [("contact_email", "Enter one e-mail address, such as name@example.org")],
        ),
        (
            {"title_zh": "会\x07议"},
            [("title_zh", "Character 2 is an invisible control character. Delete it or type the text.")],
        ),
        (
            {"venue_en": "Room \u202e103"},
            [("venue_en", "Character 6 changes the reading direction. Delete it or type the text.")],
        ),
        ({"title_zh": "会" * 301}, [("title_zh", "This is 301 characters long; at most 300 are possible.")]),
        ({"notes_zh": "请着正装。\n停车请走东门。", "title_zh": "<b>=?utf-8?q?x?="}, []),
    ],
)
def test_problems(app: Flask, changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    with use_language("en"):
        assert problems(facts(office(), **changes)) == expected


def test_all_problems_are_said_at_once(app: Flask) -> None:
    wrong = facts(office(), title_en="", ends_at=START, online_url="x")
    assert [problem.field for problem in problems(wrong)] == ["title_en", "ends_at", "online_url"]
