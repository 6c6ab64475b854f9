"""Reminding now: who has not answered, by organization and language, the text; then the act."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, abort, flash, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from eventsys.chasing.forms import RemindForm
from eventsys.chasing.operations.remind import more_facts, remind
from eventsys.chasing.policy import can_remind
from eventsys.chasing.queries.shown import grouped, in_language
from eventsys.chasing.queries.waiting import REMINDER, Waiting, awaits_answers, due_today, waiting
from eventsys.core.language import LANGUAGES, ngettext
from eventsys.directory.fields import number_of
from eventsys.invitations.facts import common_facts
from eventsys.invitations.letters import preview
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render_form
from eventsys.web.workspace import frame

bp = Blueprint("remind", __name__)


@bp.route("/workspace/meetings/<int:meeting_id>/invitations/remind", methods=["GET", "POST"])
@allowed(can_remind, find_meeting)
def show(meeting: Meeting) -> BaseResponse:
    """Those who were told and are silent; sending reminds exactly those chosen who still are."""
    form = RemindForm()
    if form.carries_out(lambda: remind(meeting, form.keys, by=current_actor(), organizations=form.organizations)):
        flash(ngettext("%(num)s reminder is on its way.", "%(num)s reminders are on their way.", form.result))
        return redirect(f"/workspace/meetings/{meeting.id}/invitations/")
    found = waiting(meeting)
    going = due_today(meeting, found) if awaits_answers(meeting) else []
    language = request.args.get("show", "")
    shown = [row for row in going if language not in LANGUAGES or row.reader.language == language]
    form.shown.data = ",".join(row.key for row in shown)
    return render_form(
        "chasing/remind.html",
        form=form,
        meeting=meeting,
        frame=frame(meeting, "invitations"),
        groups=grouped(shown),
        letters=len(shown),
        going=going,
        languages={code: in_language(going, code) for code in LANGUAGES},
        found=found,
        closed=[row for row in found if not row.is_open()],
        chosen=_chosen(form),
        show=language,
        subjects=subjects(meeting, going),
        awaits=awaits_answers(meeting),
    )


@bp.get("/workspace/meetings/<int:meeting_id>/invitations/remind/letter")
@allowed(can_remind, find_meeting)
def letter(meeting: Meeting) -> Response:
    """The reminder to one of those who are silent, in their language or another."""
    wanted, language = request.args.get("to", ""), request.args.get("in", "")
    readers = [row for row in waiting(meeting) if row.has_address and wanted in ("", row.key)]
    if not readers and not wanted:
        return preview.nothing()
    if not readers:
        abort(404)
    chosen = language if language in LANGUAGES else None
    row = readers[0]
    words = preview.shown(REMINDER, common_facts(meeting), row.reader, more_facts(row), language=chosen)
    return preview.page(words, as_text=request.args.get("as") == "text")


def _chosen(form: RemindForm) -> frozenset[int] | None:
    """The organizations that are ticked; None: all."""
    if form.is_submitted():
        return form.organizations
    wanted = request.args.getlist("organization")
    if wanted or request.args.get("choose") == "none":
        return frozenset(number_of(each) for each in wanted)
    return None


def subjects(meeting: Meeting, going: Sequence[Waiting]) -> list[tuple[str, str]]:
    """The subject in each language that somebody reads."""
    used = [code for code in LANGUAGES if in_language(going, code)]
    common = common_facts(meeting, agenda=False) if used else {}
    return [(code, preview.shown(REMINDER, common, going[0].reader, language=code).subject) for code in used]
