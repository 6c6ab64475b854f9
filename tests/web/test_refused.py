"""What no database could take is refused before anything is looked up, on every page and by every kind of address."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from eventsys.core.actor import Role
from eventsys.directory.models import OrganizationKind
from eventsys.meetings.models import MeetingState
from tests import factories
from tests.personas import Browse
from tests.web.forms import post

SEARCHES = ("/workspace/audit/?who=", "/workspace/letters/?q=", "/workspace/mailbox/?q=", "/workspace/accounts/?q=")


@pytest.mark.parametrize("search", SEARCHES)
def test_a_search_with_nul_cannot_be_read(browse: Browse, search: str) -> None:
    factories.organization("市外办", kind=OrganizationKind.OFFICE)
    browser = browse(factories.actor((Role.ADMINISTRATOR, None)))
    assert browser.get(f"{search}a%00b").status_code == 400
    assert browser.get(f"{search}ab").status_code == 200


def test_an_address_with_nul_is_no_address(client: FlaskClient) -> None:
    answer = client.get("/notices/2024/a%00b")
    assert answer.status_code == 404
    assert "text/html" in answer.content_type


@pytest.mark.parametrize("key", ["99999999999-99999999999999", "1-4294967296"])
def test_a_key_that_no_row_can_have_leads_to_an_ordinary_page(client: FlaskClient, key: str) -> None:
    assert client.get(f"/meetings/?after={key}").status_code == 200
    assert client.get(f"/notices/?before={key}").status_code == 200


@pytest.mark.parametrize("number", ["999999999999", "9" * 5000])
def test_a_number_that_no_row_can_have_is_refused_by_every_form(browse: Browse, number: str) -> None:
    office = factories.organization("市外办", kind=OrganizationKind.OFFICE)
    browser = browse(factories.actor((Role.ORGANIZER, office), (Role.ADMINISTRATOR, None)))
    at = f"/workspace/meetings/{factories.meeting(office).id}"
    draft = f"/workspace/meetings/{factories.meeting(office, state=MeetingState.DRAFT).id}"
    audience = {"owner_id": str(office.id), "name_zh": "甲", "name_en": "A", "post_kind_ids": number}
    answers = [
        browser.get(f"{at}/invitations/add?way=audience&audience={number[:1000]}"),
        browser.get(f"{at}/invitations/add?way=posts&post_kinds={number[:1000]}"),
        post(browser, f"{at}/invitations/remind", {"shown": number}),
        post(browser, f"{at}/agenda/order", {"up": number}, page=f"{at}/agenda/new"),
        post(browser, f"{at}/cancel", {"step": "confirm", "version": number, "reason_zh": "理由"}),
        post(browser, f"{draft}/edit", {"version": number}),
        post(browser, "/workspace/directory/audiences/new", audience),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 422, 422, 409, 422, 422]
