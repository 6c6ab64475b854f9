"""The year's replies: a table by organization, the list behind each number, both as files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, make_response, request
from werkzeug.wrappers import Response

from eventsys.core.clock import now, to_local
from eventsys.core.language import choose
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.directory.fields import number_of
from eventsys.meetings.policy import STAFF
from eventsys.meetings.queries import lists
from eventsys.rendering.tables import csv_bytes, xlsx_bytes
from eventsys.statistics import queries
from eventsys.statistics.policy import can_read_statistics
from eventsys.statistics.queries import Line, Numbers, Scope, Show
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render

bp = Blueprint("statistics", __name__, url_prefix="/workspace/statistics")
blueprints = (bp,)

WORDS = {
    Show.ASKED: _l("Asked"),
    Show.IN_TIME: _l("Answered in time"),
    Show.LATE: _l("Answered late"),
    Show.UNANSWERED: _l("Not answered"),
    Show.LEAVE: _l("Leave asked for"),
    Show.SUBSTITUTE: _l("Sent a substitute"),
}
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
FIRST_YEAR, LAST_YEAR = 2000, 2200


@bp.get("/")
@allowed(can_read_statistics)
def index() -> str:
    """How each organization answered in a year."""
    scope = _scope()
    lines = queries.by_organization(scope)
    return render(
        "statistics/index.html",
        scope=scope,
        years=[(year, str(year)) for year in sorted({scope.year, *lists.years()}, reverse=True)],
        lines=lines,
        total=queries.total(lines),
        left_out=queries.left_out(scope),
        words=WORDS,
        address=_address,
    )


@bp.get("/replies.csv")
@allowed(can_read_statistics)
def as_csv() -> Response:
    """The table as CSV."""
    return _file(csv_bytes(_header(), _cells(queries.by_organization(_scope()))), "csv")


@bp.get("/replies.xlsx")
@allowed(can_read_statistics)
def as_xlsx() -> Response:
    """The table as a workbook."""
    return _file(xlsx_bytes(_header(), _cells(queries.by_organization(_scope())), _("Replies")), "xlsx")


@bp.get("/places")
@allowed(can_read_statistics)
def places() -> str:
    """The places behind one number."""
    scope, show, organization_id = _scope(), _show(), _organization()
    page = max(1, number_of(request.args.get("page")))
    found, more = queries.places(scope, show, organization_id, page)
    return render(
        "statistics/places.html",
        scope=scope,
        show=show,
        shows=[(each.value, str(word)) for each, word in WORDS.items()],
        words=WORDS,
        organization_id=organization_id,
        organization=choose(found[0].organization_zh, found[0].organization_en) if found and organization_id else "",
        lines=found,
        at=scope.at,
        address=_address,
        newer=_address(scope, show, organization_id, page=page - 1) if page > 1 else None,
        older=_address(scope, show, organization_id, page=page + 1) if more else None,
    )


@bp.get("/places.csv")
@allowed(can_read_statistics)
def places_as_csv() -> Response:
    """The places behind one number as CSV."""
    return _file(csv_bytes(_places_header(), _places_cells()), "csv")


@bp.get("/places.xlsx")
@allowed(can_read_statistics)
def places_as_xlsx() -> Response:
    """The places behind one number as a workbook."""
    return _file(xlsx_bytes(_places_header(), _places_cells(), _("Places")), "xlsx")


def _scope() -> Scope:
    actor, at = current_actor(), now()
    zone: str = current_app.extensions["eventsys.settings"].zone
    asked = number_of(request.args.get("year"))
    year = asked if FIRST_YEAR <= asked <= LAST_YEAR else to_local(at, zone).year
    return Scope(None if actor.is_administrator else actor.paths(*STAFF), year, zone, at)


def _show() -> Show:
    asked = request.args.get("show", "")
    return Show(asked) if asked in set(Show) else Show.ASKED


def _organization() -> int | None:
    return number_of(request.args["organization"]) if "organization" in request.args else None


def _address(
    scope: Scope, show: Show = Show.ASKED, organization_id: int | None = None, *, page: int = 1, ending: str = ""
) -> str:
    """The address of the list behind a number, or of its file."""
    asked: dict[str, Any] = {"year": scope.year, "show": show.value}
    if organization_id is not None:
        asked["organization"] = organization_id
    if page > 1:
        asked["page"] = page
    return f"{bp.url_prefix}/places{ending}?{urlencode(asked)}"


def _file(data: bytes, ending: str) -> Response:
    answer = make_response(data)
    answer.headers["Content-Type"] = TYPES[ending]
    answer.headers["Content-Disposition"] = f'attachment; filename="replies-{_scope().year}.{ending}"'
    return answer


def _header() -> tuple[str, ...]:
    return (_("Organization"), *(str(word) for word in WORDS.values()))


def _cells(lines: list[Numbers]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        yield (line.name() or _("No organization"), *(str(line.of(show)) for show in Show))


def _places_header() -> tuple[str, ...]:
    return (
        *(_("Meeting"), _("Starts"), _("Organization"), _("Post"), _("Name"), _("Replies close")),
        *(_("First answered"), _("Outcome"), _("Sent a substitute")),
    )


def _places_cells() -> Iterator[tuple[str, ...]]:
    for line in queries.all_places(_scope(), _show(), _organization()):
        yield (
            choose(line.meeting_zh, line.meeting_en),
            _in_zone(line, line.starts_at),
            choose(line.organization_zh, line.organization_en),
            choose(line.title_zh, line.title_en),
            choose(line.name_zh, line.name_en),
            _in_zone(line, line.deadline),
            _in_zone(line, line.first_at) if line.first_at else "",
            str(WORDS[line.outcome]),
            _("yes") if line.is_substitute else "",
        )


def _in_zone(line: Line, at: Any) -> str:
    return f"{to_local(at, line.zone):%Y-%m-%d %H:%M}"
