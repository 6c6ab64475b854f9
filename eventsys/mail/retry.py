"""When to try a deferred letter again: soon at first, then ever more rarely, for about three days."""

from datetime import timedelta

_PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
)


def pause(attempt: int) -> timedelta | None:
    """How long to wait after this attempt, the first being 1; None: give up and tell the organizer.

    Raises ValueError for an attempt below 1.
    """
    if attempt < 1:
        raise ValueError(f"attempts count from 1: {attempt}")
    return _PAUSES[attempt - 1] if attempt <= len(_PAUSES) else None
