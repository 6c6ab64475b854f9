"""Calendars of organizations: a liaison's own address of each, and who else has one."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect
from werkzeug.wrappers import Response

from eventsys.accounts.forms import ActForm
from eventsys.accounts.queries import office_zone
from eventsys.core.language import gettext as _
from eventsys.directory.models import Organization
from eventsys.directory.queries import find_organization
from eventsys.feeds.operations import create_address
from eventsys.feeds.policy import can_have_for
from eventsys.feeds.queries.addresses import address_of, addresses_of, organization_names
from eventsys.feeds.views.shown import organization_texts, shown
from eventsys.invitations.policy import is_liaison
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render, render_form

bp = Blueprint("organization_calendars", __name__, url_prefix="/portal")


@bp.get("/calendars")
@allowed(is_liaison)
def index() -> str:
    """The organizations that this liaison answers for, and whose calendars are subscribed to."""
    actor = current_actor()
    names = organization_names(actor.liaison_for)
    return render(
        "feeds/organizations.html", names=names, addresses=addresses_of(actor.liaison_for), me=actor.person_id
    )


@bp.route("/organizations/<int:organization_id>/calendar", methods=["GET", "POST"])
@allowed(can_have_for, find_organization)
def show(organization: Organization) -> Response:
    """One's own address of an organization's calendar, and everybody else's."""
    by, form, number = current_actor(), ActForm(), organization.id
    if by.person_id is None:
        abort(404)
    person_id = by.person_id
    if form.carries_out(lambda: create_address(person_id, number, by=by)):
        flash(_("The address works from now on. Take it over into your calendar."))
        return redirect(f"/portal/organizations/{number}/calendar", 303)
    address = address_of(person_id, number)
    return render_form(
        "feeds/organization.html",
        form,
        organization=organization,
        shown=shown(address) if address else None,
        texts=organization_texts(),
        others=[line for line in addresses_of([number]).get(number, []) if line.person_id != person_id],
        zone=office_zone(),
    )
