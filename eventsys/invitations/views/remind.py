"""Reminding: who has not answered, in which language, the text; then the act."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from eventsys.core.language import LANGUAGES, ngettext
from eventsys.invitations.facts import common_facts
from eventsys.invitations.forms.remind import RemindForm
from eventsys.invitations.letters import preview
from eventsys.invitations.operations.remind import REMINDER, awaits_answers, due, remind
from eventsys.invitations.policy import can_invite
from eventsys.invitations.queries.outgoing import Outgoing
from eventsys.invitations.queries.remind import silent
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render_form
from eventsys.web.workspace import frame

bp = Blueprint("remind", __name__)


@bp.route("/workspace/meetings/<int:meeting_id>/invitations/remind", methods=["GET", "POST"])
@allowed(can_invite, find_meeting)
def show(meeting: Meeting) -> BaseResponse:
    """Those who were told and are silent; sending reminds exactly those shown who still are."""
    form = RemindForm()
    if form.carries_out(lambda: remind(meeting, form.ids, by=current_actor())):
        flash(ngettext("%(num)s reminder is on its way.", "%(num)s reminders are on their way.", form.result))
        return redirect(f"/workspace/meetings/{meeting.id}/invitations/")
    waiting = silent(meeting)
    going = Outgoing(due(meeting, waiting) if awaits_answers(meeting) else [])
    form.shown.data = ",".join(str(row.attendee_id) for row in going.invitees)
    return render_form(
        "invitations/remind.html",
        form=form,
        meeting=meeting,
        frame=frame(meeting, "invitations"),
        going=going,
        silent=waiting,
        show=request.args.get("show", ""),
        subjects=_subjects(meeting, going),
        awaits=awaits_answers(meeting),
    )


@bp.get("/workspace/meetings/<int:meeting_id>/invitations/remind/letter")
@allowed(can_invite, find_meeting)
def letter(meeting: Meeting) -> Response:
    """The reminder to one of those who are silent, in their language or another."""
    wanted, language = request.args.get("to", ""), request.args.get("in", "")
    readers = [row for row in silent(meeting) if row.has_address and wanted in ("", str(row.attendee_id))]
    if not readers and not wanted:
        return preview.nothing()
    if not readers:
        abort(404)
    chosen = language if language in LANGUAGES else None
    words = preview.shown(REMINDER, common_facts(meeting), readers[0], language=chosen)
    return preview.page(words, as_text=request.args.get("as") == "text")


def _subjects(meeting: Meeting, going: Outgoing) -> list[tuple[str, str]]:
    used = [code for code in LANGUAGES if going.in_language(code)]
    common = common_facts(meeting, agenda=False) if used else {}
    return [(code, preview.shown(REMINDER, common, going.reachable[0], language=code).subject) for code in used]
