"""The organizer's list of places and answers: matrix and table, filters, exports."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, request

from eventsys.core.actor import Channel
from eventsys.core.clock import now
from eventsys.core.formats import clock, moment
from eventsys.core.language import gettext as _
from eventsys.invitations import words
from eventsys.invitations.deadlines import is_open
from eventsys.invitations.policy import can_answer_for, can_invite, can_see_contacts, can_see_invitations
from eventsys.invitations.queries import matrix as pictures
from eventsys.invitations.queries import replies
from eventsys.invitations.queries.conflicts import Conflicts, conflicts
from eventsys.invitations.queries.shapes import ANSWERED, FURTHER, OBSERVERS, Counts, Filters, PlaceState, ReplyRow
from eventsys.invitations.views import live
from eventsys.invitations.views.matrix import conflict_lines
from eventsys.invitations.views.matrix import shown as shown_lines
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting
from eventsys.rendering.tables import csv_bytes, xlsx_bytes
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render
from eventsys.web.workspace import frame

ROWS_A_PAGE = 100
LARGEST = 2**31
_KIND_WORDS = {FURTHER: "further", OBSERVERS: "observers"}
_WORD_KINDS = {word: key for key, word in _KIND_WORDS.items()}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

bp = Blueprint("replies", __name__, url_prefix="/workspace/meetings/<int:meeting_id>/invitations")


@bp.get("/")
@allowed(can_see_invitations, find_meeting)
def show(meeting: Meeting) -> str:
    """Who was asked and what they answered, as a matrix or as a table."""
    tag = live.tag_of_answers(meeting.id)
    found = conflicts(meeting)
    filters, view = _filters(found), "table" if request.args.get("view") == "table" else "matrix"
    context = _table(meeting, filters, found) if view == "table" else _matrix(meeting, filters, found)
    actor = current_actor()
    return render(
        "invitations/list.html",
        meeting=meeting,
        filters=filters,
        view=view,
        at=_address(meeting, view, filters),
        exports={ending: _export_address(meeting, filters, ending) for ending in ("csv", "xlsx")},
        kind_word=None if filters.kind_id is None else _kind_word(filters.kind_id),
        may_invite=can_invite(actor, meeting),
        may_answer=can_answer_for(actor, meeting) and is_open(meeting, Channel.ON_BEHALF),
        conflicts=(len(found.places), _conflict_address(meeting, view, filters), filters.place_ids is not None),
        live={"tag": tag, "mark": live.mark_of_page(meeting.id), "when": clock(now(), meeting.zone)},
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


def _matrix(meeting: Meeting, filters: Filters, found: Conflicts) -> dict[str, Any]:
    unfiltered = filters == Filters()
    returned = pictures.returned(meeting.id)
    matrix = pictures.matrix(meeting.id, filters, returned, after=_number("after"))
    whole = matrix if unfiltered else pictures.whole(meeting.id)
    beside = replies.counts(meeting.id, filters.without_state()) if filters.show else matrix.counts
    at = _address(meeting, "matrix", filters)
    return {
        "frame": frame(meeting, "invitations", whole.counts),
        "total": whole.counts,
        "needs": pictures.needing(whole.counts, returned),
        **_around(meeting, "matrix", filters, whole.choices, beside),
        "columns": [(each, _column_name(each, matrix), _kind_word(each.kind_id)) for each in matrix.columns],
        "lines": shown_lines(meeting, matrix, found, _cell_address(meeting, filters)),
        "next_page": at(after=matrix.next_after) if matrix.next_after is not None else None,
    }


def _around(meeting: Meeting, view: str, filters: Filters, choices: pictures.Choices, beside: Counts) -> dict[str, Any]:
    """What stands around the answers; `beside` are the counts without the states that are filtered by."""
    return {
        "organizations": choices.organizations,
        "kinds": [(_kind_word(key), name or str(words.COLUMNS[key])) for key, name in choices.kinds],
        "counts": _counts(meeting, view, filters, beside),
    }


def _column_name(column: pictures.Column, matrix: pictures.Matrix) -> str:
    if len(matrix.columns) == 1 and not column.kind_id:
        return _("Posts")
    return column.name or str(words.COLUMNS[column.kind_id])


def _cell_address(meeting: Meeting, filters: Filters) -> Callable[[int, int, str], str]:
    """Makes the address of a cell's places of one state as a table; what all cells share is made once."""
    kept = replace(filters, show=frozenset(), organization_id=None, kind_id=None)
    base = _address(meeting, "table", kept)()

    def address(organization: int, kind: int, show: str) -> str:
        return f"{base}&organization={organization}&kind={_kind_word(kind)}&show={show}"

    return address


