"""Fixtures of chasing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from eventsys.core.language import use_language


@pytest.fixture
def english() -> Iterator[None]:
    """Refusals and letters in English inside the test."""
    with use_language("en"):
        yield


@pytest.fixture
def chinese() -> Iterator[None]:
    """The same in Chinese, whatever language the page of an earlier test spoke."""
    with use_language("zh"):
        yield
