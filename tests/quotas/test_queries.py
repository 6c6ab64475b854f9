"""The pages of asking cost the same few queries whatever they list."""

from __future__ import annotations

from eventsys.core.actor import Role
from tests import factories
from tests.architecture.test_queries import MOST, numbers
from tests.invitations.asking import office
from tests.quotas.city import ask, by_name, director_kind, district
from tests.quotas.test_ask_pages import at


def test_no_page_asks_more_for_more_organizations(app, browse):
    case, kind = office(capacity=500), director_kind()
    who = factories.person("李主任")
    factories.holds(who, Role.ORGANIZER, case.organization)
    browser = browse.account(factories.account(who))
    first = district("一区", kind)
    ask(case, by_name(first, kinds=(kind,), further=2, observers=1))
    wanted = f"ask?way=kinds&organization_kinds=district&post_kinds={kind.id}&further=3"
    own = f"{first.row.id}/"
    pages = [at(case, page) for page in ("", "?q=区", "choose", "choose?way=named", wanted, own, f"{own}extend")]
    few = numbers(app, browser, pages)
    many = [district(f"{number}区", kind, liaison=number % 2 == 0) for number in range(12)]
    ask(case, by_name(*many, kinds=(kind,), further=2))
    assert numbers(app, browser, pages) == few
    assert {page: number for page, number in few.items() if number > MOST} == {}
