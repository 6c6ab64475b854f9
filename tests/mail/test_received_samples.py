"""Real messages of other systems, from the folder in EVENTSYS_ITIP_SAMPLES, against the reading that comes with them.

The folder is no part of the project. Its readings say what is applied to a certain meeting; where that needs to be
known, it is said here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from eventsys.mail import dry_run
from tests.coverage_of_parts import PARTS_BY_CHOICE, real_messages

FOLDER = real_messages()
assert FOLDER is not None
RECORDS: list[dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text())
# Apart from the address this one is the same as others that are applied: only who was invited tells them apart.
INVITED = {"samples/cyrus-imip_reply_partycrasher-1.eml": ("foo@example.net",)}


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["file"])
def test_a_real_message_is_read_as_expected(
    record: dict[str, Any], record_property: Callable[[str, object], None]
) -> None:
    assert FOLDER is not None
    record_property("part", PARTS_BY_CHOICE[0])
    found = json.loads(dry_run.line(str(FOLDER / record["file"]), INVITED.get(record["file"], ())))
    assert {"verdict": found["verdict"], "items": found["items"]} == record["expected"]


def test_no_sample_is_forgotten() -> None:
    assert FOLDER is not None
    assert {f"samples/{path.name}" for path in (FOLDER / "samples").iterdir()} == {each["file"] for each in RECORDS}
