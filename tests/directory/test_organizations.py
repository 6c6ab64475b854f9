"""Organizations: the tree keeps its paths and its order, and every change is on record."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from eventsys.core.errors import DomainError, Stale
from eventsys.core.language import use_language
from eventsys.core.transaction import write
from eventsys.directory import operations, queries
from eventsys.directory.models import Appointment, Organization, OrganizationKind, Post
from eventsys.directory.operations import Direction, OrganizationFacts
from eventsys.directory.queries.lists import Cursor
from eventsys.extensions import db
from tests.directory.acting import ADMINISTRATOR, DAY, added, appointed, known, last_entry, post_in


def paths() -> dict[str, str]:
    db.session.rollback()
    return {row.name_zh: row.path for row in db.session.query(Organization)}


def names_below(parent: Organization) -> list[str]:
    db.session.rollback()
    return [row.name_zh for row in queries.children_of(parent, DAY, Cursor()).rows]


def test_a_new_organization_stands_last_below_its_parent(app: Flask) -> None:
    city = added("沈阳市")
    first, second = added("和平区", city), added("沈河区", city)
    assert paths() == {
        "沈阳市": f"/{city.id}/",
        "和平区": f"/{city.id}/{first.id}/",
        "沈河区": f"/{city.id}/{second.id}/",
    }
    assert names_below(city) == ["和平区", "沈河区"]
    entry = last_entry()
    assert (entry.action, entry.subject_label, entry.actor) == ("organization.add", "沈河区", "管理员")
    assert entry.after["name_en"] == "En 沈河区"


def test_moving_rewrites_the_paths_of_all_below(app: Flask) -> None:
    city, other = added("沈阳市"), added("大连市")
    district = added("和平区", city)
    street = added("街道", district)
    with write():
        operations.move_organization(district, other.id, district.version, by=ADMINISTRATOR)
    assert paths()["街道"] == f"/{other.id}/{district.id}/{street.id}/"
    assert paths()["和平区"] == f"/{other.id}/{district.id}/"
    assert (last_entry().before["parent_id"], last_entry().after["parent_id"]) == (city.id, other.id)


def test_moving_to_the_top(app: Flask) -> None:
    city = added("沈阳市")
    district = added("和平区", city)
    with write():
        operations.move_organization(district, None, district.version, by=ADMINISTRATOR)
    assert paths()["和平区"] == f"/{district.id}/"


def test_no_organization_stands_below_itself(app: Flask) -> None:
    city = added("沈阳市")
    district = added("和平区", city)
    for target in (city.id, district.id):
        with pytest.raises(DomainError) as refusal, write():
            operations.move_organization(city, target, city.version, by=ADMINISTRATOR)
        assert refusal.value.field == "parent_id"
    assert paths()["沈阳市"] == f"/{city.id}/"


def test_a_tree_that_is_too_deep_is_refused(app: Flask) -> None:
    parent: Organization | None = None
    with pytest.raises(DomainError) as refusal:
        for _level in range(200):
            parent = added("深", parent)
    assert refusal.value.field == "parent_id"


def test_up_and_down_change_places_and_stop_at_the_ends(app: Flask) -> None:
    city = added("沈阳市")
    one, _two, three = (added(name, city) for name in ("一", "二", "三"))
    with write():
        operations.reorder_organization(three, Direction.UP, by=ADMINISTRATOR)
    assert names_below(city) == ["一", "三", "二"]
    assert (last_entry().before, last_entry().after) == ({"position": 3}, {"position": 2})
    with write():
        operations.reorder_organization(one, Direction.UP, by=ADMINISTRATOR)
        operations.reorder_organization(one, Direction.DOWN, by=ADMINISTRATOR)
    assert names_below(city) == ["三", "一", "二"]


def test_a_step_passes_closed_neighbours(app: Flask) -> None:
    city = added("沈阳市")
    _one, two, three = (added(name, city) for name in ("一", "二", "三"))
    with write():
        operations.close_organization(two, DAY, two.version, by=ADMINISTRATOR)
        operations.reorder_organization(three, Direction.UP, by=ADMINISTRATOR)
    assert names_below(city) == ["三", "一"]


def test_closing_abolishes_posts_and_ends_appointments_the_day_before(app: Flask) -> None:
    office = added("办公室")
    post = post_in(office)
    appointment = appointed(known("张三"), post)
    with write():
        operations.close_organization(office, DAY, office.version, by=ADMINISTRATOR)
    assert db.session.get_one(Organization, office.id).closed_on == DAY
    assert db.session.get_one(Post, post.id).abolished_on == DAY
    assert db.session.get_one(Appointment, appointment.id).ends_on == date(2024, 8, 21)
    assert last_entry().after == {"closed_on": "2024-08-22"}


def test_closing_waits_for_what_stands_below_and_for_later_appointments(app: Flask) -> None:
    city = added("沈阳市")
    district = added("和平区", city)
    with pytest.raises(DomainError, match="下级单位"), write():
        operations.close_organization(city, DAY, city.version, by=ADMINISTRATOR)
    appointed(known("张三"), post_in(district), date(2024, 9, 1))
    with pytest.raises(DomainError, match="张三自2024年9月1日起任职") as refusal, write():
        operations.close_organization(district, DAY, district.version, by=ADMINISTRATOR)
    assert refusal.value.field == "closed_on"
    assert db.session.get_one(Organization, district.id).closed_on is None


def test_a_closed_organization_takes_nothing_new_until_it_is_reopened(app: Flask) -> None:
    office = added("办公室")
    with write():
        operations.close_organization(office, DAY, office.version, by=ADMINISTRATOR)
    with pytest.raises(DomainError):
        post_in(office)
    with pytest.raises(DomainError) as refusal:
        added("处室", office)
    assert refusal.value.field == "parent_id"
    with write():
        operations.reopen_organization(office, db.session.get_one(Organization, office.id).version, by=ADMINISTRATOR)
    assert added("处室", office).parent_id == office.id


def test_the_second_editor_is_shown_what_the_first_saved(app: Flask) -> None:
    office = added("办公室")
    version = office.version
    facts = OrganizationFacts(OrganizationKind.OFFICE, "办公厅", "General Office")
    with write():
        operations.revise_organization(office, facts, version, by=ADMINISTRATOR)
    with pytest.raises(Stale) as stale, write():
        operations.revise_organization(office, facts, version, by=ADMINISTRATOR)
    assert stale.value.current.name_zh == "办公厅"


def test_a_new_name_finds_the_posts_too(app: Flask) -> None:
    office = added("办公室")
    post_in(office, "主任")
    facts = OrganizationFacts(OrganizationKind.OFFICE, "浑南区", "Hunnan District")
    with write():
        operations.revise_organization(office, facts, office.version, by=ADMINISTRATOR)
    assert [row.title_zh for row in queries.post_page("hnq", DAY, Cursor()).rows] == ["主任"]
    assert last_entry().before == {"kind": "district", "name_zh": "办公室", "name_en": "En 办公室"}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name_zh": ""}, "name_zh"),
        ({"name_en": ""}, "name_en"),
        ({"email": "no address"}, "email"),
        ({"email": "a@b@c"}, "email"),
        ({"phone": "call me"}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"language": "fr"}, "language"),
    ],
)
def test_a_refusal_stands_at_its_field(app: Flask, facts: dict[str, str], field: str) -> None:
    with pytest.raises(DomainError) as refusal:
        added(**{"name_zh": "办公室", **facts})
    assert refusal.value.field == field
    assert queries.organization_count() == 0


@pytest.mark.parametrize("q", ["沈北", "shenbei", "sbxq", "Shenbei", "new area", "ＳＨＥＮＢＥＩ"])
def test_search_speaks_both_languages(app: Flask, q: str) -> None:
    added("沈北新区", name_en="Shenbei New Area")
    added("和平区", name_en="Heping District")
    assert [row.name_zh for row in queries.organization_page(q, DAY, Cursor()).rows] == ["沈北新区"]


def test_lists_sort_as_the_language_does(app: Flask) -> None:
    for name_zh, name_en in (("新民市", "Xinmin"), ("朝阳区", "Alpha"), ("大东区", "Dadong")):
        added(name_zh, name_en=name_en)
    with use_language("zh"):
        assert [row.name for row in queries.organization_page("", DAY, Cursor()).rows] == ["朝阳区", "大东区", "新民市"]
    with use_language("en"):
        assert [row.name for row in queries.organization_page("", DAY, Cursor()).rows] == ["Alpha", "Dadong", "Xinmin"]


def test_counts_are_of_today(app: Flask) -> None:
    office = added("办公室")
    held, vacant, gone = (post_in(office, title) for title in ("主任", "副主任", "秘书"))
    appointed(known("张三"), held)
    appointed(known("李四"), vacant, date(2024, 1, 1), date(2024, 8, 21))
    with write():
        operations.abolish_post(gone, DAY, gone.version, by=ADMINISTRATOR)
    added("处室", office)
    row = queries.organization_tree(DAY, closed=False)[0]
    assert (row.posts, row.vacant, row.below) == (2, 1, 1)
