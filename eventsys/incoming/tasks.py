"""What the worker does for incoming mail beside reading the mailbox."""

from __future__ import annotations

import logging
from collections.abc import Callable

from eventsys.core.transaction import write
from eventsys.incoming.operations.forget import AT_ONCE, drop_raw_messages

log = logging.getLogger("eventsys.incoming")


def forget_old_messages(keep_days: int, stopping: Callable[[], bool] = lambda: False) -> int:
    """Take away the octets of all messages whose time is over, in short units of work; returns how many."""
    total = 0
    while not stopping():
        with write():
            number = drop_raw_messages(keep_days)
        total += number
        if number < AT_ONCE:
            break
    if total:
        log.info("%s messages were kept long enough; what they said stays", total)
    return total
