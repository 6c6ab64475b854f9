"""To enter for a whole organization what it told the office."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, request
from werkzeug.wrappers import Response

from eventsys.core.actor import Actor
from eventsys.core.language import gettext as _
from eventsys.core.language import ngettext
from eventsys.invitations import words
from eventsys.invitations.forms.on_behalf import OrganizationOnBehalfForm
from eventsys.invitations.operations.on_behalf import Entered
from eventsys.invitations.policy import can_answer_for
from eventsys.invitations.queries.on_behalf import OrganizationPlaces, find_organization_places
from eventsys.invitations.queries.story import people_of
from eventsys.web.access import allowed
from eventsys.web.pages import render
from eventsys.web.workspace import frame

bp = Blueprint("on_behalf", __name__, url_prefix="/workspace/meetings/<int:meeting_id>/invitations/organizations")


def can_answer_for_all(actor: Actor, page: OrganizationPlaces) -> bool:
    """Whoever may answer on behalf at the meeting."""
    return can_answer_for(actor, page.meeting)


@bp.route("/<int:organization_id>/answer", methods=["GET", "POST"])
@allowed(can_answer_for_all, find_organization_places)
def show(page: OrganizationPlaces) -> Response:
    """The places of one organization, answered in one form."""
    meeting_id, organization_id = page.meeting.id, page.organization_id
    _refuse_foreign_rows(page)
    people = people_of([organization_id], page.meeting.zone).get(organization_id, [])
    form = OrganizationOnBehalfForm(page.rows, people)
    if form.carries_out(form.save):
        flash(said(form.result))
        return redirect(f"/workspace/meetings/{meeting_id}/invitations/?organization={organization_id}", 303)
    if form.is_submitted():
        page = find_organization_places(meeting_id, organization_id) or page
        form.again(page.rows)
    answered = make_response(render("invitations/on_behalf.html", form=form, **_context(page)))
    answered.status_code = 409 if form.has_conflicts else 422 if form.errors else 200
    return answered


def said(entered: Entered) -> str:
    """What was done, and who gets a receipt."""
    number = len(entered.attendees)
    done = ngettext("%(num)s answer is entered, on behalf.", "%(num)s answers are entered, on behalf.", number)
    if not entered.receipts:
        return done + _(" The organization has no liaison with an address: nobody gets a receipt.")
    return done + ngettext(
        " A receipt goes to %(num)s liaison.", " A receipt goes to %(num)s liaisons.", entered.receipts
    )


def _refuse_foreign_rows(page: OrganizationPlaces) -> None:
    """A row of a place that the page does not show is another organization's: as if it did not exist."""
    own = {f"p{row.place_id}" for row in page.rows}
    sent = {name.partition("-")[0] for name in request.form if name.startswith("p") and "-" in name}
    if sent - own:
        abort(404)


def _context(page: OrganizationPlaces) -> dict[str, Any]:
    return {"page": page, "meeting": page.meeting, "frame": frame(page.meeting, "invitations"), "words": words}
