"""Every route has a guard and stands in the permission table of its room."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

from eventsys.web.access import OPEN_ENDPOINTS, guard_of

ROOMS = ("directory", "accounts", "meetings", "agenda", "invitations", "attendance", "notices", "delivery", "overview")


def table() -> dict[str, set[str]]:
    """Endpoint -> personas that get the page, from every room."""
    found: dict[str, set[str]] = {}
    for room in ROOMS:
        found.update(import_module(f"tests.{room}.routes").ROUTES)
    return found


def endpoints(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules()} - OPEN_ENDPOINTS


def test_every_route_is_guarded(app: Flask) -> None:
    assert [endpoint for endpoint in sorted(endpoints(app)) if guard_of(app, endpoint) is None] == []


def test_every_route_is_in_the_permission_table(app: Flask) -> None:
    assert endpoints(app) - set(table()) == set()


def test_the_permission_table_names_only_routes(app: Flask) -> None:
    assert set(table()) - endpoints(app) == set()
