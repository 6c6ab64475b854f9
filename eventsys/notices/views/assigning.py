"""Another reviewer for a step that is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response

from eventsys.core.language import gettext as _
from eventsys.notices.forms import ReviewerForm, words
from eventsys.notices.models import NoticeReview, StepState
from eventsys.notices.operations import assign_reviewer
from eventsys.notices.policy import can_assign
from eventsys.notices.queries import Begun, find_begun
from eventsys.notices.queries.review import candidates, staff_of
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render_form
from eventsys.web.workspace import frame

bp = Blueprint("notice_assigning", __name__)


@dataclass(frozen=True, slots=True)
class OfStep:
    """A notice on the desk and one step of its present round."""

    work: Begun
    row: NoticeReview


def find_step(meeting_id: int, position: int) -> OfStep | None:
    """The desk of a meeting with the step at this position."""
    work = find_begun(meeting_id)
    row = next((each for each in work.steps if each.position == position), None) if work else None
    return OfStep(work, row) if work and row else None


def may_assign(actor: Any, subject: OfStep) -> bool:
    """Whether the actor says who else reviews."""
    return can_assign(actor, subject.work)


@bp.route("/workspace/meetings/<int:meeting_id>/notice/steps/<int:position>/reviewer", methods=["GET", "POST"])
@allowed(may_assign, find_step)
def assign(subject: OfStep) -> Response:
    """Choose who else may take the step, when those who were asked cannot."""
    work, row = subject.work, subject.row
    step = next((each for each in work.waiting if each.row.id == row.id), None)
    staff = staff_of(work.meeting.convener.path) if step else []
    found = candidates(step, work.steps, staff, work.authors) if step else []
    form = ReviewerForm.offering(found)
    if form.carries_out(
        lambda: assign_reviewer(work.version, row.position, form.chosen(), words(form.reason), by=current_actor())
    ):
        flash(_("The reviewer is written to."))
        return redirect(work.path)
    return render_form(
        "notices/assign.html",
        form,
        frame=frame(work.meeting, "notice"),
        work=work,
        row=row,
        ready=step is not None and row.state is StepState.OPEN,
        asked=step.takers if step else (),
        candidates=found,
    )
