"""Changing a scheduled meeting: first the form, then who is told and whose answer is reset, then the act."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.core.language import ngettext
from eventsys.invitations.forms.change import CancelForm, ChangeForm, PostponeForm
from eventsys.invitations.letters import preview
from eventsys.invitations.operations.cancel import cancel_meeting
from eventsys.invitations.operations.change import Changed, change_meeting, check_change
from eventsys.invitations.policy import can_invite
from eventsys.invitations.queries.change import change_of, told
from eventsys.invitations.views.consequences import Consequences, cancelling, changing, letter_of
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.meetings.queries import find_meeting
from eventsys.web.access import allowed, current_actor
from eventsys.web.forms import BaseForm
from eventsys.web.pages import render_form
from eventsys.web.workspace import frame

bp = Blueprint("change", __name__)
SHOWN_AT_FIRST = 100
KIND_WORDS = {"time": _l("Time"), "place": _l("Location"), "link": _l("Link for joining online"), "words": _l("Words")}
ANSWER_WORDS = {
    "accepted": _l("Accepted"),
    "tentative": _l("Tentative"),
    "declined": _l("Declined"),
    "delegated": _l("Substitute"),
}
NOT_POSTED = frozenset({"csrf_token", "step"})


@bp.route("/workspace/meetings/<int:meeting_id>/change", methods=["GET", "POST"])
@allowed(can_invite, find_meeting)
def change(meeting: Meeting) -> BaseResponse:
    """The form; then what it means; then the act."""
    if meeting.state is MeetingState.DRAFT:
        return redirect(f"/workspace/meetings/{meeting.id}/edit")
    form = ChangeForm.over(meeting)
    step = request.form.get("step", "")
    if step == "confirm" and form.carries_out(lambda: _change(meeting, form)):
        return _done(meeting, form.result)
    if step == "confirm" and _is_made(meeting, form):
        flash(_("This change was already made. Nobody was told twice."))
        return redirect(f"/workspace/meetings/{meeting.id}/")
    if step == "look" and form.carries_out(lambda: check_change(meeting, form.facts(), form.version_number)):
        going = changing(meeting, form.facts(), tell_words=form.tell_words.data)
        return _look(form, meeting, going, "change")
    return render_form("invitations/change.html", form=form, **_around(meeting))


def _is_made(meeting: Meeting, form: ChangeForm) -> bool:
    """Whether the record says already what this form wants: the act was repeated."""
    return not any(form.errors) and not change_of(meeting, form.facts()).kinds


def _change(meeting: Meeting, form: ChangeForm) -> Changed:
    actor = current_actor()
    return change_meeting(meeting, form.facts(), form.version_number, tell_words=form.tell_words.data, by=actor)


@bp.route("/workspace/meetings/<int:meeting_id>/postpone", methods=["GET", "POST"])
@allowed(can_invite, find_meeting)
def postpone(meeting: Meeting) -> BaseResponse:
    """With a new date it is a change of time that says why, without one a cancellation that waits for the date."""
    form = PostponeForm() if request.method == "POST" else PostponeForm.of(meeting)
    step = request.form.get("step", "")
    if step == "confirm" and form.carries_out(lambda: _postpone(meeting, form)):
        return _done(meeting, form.result)
    if step == "look" and form.carries_out(lambda: _check_postponement(meeting, form)):
        if form.has_date:
            going = changing(meeting, form.facts(meeting), reason=form.reason)
        else:
            going = cancelling(meeting, form.reason, postponed=True)
        return _look(form, meeting, going, "postpone")
    return render_form("invitations/postpone.html", form=form, **_around(meeting))


def _check_postponement(meeting: Meeting, form: PostponeForm) -> None:
    facts = form.facts(meeting) if form.has_date else None
    if facts is not None:
        check_change(meeting, facts, form.version_number)


def _postpone(meeting: Meeting, form: PostponeForm) -> Changed:
    if not form.has_date:
        actor = current_actor()
        letters = cancel_meeting(meeting, form.reason, form.version_number, postponed=True, by=actor)
        return Changed(letters, 0)
    facts, actor = form.facts(meeting), current_actor()
    return change_meeting(meeting, facts, form.version_number, reason=form.reason, by=actor)


@bp.route("/workspace/meetings/<int:meeting_id>/cancel", methods=["GET", "POST"])
@allowed(can_invite, find_meeting)
def cancel(meeting: Meeting) -> BaseResponse:
    """The reason; then who is told; then the act."""
    form = CancelForm() if request.method == "POST" else CancelForm.of(meeting)
    step = request.form.get("step", "")
    if step == "confirm" and form.carries_out(lambda: _cancel(meeting, form)):
        return _done(meeting, form.result)
    if step == "look" and form.validate_on_submit():
        return _look(form, meeting, cancelling(meeting, form.reason, postponed=False), "cancel")
    return render_form("invitations/cancel.html", form=form, **_around(meeting))


def _cancel(meeting: Meeting, form: CancelForm) -> Changed:
    actor = current_actor()
    return Changed(cancel_meeting(meeting, form.reason, form.version_number, postponed=False, by=actor), 0)


@bp.post("/workspace/meetings/<int:meeting_id>/change/letter")
@allowed(can_invite, find_meeting)
def change_letter(meeting: Meeting) -> Response:
    """The letter that these facts would send, as it looks; nothing is saved."""
    return _letter(_change_preview(meeting))


@bp.post("/workspace/meetings/<int:meeting_id>/postpone/letter")
@allowed(can_invite, find_meeting)
def postpone_letter(meeting: Meeting) -> Response:
    """The letter that postponing would send, as it looks; nothing is saved."""
    return _letter(_postpone_preview(meeting))


@bp.post("/workspace/meetings/<int:meeting_id>/cancel/letter")
@allowed(can_invite, find_meeting)
def cancel_letter(meeting: Meeting) -> Response:
    """The letter that cancelling would send, as it looks; nothing is saved."""
    form = CancelForm()
    return _letter(cancelling(meeting, form.reason, postponed=False) if form.validate_on_submit() else None)


def _letter(going: Consequences | None) -> Response:
    words = letter_of(going, request.args.get("in", "")) if going else None
    if words is None:
        abort(404)
    return preview.page(words, as_text=request.args.get("as") == "text")


def _change_preview(meeting: Meeting) -> Consequences | None:
    form = ChangeForm.over(meeting)
    if not form.validate_on_submit():
        return None
    return changing(meeting, form.facts(), tell_words=True)


def _postpone_preview(meeting: Meeting) -> Consequences | None:
    form = PostponeForm()
    if not form.validate_on_submit():
        return None
    if not form.has_date:
        return cancelling(meeting, form.reason, postponed=True)
    try:
        return changing(meeting, form.facts(meeting), reason=form.reason)
    except DomainError:
        return None


def _around(meeting: Meeting) -> dict[str, Any]:
    return {"meeting": meeting, "frame": frame(meeting, "overview"), "readers": told(meeting)}


def _look(form: BaseForm, meeting: Meeting, going: Consequences, act: str) -> BaseResponse:
    """The second step: consequences and letters, with everything that was entered carried along."""
    posted = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_POSTED]
    return render_form(
        "invitations/consequences.html",
        form=form,
        meeting=meeting,
        frame=frame(meeting, "overview"),
        going=going,
        act=act,
        posted=posted,
        kind_words=[str(KIND_WORDS[kind]) for kind in going.kinds],
        answer_words=ANSWER_WORDS,
        shown_at_first=SHOWN_AT_FIRST,
    )


def _done(meeting: Meeting, result: Changed) -> BaseResponse:
    told_words = ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", result.letters)
    flash(f"{_('The meeting is changed.')} {told_words if result.letters else _('Nobody is told.')}")
    if result.reset:
        flash(ngettext("%(num)s answer was reset.", "%(num)s answers were reset.", result.reset))
    return redirect(f"/workspace/meetings/{meeting.id}/")
