"""People: told apart by id, found in both languages, likely duplicates pointed out."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from eventsys.core.errors import DomainError, Stale
from eventsys.core.language import use_language
from eventsys.core.transaction import write
from eventsys.directory import operations, queries
from eventsys.directory.models import Person
from eventsys.directory.operations import LikelyDuplicate, PersonFacts
from eventsys.directory.queries.lists import Cursor
from eventsys.extensions import db
from tests.directory.acting import ADMINISTRATOR, DAY, added, appointed, known, last_entry, post_in


def names(q: str = "", **filters: object) -> list[str]:
    return [row.name for row in queries.people_page(q, DAY, Cursor(), **filters).rows]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "same"),
    [
        ({"name_zh": "张伟", "name_en": "Other"}, ("name",)),
        ({"name_zh": "李四", "name_en": "zhang WEI"}, ("name",)),
        ({"name_zh": "张伟", "email": "other@example.org", "phone": "024 9999 9999"}, ("name",)),
        ({"name_zh": "李四", "email": "Zhang@Example.org"}, ("email",)),
        ({"name_zh": "李四", "phone": "+86 24-1234 5678"}, ("phone",)),
        ({"name_zh": "张伟", "email": "zhang@example.org", "phone": "02412345678"}, ("name", "email", "phone")),
    ],
)
def test_a_likely_duplicate_is_pointed_out(app: Flask, facts: dict[str, str], same: tuple[str, ...]) -> None:
    person = known("张伟", name_en="Zhang Wei", email="zhang@example.org", phone="024 1234 5678")
    appointed(person, post_in(added("和平区"), "外办主任"))
    with pytest.raises(LikelyDuplicate) as found:
        known(**facts)
    (likely,) = found.value.likely
    assert (likely.person.id, likely.same) == (person.id, same)
    assert [(post.organization, post.title) for post in likely.person.posts] == [("和平区", "外办主任")]
    assert names() == ["张伟"]


def test_somebody_else_is_no_duplicate(app: Flask) -> None:
    known("张伟", email="one@example.org", phone="024 1234 5678")
    assert known("张维", email="two@example.org", phone="024 1234 5679").name_zh == "张维"


def test_two_people_of_one_name_stay_two_and_are_not_asked_about_again(app: Flask) -> None:
    first = known("张伟", email="one@example.org")
    facts = PersonFacts("张伟", email="two@example.org")
    with write():
        second = operations.add_person(facts, distinct_from={first.id}, by=ADMINISTRATOR)
    assert names() == ["张伟", "张伟"]
    with write():
        operations.revise_person(
            second, PersonFacts("张伟", "Zhang Wei", "two@example.org"), second.version, by=ADMINISTRATOR
        )
    third = {"name_zh": "张伟", "email": "three@example.org"}
    with pytest.raises(LikelyDuplicate) as found, write():
        operations.add_person(PersonFacts(**third), distinct_from={first.id}, by=ADMINISTRATOR)
    assert {each.person.id for each in found.value.likely} == {first.id, second.id}


def test_an_edit_that_makes_two_alike_is_pointed_out(app: Flask) -> None:
    known("张伟", email="one@example.org")
    person = known("李四", email="two@example.org")
    with pytest.raises(LikelyDuplicate), write():
        operations.revise_person(person, PersonFacts("张伟", email="two@example.org"), person.version, by=ADMINISTRATOR)
    assert db.session.get_one(Person, person.id).name_zh == "李四"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({}, "name_zh"),
        ({"name_zh": "张三", "email": "张三@example.org"}, "email"),
        ({"name_zh": "张三", "email": "x@"}, "email"),
        ({"name_zh": "张三", "email": "a@example.org\nBcc: b@example.org"}, "email"),
        ({"name_zh": "张三", "phone": "<b>024</b>"}, "phone"),
        ({"name_zh": "张三", "language": "fr"}, "language"),
    ],
)
def test_a_refusal_stands_at_its_field(app: Flask, facts: dict[str, str], field: str) -> None:
    with pytest.raises(DomainError) as refusal:
        known(**facts)
    assert refusal.value.field == field


def test_changes_are_on_record_with_both_sides(app: Flask) -> None:
    person = known("张三", email="A@Example.org")
    with write():
        operations.revise_person(person, PersonFacts("张三", email="b@example.org"), person.version, by=ADMINISTRATOR)
    assert (last_entry().before, last_entry().after) == ({"email": "a@example.org"}, {"email": "b@example.org"})
    with pytest.raises(Stale), write():
        operations.revise_person(person, PersonFacts("张三"), 1, by=ADMINISTRATOR)


@pytest.mark.parametrize("q", ["曾", "曾庆", "zeng", "zengqing", "zq", "Zeng Qing", "和平 主任", "hpq", "heping 曾"])
def test_search_knows_names_posts_and_pinyin(app: Flask, q: str) -> None:
    appointed(known("曾庆", name_en="Zeng Qing"), post_in(added("和平区", name_en="Heping District"), "外办主任"))
    known("李四", name_en="Li Si")
    assert names(q) == ["曾庆"]


def test_only_who_sees_contacts_finds_by_them(app: Flask) -> None:
    known("张三", email="zhang@example.org", phone="024 1234 5678")
    known("李四", email="li@example.org")
    assert [names(q, contacts=True) for q in ("Zhang@example.org", "+86 024 1234 5678")] == [["张三"], ["张三"]]
    assert [names(q) for q in ("zhang@example.org", "02412345678")] == [[], []]


def test_names_sort_by_pinyin_and_by_english(app: Flask) -> None:
    for name_zh, name_en in (("张三", "Amy"), ("阿明", "Zoe"), ("单雄", "Mia"), ("曾庆", "Bob")):
        known(name_zh, name_en=name_en)
    assert names() == ["阿明", "单雄", "曾庆", "张三"]
    with use_language("en"):
        assert names() == ["Amy", "Bob", "Mia", "Zoe"]


def test_pages_by_key_lead_there_and_back(app: Flask) -> None:
    for number in range(1, 121):
        known(f"测试{number}", name_en=f"Test {number}")
    first = queries.people_page("", DAY, Cursor())
    second = queries.people_page("", DAY, Cursor(after=first.next or ""))
    third = queries.people_page("", DAY, Cursor(after=second.next or ""))
    assert [len(page.rows) for page in (first, second, third)] == [50, 50, 20]
    assert (first.previous, third.next) == (None, None)
    back = queries.people_page("", DAY, Cursor(before=second.previous or ""))
    assert [row.name for row in back.rows] == [f"测试{number}" for number in range(1, 51)]
    assert (back.previous, back.next is not None) == (None, True)
    everybody = [row.id for page in (first, second, third) for row in page.rows]
    assert everybody == [row.id for row in queries.people_export("", DAY)]


@pytest.mark.parametrize("cursor", ["x", "WzFd", "bnVsbA", "WyJhIiwgImIiXQ", "WyJcdTAwMDAiLCAxXQ", "👾"])
def test_a_cursor_that_nobody_issued_begins_at_the_beginning(app: Flask, cursor: str) -> None:
    known("张三")
    assert [row.name for row in queries.people_page("", DAY, Cursor(after=cursor)).rows] == ["张三"]


def test_a_liaison_finds_those_of_their_organizations_only(app: Flask) -> None:
    mine, other = added("和平区"), added("沈河区")
    appointed(known("张三"), post_in(mine))
    appointed(known("李四"), post_in(mine, "副主任"), date(2024, 12, 1))
    appointed(known("王五"), post_in(mine, "秘书"), date(2024, 1, 1), date(2024, 8, 21))
    appointed(known("赵六"), post_in(other))
    known("无职")
    assert names(only=frozenset({mine.id})) == ["李四", "张三"]
    assert names(without_post=True) == ["李四", "王五", "无职"]
    assert names(under=other.path) == ["赵六"]
    assert [each.name for each in queries.people_search("", only=frozenset({other.id}))] == ["赵六"]


def test_a_record_holds_all_posts_and_belongs_where_they_are_not_over(app: Flask) -> None:
    first, second = added("和平区"), added("沈河区")
    person = known("张三")
    appointed(person, post_in(first), date(2020, 1, 1), date(2023, 12, 31))
    appointed(person, post_in(second))
    file = queries.person_file(person.id, DAY)
    assert file is not None
    assert [post.organization for post in file.held] == ["沈河区", "和平区"]
    assert file.organization_ids == {second.id}
    assert queries.person_file(person.id + 1, DAY) is None


def test_the_longest_names_fit(app: Flask) -> None:
    person = known("长" * 120, name_en="word " * 24)
    assert len(db.session.get_one(Person, person.id).search_text) <= 4000
    assert names("长" * 120) == ["长" * 120]
