"""The organizer's list of places and answers: matrix and table, filters, exports."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, request

from eventsys.core.formats import moment
from eventsys.core.language import gettext as _
from eventsys.invitations import words
from eventsys.invitations.policy import can_invite, can_see_contacts, can_see_invitations
from eventsys.invitations.queries import matrix as pictures
from eventsys.invitations.queries import replies
from eventsys.invitations.queries.shapes import ANSWERED, Counts, Filters, PlaceState, ReplyRow
from eventsys.invitations.queries.story import find_attendee
from eventsys.invitations.views.attendee import panel
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting
from eventsys.rendering.tables import csv_bytes, xlsx_bytes
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render
from eventsys.web.workspace import frame

ROWS_A_PAGE = 100
LARGEST = 2**31
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

bp = Blueprint("replies", __name__, url_prefix="/workspace/meetings/<int:meeting_id>/invitations")


@bp.get("/")
@allowed(can_see_invitations, find_meeting)
def show(meeting: Meeting) -> str:
    """Who was asked and what they answered, as a matrix or as a table."""
    filters, view = _filters(), "table" if request.args.get("view") == "table" else "matrix"
    context = _table(meeting, filters) if view == "table" else _matrix(meeting, filters)
    return render(
        "invitations/list.html",
        meeting=meeting,
        filters=filters,
        view=view,
        at=_address(meeting, view, filters),
        exports={ending: _export_address(meeting, filters, ending) for ending in ("csv", "xlsx")},
        may_invite=can_invite(current_actor(), meeting),
        words=words,
        **context,
    )


@bp.get("/list.csv")
@allowed(can_see_invitations, find_meeting)
def as_csv(meeting: Meeting) -> Response:
    """The filtered list as CSV."""
    header, rows = _exported(meeting)
    return _file(csv_bytes(header, rows), "text/csv; charset=utf-8", f"invitations-{meeting.id}.csv")


@bp.get("/list.xlsx")
@allowed(can_see_invitations, find_meeting)
def as_xlsx(meeting: Meeting) -> Response:
    """The filtered list as a workbook."""
    header, rows = _exported(meeting)
    return _file(xlsx_bytes(header, rows, _("Invitations")), XLSX, f"invitations-{meeting.id}.xlsx")


def _matrix(meeting: Meeting, filters: Filters) -> dict[str, Any]:
    found = pictures.matrix(meeting.id, filters, after=_number("after"))
    unfiltered = filters == Filters()
    whole = replies.counts(meeting.id, filters.without_state()) if filters.show else found.counts
    at = _address(meeting, "matrix", filters)
    opened = find_attendee(meeting.id, _number("open") or 0) if "open" in request.args else None
    return {
        "frame": frame(meeting, "invitations", found.counts if unfiltered else None),
        "choices": pictures.choices_of(found) if unfiltered else pictures.choices(meeting.id),
        "matrix": found,
        "counts": _counts(meeting, "matrix", filters, whole),
        "needs": replies.counts(meeting.id, Filters(needs_me=True)).places,
        "cell_at": _cell_address(meeting, filters),
        "place_at": f"{at()}{'&' if '?' in at() else '?'}open=",
        "place": panel(opened) if opened is not None else None,
        "next_page": at(after=found.next_after) if found.next_after is not None else None,
    }


def _cell_address(meeting: Meeting, filters: Filters) -> Callable[[int, int, str], str]:
    """Makes the address of a cell's places of one state as a table; what all cells share is made once."""
    kept = replace(filters, show=frozenset(), organization_id=None, kind_id=None)
    base = _address(meeting, "table", kept)()

    def address(organization: int, kind: int, show: str) -> str:
        return f"{base}&organization={organization}&kind={kind}&show={show}"

    return address


