"""The door: phone first. Search, mark, undo; shows nobody who was not searched for."""

from __future__ import annotations

from uuid import uuid4

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from eventsys.attendance.forms import MarkForm, WalkInForm
from eventsys.attendance.models import DoorAct
from eventsys.attendance.operations import add_walk_in, mark
from eventsys.attendance.policy import can_check_in, can_find_doors
from eventsys.attendance.queries import doors, found_by, last_arrivals, numbers, roll
from eventsys.attendance.states import AWAITED, PRESENT
from eventsys.attendance.words import STATES
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render, render_form

bp = Blueprint("door", __name__, url_prefix="/checkin")


@bp.get("/")
@allowed(can_find_doors)
def index() -> str:
    """The meetings at whose door this person may stand."""
    return render("attendance/doors.html", doors=doors(current_actor()))


@bp.get("/<int:meeting_id>/")
@allowed(can_check_in, find_meeting)
def show(meeting: Meeting) -> Response:
    """Who was just marked, the search, and who came last."""
    return _page(meeting, MarkForm(formdata=None))


@bp.post("/<int:meeting_id>/mark")
@allowed(can_check_in, find_meeting)
def record(meeting: Meeting) -> Response:
    """Record one act, then show its result."""
    form = MarkForm()
    attendee_id = form.attendee_id.data or "0"
    if form.carries_out(
        lambda: mark(
            meeting,
            int(attendee_id),
            DoorAct(form.act.data),
            key=form.key.data,
            by=current_actor(),
            represented_by=form.represented_by.data or "",
        )
    ):
        return redirect(f"/checkin/{meeting.id}/?done={attendee_id}")
    return _page(meeting, form)


@bp.route("/<int:meeting_id>/walk-in", methods=["GET", "POST"])
@allowed(can_check_in, find_meeting)
def walk_in(meeting: Meeting) -> Response:
    """Somebody who came without having been asked."""
    form = WalkInForm(key=uuid4().hex)
    form.offer_organizations()
    if form.carries_out(lambda: add_walk_in(meeting, form.who(), key=form.key.data, by=current_actor())):
        return redirect(f"/checkin/{meeting.id}/?done={form.result.attendee_id}")
    return render_form("attendance/walk_in.html", form, meeting=meeting)


def _page(meeting: Meeting, form: MarkForm) -> Response:
    rows = roll(meeting)
    counts = numbers(rows)
    asked = request.args.get("q", "")[:100]
    done = request.args.get("done", "") or (form.attendee_id.data or "")
    return render_form(
        "attendance/door.html",
        form,
        meeting=meeting,
        asked=asked,
        found=found_by(rows, asked),
        done=next((row for row in rows if str(row.attendee_id) == done), None),
        arrivals=last_arrivals(rows),
        here=sum(counts[state] for state in PRESENT),
        expected=sum(counts[state] for state in AWAITED),
        states=STATES,
        acts=DoorAct,
        new_key=lambda: uuid4().hex,
    )