def _table(meeting: Meeting, filters: Filters, found: Conflicts) -> dict[str, Any]:
    whole, returned = pictures.whole(meeting.id), pictures.returned(meeting.id)
    unfiltered = filters.without_state() == Filters()
    beside = whole.counts if unfiltered else replies.counts(meeting.id, filters.without_state())
    rows = replies.rows(meeting.id, filters, after=_number("after"), limit=ROWS_A_PAGE + 1)
    more = len(rows) > ROWS_A_PAGE
    rows = rows[:ROWS_A_PAGE]
    next_page = _address(meeting, "table", filters)(after=rows[-1].place_id) if more else None
    return {
        "frame": frame(meeting, "invitations", whole.counts),
        "total": whole.counts,
        "needs": pictures.needing(whole.counts, returned),
        **_around(meeting, "table", filters, whole.choices, beside),
        "rows": rows,
        "wrong": {key: conflict_lines(each) for key, each in found.by_place.items()},
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


def _conflict_address(meeting: Meeting, view: str, filters: Filters) -> str:
    """The list of the places that conflict, or of all again where those alone are shown."""
    at = _address(meeting, view, replace(filters, place_ids=None))
    return str(at(conflicts=1 if filters.place_ids is None else None))


def _address(meeting: Meeting, view: str, filters: Filters) -> Any:
    """Makes addresses of this list that keep its filters; a value of None drops one."""
    kept: dict[str, Any] = {
        "view": view if view == "table" else None,
        "show": _show_word(filters.show),
        "organization": filters.organization_id,
        "kind": None if filters.kind_id is None else _kind_word(filters.kind_id),
        "q": filters.q or None,
        "mine": 1 if filters.needs_me else None,
        "conflicts": 1 if filters.place_ids is not None else None,
    }

    def address(**changed: Any) -> str:
        values = {name: value for name, value in {**kept, **changed}.items() if value is not None}
        base = f"/workspace/meetings/{meeting.id}/invitations/"
        return f"{base}?{urlencode(values)}" if values else base

    return address


def _export_address(meeting: Meeting, filters: Filters, ending: str) -> str:
    query = _address(meeting, "", filters)().partition("?")[2]
    return f"/workspace/meetings/{meeting.id}/invitations/list.{ending}" + (f"?{query}" if query else "")


def _filters(found: Conflicts) -> Filters:
    return Filters(
        show=_shown(request.args.get("show", "")),
        organization_id=_number("organization"),
        kind_id=_WORD_KINDS.get(request.args.get("kind", ""), _number("kind")),
        q=request.args.get("q", "").replace("\x00", "")[:200].strip(),
        needs_me=request.args.get("mine") == "1",
        place_ids=found.places if request.args.get("conflicts") == "1" else None,
    )


def _shown(word: str) -> frozenset[PlaceState]:
    if word == "answered":
        return ANSWERED
    return frozenset({PlaceState(word)}) if word in set(PlaceState) else frozenset()


def _kind_word(kind_id: int) -> str | int:
    return _KIND_WORDS.get(kind_id, kind_id)


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
        *(_("Answered at"), _("Answered by"), _("Stands in for"), _("Conflicts")),
        *((_("Telephone"), _("E-mail")) if contacts else ()),
    ]
    found = conflicts(meeting)
    rows = replies.rows(meeting.id, _filters(found))
    return header, [_exported_row(meeting, row, found, contacts) for row in rows]


def _exported_row(meeting: Meeting, row: ReplyRow, found: Conflicts, contacts: bool) -> list[str]:
    wrong = conflict_lines(found.by_place.get(row.place_id, ()))
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
        _("; ").join(_(": ").join(text for text in (said, which) if text) for said, which, _href in wrong),
        *((row.phone, row.email) if contacts else ()),
    ]


def _file(content: bytes, kind: str, name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
