"""Changing a scheduled meeting: first the form, then who is told and whose answer is reset, then the act."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.invitations.forms.change import CancelForm, ChangeForm, PostponeForm, ReasonForm, quiet_settings
from eventsys.invitations.holding import Editing
from eventsys.invitations.letters import preview
from eventsys.invitations.operations.cancel import cancel_meeting
from eventsys.invitations.operations.change import Changed
from eventsys.invitations.operations.hold import Saved, check_edit, save_change
from eventsys.invitations.policy import can_invite
from eventsys.invitations.queries.change import told
from eventsys.invitations.queries.held import editing, in_short, waiting
from eventsys.invitations.views.consequences import Consequences, Timing, cancelling, changing, letter_of, timing
from eventsys.invitations.views.done import say_changed
from eventsys.invitations.views.held import KIND_WORDS, panel, when_due
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.meetings.queries import find_meeting
from eventsys.web.access import allowed, current_actor
from eventsys.web.forms import BaseForm
from eventsys.web.pages import render_form
from eventsys.web.workspace import frame

bp = Blueprint("change", __name__)
SHOWN_AT_FIRST = 100
NOT_POSTED = frozenset({"csrf_token", "step"})
QUIET = frozenset({"quiet", "quiet_own"})
AT_ONCE = Timing()


@bp.route("/workspace/meetings/<int:meeting_id>/change", methods=["GET", "POST"])
@allowed(can_invite, find_meeting)
def change(meeting: Meeting) -> BaseResponse:
    """The form, over what is held so far; then what it means; then it is held, or made at once."""
    if meeting.state is MeetingState.DRAFT:
        return redirect(f"/workspace/meetings/{meeting.id}/edit")
    found = editing(meeting)
    form = ChangeForm.on(found)
    step = request.form.get("step", "")
    if step == "confirm" and form.carries_out(lambda: _change(meeting, form)):
        return _saved(meeting, form.result)
    if step == "confirm" and _is_made(meeting, form):
        flash(_("This change was already saved. Nobody was told twice."))
        return redirect(f"/workspace/meetings/{meeting.id}/")
    if step == "confirm" and form.errors and form.errors.keys() <= QUIET:
        return _look_at_change(form, meeting)
    if step == "look" and form.carries_out(lambda: check_edit(meeting, form.facts(), form.seen)):
        return _look_at_change(form, meeting)
    around = _around(found)
    return render_form("invitations/change.html", form=form, held=panel(found, around["readers"]), **around)


def _look_at_change(form: ChangeForm, meeting: Meeting) -> BaseResponse:
    facts = form.facts()
    going = changing(meeting, facts, tell_words=form.tell_words.data)
    return _look(form, meeting, going, "change", timing(meeting, facts))


def _is_made(meeting: Meeting, form: ChangeForm) -> bool:
    """Whether the record, or what is held over it, says already what this form wants: the act was repeated."""
    return not any(form.errors) and form.facts() == editing(meeting).facts


def _change(meeting: Meeting, form: ChangeForm) -> Saved:
    quiet, actor = form.quiet_time, current_actor()
    return save_change(meeting, form.facts(), form.seen, by=actor, quiet=quiet, tell_words=form.tell_words.data)


@bp.route("/workspace/meetings/<int:meeting_id>/postpone", methods=["GET", "POST"])
@allowed(can_invite, find_meeting)
def postpone(meeting: Meeting) -> BaseResponse:
    """With a new date it is a change of time that says why, without one a cancellation that waits for the date.

    What is held so far falls away with either.
    """
    found = editing(meeting)
    form = PostponeForm() if request.method == "POST" else PostponeForm.of(found)
    step = request.form.get("step", "")
    if step == "confirm" and form.carries_out(lambda: _postpone(meeting, form)):
        return _saved(meeting, form.result)
    only_quiet = step == "confirm" and form.errors and form.errors.keys() <= QUIET
    if only_quiet or (step == "look" and form.carries_out(lambda: _check_postponement(meeting, form))):
        if not form.has_date:
            return _look(form, meeting, cancelling(meeting, form.reason, postponed=True), "postpone")
        facts = form.facts(meeting)
        going = changing(meeting, facts, reason=form.reason)
        return _look(form, meeting, going, "postpone", timing(meeting, facts))
    return render_form("invitations/postpone.html", form=form, held=found.held, **_around(found))


def _check_postponement(meeting: Meeting, form: PostponeForm) -> None:
    facts = form.facts(meeting) if form.has_date else None
    if facts is not None:
        check_edit(meeting, facts, form.seen)


def _postpone(meeting: Meeting, form: PostponeForm) -> Saved:
    actor = current_actor()
    if not form.has_date:
        return Saved(changed=_cancelled(meeting, form, postponed=True))
    quiet, facts = form.quiet_time, form.facts(meeting)
    return save_change(meeting, facts, form.seen, by=actor, quiet=quiet, reason=form.reason)


def _cancelled(meeting: Meeting, form: ReasonForm, *, postponed: bool) -> Changed:
    seen, actor = form.seen, current_actor()
    letters = cancel_meeting(meeting, form.reason, seen.meeting, postponed=postponed, by=actor, held_version=seen.held)
    return Changed(letters, 0)


@bp.route("/workspace/meetings/<int:meeting_id>/cancel", methods=["GET", "POST"])
@allowed(can_invite, find_meeting)
def cancel(meeting: Meeting) -> BaseResponse:
    """The reason; then who is told; then the act."""
    found = editing(meeting)
    form = CancelForm() if request.method == "POST" else CancelForm.of(found)
    step = request.form.get("step", "")
    if step == "confirm" and form.carries_out(lambda: _cancelled(meeting, form, postponed=False)):
        say_changed(form.result)
        return redirect(f"/workspace/meetings/{meeting.id}/")
    if step == "look" and form.validate_on_submit():
        return _look(form, meeting, cancelling(meeting, form.reason, postponed=False), "cancel")
    return render_form("invitations/cancel.html", form=form, held=found.held, **_around(found))


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
    form = ChangeForm.on(editing(meeting))
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


def _around(found: Editing) -> dict[str, Any]:
    meeting = found.meeting
    around = frame(meeting, "overview", held=in_short(found.held))
    return {"meeting": meeting, "frame": around, "readers": told(meeting)}


def _look(form: BaseForm, meeting: Meeting, going: Consequences, act: str, when: Timing = AT_ONCE) -> BaseResponse:
    """The second step: consequences and letters, with everything that was entered carried along."""
    shown = NOT_POSTED | (QUIET if when.waits else set()) | ({"tell_words"} if going.may_tell_words else set())
    held = waiting(meeting.id)
    posted = [(name, value) for name, value in request.form.items(multi=True) if name not in shown]
    return render_form(
        "invitations/consequences.html",
        form=form,
        meeting=meeting,
        frame=frame(meeting, "overview", held=held),
        going=going,
        when=when,
        act=act,
        posted=posted,
        held=held,
        kind_words=[str(KIND_WORDS[kind]) for kind in going.kinds],
        longest=quiet_settings().longest,
        shown_at_first=SHOWN_AT_FIRST,
    )


def _saved(meeting: Meeting, result: Saved) -> BaseResponse:
    if result.changed is not None:
        say_changed(result.changed)
    elif result.release_at is not None:
        when = when_due(result.release_at, meeting.zone)
        flash(_("The change is held. Nothing was changed yet; it takes effect on %(when)s.", when=when))
    else:
        flash(_("The meeting stays as it is: what was held is gone, nobody was told."))
    return redirect(f"/workspace/meetings/{meeting.id}/")
