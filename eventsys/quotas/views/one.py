"""What one organization is asked for: adjusted, given more time, its link taken back or made anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask import Blueprint, Response, flash, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from eventsys.core.clock import to_local
from eventsys.core.errors import DomainError
from eventsys.core.language import LANGUAGES, ngettext
from eventsys.core.language import gettext as _
from eventsys.core.letters import Rendered
from eventsys.invitations import words
from eventsys.invitations.facts import Liaison, common_facts
from eventsys.invitations.letters import preview
from eventsys.invitations.models import Ask
from eventsys.quotas.forms.one import ExtendForm, LinkForm, QuotaForm
from eventsys.quotas.operations.adjust import Adjusted, adjust
from eventsys.quotas.operations.extend import EXTENSION, extend
from eventsys.quotas.operations.link import renew_link, revoke_link
from eventsys.quotas.policy import can_adjust
from eventsys.quotas.queries.leaving import leaving, mark_of_leaving
from eventsys.quotas.queries.one import find_ask, mark_of_readers, page_of, readers_of_extension
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render_form
from eventsys.web.workspace import frame

bp = Blueprint(
    "ask_one",
    __name__,
    url_prefix="/workspace/meetings/<int:meeting_id>/invitations/organizations/<int:organization_id>",
)


@bp.route("/", methods=["GET", "POST"])
@allowed(can_adjust, find_ask)
def show(ask: Ask) -> BaseResponse:
    """Its places, quota, note, deadline and link; a smaller quota first says who would lose a place."""
    form = QuotaForm(obj=ask)
    shown = form.shown.data or ""
    if form.carries_out(lambda: adjust(ask, form.wanted, form.version.data, shown, by=current_actor())):
        _say(form.result)
        return redirect(request.path, 303)
    going = leaving(ask, form.wanted) if form.is_submitted() and not form.conflicts else []
    form.shown.data = mark_of_leaving(going)
    return render_form(
        "quotas/one.html",
        form=form,
        page=page_of(ask),
        meeting=ask.meeting,
        frame=frame(ask.meeting, "invitations"),
        going=going if any(each.matters for each in going) else [],
        words=words,
    )


@bp.route("/extend", methods=["GET", "POST"])
@allowed(can_adjust, find_ask)
def extend_deadline(ask: Ask) -> BaseResponse:
    """More time: asked for in the address, shown with its letter, then made so by a POST."""
    meeting, back = ask.meeting, request.path.removesuffix("extend")
    form = ExtendForm() if request.method == "POST" else ExtendForm(request.args or None)
    if form.carries_out(
        lambda: extend(ask, form.until(meeting.zone), form.version.data, form.shown.data or "", by=current_actor())
    ):
        told = ngettext("%(num)s letter says so.", "%(num)s letters say so.", form.result)
        nobody = _("Nobody had been told of its places, so nothing is sent.")
        flash(f"{_('The organization has more time to answer.')} {told if form.result else nobody}")
        return redirect(back, 303)
    page, readers = page_of(ask), readers_of_extension(ask)
    form.version.data, form.shown.data = ask.version, mark_of_readers(ask, readers)
    until = _until(form, meeting.zone)
    return render_form(
        "quotas/extend.html",
        form=form,
        page=page,
        meeting=meeting,
        frame=frame(meeting, "invitations"),
        readers=readers,
        until=until,
        until_text=to_local(until, meeting.zone).strftime("%Y-%m-%dT%H:%M") if until else "",
        subjects=[(row.language, _letter(ask, row, until, row.language).subject) for row in readers[:1] if until],
        back=back,
    )


@bp.get("/extend/letter")
@allowed(can_adjust, find_ask)
def letter(ask: Ask) -> Response:
    """The letter that says until when, in its first reader's language or the one of `in`."""
    readers = readers_of_extension(ask)
    form = ExtendForm(request.args)
    until = _until(form, ask.meeting.zone)
    if not readers or until is None:
        return preview.nothing()
    language = request.args.get("in", "")
    shown = _letter(ask, readers[0], until, language if language in LANGUAGES else readers[0].language)
    return preview.page(shown, as_text=request.args.get("as") == "text")


@bp.post("/link")
@allowed(can_adjust, find_ask)
def link(ask: Ask) -> BaseResponse:
    """Revoke the link to the answer page, or make a new one."""
    form, verb = LinkForm(), revoke_link
    if form.renews:
        verb = renew_link
    if form.carries_out(lambda: verb(ask, form.version.data, by=current_actor())):
        renewed = _("There is a new link; the one before it no longer opens.")
        flash(renewed if form.renews else _("The link no longer opens. Its liaisons can still sign in."))
    else:
        flash(str(form.first_error()))
    return redirect(request.path.removesuffix("link"), 303)


def _letter(ask: Ask, reader: Liaison, until: datetime | None, language: str) -> Rendered:
    return preview.shown(EXTENSION, common_facts(ask.meeting), replace(reader, reply_by=until), language=language)


def _until(form: ExtendForm, zone: str) -> datetime | None:
    """The instant that was typed, None for none."""
    try:
        return form.until(zone) if form.day.data is not None else None
    except DomainError as refusal:
        form.refuse(refusal)
        return None


def _say(done: Adjusted) -> None:
    """What became of the places, after the redirect."""
    parts = [_("What the organization is asked for is saved.")]
    if done.added:
        added = ngettext("%(num)s place is prepared.", "%(num)s places are prepared.", done.added)
        parts.append(f"{added} {_('Nobody has been told yet.')}")
    if done.withdrawn:
        parts.append(ngettext("%(num)s place is withdrawn.", "%(num)s places are withdrawn.", done.withdrawn))
    if done.letters:
        parts.append(ngettext("%(num)s letter says so.", "%(num)s letters say so.", done.letters))
    flash(" ".join(parts))
