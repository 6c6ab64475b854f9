"""The workspace's list of notices, by state, with search and export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Blueprint, Response, abort, make_response, request

from eventsys.accounts.queries import office_zone
from eventsys.core.clock import now, to_local
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.notices.policy import can_list_notices
from eventsys.notices.queries import lists
from eventsys.notices.words import state_tag
from eventsys.rendering.tables import csv_bytes, xlsx_bytes
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render

bp = Blueprint("notice_lists", __name__)
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
SHOWS = {
    "all": _l("All"),
    "mine": _l("Waits for me"),
    "draft": _l("Drafts"),
    "in_review": _l("Wait for approval"),
    "approved": _l("Approved"),
    "published": _l("Published"),
    "withdrawn": _l("Withdrawn notices"),
}


@bp.get("/workspace/notices/")
@allowed(can_list_notices)
def index() -> str:
    """The notices of the actor's offices."""
    actor, wanted = current_actor(), lists.Wanted.of(request.args)
    return render(
        "notices/staff_list.html",
        wanted=wanted,
        page=lists.page(actor, wanted, request.args),
        counts=lists.counts(actor, wanted),
        count_to=lists.COUNT_TO,
        shows=SHOWS,
        state_tag=state_tag,
        zone=office_zone(),
        at=now(),
    )


@bp.get("/workspace/notices/export.<form>")
@allowed(can_list_notices)
def export(form: str) -> Response:
    """The same list, whole, as CSV or XLSX."""
    if form not in TYPES:
        abort(404)
    lines = lists.export(current_actor(), lists.Wanted.of(request.args))
    header, cells = _header(), _cells(lines)
    data = csv_bytes(header, cells) if form == "csv" else xlsx_bytes(header, cells, _("Summary notices"))
    answer = make_response(data)
    answer.headers["Content-Type"] = TYPES[form]
    answer.headers["Content-Disposition"] = f'attachment; filename="notices.{form}"'
    return answer


def _header() -> list[str]:
    return [
        *(_("Title"), _("State"), _("Version"), _("Convened by"), _("Day of the meeting"), _("Changed")),
        *(_("Published on"), _("Address")),
    ]


def _cells(lines: Iterable[lists.Line]) -> Iterator[tuple[str, ...]]:
    zone = office_zone()
    for line in lines:
        yield (
            line.title,
            state_tag(line.notice_state, line.state)[0],
            str(line.number),
            line.convener,
            f"{to_local(line.meeting_starts_at, line.zone):%Y-%m-%d}",
            f"{to_local(line.modified_at, zone):%Y-%m-%d %H:%M}",
            f"{to_local(line.published_at, zone):%Y-%m-%d}" if line.published_at else "",
            line.address,
        )
