"""People brought in by files: what a preview says, what is written, and what stays as it was."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventsys.core.audit import AuditEntry
from eventsys.core.errors import DomainError, Stale
from eventsys.core.transaction import write
from eventsys.directory import operations
from eventsys.directory.models import DistinctPeople, Person
from eventsys.directory.operations import PersonFacts
from eventsys.directory.queries import people_search
from eventsys.exchange import files
from eventsys.exchange.columns import Sheet
from eventsys.exchange.models import ImportFile, ImportRow, ImportState, ImportWay
from eventsys.exchange.operations import cancel_import, confirm_import
from eventsys.exchange.operations.deciding import OTHERS
from eventsys.extensions import db
from tests.directory.acting import ADMINISTRATOR, known
from tests.exchange.bringing import PEOPLE, again, as_csv, as_xlsx, brought, reasons, states, written

pytestmark = pytest.mark.usefixtures("app")


def people() -> list[tuple[str, str, str]]:
    return [(row.name_zh, row.email, row.phone) for row in db.session.scalars(select(Person).order_by(Person.id))]


def test_new_people_are_written_with_everything_the_verbs_fill_in(app: Flask) -> None:
    found = brought(as_csv(PEOPLE, ("", "曾晓明", "Zeng Xiaoming", "Zeng@Example.org", "024-8888 1234")))
    assert found.reason == {}
    assert (found.state, found.counts) == (ImportState.READY, {"people": {"new": 1}})
    assert people() == []
    done = written(found)
    assert (done.state, done.counts) == (ImportState.DONE, {"people": {"written": 1}})
    row = db.session.scalars(select(Person)).one()
    twin = Person(name_zh="曾晓明", name_en="Zeng Xiaoming", email="", phone="024-8888 1234", note="")
    from eventsys.directory.words import refresh_person

    refresh_person(twin)
    assert (row.email, row.phone, row.language, row.version) == ("zeng@example.org", "024-8888 1234", None, 1)
    for name in ("sort_key", "sort_key_en", "search_text", "phone_key"):
        assert getattr(row, name) == getattr(twin, name), name
    assert [each.id for each in people_search("zengxiao", on=date(2024, 1, 1))] == [row.id]


def test_the_log_has_one_entry_for_the_import_and_one_for_each_person() -> None:
    done = written(
        brought(as_csv(PEOPLE, ("", "李一", "", "a@example.org", ""), ("", "李二", "", "b@example.org", "")))
    )
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(each.action, each.subject_label, each.actor) for each in entries] == [
        ("person.add", "李一", "管理员"),
        ("person.add", "李二", "管理员"),
        ("import.write", "测试.csv", "管理员"),
    ]
    assert entries[0].after == {"name_zh": "李一", "email": "a@example.org"}
    assert entries[2].after == {
        "file": "测试.csv",
        "sheets": "people",
        "written": 2,
        "unchanged": 0,
        "not_written": 0,
    }
    assert done.finished_at is not None


def test_what_is_exported_comes_back_as_nothing_to_do() -> None:
    known("张伟", email="zw@example.org", phone="+86 24 1234 5678", note="=1+1\n第二行")
    known("李娜", name_en="Li Na", language="en", note="-5")
    known("", name_en='O\'Brien; "x", y')
    for data in (b"".join(files.export_csv(Sheet.PEOPLE)), b"".join(files.export_xlsx([Sheet.PEOPLE]))):
        found = brought(data)
        assert (found.counts, [each["en"] for each in found.remarks if "not read" in each["en"]]) == (
            {"people": {"unchanged": 3}},
            [],
        )
        with pytest.raises(DomainError, match="没有需要写入"), write():
            confirm_import(found, ImportWay.ALL, (), found.version, by=ADMINISTRATOR)


def test_a_change_says_old_and_new_and_raises_the_version() -> None:
    who = known("张伟", email="zw@example.org", phone="024 1234 5678", note="旧")
    found = brought(
        as_csv(("编号", "备注"), *[(who.id, "新")])
        if False
        else as_csv(("编号", "姓名", "备注"), (who.id, "张伟", "新"))
    )
    row = db.session.scalars(select(ImportRow)).one()
    assert (row.state, row.subject_id, row.basis, row.changes) == ("changed", who.id, 1, {"note": ["旧", "新"]})
    written(found)
    db.session.expire_all()
    assert (who.note, who.email, who.phone, who.version) == ("新", "zw@example.org", "024 1234 5678", 2)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "person.revise")).one()
    assert (entry.before, entry.after, entry.subject_id) == ({"note": "旧"}, {"note": "新"}, who.id)


def test_a_new_name_is_found_by_and_the_old_one_is_not() -> None:
    who = known("张伟")
    written(brought(as_csv(PEOPLE[:2], (who.id, "欧阳芳"))))
    on = date(2024, 1, 1)
    assert [each.id for each in people_search("ouyang", on=on)] == [who.id]
    assert people_search("张伟", on=on) == []


def test_somebody_is_known_by_address_and_name_or_number_and_name() -> None:
    one = known("张伟", email="zw@example.org", phone="024 1111 2222")
    other = known("李娜", phone="024 3333 4444")
    brought(
        as_csv(
            PEOPLE,
            ("", "张伟", "", "ZW@example.org", "024 9999 0000"),
            ("", "李娜", "", "ln@example.org", "+86 24 33334444"),
        )
    )
    rows = db.session.scalars(select(ImportRow).order_by(ImportRow.number)).all()
    assert [(row.state, row.subject_id) for row in rows] == [("changed", one.id), ("changed", other.id)]


def test_a_name_alone_is_nobody_on_record() -> None:
    who = known("张伟", email="zw@example.org")
    found = brought(as_csv(PEOPLE, ("", "张伟", "", "other@example.org", "")))
    assert states(found) == [(2, "asked")]
    assert reasons(found, 2) == [
        (
            "name_zh",
            f"Looks like 张伟 ({who.id}) on record. Write the number into “Record number” if it is the same person, "
            "or into “Not the same as” if it is another one.",
        )
    ]
    with pytest.raises(DomainError), write():
        confirm_import(found, ImportWay.ALL, (), found.version, by=ADMINISTRATOR)
    done = written(found, accepted=(OTHERS,))
    assert done.counts == {"people": {"written": 1}}
    assert people() == [("张伟", "zw@example.org", ""), ("张伟", "other@example.org", "")]
    pair = db.session.scalars(select(DistinctPeople)).one()
    assert pair.one_id == who.id


def test_the_file_itself_may_say_that_they_are_others() -> None:
    who = known("张伟")
    found = brought(as_csv((*PEOPLE, "并非同一人"), ("", "张伟", "", "", "024 1234 5678", str(who.id))))
    assert states(found) == [(2, "new")]
    written(found)
    assert db.session.scalar(select(func.count()).select_from(DistinctPeople)) == 1


def test_two_rows_with_one_address_are_refused_each_naming_the_other() -> None:
    found = brought(as_csv(PEOPLE, ("", "李一", "", "a@example.org", ""), ("", "李二", "", "A@example.org", "")))
    assert states(found) == [(2, "refused"), (3, "refused")]
    assert reasons(found, 2) == [("email", "The same stands in row 3.")]
    assert reasons(found, 3) == [("email", "The same stands in row 2.")]


def test_an_address_of_somebody_on_record_is_refused_with_their_number() -> None:
    who = known("张伟", email="zw@example.org")
    found = brought(as_csv(PEOPLE, ("", "李娜", "", "zw@example.org", "")))
    assert states(found) == [(2, "refused")]
    assert reasons(found, 2) == [("email", f"This address belongs to 张伟, number {who.id}.")]


def test_two_people_of_one_name_stay_two_if_something_tells_them_apart() -> None:
    rows = [("", "张伟", "", "a@example.org", ""), ("", "张伟", "", "b@example.org", ""), ("", "李娜"), ("", "李娜")]
    found = brought(as_csv(PEOPLE, *rows))
    assert states(found) == [(2, "new"), (3, "new"), (4, "refused"), (5, "refused")]
    done = written(found, ImportWay.GOOD)
    assert done.counts == {"people": {"written": 2, "refused": 2}}
    assert [name for name, *_rest in people()] == ["张伟", "张伟"]


def test_somebody_who_gets_a_name_in_the_file_is_told_apart_from_who_comes_with_it() -> None:
    one, other = known("旧名"), known("李四")
    rows = [(one.id, "张伟"), ("", "张伟"), (other.id, "张伟", "", "o@example.org"), ("", "张伟", "", "n@example.org")]
    found = brought(as_csv(PEOPLE, *rows))
    assert [state for _row, state in states(found)] == ["refused", "refused", "refused", "refused"]
    assert [state for _row, state in states(brought(as_csv(PEOPLE, *rows[2:])))] == ["changed", "new"]


def test_a_number_that_nobody_has_and_one_that_stands_twice_are_refused() -> None:
    who = known("张伟")
    found = brought(as_csv(PEOPLE, (999, "李娜"), (who.id, "张伟一"), (who.id, "张伟二")))
    assert states(found) == [(2, "refused"), (3, "refused"), (4, "refused")]
    assert reasons(found, 2) == [("number", "No record has this number. Leave it empty for a new row.")]
    assert reasons(found, 3) == [("number", "The same stands in row 4.")]


def test_all_or_nothing_is_nothing_while_a_row_is_refused() -> None:
    found = brought(as_csv(PEOPLE, ("", "李一"), ("", "", "", "b@example.org", "")))
    with pytest.raises(DomainError) as refusal, write():
        confirm_import(found, ImportWay.ALL, (), found.version, by=ADMINISTRATOR)
    assert refusal.value.field == "way"
    assert written(found, ImportWay.GOOD).counts == {"people": {"written": 1, "refused": 1}}


def test_a_record_that_moved_since_the_preview_is_not_overwritten() -> None:
    one, other = known("张伟"), known("李娜")
    found = brought(as_csv(("编号", "姓名", "备注"), (one.id, "张伟", "文件"), (other.id, "李娜", "文件")))
    with write():
        operations.revise_person(one, PersonFacts("张伟", note="本人"), 1, by=ADMINISTRATOR)
    done = written(found, ImportWay.GOOD)
    assert done.counts == {"people": {"left": 1, "written": 1}}
    db.session.expire_all()
    assert (one.note, other.note) == ("本人", "文件")
    assert reasons(found, 2)[-1][1].startswith("The record has changed since the preview.")


def test_all_or_nothing_writes_nothing_when_something_moved_and_asks_again() -> None:
    one, other = known("张伟"), known("李娜")
    found = brought(as_csv(("编号", "姓名", "备注"), (one.id, "张伟", "文件"), (other.id, "李娜", "文件")))
    with write():
        operations.revise_person(one, PersonFacts("张伟", note="本人"), 1, by=ADMINISTRATOR)
    back = written(found)
    assert (back.state, back.counts) == (ImportState.READY, {"people": {"changed": 1, "refused": 1}})
    assert back.reason["en"] == "Nothing was written: 1 rows moved meanwhile."
    db.session.expire_all()
    assert (one.note, other.note) == ("本人", "")
    with pytest.raises(Stale), write():
        confirm_import(back, ImportWay.GOOD, (), back.version - 1, by=ADMINISTRATOR)
    assert written(back, ImportWay.GOOD).counts == {"people": {"written": 1, "refused": 1}}


def test_somebody_who_came_on_record_meanwhile_stops_the_row() -> None:
    found = brought(as_csv(PEOPLE, ("", "张伟", "", "zw@example.org", ""), ("", "李娜"), ("", "王芳")))
    owner, _namesake = known("王五", email="zw@example.org"), known("李娜")
    done = written(found, ImportWay.GOOD)
    assert done.counts == {"people": {"left": 2, "written": 1}}
    assert reasons(found, 2)[-1] == ("email", f"This address belongs to 王五, number {owner.id}.")
    assert [name for name, *_rest in people()] == ["王五", "李娜", "王芳"]


def test_confirming_twice_writes_once() -> None:
    found = brought(as_csv(PEOPLE, ("", "李一")))
    for _each in range(2):
        with write():
            confirm_import(found, ImportWay.ALL, (), found.version, by=ADMINISTRATOR)
    written(found)
    assert [name for name, *_rest in people()] == ["李一"]


def test_the_same_file_brought_twice_is_one_import_until_it_is_decided() -> None:
    data = as_csv(PEOPLE, ("", "李一", "", "a@example.org", ""))
    first = brought(data)
    assert brought(data).id == first.id
    written(first)
    later = brought(data)
    assert (later.id == first.id, later.counts) == (False, {"people": {"unchanged": 1}})


def test_an_import_that_is_called_off_leaves_nothing_behind() -> None:
    found = brought(as_csv(PEOPLE, ("", "李一")))
    with write():
        cancel_import(found, by=ADMINISTRATOR)
    found = again(found.id)
    assert found.state is ImportState.CANCELLED
    for model in (ImportRow, ImportFile, Person):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0
    with write():
        confirm_import(found, ImportWay.ALL, (), found.version, by=ADMINISTRATOR)
    assert again(found.id).state is ImportState.CANCELLED


def test_the_file_is_gone_once_it_is_read() -> None:
    brought(as_csv(PEOPLE, ("", "李一")))
    assert db.session.scalar(select(func.count()).select_from(ImportFile)) == 0


def test_excel_numbers_stay_what_they_are() -> None:
    found = brought(as_xlsx(PEOPLE, (None, "李一", None, None, 13812345678), (None, "李二", None, None, 2412345678)))
    written(found)
    assert people() == [("李一", "", "13812345678"), ("李二", "", "2412345678")]
    assert reasons(found, 2) == []
    assert [column for column, _words in reasons(found, 3)] == ["phone"]
