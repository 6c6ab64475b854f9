"""Drafting a meeting and revising the draft."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from eventsys.core.language import gettext as _
from eventsys.meetings.forms import MeetingForm, NewMeetingForm
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.meetings.operations import draft_meeting, revise_draft
from eventsys.meetings.policy import can_change_meeting, can_convene
from eventsys.meetings.queries import find_meeting
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render_form

bp = Blueprint("meetings", __name__)


@bp.route("/workspace/meetings/new", methods=["GET", "POST"])
@allowed(can_convene)
def new() -> Response:
    """A new draft; nothing is sent. Sent twice, the form leads to the one draft."""
    form = NewMeetingForm()
    if form.carries_out(lambda: draft_meeting(form.facts(), by=current_actor()).id):
        flash(_("The draft is saved. Nothing has been sent."))
        return redirect(url_for("agenda.index", meeting_id=form.result))
    return render_form("meetings/new.html", form=form)


@bp.route("/workspace/meetings/<int:meeting_id>/edit", methods=["GET", "POST"])
@allowed(can_change_meeting, find_meeting)
def edit(meeting: Meeting) -> Response:
    """The draft again; a meeting that is scheduled has its own page for changes, which shows who is told."""
    if meeting.state is not MeetingState.DRAFT and request.method == "GET":
        return redirect(f"/workspace/meetings/{meeting.id}/change")
    form = MeetingForm.over(meeting)
    if form.carries_out(lambda: revise_draft(meeting, form.facts(), form.version_number, by=current_actor())):
        flash(_("The draft is saved. Nothing has been sent."))
        return redirect(url_for("preview.show", meeting_id=form.result.id))
    return render_form("meetings/edit.html", form=form, meeting=meeting)
