"""The public site's first page, its search and its standing texts."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, request

from eventsys.core.clock import now
from eventsys.core.stamps import MEETINGS, NOTICES, OFFICES, stamps
from eventsys.overview.queries import coming_public_meetings, latest_notices, search_public
from eventsys.web.access import current_actor, public
from eventsys.web.conditional import not_modified, stamp, tag_of
from eventsys.web.pages import render

bp = Blueprint("public", __name__)


@bp.get("/")
@public
def home() -> Response:
    """Coming public meetings and the latest notices."""
    tag = tag_of("home", current_actor().account_id, now().date(), *stamps(MEETINGS, NOTICES, OFFICES))
    fresh = not_modified(tag)
    if fresh is not None:
        return make_response(fresh)
    page = render("overview/home.html", meetings=coming_public_meetings(now()), notices=latest_notices())
    return make_response(stamp(make_response(page), tag))


@bp.get("/search")
@public
def search() -> str:
    """Notices and public meetings that hold every word asked for."""
    asked = request.args.get("q", "").strip()[:100]
    notices, meetings = search_public(asked) if asked else ([], [])
    return render("overview/search.html", asked=asked, notices=notices, meetings=meetings)


@bp.get("/about/accessibility")
@public
def accessibility() -> str:
    """How usable the site is and whom to tell."""
    return render("overview/accessibility.html")


@bp.get("/about/privacy")
@public
def privacy() -> str:
    """What the site keeps about people and why."""
    return render("overview/privacy.html")
