"""Every route has a guard and stands in the permission table of its room."""

from __future__ import annotations

from flask import Flask

from eventsys.web.access import OPEN_ENDPOINTS, guard_of
from tests.architecture.city import permission_table


def endpoints(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules()} - OPEN_ENDPOINTS


def test_every_route_is_guarded(app: Flask) -> None:
    assert [endpoint for endpoint in sorted(endpoints(app)) if guard_of(app, endpoint) is None] == []


def test_every_route_is_in_the_permission_table(app: Flask) -> None:
    assert endpoints(app) - set(permission_table()) == set()


def test_the_permission_table_names_only_routes(app: Flask) -> None:
    assert set(permission_table()) - endpoints(app) == set()
