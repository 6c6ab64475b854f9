"""How much work reading takes, counted and not timed: calls of functions, and octets of memory at the peak."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

# The dearest mixture of calls that was measured takes half a microsecond each: this is two seconds.
MOST_CALLS = 4_000_000
MOST_OCTETS = 200 * 1024 * 1024


def calls(work: Callable[[], object]) -> int:
    """The calls of Python and C functions that `work` makes; stops it with TooMuch beyond twice the most allowed."""
    counted = 0

    def count(_frame: FrameType, kind: str, _argument: object) -> None:
        nonlocal counted
        if kind in ("call", "c_call"):
            counted += 1
            if counted > 2 * MOST_CALLS:
                raise TooMuch

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted


class TooMuch(BaseException):
    """Work that would not end; no handler of errors catches it."""


@contextmanager
def little_memory() -> Iterator[None]:
    """Fail when what happens inside needs more memory than allowed at once."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_OCTETS, f"{peak} octets at the peak"
