"""The organizer's view: who is expected, here, late, excused, missing; the sign-in sheet; closing the roll."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlencode

from flask import Blueprint, flash, make_response, redirect, request
from werkzeug.wrappers import Response

from eventsys.attendance.forms import CloseForm, ReopenForm
from eventsys.attendance.operations import close_roll, reopen_roll
from eventsys.attendance.policy import can_check_in, can_close_roll, can_read_roll
from eventsys.attendance.queries import RollRow, by_organization, numbers, roll
from eventsys.attendance.states import AWAITED, PRESENT, RollState, by_ten_minutes
from eventsys.attendance.words import SHAPES, STATES
from eventsys.core.clock import now
from eventsys.core.formats import clock
from eventsys.core.language import gettext as _
from eventsys.meetings.models import Meeting
from eventsys.meetings.policy import can_change_meeting
from eventsys.meetings.queries import find_meeting
from eventsys.rendering.tables import csv_bytes, xlsx_bytes
from eventsys.web.access import allowed, current_actor
from eventsys.web.forms import BaseForm
from eventsys.web.pages import render, render_form
from eventsys.web.workspace import frame

bp = Blueprint("roll", __name__, url_prefix="/workspace/meetings/<int:meeting_id>")
PAGE = 100


@bp.get("/attendance")
@allowed(can_read_roll, find_meeting)
def show(meeting: Meeting) -> Response:
    """The numbers by organization as picture and table, and the list they count."""
    return _page(meeting, ReopenForm(formdata=None))


@bp.get("/attendance.csv")
@allowed(can_read_roll, find_meeting)
def as_csv(meeting: Meeting) -> Response:
    """The list as CSV."""
    return _file(csv_bytes(*_table(meeting)), "text/csv; charset=utf-8", f"attendance-{meeting.id}.csv")


@bp.get("/attendance.xlsx")
@allowed(can_read_roll, find_meeting)
def as_xlsx(meeting: Meeting) -> Response:
    """The list as a workbook."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(xlsx_bytes(*_table(meeting), _("Attendance")), kind, f"attendance-{meeting.id}.xlsx")


@bp.post("/attendance/close")
@allowed(can_close_roll, find_meeting)
def close(meeting: Meeting) -> Response:
    """Close the roll: from now on who must come and did not is absent."""
    form = CloseForm()
    if form.carries_out(lambda: close_roll(meeting, by=current_actor())):
        flash(_("The roll is closed."))
        return redirect(f"/workspace/meetings/{meeting.id}/attendance")
    return _page(meeting, form)


@bp.post("/attendance/reopen")
@allowed(can_close_roll, find_meeting)
def reopen(meeting: Meeting) -> Response:
    """Open a closed roll to correct it."""
    form = ReopenForm()
    if form.carries_out(lambda: reopen_roll(meeting, form.reason.data, by=current_actor())):
        flash(_("The roll is open again."))
        return redirect(f"/workspace/meetings/{meeting.id}/attendance")
    return _page(meeting, form)


@bp.get("/sign-in-sheet")
@allowed(can_close_roll, find_meeting)
def sheet(meeting: Meeting) -> str:
    """A sheet to sign on paper, in the directory's order."""
    invited = [row for row in roll(meeting) if not row.walk_in]
    return render("attendance/sheet.html", meeting=meeting, now=now(), rows=invited)


def _page(meeting: Meeting, form: BaseForm) -> Response:
    rows = roll(meeting)
    counts = numbers(rows)
    listed = _listed(rows)
    start = request.args.get("from", 0, type=int)
    actor = current_actor()
    return render_form(
        "attendance/roll.html",
        form,
        frame=frame(meeting, "attendance"),
        meeting=meeting,
        now=now(),
        organizations=by_organization(rows),
        rows=listed[start : start + PAGE],
        total=len(rows),
        filters=_filters(meeting, counts, len(rows)),
        next_page=_next_page(meeting, start) if len(listed) > start + PAGE else None,
        here=sum(counts[state] for state in PRESENT),
        expected=sum(counts[state] for state in AWAITED),
        arrivals=_arrivals(meeting, rows),
        states=STATES,
        shapes=SHAPES,
        may_close=can_close_roll(actor, meeting),
        may_mark=can_check_in(actor, meeting),
        may_conclude=can_change_meeting(actor, meeting),
    )


def _filters(meeting: Meeting, counts: Counter[RollState], total: int) -> list[tuple[str, int, str, bool, bool]]:
    """The counts as links: label, number, address, whether it is shown now, whether it needs somebody."""
    base, shown = f"/workspace/meetings/{meeting.id}/attendance", request.args.get("show", "")
    return [
        (_("All"), total, base, not shown, False),
        *(
            (str(words), counts[state], f"{base}?show={state.value}", shown == state, state is RollState.ABSENT)
            for state, (words, _tone) in STATES.items()
        ),
    ]


def _next_page(meeting: Meeting, start: int) -> str:
    kept = {name: request.args[name] for name in ("show", "organization") if name in request.args}
    return f"/workspace/meetings/{meeting.id}/attendance?{urlencode({**kept, 'from': start + PAGE})}"


def _listed(rows: list[RollRow]) -> list[RollRow]:
    """The rows of the state and organization that the address asks for."""
    shown = request.args.get("show", "")
    organization = request.args.get("organization", type=int)
    return [
        row
        for row in rows
        if (shown not in set(RollState) or row.state == shown)
        and (organization is None or (row.organization_id or 0) == organization)
    ]


def _arrivals(meeting: Meeting, rows: list[RollRow]) -> list[tuple[str, int]]:
    moments = [row.at_door.arrived_at for row in rows if row.at_door.arrived_at is not None]
    return [(clock(at, meeting.zone), number) for at, number in by_ten_minutes(moments)]


def _table(meeting: Meeting) -> tuple[list[str], list[list[str]]]:
    head = [_("Organization"), _("Post"), _("Name"), _("State"), _("Arrived"), _("Left"), _("Represented by")]
    return head, [
        [
            row.organization,
            row.title,
            row.name,
            str(STATES[row.state][0]),
            clock(row.at_door.arrived_at, meeting.zone) if row.at_door.arrived_at else "",
            clock(row.at_door.left_at, meeting.zone) if row.at_door.left_at else "",
            row.at_door.represented_by,
        ]
        for row in _listed(roll(meeting))
    ]


def _file(data: bytes, kind: str, name: str) -> Response:
    answer = make_response(data)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
