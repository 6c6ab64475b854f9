"""What the working pages of a notice cost: a fixed number of queries, and a check that is quick."""

from __future__ import annotations

import pytest
from flask import Flask

from eventsys.agenda.models import AgendaKind
from eventsys.core.actor import Role
from tests import factories
from tests.bench.in_process import counted
from tests.notices.world import World, agenda_item, came, started, submitted, world
from tests.personas import Browse

MOST = 24
PAGES = ("", "/edit", "/submit", "/check", "/history", "/pictures", "/record", "/approve", "/return")


def grow(here: World, number: int) -> None:
    for each in range(number):
        district = factories.organization(f"第{each}区", name_en=f"District {each}", position=each)
        agenda_item(here.meeting, each, AgendaKind.WORK_REPORT, "汇报", "Report", district)
        came(here.meeting, district, "外办主任", "Director")


@pytest.mark.parametrize("make", [started, submitted])
def test_the_same_queries_at_one_and_at_thirty(app: Flask, browse: Browse, make) -> None:  # type: ignore[no-untyped-def]
    here = world()
    person = factories.person()
    account = factories.account(person)
    for role in (Role.ORGANIZER, Role.APPROVER, Role.EDITOR):
        factories.holds(person, role, here.office)
    make(here)
    client = browse.account(account)
    base = f"/workspace/meetings/{here.meeting.id}/notice"

    def costs() -> dict[str, int]:
        found = {}
        for page in PAGES:
            client.get(base + page)
            with counted(app) as queries:
                client.get(base + page)
            found[page] = len(queries)
        return found

    grow(here, 1)
    few = costs()
    grow(here, 30)
    assert costs() == few
    assert max(few.values()) <= MOST, few
