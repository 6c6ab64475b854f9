"""Any octets: the reader raises nothing, and what it says stays within its limits.

The long run is `python -m tests.fuzz`.
"""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from eventsys.calendar.model import LARGEST_SEQUENCE
from eventsys.mail.received import Verdict, understood
from tests.fuzz.octets import messages, seeds
from tests.mail.work import MOST_CALLS, calls

MOST_ITEMS = 8 * 50
UNSEEN = {chr(code) for code in (*range(9), *range(11, 32), 127, 0x202E, 0xFEFF)}


@settings(max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(messages())
def test_any_octets_are_read_without_an_error(data: bytes) -> None:
    found = understood(data, "mx.example.gov.cn")
    assert len(found.items) <= MOST_ITEMS
    assert sum(len(item.attendees) for item in found.items) <= MOST_ITEMS * 10
    assert len(found.bounces) <= 50
    assert len(found.subject) <= 500
    assert (found.verdict is Verdict.BOUNCE) == any(each.permanent for each in found.bounces)
    assert all(item.sequence is None or 0 <= item.sequence <= LARGEST_SEQUENCE for item in found.items)
    texts = [text for item in found.items for text in (item.uid, item.comment, item.location, item.raw_start) if text]
    names = [each.name + each.comment + each.raw for item in found.items for each in item.attendees]
    assert not UNSEEN & set("".join([*texts, *names, found.subject]))
    "".join(texts + names).encode()


@settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(messages())
def test_any_octets_are_read_with_bearable_work(data: bytes) -> None:
    assert calls(lambda: understood(data, "mx.example.gov.cn")) < MOST_CALLS


def test_there_are_messages_to_begin_with() -> None:
    assert len(seeds()) >= 29
