"""An organization's answer page behind its link: GET shows, POST answers; no account, no session, no cookie."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from eventsys.answers.queries.sheet import SheetPage, find_by_token
from eventsys.answers.views import sheet
from eventsys.extensions import csrf
from eventsys.web.access import by_link

bp = Blueprint("organization_link", __name__, url_prefix="/o/<token>")
csrf.exempt(bp)


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
