"""The same answer page for a liaison who signs in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from eventsys.answers.policy import can_answer
from eventsys.answers.queries.sheet import SheetPage, find_own, own_organizations
from eventsys.answers.views import sheet
from eventsys.web.access import allowed

bp = Blueprint("organization_portal", __name__, url_prefix="/portal/meetings/<int:meeting_id>")
OF_ONE = "/organizations/<int:organization_id>"


def find_first(meeting_id: int) -> SheetPage | None:
    """The page of the first of my organizations that are asked to a meeting."""
    found = own_organizations(meeting_id)
    return find_own(meeting_id, found[0][0]) if found else None


@bp.get("")
@allowed(can_answer, find_first)
def first(page: SheetPage) -> Response:
    """The answers of my organization; of several the first, with the way to the others."""
    return sheet.show(page, **_others(page))


@bp.get(OF_ONE)
@allowed(can_answer, find_own)
def show(page: SheetPage) -> Response:
    """The answers of one of my organizations."""
    return sheet.show(page, **_others(page))


@bp.post(OF_ONE)
@allowed(can_answer, find_own)
def send(page: SheetPage) -> Response:
    """Send the answers."""
    return sheet.send(page, lambda: find_own(page.meeting.id, page.organization_id), **_others(page))


@bp.post(f"{OF_ONE}/draft")
@allowed(can_answer, find_own)
def draft(page: SheetPage) -> Response:
    """Keep what is typed."""
    return sheet.autosave(page, lambda: find_own(page.meeting.id, page.organization_id))


def _others(page: SheetPage) -> dict[str, Any]:
    """All my organizations at the meeting, as links."""
    base = f"/portal/meetings/{page.meeting.id}/organizations/"
    found = own_organizations(page.meeting.id)
    return {"organizations": [(name, f"{base}{key}", key == page.organization_id, False) for key, name in found]}
