"""How often somebody may try: counted by account (as typed, known or not) and by network address.

The account's attempts are counted before the password is looked at, so that many at once are no way round, and
forgotten when it was right. An address is charged for failures only: the hundred people of an office share one.
"""

from __future__ import annotations

import time
from math import ceil

from flask_limiter.util import get_remote_address
from limits import RateLimitItem, RateLimitItemPerMinute
from werkzeug.exceptions import TooManyRequests

from eventsys.extensions import limiter

MINUTES = 15
BY_ACCOUNT = RateLimitItemPerMinute(5, MINUTES)
BY_ADDRESS = RateLimitItemPerMinute(20, MINUTES)
LETTERS = RateLimitItemPerMinute(3, MINUTES)


def admit(email: str) -> None:
    """Let an attempt at this account through, or raise `TooManyRequests`."""
    address = get_remote_address()
    if not limiter.limiter.test(BY_ADDRESS, "sign-in", address):
        raise _refusal(BY_ADDRESS, "sign-in", address)
    if not limiter.limiter.hit(BY_ACCOUNT, "sign-in", _folded(email)):
        raise _refusal(BY_ACCOUNT, "sign-in", _folded(email))


def failed() -> None:
    """Charge the address for an attempt that failed."""
    limiter.limiter.hit(BY_ADDRESS, "sign-in", get_remote_address())


def succeeded(email: str) -> None:
    """Forget the account's attempts: the password was right."""
    limiter.limiter.clear(BY_ACCOUNT, "sign-in", _folded(email))


def admit_letter(email: str) -> None:
    """Let a request for a letter through, or raise `TooManyRequests`."""
    for item, key in ((BY_ADDRESS, get_remote_address()), (LETTERS, _folded(email))):
        if not limiter.limiter.hit(item, "letter", key):
            raise _refusal(item, "letter", key)


def _folded(email: str) -> str:
    return email.strip().lower()[:320]


def _refusal(item: RateLimitItem, *key: str) -> TooManyRequests:
    wait = limiter.limiter.get_window_stats(item, *key).reset_time - time.time()
    return TooManyRequests(retry_after=max(1, ceil(wait)))
