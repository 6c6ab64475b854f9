"""Choosing organizations and what each is asked for, then seeing what that comes to. Nobody is told here."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response

from eventsys.core.language import gettext as _
from eventsys.core.language import ngettext
from eventsys.directory.queries import audience_choices, organization_choices, post_kind_choices
from eventsys.directory.words import KINDS
from eventsys.invitations.policy import can_invite
from eventsys.invitations.queries.replies import counts
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting
from eventsys.quotas.forms.ask import AskForm
from eventsys.quotas.operations.ask import Made, ask_organizations
from eventsys.quotas.queries.demand import MOST_EACH, Demand, Way
from eventsys.quotas.queries.pattern import patterns
from eventsys.quotas.queries.proposal import mark_of_proposal, propose
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render, render_form
from eventsys.web.workspace import frame

bp = Blueprint("ask", __name__, url_prefix="/workspace/meetings/<int:meeting_id>/invitations/organizations")


@bp.get("/choose")
@allowed(can_invite, find_meeting)
def choose(meeting: Meeting) -> str:
    """Which organizations, and what each is asked for; the next page shows what that comes to."""
    demand = Demand.of(request.args)
    return render(
        "quotas/choose.html",
        meeting=meeting,
        frame=frame(meeting, "invitations"),
        demand=demand,
        most=MOST_EACH,
        choices=_choices(meeting, demand.way),
        post_kinds=post_kind_choices() if demand.way is not Way.PATTERN else [],
    )


def _choices(meeting: Meeting, way: Way) -> list[tuple[int, str]] | list[tuple[str, str]]:
    """What can be chosen this way."""
    if way is Way.AUDIENCE:
        return audience_choices(current_actor())
    if way is Way.PATTERN:
        return patterns(meeting)
    if way is Way.NAMED:
        return organization_choices()
    return [(kind.value, str(label)) for kind, label in KINDS.items()]


@bp.route("/ask", methods=["GET", "POST"])
@allowed(can_invite, find_meeting)
def ask(meeting: Meeting) -> Response | str:
    """What the demand of the address comes to, organization by organization; then the rows are made."""
    demand = Demand.of(request.args)
    form = AskForm()
    chosen = frozenset(form.organizations.data or ())
    if form.carries_out(
        lambda: ask_organizations(meeting, demand, chosen, form.note, form.shown.data or "", by=current_actor())
    ):
        _say(form.result)
        return redirect(f"/workspace/meetings/{meeting.id}/invitations/send")
    if not (demand.chooses and demand.asks):
        return redirect(f"{request.path.removesuffix('ask')}choose?{request.query_string.decode('ascii', 'ignore')}")
    proposed, so_far = propose(meeting, demand, current_actor()), counts(meeting.id)
    form.shown.data = mark_of_proposal(meeting, proposed)
    return render_form(
        "quotas/ask.html",
        form=form,
        meeting=meeting,
        frame=frame(meeting, "invitations", so_far),
        proposed=proposed,
        chosen=chosen,
        asked=so_far.places,
        more=sum(len(each.new) for each in proposed),
        back=f"{request.path.removesuffix('ask')}choose?{request.query_string.decode('ascii', 'ignore')}",
    )


def _say(made: Made) -> None:
    """What was done, and what the organizer has to know about it, after the redirect."""
    places = ngettext("%(num)s place is prepared.", "%(num)s places are prepared.", made.places)
    flash(f"{places} {_('Nobody has been told yet.')}")
    if made.to_be_named:
        flash(
            ngettext(
                "%(num)s of them is to be named by its organization.",
                "%(num)s of them are to be named by their organizations.",
                made.to_be_named,
            )
        )
    if made.without_liaison:
        flash(
            ngettext(
                "%(num)s organization has no liaison: nobody can be asked to name people.",
                "%(num)s organizations have no liaison: nobody can be asked to name people.",
                made.without_liaison,
            )
        )
