"""A new draft from an old meeting, with its agenda; for a postponed one, the meeting that takes its place."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from eventsys.agenda.copies import copy_meeting
from eventsys.core.clock import to_local
from eventsys.core.language import gettext as _
from eventsys.meetings.forms import CopyForm
from eventsys.meetings.models import Meeting
from eventsys.meetings.policy import can_change_meeting
from eventsys.meetings.queries import find_meeting
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render_form

bp = Blueprint("meeting_copy", __name__)


@bp.route("/workspace/meetings/<int:meeting_id>/copy", methods=["GET", "POST"])
@allowed(can_change_meeting, find_meeting)
def copy(meeting: Meeting) -> Response:
    """Ask for the new date, then show the draft's form."""
    form = CopyForm(data={"starts": to_local(meeting.starts_at, meeting.zone).time()})
    if form.carries_out(lambda: copy_meeting(meeting, form["date"].data, form["starts"].data, by=current_actor()).id):
        flash(_("The copy is a draft with the same agenda. Nothing has been sent."))
        return redirect(url_for("meetings.edit", meeting_id=form.result))
    return render_form("meetings/copy.html", form=form, meeting=meeting)
