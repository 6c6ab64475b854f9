"""The page that ends an appointment and says who follows."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from eventsys.core.language import gettext as _
from eventsys.directory import queries
from eventsys.directory.fields import number_of
from eventsys.directory.models import Appointment
from eventsys.directory.policy import can_change_appointment, can_read_person
from eventsys.directory.queries import PersonRow
from eventsys.directory.views import loading
from eventsys.directory.words import day_words, office_today
from eventsys.succession.forms.posts import NEW, NOBODY, PassOnForm
from eventsys.succession.operations.posts import Follower, hand_over
from eventsys.succession.policy import can_list_handovers
from eventsys.succession.queries.handovers import questions
from eventsys.succession.views.handovers import own_paths
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render_form

Answer = Response | BaseResponse | str
bp = Blueprint("passing_on", __name__, url_prefix="/workspace/directory/appointments")


@bp.route("/<int:appointment_id>/pass-on", methods=["GET", "POST"])
@allowed(can_change_appointment, loading.appointment)
def pass_on(appointment: Appointment) -> Answer:
    """The last day of whoever holds the post, and who follows."""
    q = request.args.get("q", "").strip()[:100]
    form = PassOnForm(_people(q, appointment.person_id), data=PassOnForm.values_of(appointment))
    form["ends_on"].data = form["ends_on"].data or (None if form.is_submitted() else office_today())
    if form.carries_out(lambda: _pass_on(form, appointment)):
        flash(_("The post is vacant afterwards.") if form["follower"].data == NOBODY else _("The post is handed over."))
        return _onwards(appointment)
    return render_form(
        "succession/pass_on.html",
        form,
        appointment=appointment,
        q=q,
        new=NEW,
        day_words=day_words,
        readable=_readable,
    )


def _pass_on(form: PassOnForm, appointment: Appointment) -> Appointment:
    return hand_over(appointment, form["ends_on"].data, _follower(form), form["version"].data, by=current_actor())


def _follower(form: PassOnForm) -> Follower | None:
    chosen = form["follower"].data
    if not chosen or chosen == NOBODY:
        return None
    person = None if chosen == NEW else queries.find_person(number_of(chosen))
    who = person or form.facts()
    return Follower(who, form.begins, form["beside"].data or "", form["distinct_from"].data or ())


def _onwards(appointment: Appointment) -> BaseResponse:
    """To the places at coming meetings that wait for a word now, for who may say it; else to the post."""
    waits = can_list_handovers(current_actor()) and any(
        each.post_id == appointment.post_id for each in questions(own_paths())
    )
    if waits:
        flash(_("Coming meetings ask for this post. Say who comes."))
        return redirect(url_for("handovers.index"))
    return redirect(url_for("directory.show_post", post_id=appointment.post_id))


def _people(q: str, holder_id: int) -> list[tuple[int, str]]:
    """Those found and the one chosen; a liaison chooses among the people of their own organizations."""
    actor = current_actor()
    only = None if actor.is_administrator else actor.liaison_for
    chosen = {number_of(request.form.get("follower"))} - {0}
    found = queries.people_search(q, 200, only=only) if only is not None else queries.people_search(q, 20, chosen)
    return [(each.id, each.label) for each in found if each.id != holder_id]


def _readable(row: PersonRow) -> bool:
    return can_read_person(current_actor(), row)