def _table(meeting: Meeting, filters: Filters) -> dict[str, Any]:
    whole = replies.counts(meeting.id, filters.without_state())
    unfiltered = filters.without_state() == Filters()
    rows = replies.rows(meeting.id, filters, after=_number("after"), limit=ROWS_A_PAGE + 1)
    more = len(rows) > ROWS_A_PAGE
    rows = rows[:ROWS_A_PAGE]
    next_page = _address(meeting, "table", filters)(after=rows[-1].place_id) if more else None
    return {
        "frame": frame(meeting, "invitations", whole if unfiltered else None),
        "choices": pictures.choices(meeting.id),
        "rows": rows,
        "place": None,
        "needs": replies.counts(meeting.id, Filters(needs_me=True)).places,
        "counts": _counts(meeting, "table", filters, whole),
        "next_page": next_page,
        "contacts": can_see_contacts(current_actor(), meeting),
    }


def _counts(meeting: Meeting, view: str, filters: Filters, counts: Counts) -> list[tuple[str, int, str, bool, bool]]:
    """The counts that filter: everything first, then each state that occurs here or may."""
    at = _address(meeting, view, replace(filters, show=frozenset()))
    everything = (_("All"), counts.places, at(), not filters.show, False)
    states = [
        (str(label), counts.of(state), at(show=state.value), filters.show == {state}, state in replies.NEEDS_ORGANIZER)
        for state, label in words.STATES.items()
        if state is not PlaceState.OPTIONAL or counts.optional
    ]
    return [everything, *states]


def _address(meeting: Meeting, view: str, filters: Filters) -> Any:
    """Makes addresses of this list that keep its filters; a value of None drops one."""
    kept: dict[str, Any] = {
        "view": view if view == "table" else None,
        "show": _show_word(filters.show),
        "organization": filters.organization_id,
        "kind": filters.kind_id,
        "q": filters.q or None,
        "mine": 1 if filters.needs_me else None,
    }

    def address(**changed: Any) -> str:
        values = {name: value for name, value in {**kept, **changed}.items() if value is not None}
        base = f"/workspace/meetings/{meeting.id}/invitations/"
        return f"{base}?{urlencode(values)}" if values else base

    return address


def _export_address(meeting: Meeting, filters: Filters, ending: str) -> str:
    query = _address(meeting, "", filters)().partition("?")[2]
    return f"/workspace/meetings/{meeting.id}/invitations/list.{ending}" + (f"?{query}" if query else "")


def _filters() -> Filters:
    return Filters(
        show=_shown(request.args.get("show", "")),
        organization_id=_number("organization"),
        kind_id=_number("kind"),
        q=request.args.get("q", "").replace("\x00", "")[:200].strip(),
        needs_me=request.args.get("mine") == "1",
    )


def _shown(word: str) -> frozenset[PlaceState]:
    if word == "answered":
        return ANSWERED
    return frozenset({PlaceState(word)}) if word in set(PlaceState) else frozenset()


def _show_word(show: Iterable[PlaceState]) -> str | None:
    chosen = frozenset(show)
    if chosen == ANSWERED:
        return "answered"
    return next(iter(chosen)).value if len(chosen) == 1 else None


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 and int(text) < LARGEST else None


def _exported(meeting: Meeting) -> tuple[list[str], list[list[str]]]:
    contacts = can_see_contacts(current_actor(), meeting)
    header = [
        *(_("Organization"), _("Post"), _("Name"), _("Asked as"), _("Answer"), _("Reason or remark")),
        *(_("Answered at"), _("Answered by"), _("Stands in for")),
        *((_("Telephone"), _("E-mail")) if contacts else ()),
    ]
    return header, [_exported_row(meeting, row, contacts) for row in replies.rows(meeting.id, _filters())]


def _exported_row(meeting: Meeting, row: ReplyRow, contacts: bool) -> list[str]:
    return [
        row.organization(),
        row.title(),
        row.name(),
        str(words.ROLES[row.role]),
        str(words.STATES[row.state]),
        row.comment,
        moment(row.replied_at, meeting.zone) if row.replied_at else "",
        str(words.CHANNELS[row.channel]) if row.channel else "",
        row.stands_in_for() if row.is_substitute else "",
        *((row.phone, row.email) if contacts else ()),
    ]


def _file(content: bytes, kind: str, name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
