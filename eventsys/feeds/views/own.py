"""One's own calendar: its address, and what can be done with any address that one may touch."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect
from werkzeug.wrappers import Response

from eventsys.accounts.forms import ActForm
from eventsys.core.language import gettext as _
from eventsys.feeds.models import CalendarAddress
from eventsys.feeds.operations import create_address, replace_address, revoke_address
from eventsys.feeds.policy import can_have_own, can_replace, can_revoke
from eventsys.feeds.queries.addresses import address_of, find_address
from eventsys.feeds.views.shown import own_texts, page_of, shown
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render_form

bp = Blueprint("own_calendar", __name__, url_prefix="/account")


@bp.route("/calendar", methods=["GET", "POST"])
@allowed(can_have_own)
def show() -> Response:
    """The address of one's own calendar, or the button that makes it."""
    by, form = current_actor(), ActForm()
    if by.person_id is None:
        abort(404)
    person_id = by.person_id
    if form.carries_out(lambda: create_address(person_id, by=by)):
        flash(_("The address works from now on. Take it over into your calendar."))
        return redirect("/account/calendar", 303)
    address = address_of(person_id)
    return render_form("feeds/own.html", form, shown=shown(address) if address else None, texts=own_texts())


@bp.route("/calendars/<int:address_id>/replace", methods=["GET", "POST"])
@allowed(can_replace, find_address)
def replace(address: CalendarAddress) -> Response:
    """Another address in the place of this one, after what that means was said."""
    form, back = ActForm(), page_of(address)
    if form.carries_out(lambda: replace_address(address, by=current_actor())):
        flash(_("The new address works from now on; the former one opens nothing any more."))
        return redirect(back, 303)
    return render_form("feeds/replace.html", form, address=address, back=back)


@bp.route("/calendars/<int:address_id>/revoke", methods=["GET", "POST"])
@allowed(can_revoke, find_address)
def revoke(address: CalendarAddress) -> Response:
    """This address opens nothing any more, after what that means was said."""
    form, back = ActForm(), page_of(address)
    if form.carries_out(lambda: revoke_address(address, by=current_actor())):
        flash(_("The address is revoked. It opens nothing any more."))
        return redirect(back, 303)
    return render_form("feeds/revoke.html", form, address=address, back=back, is_mine=_is_mine(address))


def _is_mine(address: CalendarAddress) -> bool:
    return address.person_id == current_actor().person_id
