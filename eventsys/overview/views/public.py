"""The public site's first page, its search and its standing texts."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, make_response, request
from werkzeug.wrappers import Response

from eventsys.accounts.queries import office_zone
from eventsys.core.clock import now, to_local
from eventsys.core.language import gettext as _
from eventsys.core.stamps import MEETINGS, NOTICES, OFFICES, stamps
from eventsys.meetings.words import KINDS
from eventsys.notices.queries import search as archive
from eventsys.notices.queries.public import years
from eventsys.overview.queries import coming_public_meetings, latest_notices, public_meetings_found
from eventsys.rendering.tables import csv_bytes, xlsx_bytes
from eventsys.web.access import current_actor, public
from eventsys.web.conditional import not_modified, stamp, tag_of
from eventsys.web.pages import render

bp = Blueprint("public", __name__)
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@bp.get("/")
@public
def home() -> Response:
    """Coming public meetings and the latest notices."""
    tag = tag_of("home", current_actor().account_id, now().date(), *stamps(MEETINGS, NOTICES, OFFICES))
    fresh = not_modified(tag)
    if fresh is not None:
        return fresh
    page = render("overview/home.html", meetings=coming_public_meetings(now()), notices=latest_notices())
    return stamp(make_response(page), tag)


@bp.get("/search")
@public
def search() -> Response:
    """The archive: notices that hold every word asked for, narrowed by filters, and public meetings."""
    wanted = archive.Wanted.of(request.args)
    keys = {name: request.args[name] for name in ("after", "before") if name in request.args}
    tag = tag_of("search", wanted, sorted(keys.items()), *stamps(MEETINGS, NOTICES, OFFICES))
    fresh = not_modified(tag)
    if fresh is not None:
        return fresh
    zone = office_zone()
    page = render(
        "overview/search.html",
        wanted=wanted,
        page=archive.page(wanted, zone, keys),
        number=archive.count(wanted, zone),
        count_to=archive.COUNT_TO,
        meetings=public_meetings_found(wanted.q),
        years=years(zone),
        offices=archive.offices(),
        kinds=KINDS,
        zone=zone,
    )
    return stamp(make_response(page), tag)


@bp.get("/search/export.<form>")
@public
def export(form: str) -> Response:
    """The notices that were found, as CSV or XLSX."""
    if form not in TYPES:
        abort(404)
    wanted, zone = archive.Wanted.of(request.args), office_zone()
    base = current_app.extensions["eventsys.settings"].public_url
    header = [_("Title"), _("Published on"), _("Convened by"), _("Supplied by"), _("Address")]
    cells = (
        (
            line.plain_title,
            f"{to_local(line.published_at, zone):%Y-%m-%d}",
            line.convener,
            line.department,
            base + line.path,
        )
        for line in archive.export(wanted, zone)
    )
    data = csv_bytes(header, cells) if form == "csv" else xlsx_bytes(header, cells, _("Notices"))
    answer = make_response(data)
    answer.headers["Content-Type"] = TYPES[form]
    answer.headers["Content-Disposition"] = f'attachment; filename="notices.{form}"'
    return answer


def _about(line: archive.Found) -> tuple[str, str]:
    return line.convener, line.department


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
