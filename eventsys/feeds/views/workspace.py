"""The administrator's list: who has the address of which calendar."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Blueprint, request

from eventsys.accounts.queries import office_zone
from eventsys.core.language import gettext as _
from eventsys.directory.queries import find_organization
from eventsys.directory.queries.lists import Cursor
from eventsys.feeds.policy import can_list_addresses
from eventsys.feeds.queries.addresses import Filters, address_page
from eventsys.web.access import allowed
from eventsys.web.pages import render

bp = Blueprint("calendars", __name__, url_prefix="/workspace/calendars")


@bp.get("/")
@allowed(can_list_addresses)
def index() -> str:
    """Every address in use, by its holder's name."""
    filters = _filters()
    asked = {"q": filters.q, "show": filters.show, "organization": filters.organization_id}
    asked = {name: value for name, value in asked.items() if value}
    page = address_page(filters, Cursor(request.args.get("after", ""), request.args.get("before", "")))
    organization = find_organization(filters.organization_id) if filters.organization_id else None
    return render(
        "feeds/addresses.html",
        filters=filters,
        organization=organization,
        page=page,
        shows=[("", _("All in use")), ("left", _("Holder may have left"))],
        zone=office_zone(),
        previous=_paged(asked, "before", page.previous),
        next=_paged(asked, "after", page.next),
    )


def _filters() -> Filters:
    number = request.args.get("organization", "")
    return Filters(
        q=request.args.get("q", "")[:100],
        show="left" if request.args.get("show") == "left" else "",
        organization_id=int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None,
    )


def _paged(asked: Mapping[str, object], name: str, cursor: str | None) -> str | None:
    return "/workspace/calendars/?" + urlencode({**asked, name: cursor}) if cursor else None
