"""How often a calendar may be fetched.

Calendar programmes ask every quarter of an hour at most, but a whole office may share one address of the network. An
address of a calendar cannot be guessed; the limits keep a programme gone wild from costing everybody else's pages.
"""

from __future__ import annotations

import time
from math import ceil

from flask import current_app
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, RateLimitItemPerMinute
from werkzeug.exceptions import TooManyRequests

from eventsys.config import Settings
from eventsys.extensions import limiter

STRANGERS = RateLimitItemPerMinute(60)


def admit_stranger() -> None:
    """Let a fetch through, or raise `TooManyRequests` where a network address brought too many addresses that are none.

    Asked before the address is looked at, so that the answer says nothing about it.
    """
    _admit(limiter.limiter.test(STRANGERS, "calendar", get_remote_address()), STRANGERS, get_remote_address())


def failed() -> None:
    """Charge the network address for an address that is none."""
    limiter.limiter.hit(STRANGERS, "calendar", get_remote_address())


def admit(address_id: int) -> None:
    """Let one more fetch of this calendar through, or raise `TooManyRequests`."""
    settings: Settings = current_app.extensions["eventsys.settings"]
    if settings.calendar_fetches:
        item, key = RateLimitItemPerMinute(settings.calendar_fetches), f"#{address_id}"
        _admit(limiter.limiter.hit(item, "calendar", key), item, key)


def _admit(allowed: bool, item: RateLimitItem, key: str) -> None:
    if not allowed:
        wait = limiter.limiter.get_window_stats(item, "calendar", key).reset_time - time.time()
        raise TooManyRequests(retry_after=max(1, ceil(wait)))
