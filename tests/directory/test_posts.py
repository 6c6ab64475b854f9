"""Posts and kinds of posts."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from eventsys.core.errors import DomainError, Stale
from eventsys.core.transaction import write
from eventsys.directory import operations, queries
from eventsys.directory.models import Post, PostKind
from eventsys.directory.operations import Direction, PostFacts, PostKindFacts
from eventsys.directory.queries.lists import Cursor
from eventsys.extensions import db
from tests.directory.acting import ADMINISTRATOR, DAY, added, appointed, known, last_entry, post_in


def kind(name_zh: str = "外办主任", name_en: str = "Foreign affairs director") -> PostKind:
    with write():
        return operations.add_post_kind(PostKindFacts(name_zh, name_en), by=ADMINISTRATOR)


def test_a_post_without_titles_is_called_by_its_kind(app: Flask) -> None:
    office, shared = added("和平区"), kind()
    with write():
        post = operations.add_post(office, PostFacts(kind_id=shared.id), by=ADMINISTRATOR)
    assert (post.title_zh, post.title_en) == ("外办主任", "Foreign affairs director")
    assert (last_entry().action, last_entry().subject_label) == ("post.add", "和平区外办主任")


@pytest.mark.parametrize(
    ("facts", "field"),
    [(PostFacts(), "title_zh"), (PostFacts("主任"), "title_en"), (PostFacts("主任", "Director", 999), "kind_id")],
)
def test_a_refusal_stands_at_its_field(app: Flask, facts: PostFacts, field: str) -> None:
    office = added("和平区")
    with pytest.raises(DomainError) as refusal, write():
        operations.add_post(office, facts, by=ADMINISTRATOR)
    assert refusal.value.field == field


def test_two_kinds_never_share_a_name(app: Flask) -> None:
    kind()
    with pytest.raises(DomainError) as refusal:
        kind()
    assert refusal.value.field == "name_zh"


def test_a_renamed_kind_finds_its_posts(app: Flask) -> None:
    office, shared = added("和平区"), kind()
    post_in(office, "主任", shared.id)
    with write():
        operations.revise_post_kind(shared, PostKindFacts("侨办主任", "Other"), shared.version, by=ADMINISTRATOR)
    assert [row.title_zh for row in queries.post_page("侨办", DAY, Cursor()).rows] == ["主任"]
    with pytest.raises(Stale), write():
        operations.revise_post_kind(shared, PostKindFacts("又一", "Other"), 1, by=ADMINISTRATOR)


def test_a_post_is_abolished_on_a_day_and_restored(app: Flask) -> None:
    office = added("和平区")
    post = post_in(office)
    appointed(known("张三"), post)
    with write():
        operations.abolish_post(post, DAY, post.version, by=ADMINISTRATOR)
    assert [row.id for row in queries.posts_of(office.id, date(2024, 8, 21))] == [post.id]
    assert queries.posts_of(office.id, DAY) == []
    assert [(each.name, each.ends_on) for each in queries.former_holders(post.id)] == [("张三", date(2024, 8, 21))]
    with write():
        operations.restore_post(post, db.session.get_one(Post, post.id).version, by=ADMINISTRATOR)
    assert [row.holders for row in queries.posts_of(office.id, DAY)] == [()]
    assert last_entry().action == "post.restore"


def test_the_states_of_the_list_are_of_that_day(app: Flask) -> None:
    office = added("和平区")
    held, vacant, gone = (post_in(office, title) for title in ("主任", "副主任", "秘书"))
    appointed(known("张三"), held)
    with write():
        operations.abolish_post(gone, DAY, gone.version, by=ADMINISTRATOR)

    def titles(state: str) -> list[str]:
        return [row.title_zh for row in queries.post_page("", DAY, Cursor(), state=state).rows]

    assert vacant.title_zh == "副主任"
    assert [titles(state) for state in ("", "held", "vacant", "abolished")] == [
        ["主任", "副主任"],
        ["主任"],
        ["副主任"],
        ["秘书"],
    ]
    assert [row.title_zh for row in queries.posts_export("", DAY)] == titles("")


def test_posts_change_places(app: Flask) -> None:
    office = added("和平区")
    post_in(office, "一")
    second = post_in(office, "二")
    with write():
        operations.reorder_post(second, Direction.UP, by=ADMINISTRATOR)
    assert [row.title_zh for row in queries.posts_of(office.id, DAY)] == ["二", "一"]


def test_kinds_change_places(app: Flask) -> None:
    kind("一", "One")
    second = kind("二", "Two")
    with write():
        operations.reorder_post_kind(second, Direction.UP, by=ADMINISTRATOR)
    assert [label for _id, label in queries.post_kind_choices()] == ["二", "一"]
