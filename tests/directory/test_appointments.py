"""Appointments: first and last day included, a second holder only when somebody says so."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from eventsys.core.errors import DomainError, Stale
from eventsys.core.transaction import write
from eventsys.directory import operations, queries
from eventsys.directory.operations import SecondHolder
from tests.directory.acting import ADMINISTRATOR, DAY, added, appointed, known, last_entry, post_in

BEFORE, AFTER = date(2024, 8, 21), date(2024, 8, 23)


def holders(post_id: int, on: date) -> list[str]:
    return [each.name for each in queries.former_holders(post_id) if each.lasts(on)]


def test_both_days_belong_to_the_appointment(app: Flask) -> None:
    post = post_in(added("和平区"))
    appointed(known("张三"), post, DAY, DAY)
    assert [holders(post.id, day) for day in (BEFORE, DAY, AFTER)] == [[], ["张三"], []]
    assert last_entry().subject_label == "张三 · 和平区主任"


def test_reversed_days_are_refused(app: Flask) -> None:
    post, person = post_in(added("和平区")), known("张三")
    with pytest.raises(DomainError) as refusal:
        appointed(person, post, DAY, BEFORE)
    assert refusal.value.field == "ends_on"
    appointment = appointed(person, post, DAY)
    with pytest.raises(DomainError) as refusal, write():
        operations.end_appointment(appointment, BEFORE, appointment.version, by=ADMINISTRATOR)
    assert refusal.value.field == "ends_on"


def test_a_day_outside_the_calendar_is_refused(app: Flask) -> None:
    with pytest.raises(DomainError) as refusal:
        appointed(known("张三"), post_in(added("和平区")), date(1, 1, 1))
    assert refusal.value.field == "starts_on"


def test_a_second_holder_is_asked_about(app: Flask) -> None:
    post = post_in(added("和平区"))
    appointed(known("张三"), post, BEFORE)
    with pytest.raises(SecondHolder) as question:
        appointed(known("李四"), post, DAY)
    assert (question.value.field, [each.name for each in question.value.holders]) == ("beside", ["张三"])
    assert holders(post.id, DAY) == ["张三"]


def test_both_may_hold_it(app: Flask) -> None:
    post = post_in(added("和平区"))
    appointed(known("张三"), post, BEFORE)
    appointed(known("李四"), post, DAY, beside="both")
    assert sorted(holders(post.id, DAY)) == ["张三", "李四"]


def test_the_second_may_take_over(app: Flask) -> None:
    post = post_in(added("和平区"))
    appointed(known("张三"), post, BEFORE)
    appointed(known("李四"), post, DAY, beside="replace")
    assert [holders(post.id, day) for day in (BEFORE, DAY)] == [["张三"], ["李四"]]


def test_nobody_is_replaced_before_they_began(app: Flask) -> None:
    post = post_in(added("和平区"))
    appointed(known("张三"), post, AFTER)
    with pytest.raises(DomainError) as refusal:
        appointed(known("李四"), post, DAY, beside="replace")
    assert refusal.value.field == "beside"


def test_nobody_holds_one_post_twice_at_a_time(app: Flask) -> None:
    post, person = post_in(added("和平区")), known("张三")
    appointed(person, post, BEFORE)
    with pytest.raises(DomainError) as refusal:
        appointed(person, post, DAY, beside="both")
    assert refusal.value.field == "starts_on"


def test_one_after_the_other_needs_no_question(app: Flask) -> None:
    post = post_in(added("和平区"))
    appointed(known("张三"), post, date(2024, 1, 1), BEFORE)
    appointed(known("李四"), post, DAY)
    assert holders(post.id, DAY) == ["李四"]


def test_an_abolished_post_takes_nobody(app: Flask) -> None:
    post = post_in(added("和平区"))
    with write():
        operations.abolish_post(post, DAY, post.version, by=ADMINISTRATOR)
    for starts_on, ends_on, field in ((DAY, None, "starts_on"), (BEFORE, None, "ends_on"), (BEFORE, DAY, "ends_on")):
        with pytest.raises(DomainError) as refusal:
            appointed(known(f"人{starts_on}{ends_on}"), post, starts_on, ends_on)
        assert refusal.value.field == field


def test_dates_are_corrected_on_the_record(app: Flask) -> None:
    appointment = appointed(known("张三"), post_in(added("和平区")), DAY)
    with write():
        operations.revise_appointment(appointment, BEFORE, AFTER, appointment.version, by=ADMINISTRATOR)
    assert (last_entry().before, last_entry().after) == (
        {"starts_on": "2024-08-22", "ends_on": None},
        {"starts_on": "2024-08-21", "ends_on": "2024-08-23"},
    )
    with pytest.raises(Stale), write():
        operations.end_appointment(appointment, DAY, 1, by=ADMINISTRATOR)
