"""The same answer page for a liaison who signs in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from eventsys.answers.models import AnswerDocument
from eventsys.answers.policy import can_answer
from eventsys.answers.queries.sheet import SheetPage, find_document, find_own, own_organizations
from eventsys.answers.views import requests, sheet
from eventsys.answers.views.papers import allow_larger, handed_out
from eventsys.answers.views.slip import slip as shown_slip
from eventsys.web.access import allowed

bp = Blueprint("organization_portal", __name__, url_prefix="/portal/meetings/<int:meeting_id>")
OF_ONE = "/organizations/<int:organization_id>"


@dataclass(frozen=True, slots=True)
class Own:
    """A document of an organization that the present actor answers for."""

    document: AnswerDocument
    organization_id: int


@bp.url_value_preprocessor
def allow_papers(endpoint: str | None, _values: object) -> None:
    """Answers may bring papers."""
    if endpoint == "organization_portal.send":
        allow_larger()


def find_first(meeting_id: int) -> SheetPage | None:
    """The page of the first of my organizations that are asked to a meeting."""
    found = own_organizations(meeting_id)
    return find_own(meeting_id, found[0][0]) if found else None


def find_own_document(meeting_id: int, organization_id: int, document_id: int) -> Own | None:
    """One of its documents."""
    page = find_own(meeting_id, organization_id)
    found = find_document(page, document_id) if page else None
    return Own(found, organization_id) if found else None


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


@bp.get(f"{OF_ONE}/slip")
@allowed(can_answer, find_own)
def slip(page: SheetPage) -> Response:
    """The reply slip, to be printed."""
    return shown_slip(page)


@bp.get(f"{OF_ONE}/documents/<int:document_id>")
@allowed(can_answer, find_own_document)
def document(own: Own) -> Response:
    """A paper that was handed in."""
    return handed_out(own.document)


@bp.route(f"{OF_ONE}/request", methods=["GET", "POST"])
@allowed(can_answer, find_own)
def request(page: SheetPage) -> Response:
    """Ask to change the answers after the deadline."""
    return requests.ask(page)


def _others(page: SheetPage) -> dict[str, Any]:
    """All my organizations at the meeting, as links."""
    base = f"/portal/meetings/{page.meeting.id}/organizations/"
    found = own_organizations(page.meeting.id)
    return {"organizations": [(name, f"{base}{key}", key == page.organization_id, False) for key, name in found]}
