"""The lists: filters, paging by key, search, and that their cost does not grow."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import insert

from eventsys.core.actor import Actor, Role
from eventsys.core.clock import now
from eventsys.core.search_text import index_text
from eventsys.core.transaction import write
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.meetings.models import Meeting, MeetingKind, MeetingState, Visibility
from eventsys.meetings.queries import lists
from eventsys.meetings.queries.lists import Reader, Wanted, scope_of
from tests import factories
from tests.meetings.counting import Asked, statements
from tests.meetings.samples import office, organizer
from tests.personas import Browse

DAY = timedelta(days=1)


def titles(lines: Any) -> list[str]:
    return [line.title for line in lines]


def reader(actor: Actor) -> Reader:
    return Reader(scope_of(actor), now(), "Asia/Shanghai")


def page(actor: Actor, size: int = 50, keys: dict[str, str] | None = None, **wanted: Any) -> lists.Page:
    return lists.staff_page(Wanted(**wanted), reader(actor), size, keys or {})


def several(of: Organization) -> None:
    at = now()
    for name, facts in {
        "later": {"starts_at": at + 9 * DAY},
        "sooner": {"starts_at": at + 2 * DAY, "kind": MeetingKind.TRAINING},
        "running": {"starts_at": at - timedelta(hours=1)},
        "over": {"starts_at": at - 3 * DAY},
        "held": {"starts_at": at - 9 * DAY, "state": MeetingState.CONCLUDED, "kind": MeetingKind.TRAINING},
        "draft": {"starts_at": at + 5 * DAY, "state": MeetingState.DRAFT},
        "cancelled": {"starts_at": at + 4 * DAY, "state": MeetingState.CANCELLED},
    }.items():
        factories.meeting(of, title_zh=name, title_en="", **facts)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, ["running", "sooner", "later"]),
        ({"show": "past"}, ["over", "held"]),
        ({"show": "draft"}, ["draft"]),
        ({"show": "cancelled"}, ["cancelled"]),
        ({"show": "all"}, ["later", "draft", "cancelled", "sooner", "running", "over", "held"]),
        ({"show": "all", "kind": MeetingKind.TRAINING}, ["sooner", "held"]),
        ({"show": "all", "year": 1990}, []),
    ],
)
def test_each_heading_shows_its_meetings(app: Flask, wanted: dict[str, Any], expected: list[str]) -> None:
    of = office()
    several(of)
    assert titles(page(organizer(of), **wanted).lines) == expected


def test_the_count_and_the_export_are_of_the_same_lines(app: Flask) -> None:
    of = office()
    several(of)
    for show in lists.SHOWS:
        wanted, who = Wanted(show), reader(organizer(of))
        shown = titles(lists.staff_page(wanted, who, 50, {}).lines)
        assert titles(lists.staff_export(wanted, who)) == shown
        assert lists.staff_count(wanted, who) == len(shown)


def test_the_year_is_that_of_the_zone(app: Flask) -> None:
    of = office()
    eve = datetime.fromisoformat("2024-12-31T16:30:00+00:00")
    factories.meeting(of, starts_at=eve)
    found = {year: len(page(organizer(of), show="all", year=year).lines) for year in (2024, 2025)}
    assert found == {2024: 0, 2025: 1}


def test_staff_see_their_own_offices_and_those_below(app: Flask) -> None:
    above = office()
    below, elsewhere = factories.organization(parent=above), factories.organization()
    for of in (above, below, elsewhere):
        factories.meeting(of, title_zh=of.name_zh, title_en="")
    assert set(titles(page(organizer(above)).lines)) == {above.name_zh, below.name_zh}
    assert titles(page(organizer(below)).lines) == [below.name_zh]
    everything = page(factories.actor((Role.ADMINISTRATOR, None)))
    assert set(titles(everything.lines)) == {above.name_zh, below.name_zh, elsewhere.name_zh}
    assert titles(page(factories.actor()).lines) == []


@pytest.mark.parametrize("show", ["coming", "all"])
def test_pages_follow_each_other_by_key_both_ways(app: Flask, show: str) -> None:
    of = office()
    at = now() + DAY
    for number in range(7):
        factories.meeting(of, title_zh=str(number), starts_at=at + number // 2 * timedelta(hours=1))
    whole = titles(page(organizer(of), show=show).lines)
    walked, keys, back = [], {}, []
    while True:
        found = page(organizer(of), 3, keys, show=show)
        walked += titles(found.lines)
        back.append(found)
        if not found.after:
            break
        keys = {"after": found.after}
    assert walked == whole
    assert [len(each.lines) for each in back] == [3, 3, 1]
    middle = page(organizer(of), 3, {"before": back[2].before}, show=show)
    assert titles(middle.lines) == titles(back[1].lines)
    first = page(organizer(of), 3, {"before": middle.before}, show=show)
    assert (titles(first.lines), first.before) == (titles(back[0].lines), "")


@pytest.mark.parametrize("key", ["", "x", "1-", "-1", "99999999999999999999-1", "1-99999999999999999999", "１-２"])
def test_a_broken_key_is_no_error(app: Flask, key: str) -> None:
    of = office()
    factories.meeting(of)
    page(organizer(of), 3, {"after": key})
    page(organizer(of), 3, {"before": key})


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("外办", True),
        ("主任会", True),
        ("conference", True),
        ("CONF", True),
        ("外办 conf", True),
        ("领事", False),
        ("%", True),
    ],
)
def test_search_finds_both_languages(app: Flask, q: str, found: bool) -> None:
    of = office()
    words = index_text("全市外办主任会议", "Municipal conference")
    factories.meeting(of, search_text=words)
    assert len(page(organizer(of), q=q).lines) == int(found)


def test_years_run_from_the_first_to_the_last(app: Flask) -> None:
    assert lists.years() == []
    of = office()
    for year in (2023, 2025):
        factories.meeting(of, starts_at=datetime.fromisoformat(f"{year}-06-01T00:00:00+00:00"))
    assert lists.years() == [2025, 2024, 2023]


def test_no_list_is_sorted_by_the_database(app: Flask) -> None:
    """Each list walks an index in its order, so its cost does not grow with the table."""
    above = office()
    factories.organization(parent=above)
    fill(above, 400)
    one, several_offices = organizer(factories.organization()), organizer(above)
    plans = []
    for actor in (one, several_offices, factories.actor((Role.ADMINISTRATOR, None))):
        for show in lists.SHOWS:
            with statements() as asked:
                page(actor, show=show, keys={"after": f"{int(now().timestamp())}-5"})
            plans.append(asked[-1])
    for show in ("coming", "past"):
        with statements() as asked:
            lists.public_page(show, now(), 20, {})
        plans.append(asked[-1])
    assert [plan for plan in plans if sorts(plan)] == []


def sorts(asked: Asked) -> bool:
    """Whether the plan of a statement that was asked sorts rows, where the database has a way without."""
    with db.engines["read"].connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked.statement}", asked.parameters)
            return any("TEMP B-TREE" in str(row) for row in rows)
        for way in ("sort", "seqscan", "bitmapscan", "incremental_sort"):
            connection.exec_driver_sql(f"SET LOCAL enable_{way}=off")
        rows = connection.exec_driver_sql(f"EXPLAIN {asked.statement}", asked.parameters)
        return any("Sort" in str(row) for row in rows)


def fill(of: Organization, count: int) -> None:
    """Many public meetings, half of them to come."""
    at = now()
    rows = [
        {
            "uid": f"{uuid4()}@localhost",
            "state": MeetingState.SCHEDULED if number % 2 else MeetingState.CONCLUDED,
            "kind": MeetingKind.CONFERENCE,
            "convener_id": of.id,
            "title_zh": f"第{number}次会议",
            "starts_at": at + (number if number % 2 else -number) * timedelta(hours=6),
            "ends_at": at + (number if number % 2 else -number) * timedelta(hours=6) + timedelta(hours=2),
            "zone": "Asia/Shanghai",
            "visibility": Visibility.PUBLIC,
            "created_at": at,
            "modified_at": at,
        }
        for number in range(1, count + 1)
    ]
    with write() as session:
        session.execute(insert(Meeting), rows)


def test_the_pages_ask_the_same_number_of_questions_at_every_size(app: Flask, browse: Browse) -> None:
    of = office()
    counts = []
    for size in (1, 30, 300):
        fill(of, size)
        for client, url in ((browse(organizer(of)), "/workspace/meetings/"), (browse(None), "/meetings/")):
            client.get(url)
            with statements() as asked:
                assert client.get(url).status_code == 200
            counts.append(len([each for each in asked if each.statement.startswith("SELECT")]))
    assert counts[0::2] == [counts[0]] * 3
    assert counts[1::2] == [counts[1]] * 3
    assert max(counts) <= 10


def test_the_public_list_shows_only_what_is_public(app: Flask, browse: Browse) -> None:
    of = office()
    public = {"visibility": Visibility.PUBLIC}
    factories.meeting(of, title_zh="公开的", **public)
    factories.meeting(of, title_zh="参会人的")
    factories.meeting(of, title_zh="草稿的", state=MeetingState.DRAFT, **public)
    factories.meeting(of, title_zh="取消的草稿", state=MeetingState.CANCELLED, **public)
    factories.meeting(of, title_zh="取消的", state=MeetingState.CANCELLED, scheduled_at=now(), **public)
    factories.meeting(of, title_zh="开过的", starts_at=now() - DAY, **public)
    shown = browse(None).get("/meetings/").text
    names = ("公开的", "参会人的", "草稿的", "取消的草稿", "取消的<", "开过的")
    assert [name for name in names if name in shown] == ["公开的", "取消的<", "开过的"]
    assert browse(None).get("/meetings/?show=past").text.count("/meetings/6") == 1


def test_the_public_list_answers_304_from_one_question(app: Flask, browse: Browse) -> None:
    of = office()
    factories.meeting(of, visibility=Visibility.PUBLIC)
    first = browse(None).get("/meetings/?lang=en")
    again = {"If-None-Match": first.headers["ETag"]}
    client = app.test_client()
    client.get("/meetings/?lang=en")
    with statements() as asked:
        assert client.get("/meetings/?lang=en", headers=again).status_code == 304
    assert len(asked) <= 2
    assert client.get("/meetings/?lang=zh", headers=again).status_code == 200


def test_the_export_holds_texts_never_formulas(app: Flask, browse: Browse) -> None:
    of = office()
    factories.meeting(of, title_zh='=HYPERLINK("http://x")', title_en="", starts_at=now() + DAY)
    client = browse(organizer(of))
    answer = client.get("/workspace/meetings/export.csv?lang=en")
    header, line, _rest = answer.data.decode("utf-8-sig").split("\r\n")
    assert header == ('"Title","Kind of meeting","State","Starts","Ends","Time zone","Venue","Convening organization"')
    assert line.startswith('"\'=HYPERLINK(""http://x"")","Conference","Scheduled",')
    book = ZipFile(BytesIO(client.get("/workspace/meetings/export.xlsx").data))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert ("=HYPERLINK" in sheet, "<f>" in sheet) == (True, False)


def test_an_empty_list_offers_the_first_step(app: Flask, browse: Browse) -> None:
    of = office()
    text_of = {
        url: browse(organizer(of)).get(url).text
        for url in ("/workspace/meetings/?lang=en", "/workspace/meetings/?lang=en&q=nothing")
    }
    assert ["No meeting is planned" in page for page in text_of.values()] == [True, False]
    assert ["No meeting fits these filters" in page for page in text_of.values()] == [False, True]
    assert 'href="/workspace/meetings/new"' in text_of["/workspace/meetings/?lang=en"]
