"""What no database could take is refused before anything is looked up, on every page and by every kind of address."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from eventsys.core.actor import Role
from eventsys.directory.models import OrganizationKind
from tests import factories
from tests.personas import Browse

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
