"""An organization's answer page behind its link: GET shows, POST answers; no account, no session, no cookie."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint
from werkzeug.wrappers import Response

from eventsys.answers.models import AnswerDocument
from eventsys.answers.queries.sheet import SheetPage, find_by_token, find_document
from eventsys.answers.views import requests, sheet
from eventsys.answers.views.papers import allow_larger, handed_out
from eventsys.answers.views.slip import slip as shown_slip
from eventsys.extensions import csrf
from eventsys.web.access import by_link

bp = Blueprint("organization_link", __name__, url_prefix="/o/<token>")
csrf.exempt(bp)


@dataclass(frozen=True, slots=True)
class Own:
    """A document of the organization whose link this is."""

    document: AnswerDocument


@bp.url_value_preprocessor
def allow_papers(endpoint: str | None, _values: object) -> None:
    """Answers may bring papers."""
    if endpoint == "organization_link.send":
        allow_larger()


def find_own_document(token: str, document_id: int) -> Own | None:
    """The document, when the link is one of its organization's."""
    page = find_by_token(token)
    found = find_document(page, document_id) if page else None
    return Own(found) if found else None


@bp.get("")
@by_link(find_by_token)
def show(page: SheetPage) -> Response:
    """Every place that the organization is asked for, and the form to answer."""
    return sheet.show(page)


@bp.post("")
@by_link(find_by_token)
def send(page: SheetPage) -> Response:
    """Send the answers."""
    return sheet.send(page, lambda: find_by_token(page.token))


@bp.post("/draft")
@by_link(find_by_token)
def draft(page: SheetPage) -> Response:
    """Keep what is typed."""
    return sheet.autosave(page, lambda: find_by_token(page.token))


@bp.get("/slip")
@by_link(find_by_token)
def slip(page: SheetPage) -> Response:
    """The reply slip, to be printed."""
    return shown_slip(page)


@bp.get("/documents/<int:document_id>")
@by_link(find_own_document)
def document(own: Own) -> Response:
    """A paper that was handed in."""
    return handed_out(own.document)


@bp.route("/request", methods=["GET", "POST"])
@by_link(find_by_token)
def request(page: SheetPage) -> Response:
    """Ask to change the answers after the deadline."""
    return requests.ask(page)
