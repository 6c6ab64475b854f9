"""The acts of review and publication: each is a page that shows what is about to happen, and a POST that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response

from eventsys.core.errors import DomainError
from eventsys.core.language import LazyText
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.notices.forms import ActForm, CorrectionForm, ReturnForm, WithdrawForm, seen, words
from eventsys.notices.models import VersionState
from eventsys.notices.operations import approve, publish, return_version, start_correction, submit, withdraw
from eventsys.notices.policy import can_publish, can_return, can_sign_off, can_write_notice, wrote
from eventsys.notices.queries import Begun, find_begun
from eventsys.notices.queries.lacking import lacking
from eventsys.notices.views.shared import mark_of, texts_of, warnings_of
from eventsys.web.access import allowed, current_actor
from eventsys.web.forms import BaseForm
from eventsys.web.pages import render_form
from eventsys.web.workspace import frame

bp = Blueprint("notice_acts", __name__)


@dataclass(frozen=True, slots=True)
class Act:
    """One act on a version: its verb, the state it starts from, and its words before and after."""

    verb: Callable[..., Any]
    starts: VersionState
    title: LazyText
    effect: LazyText
    button: LazyText
    done: LazyText


SUBMIT = Act(
    submit,
    VersionState.DRAFT,
    _l("Send for approval"),
    _l("The text is closed until an approver who did not write it has approved or returned it."),
    _l("Send for approval"),
    _l("The text waits for approval."),
)
APPROVE = Act(
    approve,
    VersionState.IN_REVIEW,
    _l("Approve the text"),
    _l("This is exactly what will be published. After your approval an editor can publish it."),
    _l("Approve"),
    _l("The text is approved. An editor can publish it now."),
)
PUBLISH = Act(
    publish,
    VersionState.APPROVED,
    _l("Publish the notice"),
    _l("Anybody can read it from now on, at an address that stays. It appears in the list and in the feed."),
    _l("Publish"),
    _l("The notice is published."),
)


@bp.route("/workspace/meetings/<int:meeting_id>/notice/submit", methods=["GET", "POST"])
@allowed(can_write_notice, find_begun)
def send(work: Begun) -> Response:
    """Send the draft for approval."""
    return _carry_out(SUBMIT, work)


@bp.route("/workspace/meetings/<int:meeting_id>/notice/approve", methods=["GET", "POST"])
@allowed(can_sign_off, find_begun)
def sign_off(work: Begun) -> Response:
    """Approve the text."""
    return _carry_out(APPROVE, work)


@bp.route("/workspace/meetings/<int:meeting_id>/notice/publish", methods=["GET", "POST"])
@allowed(can_publish, find_begun)
def make_public(work: Begun) -> Response:
    """Publish the approved text."""
    return _carry_out(PUBLISH, work)


@bp.route("/workspace/meetings/<int:meeting_id>/notice/return", methods=["GET", "POST"])
@allowed(can_return, find_begun)
def give_back(work: Begun) -> Response:
    """Return the text to its authors, with a reason."""
    form = ReturnForm(data={"version": work.version.version})
    if form.carries_out(lambda: return_version(work.version, words(form.reason), seen(form), by=current_actor())):
        flash(_("The text is a draft again, with your reason beside it."))
        return redirect(work.path)
    return _render(form, work, "notices/return.html")


@bp.route("/workspace/meetings/<int:meeting_id>/notice/withdraw", methods=["GET", "POST"])
@allowed(can_publish, find_begun)
def take_back(work: Begun) -> Response:
    """Withdraw the published notice, with a reason for the readers."""
    form, notice = WithdrawForm(), work.notice
    if form.carries_out(lambda: withdraw(notice, words(form.reason_zh), words(form.reason_en), by=current_actor())):
        flash(_("The notice is withdrawn. Its address says so and why."))
        return redirect(work.path)
    return _render(form, work, "notices/withdraw.html")


@bp.route("/workspace/meetings/<int:meeting_id>/notice/correct", methods=["GET", "POST"])
@allowed(can_publish, find_begun)
def correct(work: Begun) -> Response:
    """Start a correction of the published notice, with the note for the readers."""
    form, notice = CorrectionForm(), work.notice
    if form.carries_out(lambda: start_correction(notice, words(form.note_zh), words(form.note_en), by=current_actor())):
        flash(_("The correction is a draft. The published text stays until the correction is published."))
        return redirect(f"{work.path}/edit")
    return _render(form, work, "notices/correct.html")


def _carry_out(act: Act, work: Begun) -> Response:
    warnings, actor = warnings_of(work), current_actor()
    mark = mark_of(warnings)
    form = ActForm(data={"version": work.version.version, "shown": mark})
    if form.carries_out(lambda: _verb(act, work, form, warnings)):
        flash(str(act.done))
        return redirect(work.path)
    form.shown.data, form.shown.raw_data = mark, None
    form.version.data, form.version.raw_data = work.version.version, None
    return _render(
        form,
        work,
        "notices/act.html",
        act=act,
        warnings=warnings,
        lacking=lacking(work.version) if act is SUBMIT else [],
        texts=texts_of(work),
        own=act is APPROVE and wrote(actor, work),
        ready=work.version.state is act.starts,
    )


def _verb(act: Act, work: Begun, form: ActForm, warnings: list[str]) -> Any:
    """The act, but only after the person had before them what contradicts the record now."""
    if form.shown.data != mark_of(warnings):
        raise DomainError(_("What contradicts the record has changed. Read it above the text, then do it again."))
    return act.verb(work.version, seen(form), warnings, by=current_actor())


def _render(form: BaseForm, work: Begun, template: str, **context: Any) -> Response:
    return render_form(template, form, frame=frame(work.meeting, "notice"), work=work, **context)
