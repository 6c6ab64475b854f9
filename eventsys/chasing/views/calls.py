"""The list to call on the last day, printed or taken along; and what was said, which leads to answering on behalf."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Blueprint, Response, flash, make_response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from eventsys.chasing.forms import CallForm
from eventsys.chasing.operations.call import note_call
from eventsys.chasing.policy import can_call
from eventsys.chasing.queries.calls import Office, ToCall, calls_of, find_place, holder_of, to_call
from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.formats import moment
from eventsys.core.language import choose
from eventsys.core.language import gettext as _
from eventsys.invitations.models import Attendee, Place
from eventsys.invitations.policy import can_answer_for
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting
from eventsys.rendering.tables import csv_bytes, xlsx_bytes
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render, render_form
from eventsys.web.workspace import frame

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
bp = Blueprint("calls", __name__, url_prefix="/workspace/meetings/<int:meeting_id>/calls")


def of_meeting(policy: Callable[[Actor, Meeting], bool]) -> Callable[[Actor, Place], bool]:
    """The policy on a meeting, asked of one of its places."""

    def ask(actor: Actor, place: Place) -> bool:
        return policy(actor, place.meeting)

    return ask


@bp.get("/")
@allowed(can_call, find_meeting)
def show(meeting: Meeting) -> str:
    """Who has not answered, with the numbers."""
    offices = to_call(meeting)
    return render(
        "chasing/calls.html",
        meeting=meeting,
        frame=frame(meeting, "invitations"),
        offices=offices,
        number=sum(len(office.places) for office in offices),
        may_answer=can_answer_for(current_actor(), meeting),
        now=now(),
    )


@bp.get("/print")
@allowed(can_call, find_meeting)
def on_paper(meeting: Meeting) -> str:
    """The same on A4, with room to write."""
    return render("chasing/calls_paper.html", meeting=meeting, offices=to_call(meeting), now=now())


@bp.get("/calls.csv")
@allowed(can_call, find_meeting)
def as_csv(meeting: Meeting) -> Response:
    """The list as CSV."""
    data = csv_bytes(_header(), _rows(meeting))
    return _file(data, "text/csv; charset=utf-8", f"calls-{meeting.id}.csv")


@bp.get("/calls.xlsx")
@allowed(can_call, find_meeting)
def as_xlsx(meeting: Meeting) -> Response:
    """The list as a workbook."""
    return _file(xlsx_bytes(_header(), _rows(meeting), _("Call list")), XLSX, f"calls-{meeting.id}.xlsx")


@bp.route("/<int:place_id>", methods=["GET", "POST"])
@allowed(of_meeting(can_call), find_place)
def note(place: Place) -> BaseResponse:
    """What was said; then on to the answer, where one was given."""
    meeting, holder = place.meeting, holder_of(place)
    name, form = holder.name() if holder else "", CallForm()
    if not form.is_submitted():
        form = CallForm.fresh(meeting.zone, name)
    by, attendee_id = current_actor(), holder.id if holder else None
    if form.carries_out(
        lambda: note_call(place, form.at(meeting.zone), form.whom.data or "", form.said.data, by=by).id
    ):
        flash(_("The call is noted."))
        return redirect(_next(meeting, place.id, attendee_id), 303)
    place = find_place(meeting.id, place.id) or place
    return render_form(
        "chasing/call.html",
        form,
        meeting=place.meeting,
        frame=frame(place.meeting, "invitations"),
        place=place,
        holder=holder_of(place),
        title=_title(place, holder_of(place)),
        calls=calls_of(place.meeting_id).get(place.id, []),
    )


def _next(meeting: Meeting, place_id: int, attendee_id: int | None) -> str:
    """Where a call leads: with an answer to the page that enters it, by telephone; else back to the list."""
    base = f"/workspace/meetings/{meeting.id}"
    if request.form.get("then") != "answer" or not can_answer_for(current_actor(), meeting):
        return f"{base}/calls/"
    if attendee_id is None:
        return f"{base}/invitations/places/{place_id}/name"
    return f"{base}/attendees/{attendee_id}/answer?source=phone#answer"


def _title(place: Place, holder: Attendee | None) -> str:
    title = holder.title() if holder else ""
    return title or (place.post.title() if place.post else "") or _("Further place")


def _header() -> list[str]:
    return [
        *(_("Organization"), _("Telephone of the organization"), _("Liaison"), _("Telephone of the liaison")),
        *(_("Post"), _("Name"), _("Telephone"), _("Answer by"), _("Reminders"), _("Last reminder"), _("Calls")),
    ]


def _rows(meeting: Meeting) -> Iterator[list[str]]:
    for office in to_call(meeting):
        for place in office.places:
            yield _row(meeting, office, place)


def _row(meeting: Meeting, office: Office, place: ToCall) -> list[str]:
    between = choose("、", ", ")
    calls = choose("；", "; ").join(
        f"{moment(call.at, meeting.zone)} {call.whom} {call.said}".replace("  ", " ") for call in place.calls
    )
    return [
        office.name,
        office.phone,
        between.join(name for name, _phone in office.liaisons),
        between.join(phone for _name, phone in office.liaisons if phone),
        place.title,
        place.name or _("To be named"),
        place.phone,
        moment(place.deadline, meeting.zone),
        str(place.got.number),
        moment(place.got.last_at, meeting.zone) if place.got.last_at else "",
        calls,
    ]


def _file(data: bytes, mimetype: str, name: str) -> Response:
    answer = make_response(data)
    answer.headers["Content-Type"] = mimetype
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
