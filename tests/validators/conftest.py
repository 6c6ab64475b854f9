"""What left for the calendars of two hundred meetings' invitees, played once for all tests of this folder."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from flask import Flask

from eventsys.core.language import use_language
from eventsys.extensions import db
from tests.conftest import empty_tables
from tests.validators.stories import Sent, play

ONCE = [
    pytest.mark.xdist_group("validators"),
    pytest.mark.skipif(os.environ.get("EVENTSYS_TEST_DATABASE") == "postgresql", reason="letters are the same on both"),
]
Played = tuple[list[Sent], Counter[str]]


@pytest.fixture(scope="session")
def played(application: Flask, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Every letter in the order in which it left, and how often each act happened."""
    with application.app_context(), use_language("zh"):
        found = play(application, tmp_path_factory.mktemp("sent"))
        db.session.remove()
        empty_tables()
    return found
