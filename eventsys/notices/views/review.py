"""Review in pages: sent on its way, passed or returned, reminded, and its record on one sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response

from eventsys.accounts.queries import office_zone
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import LazyText, ngettext
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.notices.checks import Finding
from eventsys.notices.forms import CheckedForm, ReturnForm, StartForm, checked_form, reason_name, seen, words
from eventsys.notices.models import VersionState
from eventsys.notices.operations import approve, remind_reviewers, return_version, submit
from eventsys.notices.policy import can_read_notice, can_return, can_sign_off, can_write_notice, wrote
from eventsys.notices.queries import Begun, find_begun
from eventsys.notices.queries.checked import reasons_of
from eventsys.notices.queries.lacking import lacking
from eventsys.notices.queries.sheet import sheet_of
from eventsys.notices.views.differences import since_last_look
from eventsys.notices.views.shared import findings_of, mark_of, texts_of, told
from eventsys.notices.words import step_word
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render, render_form
from eventsys.web.workspace import frame

bp = Blueprint("notice_review", __name__)


@dataclass(frozen=True, slots=True)
class Act:
    """One act of review: its verb, the state it starts from, and its words before and after."""

    verb: Callable[..., Any]
    starts: VersionState
    title: LazyText
    effect: LazyText
    button: LazyText
    done: LazyText


SUBMIT = Act(
    submit,
    VersionState.DRAFT,
    _l("Send for review"),
    _l("The text is closed until those who review it have passed or returned it."),
    _l("Send for review"),
    _l("The text waits for review."),
)
APPROVE = Act(
    approve,
    VersionState.IN_REVIEW,
    _l("Review the text"),
    _l("This is exactly what will be published. Pass it, or return it with what has to be changed."),
    _l("Pass"),
    _l("You have passed the text."),
)


@bp.route("/workspace/meetings/<int:meeting_id>/notice/submit", methods=["GET", "POST"])
@allowed(can_write_notice, find_begun)
def send(work: Begun) -> Response:
    """Send the draft through the office's steps."""
    return _carry_out(SUBMIT, work)


@bp.route("/workspace/meetings/<int:meeting_id>/notice/approve", methods=["GET", "POST"])
@allowed(can_sign_off, find_begun)
def sign_off(work: Begun) -> Response:
    """Pass the step that waits for the reader."""
    return _carry_out(APPROVE, work)


@bp.route("/workspace/meetings/<int:meeting_id>/notice/return", methods=["GET", "POST"])
@allowed(can_return, find_begun)
def give_back(work: Begun) -> Response:
    """Return the text to its authors, with a reason."""
    form = ReturnForm(data={"version": work.version.version})
    if form.carries_out(lambda: return_version(work.version, words(form.reason), seen(form), by=current_actor())):
        flash(_("The text is a draft again, with your reason beside it."))
        return redirect(work.path)
    return render_form("notices/return.html", form, frame=frame(work.meeting, "notice"), work=work)


@bp.post("/workspace/meetings/<int:meeting_id>/notice/remind")
@allowed(can_write_notice, find_begun)
def remind(work: Begun) -> Response:
    """Write to those for whom an open step waits, at most once an hour."""
    form = StartForm()
    if form.carries_out(lambda: remind_reviewers(work.version, by=current_actor())):
        number = form.result
        flash(ngettext("%(num)s reminder is on its way.", "%(num)s reminders are on their way.", number))
    else:
        flash(" ".join(str(error) for error in form.form_errors))
    return redirect(work.path)


@bp.get("/workspace/meetings/<int:meeting_id>/notice/record")
@allowed(can_read_notice, find_begun)
def record(work: Begun) -> str:
    """The review record as a form of one page: who, when, which version, remarks."""
    return render(
        "notices/record.html",
        work=work,
        sheet=sheet_of(work),
        found={each.key: each.message for each in findings_of(work)},
        step_word=step_word,
        zone=office_zone(),
        at=now(),
    )


def _carry_out(act: Act, work: Begun) -> Response:
    found, answered = findings_of(work), reasons_of(work.version.id)
    mark = mark_of(found)
    asked = [each for each in found if not each.blocks and each.key not in answered]
    form = checked_form(asked)(data={"version": work.version.version, "shown": mark})
    if form.carries_out(lambda: _verb(act, work, form, found, asked)):
        approved = form.result.state is VersionState.APPROVED
        flash(_("The text is approved. An editor can publish it now.") if approved else str(act.done))
        return redirect(work.path)
    form.shown.data, form.shown.raw_data = mark, None
    form.version.data, form.version.raw_data = work.version.version, None
    actor = current_actor()
    step = work.step_of(actor.account_id) if act is APPROVE else None
    ready = work.version.state is act.starts and (act is SUBMIT or step is not None)
    return render_form(
        "notices/review.html",
        form,
        frame=frame(work.meeting, "notice"),
        work=work,
        act=act,
        starts=act.starts.value,
        found=told(found, answered, work, to_editor=act is SUBMIT),
        asked=[(reason_name(each.key), each.message) for each in asked],
        stopped=any(each.blocks for each in found),
        lacking=lacking(work.version) if act is SUBMIT else [],
        texts=texts_of(work),
        own=act is APPROVE and wrote(actor, work),
        ready=ready,
        step=step,
        stands_in=step is not None and step.stands_in(actor.account_id),
        several=len(work.steps) > 1,
        look=since_last_look(work, actor.account_id) if step is not None else None,
        zone=office_zone(),
        at=now(),
    )


def _verb(act: Act, work: Begun, form: CheckedForm, found: Sequence[Finding], asked: Sequence[Finding]) -> Any:
    """The act, but only after the person had before them what the check finds now."""
    if form.shown.data != mark_of(found):
        raise DomainError(_("What the check finds has changed. Read it above the text, then do it again."))
    remarks = {"remarks": words(form.remarks)} if act is APPROVE else {}
    return act.verb(work.version, seen(form), found, form.reasons(asked), **remarks, by=current_actor())
