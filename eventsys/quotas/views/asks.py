"""The list of what every organization is asked for: search, pages, exports."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, request

from eventsys.core.formats import moment
from eventsys.core.language import gettext as _
from eventsys.directory.fields import number_of
from eventsys.invitations.policy import can_invite
from eventsys.invitations.queries.replies import counts
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting
from eventsys.quotas.queries.asks import AskRow, all_asks, ask_page, totals
from eventsys.rendering.tables import csv_bytes, xlsx_bytes
from eventsys.web.access import allowed
from eventsys.web.pages import render
from eventsys.web.workspace import frame

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LAST_PAGE = 1000

bp = Blueprint("asks", __name__, url_prefix="/workspace/meetings/<int:meeting_id>/invitations/organizations")


@bp.get("/")
@allowed(can_invite, find_meeting)
def index(meeting: Meeting) -> str:
    """Every organization with what it is asked for, and the sums."""
    q, page = _q(), min(max(1, number_of(request.args.get("page"))), LAST_PAGE)
    so_far = counts(meeting.id)
    rows, more = ask_page(meeting.id, q, page)
    return render(
        "quotas/list.html",
        meeting=meeting,
        frame=frame(meeting, "invitations", so_far),
        rows=rows,
        asked=so_far.places,
        totals=totals(meeting.id, q),
        q=q,
        query=f"?{urlencode({'q': q})}" if q else "",
        previous=_at(meeting, q, page - 1) if page > 1 else None,
        following=_at(meeting, q, page + 1) if more else None,
    )


@bp.get("/list.csv")
@allowed(can_invite, find_meeting)
def as_csv(meeting: Meeting) -> Response:
    """The list as CSV."""
    rows = [_exported(meeting, row) for row in all_asks(meeting.id, _q())]
    return _file(csv_bytes(_header(), rows), "text/csv; charset=utf-8", f"organizations-{meeting.id}.csv")


@bp.get("/list.xlsx")
@allowed(can_invite, find_meeting)
def as_xlsx(meeting: Meeting) -> Response:
    """The list as a workbook."""
    rows = [_exported(meeting, row) for row in all_asks(meeting.id, _q())]
    return _file(xlsx_bytes(_header(), rows, _("Organizations")), XLSX, f"organizations-{meeting.id}.xlsx")


def _q() -> str:
    return request.args.get("q", "").replace("\x00", "")[:200].strip()


def _at(meeting: Meeting, q: str, page: int) -> str:
    values = {"q": q, "page": str(page)} if q else {"page": str(page)}
    return f"/workspace/meetings/{meeting.id}/invitations/organizations/?{urlencode(values)}"


def _header() -> list[str]:
    return [
        *(_("Organization"), _("Posts"), _("Further places"), _("Observers"), _("Places"), _("To be named")),
        *(_("Answered"), _("Own deadline"), _("What kind of people are wanted")),
    ]


def _exported(meeting: Meeting, row: AskRow) -> list[str | int]:
    return [
        *(row.name, row.posts, row.further, row.observers, row.places, row.to_be_named, row.answered),
        *(moment(row.reply_by, meeting.zone) if row.reply_by else "", row.note),
    ]


def _file(content: bytes, kind: str, name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
