"""Organizations, posts and appointments brought in by files, alone and together in one workbook."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from eventsys.core.audit import AuditEntry
from eventsys.core.transaction import write
from eventsys.directory import operations
from eventsys.directory.models import Appointment, Organization, Person, Post
from eventsys.directory.operations import PostKindFacts
from eventsys.exchange import files
from eventsys.exchange.columns import Sheet
from eventsys.exchange.models import ImportState, ImportWay
from eventsys.exchange.operations.deciding import BOTH, OTHERS
from eventsys.extensions import db
from tests.directory.acting import ADMINISTRATOR, added, appointed, known, post_in
from tests.exchange.bringing import again, as_csv, as_xlsx, brought, reasons, states, written

pytestmark = pytest.mark.usefixtures("app")

OFFICES = ("编号", "上级单位", "类别", "中文名称", "英文名称")
POSTS = ("编号", "单位编号", "单位全称", "职务类别", "中文职务名称", "英文职务名称")
HELD = ("编号", "人员编号", "人员姓名", "职务编号", "职务全称", "任职日期", "截止日期")


def all_of(model: Any) -> list[Any]:
    db.session.expire_all()
    return list(db.session.scalars(select(model).order_by(model.id)))


def test_a_tree_comes_in_any_order() -> None:
    rows = [("C", "B", "区", "丙", "C"), ("B", "A", "区", "乙", "B"), ("A", "", "市", "甲", "A")]
    done = written(brought(as_csv(OFFICES, *rows), Sheet.ORGANIZATIONS))
    assert (done.state, done.counts) == (ImportState.DONE, {"organizations": {"written": 3}})
    by_name = {row.name_zh: row for row in all_of(Organization)}
    assert by_name["丙"].path == f"{by_name['乙'].path}{by_name['丙'].id}/"
    assert by_name["乙"].path == f"/{by_name['甲'].id}/{by_name['乙'].id}/"
    assert by_name["丙"].sort_key
    assert by_name["丙"].search_text.strip()


def test_what_stands_below_a_refused_row_is_refused() -> None:
    rows = [("C", "B", "区", "丙", "C"), ("B", "A", "区", "乙", "B"), ("A", "", "乡", "甲", "A")]
    found = brought(as_csv(OFFICES, *rows), Sheet.ORGANIZATIONS)
    assert states(found) == [(2, "refused"), (3, "refused"), (4, "refused")]
    assert reasons(found, 2) == [("parent", "Row 3, to which this refers, is refused.")]


def test_a_circle_is_refused_in_the_file_and_through_the_record() -> None:
    top = added("市政府")
    below = added("和平区", top)
    rows = [
        ("A", "B", "区", "甲", "A"),
        ("B", "A", "区", "乙", "B"),
        (top.id, below.id, "区", "市政府", "En 市政府"),
        ("S", "S", "区", "丁", "D"),
    ]
    found = brought(as_csv(OFFICES, *rows), Sheet.ORGANIZATIONS)
    assert states(found) == [(2, "refused"), (3, "refused"), (4, "refused"), (5, "refused")]
    for number in (2, 3, 4, 5):
        assert reasons(found, number) == [("parent", "An organization cannot stand below itself. Choose another one.")]


def test_an_organization_is_changed_and_moved_and_its_posts_follow() -> None:
    top, office = added("市政府"), added("和平区")
    post = post_in(office)
    found = brought(as_csv(OFFICES, (office.id, top.id, "县", "太平县", "Taiping")), Sheet.ORGANIZATIONS)
    assert states(found) == [(2, "changed")]
    written(found)
    db.session.expire_all()
    assert (office.name_zh, office.kind.value, office.path) == ("太平县", "county", f"/{top.id}/{office.id}/")
    assert "taiping" in post.search_text
    actions = [entry.action for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(3))]
    assert actions == ["import.write", "organization.move", "organization.revise"]


def test_a_name_alone_is_asked_about_and_twins_are_refused() -> None:
    office = added("和平区")
    rows = [("", "", "区", "和平区", "Other"), ("", "", "区", "新区", "N"), ("", "", "区", "新区", "N")]
    found = brought(as_csv(OFFICES, *rows), Sheet.ORGANIZATIONS)
    assert states(found) == [(2, "asked"), (3, "refused"), (4, "refused")]
    assert str(office.id) in reasons(found, 2)[0][1]
    written(found, ImportWay.GOOD, (OTHERS,))
    assert [row.name_zh for row in all_of(Organization)] == ["和平区", "和平区"]


def test_words_that_are_none_of_the_kinds_are_refused_with_the_kinds() -> None:
    found = brought(as_csv(OFFICES, ("", "999", "乡", "甲", "A"), ("", "N9", "区", "乙", "")), Sheet.ORGANIZATIONS)
    assert [column for column, _words in reasons(found, 2)] == ["kind", "parent"]
    assert [column for column, _words in reasons(found, 3)] == ["name_en", "parent"]


def test_posts_take_titles_from_their_kind_and_stay_in_their_organization() -> None:
    office, other = added("和平区"), added("沈河区")
    with write():
        kind = operations.add_post_kind(PostKindFacts("外办主任", "Foreign affairs director"), by=ADMINISTRATOR)
    mine = post_in(office, "科长")
    rows = [
        ("", office.id, "和平区", "外办主任", "", ""),
        ("", office.id, "沈河区", "", "处长", "Chief"),
        ("", office.id, "", "没有的", "处长", "Chief"),
        (mine.id, other.id, "", "", "科长", "En 科长"),
        ("", office.id, "", "", "科长", "Chief"),
        ("", office.id, "", "", "", ""),
    ]
    found = brought(as_csv(POSTS, *rows), Sheet.POSTS)
    assert [state for _number, state in states(found)] == ["new", "refused", "refused", "refused", "asked", "refused"]
    assert reasons(found, 3) == [
        ("organization_name", "The number belongs to “和平区”. Put the number or the name right.")
    ]
    written(found, ImportWay.GOOD)
    post = all_of(Post)[-1]
    assert (post.title_zh, post.title_en, post.kind_id, post.position) == (
        "外办主任",
        "Foreign affairs director",
        kind.id,
        2,
    )


def test_appointments_name_person_and_post_by_number() -> None:
    office = added("和平区")
    post, who, other = post_in(office), known("张伟"), known("李娜")
    rows = [
        ("", who.id, "张伟", post.id, "主任", "2020年1月1日", "2022-12-31"),
        ("", other.id, "李娜", post.id, "和平区主任", 44927, ""),
        ("", other.id, "张伟", post.id, "", "2020-01-01", ""),
        ("", 999, "", post.id, "", "2020-01-01", ""),
        ("", who.id, "", post.id, "", "2023-02-30", ""),
        ("", who.id, "", post.id, "", "2019-05-01", "2019-04-01"),
    ]
    found = brought(as_csv(HELD, *rows), Sheet.APPOINTMENTS)
    assert [state for _number, state in states(found)] == ["new", "new", "refused", "refused", "refused", "refused"]
    assert [reasons(found, number)[0][0] for number in (4, 5, 6, 7)] == [
        "person_name",
        "person",
        "starts_on",
        "ends_on",
    ]
    written(found, ImportWay.GOOD)
    assert [(row.person_id, row.starts_on, row.ends_on) for row in all_of(Appointment)] == [
        (who.id, date(2020, 1, 1), date(2022, 12, 31)),
        (other.id, date(2023, 1, 1), None),
    ]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "appointment.add")).first()
    assert (entry.subject_label, entry.after["starts_on"]) == ("张伟 · 和平区主任", "2020-01-01")


def test_an_end_makes_room_for_who_comes_after() -> None:
    office = added("和平区")
    post, who, other = post_in(office), known("张伟"), known("李娜")
    held = appointed(who, post)
    rows = [
        ("", other.id, "", post.id, "", "2024-09-01", ""),
        (held.id, who.id, "", post.id, "", "2024-01-01", "2024-08-31"),
    ]
    found = brought(as_csv(HELD, *rows), Sheet.APPOINTMENTS)
    assert states(found) == [(2, "new"), (3, "changed")]
    assert written(found).counts == {"appointments": {"written": 2}}
    assert [(row.person_id, row.ends_on) for row in all_of(Appointment)] == [
        (who.id, date(2024, 8, 31)),
        (other.id, None),
    ]


def test_two_on_one_post_are_asked_about_and_one_twice_is_refused() -> None:
    office = added("和平区")
    post, who, other = post_in(office), known("张伟"), known("李娜")
    held = appointed(who, post)
    rows = [("", other.id, "", post.id, "", "2024-09-01", ""), ("", who.id, "", post.id, "", "2024-09-01", "")]
    found = brought(as_csv(HELD, *rows), Sheet.APPOINTMENTS)
    assert states(found) == [(2, "asked"), (3, "refused")]
    assert f"张伟 ({held.id})" in reasons(found, 2)[0][1]
    assert written(found, ImportWay.GOOD, (BOTH,)).counts == {"appointments": {"refused": 1, "written": 1}}


def test_somebody_appointed_meanwhile_stops_the_row() -> None:
    office = added("和平区")
    post, who, other = post_in(office), known("张伟"), known("李娜")
    found = brought(as_csv(HELD, ("", other.id, "", post.id, "", "2024-09-01", "")), Sheet.APPOINTMENTS)
    appointed(who, post)
    assert written(found, ImportWay.GOOD).counts == {"appointments": {"left": 1}}
    assert len(all_of(Appointment)) == 1


def test_one_workbook_brings_everything_with_marks_of_its_own() -> None:
    book = as_xlsx(
        ("编号", "中文姓名", "电话"),
        ("P1", "张伟", "024 1234 5678"),
        name="人员",
        任职=[HELD, ("", "P1", "张伟", "Z1", "", date(2024, 8, 22), None)],
        职务=[POSTS, ("Z1", "D1", "新区", "", "主任", "Director")],
        单位=[OFFICES, ("D1", "", "区", "新区", "New District")],
    )
    found = brought(book, None)
    assert found.counts == {sheet.value: {"new": 1} for sheet in Sheet}
    done = written(found)
    assert done.counts == {sheet.value: {"written": 1} for sheet in Sheet}
    (row,) = all_of(Appointment)
    assert (row.person.name_zh, row.post.organization.name_zh, row.starts_on) == ("张伟", "新区", date(2024, 8, 22))


def test_what_refers_to_a_refused_row_is_refused_and_what_was_left_out_stops_it_later() -> None:
    who = known("张伟")
    book = as_xlsx(
        ("编号", "中文姓名", "电子邮箱"),
        ("P1", "李娜", "nowhere"),
        ("P2", "张伟", ""),
        name="人员",
        任职=[HELD, ("", "P1", "", "Z1", "", "2024-08-22", ""), ("", "P2", "", "Z1", "", "2024-08-22", "")],
        职务=[POSTS, ("Z1", "D1", "", "", "主任", "Director")],
        单位=[OFFICES, ("D1", "", "区", "新区", "New District")],
    )
    found = brought(book, None)
    assert found.counts["people"] == {"refused": 1, "asked": 1}
    assert found.counts["appointments"] == {"refused": 1, "new": 1}
    done = written(found, ImportWay.GOOD)
    assert done.counts["appointments"] == {"refused": 1, "left": 1}
    assert [row.id for row in all_of(Person)] == [who.id]


def test_everything_exported_comes_back_as_nothing_to_do() -> None:
    top = added("市政府")
    office = added("和平区", top, phone="024 1234 5678", email="heping@example.org", short_zh="和平", language="en")
    with write():
        kind = operations.add_post_kind(PostKindFacts("外办主任", "Foreign affairs director"), by=ADMINISTRATOR)
    posts = [post_in(office, "外办主任", kind.id), post_in(office, "科长"), post_in(top)]
    appointed(known("张伟"), posts[0], ends_on=date(2024, 12, 31))
    appointed(known("李娜", name_en="Li Na"), posts[2])
    old = added("旧区")
    with write():
        operations.abolish_post(posts[1], date(2024, 1, 1), posts[1].version, by=ADMINISTRATOR)
        operations.close_organization(old, date(2024, 1, 1), old.version, by=ADMINISTRATOR)
    db.session.rollback()
    found = brought(b"".join(files.export_xlsx(list(Sheet))), None)
    assert found.counts == {
        "organizations": {"unchanged": 3},
        "posts": {"unchanged": 3},
        "people": {"unchanged": 2},
        "appointments": {"unchanged": 2},
    }
    for sheet in Sheet:
        assert set(brought(b"".join(files.export_csv(sheet)), sheet).counts[sheet]) == {"unchanged"}


def test_all_of_a_workbook_or_nothing() -> None:
    office = added("和平区")
    book = as_xlsx(
        ("编号", "中文姓名"),
        ("P1", "张伟"),
        name="人员",
        单位=[OFFICES, (office.id, "", "区", "新名", "New"), ("D2", "", "区", "另区", "D")],
    )
    found = brought(book, None)
    with write():
        operations.close_organization(office, date(2024, 1, 1), office.version, by=ADMINISTRATOR)
    back = written(found)
    assert (back.state, back.counts["people"], back.counts["organizations"]) == (
        ImportState.READY,
        {"new": 1},
        {"refused": 1, "new": 1},
    )
    assert [row.name_zh for row in all_of(Organization)] == ["和平区"]
    assert all_of(Person) == []
    assert again(back.id).reason["en"].startswith("Nothing was written")
