"""When a deferred letter is tried again."""

from datetime import timedelta

import pytest

from eventsys.mail.retry import pause


def test_schedule() -> None:
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    assert [pause(attempt) for attempt in range(1, 11)] == [
        *[minute, 5 * minute, 15 * minute, hour, 4 * hour, 12 * hour, 24 * hour, 24 * hour],
        *[None, None],
    ]


def test_attempts_count_from_one() -> None:
    with pytest.raises(ValueError, match="count from 1"):
        pause(0)
