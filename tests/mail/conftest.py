"""The test on real messages is only there where their folder is: nothing is skipped, the table of parts says it."""

from __future__ import annotations

from tests.coverage_of_parts import real_messages

collect_ignore = [] if real_messages() else ["test_received_samples.py"]
