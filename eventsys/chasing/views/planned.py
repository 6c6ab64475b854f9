"""Planned reminders: when each goes out and to whom as of now, switched, changed, added, sent now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response as BaseResponse

from eventsys.chasing.forms import ChangeForm, PlanForm, RemindForm, SwitchForm
from eventsys.chasing.models import PlannedReminder, ReminderRun, RunOutcome
from eventsys.chasing.operations.plan import (
    adopt,
    change_reminder,
    plan_reminder,
    remove_reminder,
    switch_reminder,
)
from eventsys.chasing.operations.remind import send_planned
from eventsys.chasing.policy import can_remind
from eventsys.chasing.queries.history import sendings
from eventsys.chasing.queries.planned import (
    Done,
    Turn,
    board,
    deadlines,
    find_planned,
    readers,
    runs,
    turn,
)
from eventsys.chasing.queries.shown import grouped
from eventsys.chasing.queries.waiting import Waiting, awaits_answers, day_of, due_today, waiting
from eventsys.chasing.views.remind import subjects
from eventsys.chasing.words import STATES, TurnState, before_words
from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.language import gettext as _
from eventsys.core.language import ngettext
from eventsys.invitations.deadlines import closes_at
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.meetings.queries import find_meeting
from eventsys.web.access import allowed, current_actor
from eventsys.web.forms import BaseForm
from eventsys.web.pages import render_form
from eventsys.web.workspace import frame

bp = Blueprint("reminders", __name__, url_prefix="/workspace/meetings/<int:meeting_id>/reminders")


@dataclass(frozen=True, slots=True)
class Shown:
    """A planned reminder of one day of deadlines as a line: its state, what it did, whom it would reach as of now."""

    turn: Turn
    state: TurnState
    run: ReminderRun | None
    readers: list[Waiting]
    is_own: bool


def of_meeting(policy: Callable[[Actor, Meeting], bool]) -> Callable[[Actor, PlannedReminder], bool]:
    """The policy on a meeting, asked of one of its planned reminders."""

    def ask(actor: Actor, plan: PlannedReminder) -> bool:
        return policy(actor, plan.meeting)

    return ask


@bp.route("/", methods=["GET", "POST"])
@allowed(can_remind, find_meeting)
def show(meeting: Meeting) -> BaseResponse:
    """What is planned, or proposed where nothing is; and one more."""
    form = PlanForm()
    by = current_actor()
    if form.carries_out(lambda: plan_reminder(meeting, form.days_before.data, form.minute, by=by).id):
        flash(_("The reminder is planned."))
        return redirect(_address(meeting), 303)
    plans, found = board(meeting), waiting(meeting, with_reminders=False)
    going = [row for row in found if row.has_address and row.is_open()]
    return render_form(
        "chasing/planned.html",
        form=form,
        meeting=meeting,
        frame=frame(meeting, "invitations"),
        lines=[(plan, _lines(meeting, plan, found, plans.done)) for plan in plans.plans],
        proposed=[] if plans.plans else _proposed(meeting, plans.proposed, going),
        found=found,
        going=going,
        closes_at=closes_at(meeting),
        sendings=sendings(meeting.id),
        subjects=subjects(meeting, going),
        awaits=awaits_answers(meeting),
        states=STATES,
        before_words=before_words,
    )


@bp.post("/proposed")
@allowed(can_remind, find_meeting)
def take_proposed(meeting: Meeting) -> BaseResponse:
    """Switch on what is proposed."""
    form = BaseForm()
    if form.carries_out(lambda: adopt(meeting, board(meeting).proposed, by=current_actor())):
        flash(_("The reminders are switched on."))
    else:
        flash(" ".join(map(str, form.form_errors)))
    return redirect(_address(meeting), 303)


@bp.route("/<int:planned_id>", methods=["GET", "POST"])
@allowed(of_meeting(can_remind), find_planned)
def one(plan: PlannedReminder) -> BaseResponse:
    """One planned reminder: who would get it as of now, how it reads, another time."""
    meeting, form = plan.meeting, ChangeForm()
    if not form.is_submitted():
        form = ChangeForm.of(plan)
    if form.carries_out(lambda: _change(plan, form)):
        flash(_("The planned reminder is saved."))
        return redirect(_address(meeting, form.result), 303)
    return _one(plan.meeting, find_planned(meeting.id, plan.id) or plan, form)


@bp.post("/<int:planned_id>/switch")
@allowed(of_meeting(can_remind), find_planned)
def switch(plan: PlannedReminder) -> BaseResponse:
    """Switch one on or off."""
    form, meeting = SwitchForm(), plan.meeting
    is_on = form.on.data == "1"
    if form.carries_out(lambda: switch_reminder(plan, is_on, by=current_actor())):
        flash(_("The reminder is switched on.") if is_on else _("The reminder is switched off. Nothing is sent."))
        return redirect(_address(meeting), 303)
    flash(" ".join(map(str, form.form_errors)))
    return redirect(_address(meeting), 303)


@bp.post("/<int:planned_id>/remove")
@allowed(of_meeting(can_remind), find_planned)
def remove(plan: PlannedReminder) -> BaseResponse:
    """Take one off the list."""
    form, meeting = BaseForm(), plan.meeting
    if form.carries_out(lambda: remove_reminder(plan, by=current_actor())):
        flash(_("The planned reminder is removed."))
    return redirect(_address(meeting), 303)


@bp.post("/<int:planned_id>/now")
@allowed(of_meeting(can_remind), find_planned)
def send_now(plan: PlannedReminder) -> BaseResponse:
    """Send one now instead of at its time, to those shown."""
    form, meeting = RemindForm(), plan.meeting
    if form.carries_out(lambda: send_planned(plan, form.keys, by=current_actor())):
        flash(ngettext("%(num)s reminder is on its way.", "%(num)s reminders are on their way.", form.result))
        return redirect(_address(meeting), 303)
    fresh = find_planned(meeting.id, plan.id) or plan
    return _one(meeting, fresh, ChangeForm.of(fresh), form)


def _one(meeting: Meeting, plan: PlannedReminder, form: ChangeForm, now_form: RemindForm | None = None) -> BaseResponse:
    found = waiting(meeting)
    lines = _lines(meeting, plan, found, runs([plan]))
    # Everybody who owes an answer, so that an organization left out can be taken in again.
    everybody = [row for row in found if row.has_address and row.is_open()]
    going = [row for each in lines if each.run is None for row in each.readers]
    ready = {row.key for row in due_today(meeting, going)} if awaits_answers(meeting) else set()
    send = RemindForm(formdata=None, data={"shown": ",".join(row.key for row in going if row.key in ready)})
    return render_form(
        "chasing/one.html",
        form=form if now_form is None else now_form,
        change=form,
        send=send,
        ready=len(ready),
        plan=plan,
        meeting=meeting,
        frame=frame(meeting, "invitations"),
        lines=lines,
        groups=grouped(everybody),
        going={row.key for row in going},
        subjects=subjects(meeting, going),
        first=going[0].key if going else "",
        states=STATES,
        before_words=before_words,
    )


def _change(plan: PlannedReminder, form: ChangeForm) -> int:
    left_out = form.left_out(set(plan.left_out))
    version = form.version.data
    return change_reminder(plan, form.days_before.data, form.minute, left_out, version, by=current_actor()).id


def _lines(
    meeting: Meeting,
    plan: PlannedReminder,
    found: Iterable[Waiting],
    done: Done,
) -> list[Shown]:
    """The planned reminder for each day on which somebody's deadline falls, the meeting's own first."""
    rows = list(found)
    days = deadlines(meeting, {row.reader.reply_by for row in rows})
    general = day_of(closes_at(meeting), meeting.zone)
    shown = []
    for day in sorted(days, key=lambda each: (each != general, each)):
        each = turn(plan, day, meeting.zone)
        run = done.get((plan.id, each.due_on))
        state = _state(meeting, each, run, days[day])
        reached = readers(meeting, each, rows) if state in (TurnState.ON, TurnState.OFF, TurnState.DUE) else []
        shown.append(Shown(each, state, run, reached, day != general))
    return shown


def _state(meeting: Meeting, each: Turn, run: ReminderRun | None, last: datetime) -> TurnState:
    """What it did or is about to do; `last` is the last deadline of its day."""
    if run is not None:
        missed = run.outcome is RunOutcome.MISSED
        return TurnState.MISSED if missed else TurnState.SENT if run.letters else TurnState.NOBODY
    if each.due_at >= last:
        return TurnState.TOO_LATE
    if (not awaits_answers(meeting) and meeting.state is not MeetingState.DRAFT) or last <= now():
        return TurnState.PAST
    if each.due_at > now():
        return TurnState.ON if each.plan.is_on else TurnState.OFF
    if not each.plan.is_on or each.plan.armed_at > each.due_at:
        return TurnState.PAST
    return TurnState.DUE


def _proposed(
    meeting: Meeting, times: Iterable[tuple[int, int]], going: Iterable[Waiting]
) -> list[tuple[str, Any, bool, int]]:
    """What is proposed: the day in words, the instant, whether it can still go out, how many would get it as of now."""
    deadline = closes_at(meeting)
    day = day_of(deadline, meeting.zone)
    number = sum(day_of(row.deadline, meeting.zone) == day for row in going)
    lines = []
    for days, minute in times:
        plan = PlannedReminder(days_before=days, minute=minute)
        at = turn(plan, day, meeting.zone).due_at
        lines.append((before_words(days), at, now() < at < deadline, number))
    return lines


def _address(meeting: Meeting, planned_id: int | None = None) -> str:
    return f"/workspace/meetings/{meeting.id}/reminders/{planned_id or ''}"
