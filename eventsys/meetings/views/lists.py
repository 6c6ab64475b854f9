"""The lists: the staff's with its filters and export, and the public's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, Response, current_app, make_response, request

from eventsys.core.clock import now, to_local
from eventsys.core.formats import zone_name
from eventsys.core.language import gettext as _
from eventsys.core.stamps import MEETINGS, OFFICES, stamps
from eventsys.meetings.policy import can_convene, can_list_meetings
from eventsys.meetings.queries import lists
from eventsys.meetings.words import KINDS, kind_word, state_tag
from eventsys.rendering.tables import csv_bytes, xlsx_bytes
from eventsys.web.access import allowed, current_actor, public
from eventsys.web.conditional import not_modified, stamp, tag_of
from eventsys.web.pages import render

bp = Blueprint("meeting_lists", __name__)
STAFF_SIZE = 50
PUBLIC_SIZE = 20
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@bp.get("/workspace/meetings/")
@allowed(can_list_meetings)
def index() -> str:
    """The meetings of the actor's offices."""
    wanted, actor, reader = lists.Wanted.of(request.args), current_actor(), _reader()
    return render(
        "meetings/list.html",
        wanted=wanted,
        page=lists.staff_page(wanted, reader, STAFF_SIZE, request.args),
        count=lists.staff_count(wanted, reader),
        count_to=lists.COUNT_TO,
        years=[(year, str(year)) for year in lists.years()],
        kinds=[(kind.value, str(word)) for kind, word in KINDS.items()],
        kind_word=kind_word,
        at=reader.at,
        may_convene=can_convene(actor),
    )


@bp.get("/workspace/meetings/export.csv")
@allowed(can_list_meetings)
def as_csv() -> Response:
    """The same list, whole, as CSV."""
    return _file(csv_bytes(_header(), _cells(_all_lines())), "csv")


@bp.get("/workspace/meetings/export.xlsx")
@allowed(can_list_meetings)
def as_xlsx() -> Response:
    """The same list, whole, as a workbook."""
    return _file(xlsx_bytes(_header(), _cells(_all_lines()), _("Meetings")), "xlsx")


@bp.get("/meetings/")
@public
def public_index() -> Response:
    """Public meetings: those to come, then those that were."""
    at = now()
    keys = {name: request.args[name] for name in ("after", "before") if name in request.args}
    show = "past" if request.args.get("show") == "past" else "coming"
    tag = tag_of("meetings", show, sorted(keys.items()), _viewer(), _slice(at), *stamps(MEETINGS, OFFICES))
    fresh = not_modified(tag)
    if fresh is not None:
        return make_response(fresh)
    page = lists.public_page(show, at, PUBLIC_SIZE, keys)
    first = show == "coming" and not keys
    past = lists.public_page("past", at, PUBLIC_SIZE, {}) if first else None
    body = render("meetings/public_list.html", show=show, first=first, page=page, past=past, at=at, kind_word=kind_word)
    return make_response(stamp(make_response(body), tag))


def _reader() -> lists.Reader:
    zone = current_app.extensions["eventsys.settings"].zone
    return lists.Reader(lists.scope_of(current_actor()), now(), zone)


def _viewer() -> int | None:
    return current_actor().account_id


def _slice(at: datetime) -> int:
    """Meetings move from coming to past without anybody's doing: the list is made anew each quarter of an hour."""
    return int(at.timestamp()) // 900


def _all_lines() -> Iterator[lists.Line]:
    return lists.staff_export(lists.Wanted.of(request.args), _reader())


def _file(data: bytes, ending: str) -> Response:
    answer = make_response(data)
    answer.headers["Content-Type"] = TYPES[ending]
    answer.headers["Content-Disposition"] = f'attachment; filename="meetings.{ending}"'
    return answer


def _header() -> tuple[str, ...]:
    return (
        *(_("Title"), _("Kind of meeting"), _("State"), _("Starts"), _("Ends"), _("Time zone"), _("Venue")),
        _("Convening organization"),
    )


def _cells(lines: Iterator[lists.Line]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        yield (
            line.title,
            kind_word(line.kind),
            state_tag(line)[0],
            f"{to_local(line.starts_at, line.zone):%Y-%m-%d %H:%M}",
            f"{to_local(line.ends_at, line.zone):%Y-%m-%d %H:%M}",
            zone_name(line.zone, line.starts_at),
            line.venue,
            line.convener,
        )
