"""However edits follow one another: what goes out is the last word on each fact, once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from eventsys.core.clock import now, played_at
from eventsys.core.errors import DomainError
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.transaction import write
from eventsys.invitations.holding import LEAD, Quiet, Seen, differences, merged, release_time
from eventsys.invitations.models import HeldChange, Reply
from eventsys.invitations.operations.aside import discard
from eventsys.invitations.operations.hold import send_now
from eventsys.invitations.tasks import release_due
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting, MeetingKind, Visibility
from tests.invitations.asking import keys, letters
from tests.invitations.held import DAY, QUIET, Case, edit, found, held, organizer, record, told

INSTANTS = st.integers(1_700_000_000, 1_950_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
TEXT = st.text(max_size=20)
FACTS = st.builds(
    MeetingFacts,
    kind=st.sampled_from(MeetingKind),
    convener_id=st.integers(1, 9),
    starts_at=INSTANTS,
    ends_at=INSTANTS,
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "UTC"]),
    visibility=st.sampled_from(Visibility),
    reply_by=st.none() | INSTANTS,
    **dict.fromkeys(("title_zh", "title_en", "venue_zh", "address_en", "online_url", "notes_zh", "alarms"), TEXT),
)

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PATIENT
@given(FACTS, FACTS)
def test_what_is_held_over_the_record_is_what_was_entered(before: MeetingFacts, after: MeetingFacts) -> None:
    meeting = Meeting(**before.columns())
    kept = json.loads(json.dumps(differences(meeting, after)))
    assert merged(meeting, HeldChange(facts=kept)) == after
    assert (kept == {}) == (before == after)


@PATIENT
@given(FACTS, FACTS, FACTS)
def test_the_last_edit_alone_counts(first: MeetingFacts, second: MeetingFacts, record: MeetingFacts) -> None:
    meeting = Meeting(**record.columns())
    held = HeldChange(facts=differences(meeting, first))
    assert merged(meeting, held) == first
    held.facts = differences(meeting, second)
    assert merged(meeting, held) == second


@PATIENT
@given(
    at=INSTANTS,
    waited=st.integers(0, 2000),
    quiet=st.integers(0, 240),
    longest=st.integers(240, 1440),
    begins=st.integers(-5000, 5000),
)
@example(at=datetime(2024, 2, 29, 23, 59, tzinfo=UTC), waited=0, quiet=0, longest=240, begins=5000)
def test_no_edit_waits_longer_than_said(at: datetime, waited: int, quiet: int, longest: int, begins: int) -> None:
    first, start = at - timedelta(minutes=waited), at + timedelta(minutes=begins)
    due = release_time(at, first, Quiet(quiet, longest), start)
    assert at <= due <= at + timedelta(minutes=quiet)
    assert due == at or due <= min(first + timedelta(minutes=longest), start - LEAD)
    free = first + timedelta(minutes=longest) >= at + timedelta(minutes=quiet) and begins >= quiet + 30
    assert not free or due == at + timedelta(minutes=quiet)


@PATIENT
@given(st.integers(1, 2**31), st.integers(0, 2**31))
def test_what_was_seen_is_read_back(meeting: int, held: int) -> None:
    assert Seen.read(str(Seen(meeting, held))) == Seen(meeting, held)


@PATIENT
@given(st.text(max_size=30) | st.from_regex(r"[0-9.]{0,40}", fullmatch=True))
def test_any_text_can_be_read_as_what_was_seen(text: str) -> None:
    assert isinstance(Seen.read(text), Seen)


# Whole histories, on the database.

EDITS: dict[str, Any] = {
    "room 1": {"venue_zh": "1号会议室"},
    "room 2": {"venue_zh": "2号会议室"},
    "room as it was": {"venue_zh": "301会议室"},
    "link": {"online_url": "https://meet.example.org/1"},
    "no link": {"online_url": ""},
    "words": {"notes_zh": "请着正装"},
    "day later": DAY,
    "day as it was": timedelta(),
}
STEPS = st.lists(
    st.tuples(st.sampled_from([*EDITS, "discard", "send", "wait", "wait"]), st.booleans()), min_size=1, max_size=12
)


class History:
    """A meeting, and what should have come of it: facts that everybody knows, facts that are held, updates told."""

    def __init__(self) -> None:
        self.case = told()
        self.people = [self.case.by, organizer(self.case, "同事")]
        self.start = MeetingFacts.of(record(self.case))
        self.known = self.start
        self.held: MeetingFacts | None = None
        self.updates = 0
        self.at = now()

    def step(self, act: str, second: bool) -> None:
        self.at += timedelta(minutes=1)
        with played_at(self.at):
            if act == "wait":
                self.at += timedelta(minutes=6)
                with played_at(self.at):
                    release_due()
                self._made()
            elif act in ("discard", "send"):
                self._button(act, self.people[second])
            else:
                self._edit(EDITS[act], self.people[second])

    def _edit(self, facts: Any, by: Any) -> None:
        if isinstance(facts, timedelta):
            facts = {"starts_at": self.start.starts_at + facts, "ends_at": self.start.ends_at + facts}
        wanted = replace(self.held or self.known, **facts)
        try:
            edit(self.case, by=by, quiet=QUIET, **facts)
        except DomainError:
            assert (self.held, wanted) == (None, self.known)
        else:
            self.held = wanted if wanted != self.known else None

    def _button(self, act: str, by: Any) -> None:
        before = found(self.case)
        try:
            with write():
                (discard if act == "discard" else send_now)(before.meeting, Seen.of(before.meeting, before.held), by=by)
        except DomainError:
            assert self.held is None
        else:
            assert self.held is not None
            self.held = self.held if act == "send" else None
            self._made()

    def _made(self) -> None:
        if self.held is not None:
            told_of = ("starts_at", "ends_at", "venue_zh", "online_url")
            self.updates += any(getattr(self.held, name) != getattr(self.known, name) for name in told_of)
            self.known, self.held = self.held, None
        with write() as session:
            session.execute(update(Letter).values(state=LetterState.SENT))

    def check(self) -> None:
        """The record, what is held, and what was told are as they should be."""
        row = held(self.case)
        assert MeetingFacts.of(record(self.case)) == self.known
        assert (row is not None, found(self.case).facts) == (self.held is not None, self.held or self.known)
        assert record(self.case).sequence == self.updates
        mine = f"update:{self.case.attendee.id}:s"
        assert [key.split(":")[2] for key in keys() if key.startswith(mine)] == [
            f"s{number + 1}" for number in range(self.updates)
        ]


@pytest.mark.usefixtures("app")
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(STEPS)
@example([("day later", False), ("room 1", True), ("day as it was", True), ("wait", False)])
@example([("room 1", False), ("room as it was", True), ("wait", False), ("words", False), ("wait", True)])
def test_a_history_of_edits(steps: list[tuple[str, bool]]) -> None:
    history = History()
    for act, second in steps:
        history.step(act, second)
        history.check()


def test_a_new_time_that_is_taken_back_resets_nobody(app: object) -> None:
    case: Case = told()
    edit(case, starts_at=case.meeting.starts_at + DAY, ends_at=case.meeting.ends_at + DAY, venue_zh="1号会议室")
    edit(case, starts_at=case.meeting.starts_at, ends_at=case.meeting.ends_at)
    with played_at(now() + timedelta(minutes=6)):
        release_due()
    assert letters()[0].facts["reply"] == Reply.ACCEPTED.value
    assert record(case).timed_sequence == 0
