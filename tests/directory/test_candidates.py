"""What a rule means on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from eventsys.core.transaction import write
from eventsys.directory import operations, queries
from eventsys.directory.models import Organization, OrganizationKind, PostKind
from eventsys.directory.operations import Direction, PersonFacts, PostKindFacts
from eventsys.extensions import db
from tests.directory.acting import ADMINISTRATOR, DAY, added, appointed, known, post_in, selects


def kind(name_zh: str) -> PostKind:
    with write():
        return operations.add_post_kind(PostKindFacts(name_zh, f"En {name_zh}"), by=ADMINISTRATOR)


def meant(rule: dict[str, Any], on: date = DAY) -> list[tuple[str, str, str]]:
    return [(each.organization_zh, each.title_zh, each.name_zh) for each in queries.candidates(rule, on)]


@pytest.fixture
def city(app: Flask) -> dict[str, Any]:
    """Two districts and a county with a director each, the county's post held by nobody, and an office."""
    director, deputy = kind("外办主任"), kind("分管领导")
    top = added("沈阳市", kind=OrganizationKind.CITY)
    made: dict[str, Any] = {"director": director.id, "deputy": deputy.id, "top": top}
    for name, sort in (
        ("和平区", OrganizationKind.DISTRICT),
        ("大东区", OrganizationKind.DISTRICT),
        ("康平县", OrganizationKind.COUNTY),
    ):
        office = added(name, top, kind=sort)
        made[name] = office
        made[f"{name}主任"] = post_in(office, "主任", director.id)
        made[f"{name}分管"] = post_in(office, "分管", deputy.id)
    made["张三"] = known("张三", email="zhang@example.org", phone="024 1234 5678")
    appointed(made["张三"], made["和平区主任"])
    appointed(known("李四"), made["大东区主任"])
    return made


def test_kinds_of_posts_in_kinds_of_organizations(city: dict[str, Any]) -> None:
    rule = {"organization_kinds": ["district", "county"], "post_kind_ids": [city["director"]]}
    assert meant(rule) == [("和平区", "主任", "张三"), ("大东区", "主任", "李四"), ("康平县", "主任", "")]


def test_a_post_nobody_holds_is_there_without_a_person(city: dict[str, Any]) -> None:
    (found,) = queries.candidates({"post_ids": [city["康平县主任"].id]}, DAY)
    assert (found.post_id, found.person_id, found.email, found.language) == (city["康平县主任"].id, None, "", "zh")
    assert found.organization_path == city["康平县"].path


def test_kinds_of_posts_alone_mean_them_everywhere(city: dict[str, Any]) -> None:
    assert meant({"post_kind_ids": [city["deputy"]]}) == [(name, "分管", "") for name in ("和平区", "大东区", "康平县")]


def test_an_organization_alone_means_all_its_posts(city: dict[str, Any]) -> None:
    assert meant({"organization_ids": [city["和平区"].id]}) == [("和平区", "主任", "张三"), ("和平区", "分管", "")]


def test_the_order_is_the_trees(city: dict[str, Any]) -> None:
    with write():
        operations.reorder_organization(city["康平县"], Direction.UP, by=ADMINISTRATOR)
    assert [row[0] for row in meant({"post_kind_ids": [city["director"]]})] == ["和平区", "康平县", "大东区"]


def test_within_keeps_one_part_of_the_tree(city: dict[str, Any]) -> None:
    other = added("大连市", kind=OrganizationKind.CITY)
    post_in(added("中山区", other), "主任", city["director"])
    rule = {"organization_kinds": ["district"], "post_kind_ids": [city["director"]]}
    assert [row[0] for row in meant(rule)] == ["和平区", "大东区", "中山区"]
    assert [row[0] for row in meant({**rule, "within_ids": [other.id]})] == ["中山区"]
    assert meant({**rule, "within_ids": [9999]}) == []


def test_the_day_decides(city: dict[str, Any]) -> None:
    rule = {"post_ids": [city["和平区主任"].id]}
    assert meant(rule, date(2023, 12, 31)) == [("和平区", "主任", "")]
    assert meant(rule, date(2024, 1, 1)) == [("和平区", "主任", "张三")]
    with write():
        operations.abolish_post(city["和平区主任"], date(2024, 9, 1), city["和平区主任"].version, by=ADMINISTRATOR)
    assert meant(rule, date(2024, 8, 31)) == [("和平区", "主任", "张三")]
    assert meant(rule, date(2024, 9, 1)) == []


def test_a_closed_organization_is_not_meant(city: dict[str, Any]) -> None:
    version = db.session.get_one(Organization, city["康平县"].id).version
    with write():
        operations.close_organization(city["康平县"], DAY, version, by=ADMINISTRATOR)
    assert meant({"organization_kinds": ["county"]}) == []


def test_a_person_of_two_posts_is_asked_once(city: dict[str, Any]) -> None:
    appointed(city["张三"], city["和平区分管"])
    (found,) = queries.candidates({"organization_ids": [city["和平区"].id]}, DAY)
    assert (found.title_zh, found.name_zh, found.also) == ("主任", "张三", (("分管", "En 分管"),))


def test_people_one_by_one_come_with_their_first_post_or_none(city: dict[str, Any]) -> None:
    alone = known("王五", language="en")
    rule = {"person_ids": [alone.id, city["张三"].id, 9999]}
    assert meant(rule) == [("和平区", "主任", "张三"), ("", "", "王五")]
    assert [(each.organization_id, each.language) for each in queries.candidates(rule, DAY)][1] == (None, "en")


def test_a_person_already_meant_is_not_meant_again(city: dict[str, Any]) -> None:
    rule = {"post_ids": [city["和平区主任"].id], "person_ids": [city["张三"].id]}
    assert meant(rule) == [("和平区", "主任", "张三")]


def test_two_holders_are_two(city: dict[str, Any]) -> None:
    with write():
        second = operations.add_person(PersonFacts("王五"), by=ADMINISTRATOR)
    appointed(second, city["和平区主任"], date(2024, 2, 1), beside="both")
    assert meant({"post_ids": [city["和平区主任"].id]}) == [("和平区", "主任", "张三"), ("和平区", "主任", "王五")]


def test_the_language_is_the_persons_else_the_organizations(city: dict[str, Any]) -> None:
    office = added("领事馆", language="en")
    appointed(known("Anna"), post_in(office))
    appointed(known("Berta", language="zh"), post_in(office, "秘书"))
    found = queries.candidates({"organization_ids": [office.id]}, DAY)
    assert [(each.name_zh, each.language) for each in found] == [("Anna", "en"), ("Berta", "zh")]


@pytest.mark.parametrize("rule", [{}, {"post_kind_ids": []}, {"within_ids": [1]}, {"post_ids": ["x", None, -1]}])
def test_an_empty_rule_means_nobody(city: dict[str, Any], rule: dict[str, Any]) -> None:
    assert meant(rule) == []


def test_the_questions_do_not_grow_with_the_city(city: dict[str, Any]) -> None:
    rule = {"organization_kinds": ["district", "county"], "post_kind_ids": [city["director"]], "person_ids": [999]}
    few = selects(lambda: queries.candidates(rule, DAY))
    for number in range(30):
        post_in(added(f"第{number}区", city["top"]), "主任", city["director"])
    assert len(queries.candidates(rule, DAY)) == 33
    assert (selects(lambda: queries.candidates(rule, DAY)), few) == (4, 4)
