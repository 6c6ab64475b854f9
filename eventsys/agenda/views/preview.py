"""What an invitee and what the public will see, in both languages; and scheduling, which sends nothing."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from eventsys.agenda.advice import advice_for
from eventsys.agenda.views.page import rendered
from eventsys.core.language import LANGUAGES, current_language, use_language
from eventsys.core.language import gettext as _
from eventsys.meetings.forms import ActForm
from eventsys.meetings.models import Meeting, MeetingState, Visibility
from eventsys.meetings.operations import schedule_meeting
from eventsys.meetings.policy import can_change_meeting, can_read_meeting
from eventsys.meetings.queries import find_meeting
from eventsys.meetings.queries.page import page_row
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render_form

bp = Blueprint("preview", __name__)


@bp.get("/workspace/meetings/<int:meeting_id>/preview")
@allowed(can_read_meeting, find_meeting)
def show(meeting: Meeting) -> Response:
    """Both pages in both languages, what is still to think of, and the button that schedules."""
    return _page(meeting, ActForm())


@bp.post("/workspace/meetings/<int:meeting_id>/schedule")
@allowed(can_change_meeting, find_meeting)
def schedule(meeting: Meeting) -> Response:
    """The draft becomes a meeting; nobody is told."""
    form = ActForm()
    if form.carries_out(lambda: schedule_meeting(meeting, by=current_actor())):
        flash(_("The meeting is scheduled. Nothing has been sent: invitations go out when you send them."))
        return redirect(f"/workspace/meetings/{meeting.id}/")
    return _page(meeting, form)


@bp.get("/workspace/meetings/<int:meeting_id>/preview/page")
@allowed(can_read_meeting, find_meeting)
def frame(meeting: Meeting) -> str:
    """One reader's page as they will see it: `who` is invitee or public, `in` the language."""
    row, who = page_row(meeting.id), request.args.get("who", "invitee")
    if row is None or (who == "public" and meeting.visibility is not Visibility.PUBLIC):
        abort(404)
    code = request.args.get("in", current_language())
    g.language = code if code in LANGUAGES else current_language()
    with use_language(g.language):
        return rendered(row, who != "public")


def _page(meeting: Meeting, form: ActForm) -> Response:
    return render_form(
        "meetings/preview.html",
        form=form,
        meeting=meeting,
        advice=advice_for(meeting),
        is_draft=meeting.state is MeetingState.DRAFT,
        is_public=meeting.visibility is Visibility.PUBLIC,
        may_change=can_change_meeting(current_actor(), meeting),
        edit_url=url_for("meetings.edit", meeting_id=meeting.id),
    )
