"""Sending as a whole, for administrators: queue, throughput, trouble by domain, workers; pausing and resuming."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect
from werkzeug.wrappers import Response as BaseResponse

from eventsys.config import Settings
from eventsys.core.clock import now
from eventsys.core.formats import clock, moment
from eventsys.core.language import gettext as _
from eventsys.core.reasons import reason_words
from eventsys.core.sending import pause_now
from eventsys.delivery.forms import PauseForm, ResumeForm
from eventsys.delivery.operations import pause_sending, resume_sending
from eventsys.delivery.policy import can_keep_sending
from eventsys.delivery.queries import queue_state, sending
from eventsys.delivery.words import STATES
from eventsys.web.access import allowed, current_actor
from eventsys.web.forms import BaseForm
from eventsys.web.pages import render_form

bp = Blueprint("sending", __name__, url_prefix="/workspace/sending")


@bp.get("/")
@allowed(can_keep_sending)
def index() -> BaseResponse:
    """How sending goes."""
    return _page(PauseForm())


@bp.post("/pause")
@allowed(can_keep_sending)
def pause() -> BaseResponse:
    """Let no letter leave until somebody resumes."""
    form = PauseForm()
    if form.carries_out(lambda: pause_sending(form.reason.data or "", by=current_actor())):
        flash(_("Sending is paused. Letters that are queued wait."))
        return redirect("/workspace/sending/")
    return _page(form)


@bp.post("/resume")
@allowed(can_keep_sending)
def resume() -> BaseResponse:
    """Let letters leave again."""
    form = ResumeForm()
    if form.carries_out(lambda: resume_sending(by=current_actor())):
        flash(_("Sending goes on, the oldest letters first."))
        return redirect("/workspace/sending/")
    return _page(form)


def _page(form: BaseForm) -> BaseResponse:
    settings: Settings = current_app.extensions["eventsys.settings"]
    zone, at = settings.zone, now()
    workers = sending.workers()
    return render_form(
        "delivery/sending.html",
        form,
        pause=pause_now(),
        pause_form=form if isinstance(form, PauseForm) else PauseForm(formdata=None),
        queue=queue_state(),
        waiting=[
            (str(STATES[state][0]), number, f"/workspace/letters/?state={state.value}")
            for state, number in sending.waiting_by_state().items()
        ],
        sent=sending.sent_lately(),
        hours=lambda end: clock(end, zone),
        domains=[(each, reason_words(each.reason, with_address=True)) for each in sending.troubled_domains()],
        workers=workers,
        no_worker=not any(each.is_alive for each in workers),
        stuck=[each for each in workers if each.busy_since and each.is_alive and at - each.busy_since > sending.STUCK],
        pauses=sending.latest_pauses(),
        relay=_relay(settings),
        rates=settings.mail.domain_rates,
        zone=zone,
        when=lambda instant: moment(instant, zone, at),
    )


def _relay(settings: Settings) -> list[tuple[str, str]]:
    """Where letters go, in words."""
    mail: Any = settings.mail
    if not mail.host:
        return [(_("Mail server"), _("none: letters lie in the local mailbox"))]
    asked = _("yes, by its log %(log)s", log=mail.log) if mail.query else _("no: then it may come twice")
    return [(_("Mail server"), f"{mail.host}:{mail.port}"), (_("Can be asked about a letter in doubt"), asked)]
