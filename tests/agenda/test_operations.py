"""The verbs of the agenda, and the clock times that follow from them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.agenda.models import AgendaKind
from eventsys.agenda.operations import (
    ItemFacts,
    add_item,
    change_item,
    copy_agenda,
    move_item,
    remove_item,
    reorder,
)
from eventsys.agenda.queries import overrun, timed_items, total_minutes
from eventsys.core.actor import Actor
from eventsys.core.audit import AuditEntry
from eventsys.core.errors import DomainError, Stale
from eventsys.core.language import use_language
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.meetings.models import Meeting, MeetingState
from tests import factories
from tests.agenda.samples import agenda, item
from tests.meetings.samples import START, office, organizer


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    return factories.meeting(office(), starts_at=START)


@pytest.fixture
def by(meeting: Meeting) -> Actor:
    return organizer(meeting.convener)


def shown(meeting: Meeting) -> list[str]:
    db.session.rollback()
    return [each.title for each in timed_items(meeting)]


def last_entry() -> AuditEntry:
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


def test_clock_times_follow_from_the_start_and_the_order(meeting: Meeting, by: Actor) -> None:
    for title, minutes in (("开幕", 10), ("学习", 45), ("总结", 20)):
        item(meeting, by, title, minutes)
    assert [
        (each.number, each.title, f"{each.starts_at:%H:%M}", f"{each.ends_at:%H:%M}") for each in timed_items(meeting)
    ] == [(1, "开幕", "01:00", "01:10"), (2, "学习", "01:10", "01:55"), (3, "总结", "01:55", "02:15")]
    assert total_minutes(meeting.id) == 75


def test_the_words_are_in_the_readers_language(meeting: Meeting, by: Actor) -> None:
    district = factories.organization("和平区", name_en="Heping District", short_en="Heping")
    person = factories.person("张伟", name_en="Zhang Wei")
    item(
        meeting,
        by,
        "工作汇报",
        title_en="Work report",
        presenter_organization_id=district.id,
        presenter_person_id=person.id,
        presenter_zh="全体参会人员",
        note_zh="请带材料",
    )
    words = {}
    for code in ("zh", "en"):
        with use_language(code):
            each = timed_items(meeting)[0]
            words[code] = (each.title, each.presenter, each.note)
    assert words == {
        "zh": ("工作汇报", "和平区　张伟　全体参会人员", "请带材料"),
        "en": ("Work report", "Heping, Zhang Wei, 全体参会人员", "请带材料"),
    }


def test_an_agenda_longer_than_the_meeting_is_counted_not_refused(meeting: Meeting, by: Actor) -> None:
    item(meeting, by, "长", 150)
    assert (overrun(meeting, total_minutes(meeting.id)), overrun(meeting, 120), overrun(meeting, 5)) == (30, 0, 0)


def test_moving_by_one(meeting: Meeting, by: Actor) -> None:
    first, second, third = agenda(meeting, by, "一", "二", "三")
    moved = []
    for each, step in ((third, -1), (third, -1), (third, -1), (second, 1)):
        with write():
            moved.append(move_item(each, step, by=by))
    assert moved == [True, True, False, False]
    assert shown(meeting) == ["三", "一", "二"]
    entry = last_entry()
    assert (entry.action, entry.before, entry.after) == (
        "agenda.reorder",
        {"order": [first.id, third.id, second.id]},
        {"order": [third.id, first.id, second.id]},
    )


def test_an_order_of_all_items(meeting: Meeting, by: Actor) -> None:
    items = agenda(meeting, by, "一", "二", "三")
    with write():
        reorder(meeting, [items[2].id, items[0].id, items[1].id], by=by)
    assert shown(meeting) == ["三", "一", "二"]


def test_an_order_of_other_items_is_refused(meeting: Meeting, by: Actor) -> None:
    first, second = agenda(meeting, by, "一", "二")
    foreign = agenda(factories.meeting(meeting.convener), by, "别的")[0]
    for wanted in ([first.id], [first.id, first.id], [first.id, second.id, foreign.id], [first.id, foreign.id], []):
        with pytest.raises(DomainError), write():
            reorder(meeting, wanted, by=by)
    assert shown(meeting) == ["一", "二"]


def test_changing_audits_only_what_changed(meeting: Meeting, by: Actor) -> None:
    (only,) = agenda(meeting, by, "一")
    with write():
        change_item(only, replace(ItemFacts.of(only), minutes=45), only.version, by=by)
    entry = last_entry()
    assert (entry.action, entry.before, entry.after, entry.meeting_id) == (
        "agenda.change",
        {"minutes": 30},
        {"minutes": 45},
        meeting.id,
    )


def test_the_second_of_two_changes_is_stale(meeting: Meeting, by: Actor) -> None:
    (only,) = agenda(meeting, by, "一")
    opened, facts = only.version, ItemFacts.of(only)
    with write():
        change_item(only, replace(facts, title_zh="甲"), opened, by=by)
    with pytest.raises(Stale), write():
        change_item(only, replace(facts, title_zh="乙"), opened, by=by)
    assert shown(meeting) == ["甲"]


def test_removing_leaves_the_words_in_the_audit_log(meeting: Meeting, by: Actor) -> None:
    first, _second = agenda(meeting, by, "一", "二")
    with write():
        remove_item(first, by=by)
    assert shown(meeting) == ["二"]
    assert (last_entry().action, last_entry().before["title_zh"]) == ("agenda.remove", "一")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title_zh": ""}, "title_zh"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"title_zh": "题" * 301}, "title_zh"),
        ({"presenter_en": "\u202ex"}, "presenter_en"),
        ({"note_zh": "x" * 1001}, "note_zh"),
        ({"presenter_organization_id": 9999}, "presenter_organization_id"),
        ({"presenter_person_id": 9999}, "presenter_person_id"),
    ],
)
def test_what_an_item_cannot_be(meeting: Meeting, by: Actor, changes: dict[str, object], field: str) -> None:
    facts = replace(ItemFacts(kind=AgendaKind.OTHER, minutes=10, title_zh="一"), **changes)  # type: ignore[arg-type]
    with pytest.raises(DomainError) as refused, write():
        add_item(meeting, facts, by=by)
    assert (refused.value.field, shown(meeting)) == (field, [])


def test_every_change_moves_the_page_and_not_the_meetings_version(meeting: Meeting, by: Actor) -> None:
    seen = [meeting.modified_at]
    version = meeting.version
    first, _second = agenda(meeting, by, "一", "二")
    for act in (
        lambda: change_item(first, replace(ItemFacts.of(first), minutes=5), first.version, by=by),
        lambda: move_item(first, 1, by=by),
        lambda: remove_item(first, by=by),
    ):
        with write():
            act()
        db.session.refresh(meeting)
        seen.append(meeting.modified_at)
    assert (seen, meeting.version) == (sorted(set(seen)), version)


@pytest.mark.parametrize("state", [MeetingState.SCHEDULED, MeetingState.IN_SESSION, MeetingState.CONCLUDED])
def test_a_scheduled_or_concluded_agenda_is_still_edited(app: Flask, state: MeetingState) -> None:
    meeting = factories.meeting(office(), state=state)
    agenda(meeting, organizer(meeting.convener), "一")
    assert shown(meeting) == ["一"]


@pytest.mark.parametrize("state", [MeetingState.CANCELLED, MeetingState.ARCHIVED])
def test_a_closed_agenda_stays(app: Flask, state: MeetingState) -> None:
    meeting = factories.meeting(office(), state=state)
    with pytest.raises(DomainError):
        agenda(meeting, organizer(meeting.convener), "一")
    assert shown(meeting) == []


def test_a_copy_has_everything_but_the_versions(meeting: Meeting, by: Actor) -> None:
    agenda(meeting, by, "一", "二")
    target = factories.meeting(meeting.convener)
    with write():
        assert copy_agenda(meeting, target, by=by) == 2
    assert (shown(target), shown(meeting)) == (["一", "二"], ["一", "二"])
    assert (last_entry().action, last_entry().after) == ("agenda.copy", {"from": meeting.id, "items": 2})
