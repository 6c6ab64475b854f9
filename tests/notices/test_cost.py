"""What the working pages of a notice cost: a fixed number of queries, and a check that is quick."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.agenda.models import AgendaKind
from eventsys.core.actor import Role
from eventsys.core.transaction import write
from eventsys.directory.models import Person
from eventsys.extensions import db
from eventsys.notices.models import NoticeRevision, NoticeVersion
from eventsys.notices.operations import return_version, submit
from tests import factories
from tests.bench.in_process import counted
from tests.notices.world import ANYWAY, World, agenda_item, approved, came, published, started, submitted, world
from tests.personas import Browse

MOST = 12
PAGES = (
    *("", "/edit", "/submit", "/check", "/history", "/pictures", "/record", "/approve", "/return", "/publish"),
    *("/correct", "/withdraw", "/redact", "/preview"),
)


def grow(here: World, number: int) -> None:
    """As many reports more, half of them by somebody with a post, and as many who came."""
    for each in range(number):
        district = factories.organization(f"第{each}区", name_en=f"District {each}", position=each)
        speaker = factories.person(post=factories.post(district)) if each % 2 else None
        agenda_item(
            here.meeting, each, AgendaKind.WORK_REPORT, "汇报", "Report", None if speaker else district, speaker
        )
        came(here.meeting, district, "外办主任", "Director")


def returned(here: World) -> NoticeVersion:
    """Returned once and sent again: the reviewer looks for the second time."""
    version = submitted(here)
    with write():
        return_version(version, "请修改", by=here["both"])
    with write():
        return submit(version, reasons=ANYWAY, by=here["editor"])


@pytest.mark.parametrize("make", [started, submitted, returned, approved, published])
def test_the_same_few_queries_at_one_and_at_thirty(app: Flask, browse: Browse, make: Callable[[World], object]) -> None:
    here = world()
    make(here)
    factories.holds(db.session.get_one(Person, here.accounts["both"].person_id), Role.ORGANIZER, here.office)
    client = browse.account(here.accounts["both"])
    base = f"/workspace/meetings/{here.meeting.id}/notice"
    former = db.session.scalars(select(NoticeRevision.id).order_by(NoticeRevision.id.desc())).first()

    def costs() -> dict[str, int]:
        found = {}
        for page in (*PAGES, f"/history/{former}"):
            client.get(base + page)
            with counted(app) as queries:
                client.get(base + page)
            found[page] = len(queries)
        return found

    grow(here, 2)
    few = costs()
    grow(here, 30)
    assert costs() == few
    assert {page: number for page, number in few.items() if number > MOST} == {}
