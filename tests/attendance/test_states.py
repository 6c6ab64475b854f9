"""What marks and answers add up to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventsys.attendance.models import DoorAct
from eventsys.attendance.states import Answered, Mark, RollState, Standing, by_ten_minutes, standing, state_of
from eventsys.invitations.models import Leave, PlaceRole, Reply

START = datetime(2024, 8, 22, 1, 0, tzinfo=UTC)
ASKED = START - timedelta(days=10)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def answered(reply: Reply = Reply.ACCEPTED, leave: Leave = Leave.NONE, **facts: object) -> Answered:
    values = {"role": PlaceRole.REQUIRED, "asked_at": ASKED, **facts}
    return Answered(reply, leave, **values)  # type: ignore[arg-type]


def test_an_undone_mark_no_longer_counts() -> None:
    marks = [Mark(DoorAct.ARRIVED, at(-5)), Mark(DoorAct.LEFT, at(30)), Mark(DoorAct.UNDONE, at(31))]
    assert standing(marks) == Standing(arrived_at=at(-5))


def test_undoing_everything_leaves_nothing() -> None:
    marks = [Mark(DoorAct.ARRIVED, at(-5)), Mark(DoorAct.UNDONE, at(1)), Mark(DoorAct.UNDONE, at(2))]
    assert standing(marks) == Standing()


def test_who_comes_back_is_here_since_the_first_arrival() -> None:
    marks = [Mark(DoorAct.ARRIVED, at(-5)), Mark(DoorAct.LEFT, at(30)), Mark(DoorAct.ARRIVED, at(40))]
    assert standing(marks) == Standing(arrived_at=at(-5))


@pytest.mark.parametrize(
    ("at_door", "state"),
    [
        (Standing(arrived_at=at(-1)), RollState.HERE),
        (Standing(arrived_at=at(5)), RollState.HERE),
        (Standing(arrived_at=at(6)), RollState.LATE),
        (Standing(arrived_at=at(-1), left_at=at(50)), RollState.LEFT),
        (Standing(arrived_at=at(-1), represented_by="综合处处长"), RollState.REPRESENTED),
    ],
)
def test_the_door_decides_for_who_came(at_door: Standing, state: RollState) -> None:
    assert state_of(at_door, answered(), START, at(60)) is state


@pytest.mark.parametrize(
    ("answer", "before", "after"),
    [
        (answered(Reply.ACCEPTED), RollState.EXPECTED, RollState.ABSENT),
        (answered(Reply.TENTATIVE), RollState.EXPECTED, RollState.ABSENT),
        (answered(Reply.PENDING), RollState.UNKNOWN, RollState.ABSENT),
        (answered(Reply.DECLINED), RollState.DECLINED, RollState.ABSENT),
        (answered(Reply.DECLINED, Leave.GRANTED), RollState.EXCUSED, RollState.EXCUSED),
        (answered(Reply.DECLINED, Leave.REFUSED), RollState.DECLINED, RollState.ABSENT),
        (answered(Reply.PENDING, role=PlaceRole.OPTIONAL), RollState.UNKNOWN, RollState.UNKNOWN),
        (answered(Reply.ACCEPTED, role=PlaceRole.OBSERVER), RollState.EXPECTED, RollState.UNKNOWN),
        (answered(Reply.PENDING, asked_at=at(120)), RollState.UNKNOWN, RollState.UNKNOWN),
    ],
)
def test_nobody_is_absent_before_the_roll_is_closed(answer: Answered, before: RollState, after: RollState) -> None:
    assert (state_of(Standing(), answer, START, None), state_of(Standing(), answer, START, at(60))) == (before, after)


def test_arrivals_are_counted_in_tens_of_minutes() -> None:
    assert by_ten_minutes([at(-12), at(-11), at(3)]) == [(at(-20), 2), (at(-10), 0), (at(0), 1)]


def test_no_arrivals_are_no_columns() -> None:
    assert by_ten_minutes([]) == []
