"""The acts of publication: each is a page that shows what is about to happen, and a POST that does it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response

from eventsys.accounts.queries import office_zone
from eventsys.core.clock import now, to_utc
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.notices.checks import Finding
from eventsys.notices.forms import CorrectionForm, PublishForm, RedactForm, StartForm, WithdrawForm, seen, words
from eventsys.notices.models import VersionState
from eventsys.notices.operations import publish, start_correction, withdraw
from eventsys.notices.operations.announcing import Audience
from eventsys.notices.operations.planning import cancel_plan, plan
from eventsys.notices.operations.redacting import places_of, redact
from eventsys.notices.policy import can_publish
from eventsys.notices.queries import Begun, find_begun
from eventsys.notices.queries.audience import audience_sizes
from eventsys.notices.queries.planned import planned_of
from eventsys.notices.queries.register import register_of
from eventsys.notices.views.shared import findings_of, mark_of, texts_of
from eventsys.web.access import allowed, current_actor
from eventsys.web.forms import BaseForm
from eventsys.web.pages import render_form
from eventsys.web.workspace import frame

bp = Blueprint("notice_acts", __name__)


@bp.route("/workspace/meetings/<int:meeting_id>/notice/publish", methods=["GET", "POST"])
@allowed(can_publish, find_begun)
def make_public(work: Begun) -> Response:
    """Publish the approved text now, or set when it is to be published."""
    found = findings_of(work)
    mark = mark_of(found)
    planned = planned_of(work.version)
    form = PublishForm(data={"version": work.version.version, "shown": mark, "tells_subscribers": True, "when": "now"})
    if form.carries_out(lambda: _publish(work, form, found)):
        later = form.when.data == "later"
        flash(_("The time of publication is set.") if later else _("The notice is published."))
        return redirect(work.path)
    form.shown.data, form.shown.raw_data = mark, None
    form.version.data, form.version.raw_data = work.version.version, None
    participants, subscribers = audience_sizes(work.meeting.id)
    return _render(
        form,
        work,
        "notices/publish.html",
        warnings=[each.message for each in found],
        texts=texts_of(work),
        ready=work.version.state is VersionState.APPROVED,
        planned=planned,
        participants=participants,
        subscribers=subscribers,
        keeps_register=register_of(work.meeting.convener.path) is not None,
        zone=office_zone(),
        at=now(),
    )


@bp.post("/workspace/meetings/<int:meeting_id>/notice/unplan")
@allowed(can_publish, find_begun)
def unplan(work: Begun) -> Response:
    """Take the set time back."""
    form = StartForm()
    if form.carries_out(lambda: cancel_plan(work.version, by=current_actor())):
        flash(_("The time is taken back. Nothing is published by itself."))
    return redirect(f"{work.path}/publish")


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


@bp.route("/workspace/meetings/<int:meeting_id>/notice/redact", methods=["GET", "POST"])
@allowed(can_publish, find_begun)
def take_out(work: Begun) -> Response:
    """Take words out of every version, as the law demands: first where they stand, then the act."""
    form, places = RedactForm(), {}
    if form.places.data and form.carries_out(lambda: _redact(work, form)):
        flash(_("The words are gone from every version. The page says that something was taken out, and why."))
        return redirect(work.path)
    if form.is_submitted() and form.words.data:
        places = places_of(work.notice, words(form.words))
        if not places and not form.errors:
            form.refuse(DomainError(_("No version of this notice holds these words."), field="words"))
    form.places.data, form.places.raw_data = str(sum(places.values()) or ""), None
    return _render(form, work, "notices/redact.html", places=places)


def _publish(work: Begun, form: PublishForm, found: list[Finding]) -> Any:
    """The act, but only after the person had before them what contradicts the record now."""
    if form.shown.data != mark_of(found):
        raise DomainError(_("What contradicts the record has changed. Read it above the text, then do it again."))
    audience = Audience(bool(form.tells_participants.data), bool(form.tells_subscribers.data))
    number, actor = words(form.document_number), current_actor()
    if form.when.data == "later":
        return plan(work.version, _due(form), seen(form), found, audience=audience, document_number=number, by=actor)
    return publish(work.version, seen(form), found, audience, number, by=actor)


def _due(form: PublishForm) -> datetime:
    """The set time, in the zone of the office."""
    if form.date.data is None or form.time.data is None:
        raise DomainError(_("Enter the day and the time of publication."), field="date")
    try:
        return to_utc(datetime.combine(form.date.data, form.time.data), office_zone())
    except ValueError:
        raise DomainError(
            _("This time does not exist: the clocks change then. Choose another."), field="time"
        ) from None


def _redact(work: Begun, form: RedactForm) -> Any:
    number = int(form.places.data or 0)
    reasons = words(form.reason_zh), words(form.reason_en)
    return redact(work.notice, words(form.words), *reasons, number, by=current_actor())


def _render(form: BaseForm, work: Begun, template: str, **context: Any) -> Response:
    return render_form(template, form, frame=frame(work.meeting, "notice"), work=work, **context)
