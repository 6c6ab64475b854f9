"""One entry: what came, from whom, what became of it, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect
from werkzeug.wrappers import Response as BaseResponse

from eventsys.accounts.queries import office_zone
from eventsys.core.language import gettext as _
from eventsys.core.language import ngettext
from eventsys.incoming.forms import AcceptForm, DecideForm, InviteForm, RefuseForm, SubstituteForm
from eventsys.incoming.models import EntryState
from eventsys.incoming.operations import tray
from eventsys.incoming.operations.proposal import accept_proposal, proposed_facts, refuse_proposal
from eventsys.incoming.policy import can_answer_entry, can_read_entry, can_settle_entry
from eventsys.incoming.preview import words_in
from eventsys.incoming.queries.lists import Line, find_entry, raw_of
from eventsys.incoming.queries.people import people_at, standing_of, suggested
from eventsys.incoming.views.acts import acts_of
from eventsys.incoming.views.shown import compared, standing_words, state_of, trust_of, what_of
from eventsys.incoming.words import DOORS, TRUST_SENTENCES, answer_words, reason_words
from eventsys.invitations.views.consequences import Consequences, changing
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting
from eventsys.web.access import allowed, current_actor
from eventsys.web.forms import BaseForm
from eventsys.web.pages import render_form

bp = Blueprint("incoming_entry", __name__, url_prefix="/workspace/incoming/<int:incoming_id>")


@bp.get("")
@allowed(can_read_entry, find_entry)
def show(line: Line) -> BaseResponse:
    """What came, and what can be done with it."""
    return _page(line, DecideForm.of(line))


@bp.get("/message.txt")
@allowed(can_read_entry, find_entry)
def message(line: Line) -> Response:
    """The message as it came: a file of plain text, never a page."""
    raw = raw_of(line.incoming_id)
    if raw is None:
        abort(404)
    answer = make_response(raw)
    answer.headers["Content-Type"] = "text/plain; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="message-{line.incoming_id}.txt"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@bp.post("/apply")
@allowed(can_answer_entry, find_entry)
def apply(line: Line) -> BaseResponse:
    """Enter the answer on behalf of whoever it is about."""
    return _decide(line, tray.apply_by_hand, _("The answer is entered, on behalf."))


@bp.post("/undo")
@allowed(can_answer_entry, find_entry)
def undo(line: Line) -> BaseResponse:
    """Take the answer back."""
    return _decide(line, tray.undo, _("The answer is undone. The history keeps both."))


@bp.post("/settle")
@allowed(can_settle_entry, find_entry)
def settle(line: Line) -> BaseResponse:
    """Take it out of the tray."""
    return _decide(line, tray.settle, _("It is settled. Nothing was changed."))


@bp.post("/back")
@allowed(can_settle_entry, find_entry)
def back(line: Line) -> BaseResponse:
    """Put it back into the tray."""
    return _decide(line, tray.put_back, _("It lies in the tray again."))


@bp.route("/substitute", methods=["GET", "POST"])
@allowed(can_answer_entry, find_entry)
def substitute(line: Line) -> BaseResponse:
    """Make whoever answered the substitute of somebody."""
    meeting = _meeting(line)
    form = SubstituteForm()
    if not form.is_submitted():
        form = SubstituteForm.of(line)
    people = people_at(meeting.id)
    form.offer([(row.id, row.words()) for row in people], suggested(line, people))
    if form.carries_out(lambda: _substitute(line, form)):
        flash(_("They stand in now. The invitation is on its way, and the answer is entered."))
        return redirect(f"/workspace/incoming/{line.id}", 303)
    return _form_page("incoming/substitute.html", form, line, meeting)


@bp.route("/invite", methods=["GET", "POST"])
@allowed(can_settle_entry, find_entry)
def invite(line: Line) -> BaseResponse:
    """Give whoever answered a place of their own."""
    meeting = _meeting(line)
    form = InviteForm()
    if not form.is_submitted():
        form = InviteForm.of(line)
    if form.carries_out(lambda: _invite(line, form)):
        flash(_("They have a place. The invitation is on its way, and the answer is entered."))
        return redirect(f"/workspace/incoming/{line.id}", 303)
    return _form_page("incoming/invite.html", form, line, meeting)


@bp.route("/accept", methods=["GET", "POST"])
@allowed(can_settle_entry, find_entry)
def accept(line: Line) -> BaseResponse:
    """Accept a proposal: first what it means for everybody, then the act."""
    meeting = _meeting(line)
    form = AcceptForm()
    if not form.is_submitted():
        form = AcceptForm(formdata=None, data={"version": line.version, "meeting_version": meeting.version})
    if form.carries_out(lambda: _accept(line, form)):
        flash(_("The proposal is accepted, and the meeting is changed."))
        letters = form.result.letters
        flash(ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", letters))
        return redirect(f"/workspace/meetings/{line.meeting_id}/", 303)
    going = _consequences(line, meeting)
    return _form_page("incoming/accept.html", form, find_entry(line.id) or line, _meeting(line), going=going)


@bp.route("/refuse", methods=["GET", "POST"])
@allowed(can_settle_entry, find_entry)
def refuse(line: Line) -> BaseResponse:
    """Refuse a proposal with a word."""
    meeting = _meeting(line)
    form = RefuseForm()
    if not form.is_submitted():
        form = RefuseForm.of(line)
    if form.carries_out(lambda: _refuse(line, form)):
        flash(_("The proposal is refused."))
        flash(_("The refusal is on its way.") if form.result else _("No letter can reach whoever proposed it."))
        return redirect(f"/workspace/incoming/{line.id}", 303)
    return _form_page("incoming/refuse.html", form, line, meeting)


def _decide(line: Line, verb: Callable[..., Any], words: str) -> BaseResponse:
    form = DecideForm()
    if form.carries_out(lambda: verb(line.id, form.version_number, by=current_actor())):
        flash(words)
        return redirect(f"/workspace/incoming/{line.id}", 303)
    return _page(find_entry(line.id) or line, form)


def _substitute(line: Line, form: SubstituteForm) -> Any:
    by, number = current_actor(), form.version_number
    return tray.make_substitute(line.id, number, form.attendee.data, form.named, by=by)


def _invite(line: Line, form: InviteForm) -> Any:
    return tray.invite_answerer(line.id, form.version_number, form.place_role, form.named, by=current_actor())


def _accept(line: Line, form: AcceptForm) -> Any:
    return accept_proposal(line.id, form.version_number, form.meeting_version_number, by=current_actor())


def _refuse(line: Line, form: RefuseForm) -> Any:
    return refuse_proposal(line.id, form.version_number, form.note.data or "", by=current_actor())


def _consequences(line: Line, meeting: Meeting) -> Consequences | None:
    facts = proposed_facts(line, meeting)
    return changing(meeting, facts) if facts is not None else None


def _meeting(line: Line) -> Meeting:
    """The meeting that it is about; 404 for what belongs to none."""
    meeting = find_meeting(line.meeting_id) if line.meeting_id is not None else None
    if meeting is None:
        abort(404)
    return meeting


def _form_page(template: str, form: BaseForm, line: Line, meeting: Meeting, **more: Any) -> BaseResponse:
    facts = proposed_facts(line, meeting)
    return render_form(
        template,
        form,
        line=line,
        meeting=meeting,
        what=what_of(line),
        here=f"/workspace/incoming/{line.id}",
        compared=compared(meeting, facts) if facts is not None else [],
        answers=answer_words(line.reply),
        **more,
    )


def _page(line: Line, form: DecideForm) -> BaseResponse:
    actor, raw = current_actor(), raw_of(line.incoming_id)
    meeting = find_meeting(line.meeting_id) if line.meeting_id is not None else None
    facts = proposed_facts(line, meeting) if meeting is not None else None
    standing = standing_of(line.attendee_id) if line.attendee_id is not None else None
    return render_form(
        "incoming/entry.html",
        form,
        line=line,
        meeting=meeting,
        what=what_of(line),
        state=state_of(line),
        trust=trust_of(line),
        certainty=str(TRUST_SENTENCES[line.trust]) if trust_of(line) and line.trust else "",
        reason=reason_words(line.reason),
        door=str(DOORS[line.door]),
        answers=answer_words(line.reply),
        text=words_in(raw) if raw is not None else "",
        has_raw=raw is not None,
        compared=compared(meeting, facts) if facts is not None and meeting is not None else [],
        standing=standing,
        standing_words=standing_words(standing) if standing is not None else "",
        acts=acts_of(actor, line, meeting, standing),
        waits=line.state is EntryState.WAITING,
        zone=meeting.zone if meeting is not None else office_zone(),
        here=f"/workspace/incoming/{line.id}",
    )
