"""The pages of asking organizations: choose, see what it comes to, put it on the list."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from eventsys.core.actor import Role
from tests import factories
from tests.invitations.asking import Office, office
from tests.quotas.city import ask, by_name, director_kind, district, rows


def at(case: Office, page: str) -> str:
    return f"/workspace/meetings/{case.meeting.id}/invitations/organizations/{page}"


def hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}"')[1].split('value="')[1].partition('"')[0]


def post(browser: FlaskClient, url: str, **values: object) -> tuple[int, str]:
    page = browser.get(url).text
    data = {"csrf_token": hidden(page, "csrf_token"), "shown": hidden(page, "shown"), **values}
    answer = browser.post(url, data=data)
    return answer.status_code, answer.headers.get("Location", "") or answer.text


def test_from_the_choice_to_the_list(app, browse):
    case, kind = office(), director_kind()
    held, vacant = district("甲区", kind), district("乙区", kind, held=False, liaison=False)
    browser = browse(case.by)
    assert 'name="organization_kinds"' in browser.get(at(case, "choose")).text
    url = at(case, f"ask?way=kinds&organization_kinds=district&post_kinds={kind.id}&further=1")
    page = browser.get(url).text
    assert page.index("甲区主任") < page.index("乙区")
    assert page.count("无联络员") == 1 and page.count("甲区联络员") == 1
    status, where = post(browser, url, organizations=[held.row.id, vacant.row.id], note_zh="业务骨干")
    assert (status, where) == (302, f"/workspace/meetings/{case.meeting.id}/invitations/send")
    assert [row[4] for row in rows(case)] == ["甲区主任", None, None, None]
    said = browser.get(where).text
    assert "已列入4个名额" in said and "其中3个" in said and "1个单位没有联络员" in said


def test_a_refusal_keeps_what_was_typed(app, browse):
    case, kind = office(capacity=1), director_kind()
    one, other = district("甲区", kind), district("乙区", kind)
    url = at(case, "ask?way=kinds&organization_kinds=district&further=2")
    status, page = post(browse(case.by), url, organizations=[one.row.id], note_zh="业务骨干")
    assert status == 422 and "业务骨干" in page and "1" in page
    assert f'value="{one.row.id}" id="organization-{one.row.id}" checked' in page
    assert f'value="{other.row.id}" id="organization-{other.row.id}" checked' not in page
    assert rows(case) == []


@pytest.mark.parametrize("query", ["way=kinds&organization_kinds=district", "way=named&further=3", "way=x&further=9"])
def test_a_choice_that_lacks_something_leads_back(app, browse, query):
    case = office()
    answer = browse(case.by).get(at(case, f"ask?{query}"))
    assert (answer.status_code, answer.headers["Location"]) == (302, at(case, f"choose?{query}"))


def test_numbers_stay_within_bounds(app, browse):
    case, kind = office(), director_kind()
    district("甲区", kind)
    url = at(case, f"ask?way=kinds&organization_kinds=district&further={10**12}&observers=-3&post_kinds=x")
    assert browse(case.by).get(url).status_code == 302
    url = at(case, "ask?way=kinds&organization_kinds=district&further=100000")
    assert ">200<" in browse(case.by).get(url).text


@pytest.mark.parametrize("way", ["kinds", "audience", "named", "pattern"])
def test_each_way_of_choosing(app, browse, way):
    case, kind = office(), director_kind()
    ask(
        Office(case.organization, case.by, factories.meeting(case.organization)),
        by_name(district("甲区", kind), further=1),
    )
    page = browse(case.by).get(at(case, f"choose?way={way}&lang=en"))
    assert page.status_code == 200
    assert ("What each is asked for" in page.text) is (way in ("kinds", "named"))


def test_three_personas(app, browse):
    case = office()
    partly = factories.actor((Role.APPROVER, case.organization))
    stranger = factories.actor((Role.ORGANIZER, factories.organization("别处")))
    for page in ("choose", "ask?way=kinds&organization_kinds=district&further=1"):
        assert [browse(who).get(at(case, page)).status_code for who in (case.by, partly, stranger)] == [200, 404, 404]
        assert browse(None).get(at(case, page)).status_code == 302
