"""Pages of appointments: somebody for a post, a post for somebody, and the dates."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from eventsys.core.language import gettext as _
from eventsys.directory import operations, queries
from eventsys.directory.fields import number_of
from eventsys.directory.forms import AppointForm, AppointmentForm, EndForm
from eventsys.directory.models import Appointment, Person, Post
from eventsys.directory.policy import can_appoint, can_change_appointment, can_change_person
from eventsys.directory.queries import PersonFile
from eventsys.directory.views import loading
from eventsys.directory.views.pages import asked, bp
from eventsys.directory.words import day_words, office_today
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render_form

Answer = Response | BaseResponse | str


@bp.route("/posts/<int:post_id>/appoint", methods=["GET", "POST"])
@allowed(can_appoint, loading.post)
def appoint_to_post(post: Post) -> Answer:
    form = AppointForm(_people_to_choose(), data={"starts_on": office_today()})
    if form.carries_out(lambda: _appoint(form, _person(form), post)):
        flash(_("Appointed."))
        return redirect(url_for("directory.show_post", post_id=post.id))
    return render_form("directory/appoint_to_post.html", day_words=day_words, form=form, post=post, q=asked("q"))


@bp.route("/people/<int:person_id>/appoint", methods=["GET", "POST"])
@allowed(can_change_person, loading.person)
def appoint_person(file: PersonFile) -> Answer:
    form = AppointForm(_posts_to_choose(), data={"starts_on": office_today()})
    if form.carries_out(lambda: _appoint(form, file.person, _post(form))):
        flash(_("Appointed."))
        return redirect(url_for("directory.show_person", person_id=file.person.id))
    return render_form(
        "directory/appoint_person.html", day_words=day_words, form=form, person=file.person, q=asked("q")
    )


@bp.route("/appointments/<int:appointment_id>/edit", methods=["GET", "POST"])
@allowed(can_change_appointment, loading.appointment)
def edit_appointment(appointment: Appointment) -> Answer:
    form = AppointmentForm(obj=appointment)
    if form.carries_out(
        lambda: operations.revise_appointment(
            appointment,
            form["starts_on"].data,
            form["ends_on"].data,
            form["version"].data,
            beside=form["beside"].data or "",
            by=current_actor(),
        )
    ):
        flash(_("Saved."))
        return redirect(url_for("directory.show_post", post_id=appointment.post_id))
    return render_form("directory/appointment_form.html", day_words=day_words, form=form, appointment=appointment)


@bp.route("/appointments/<int:appointment_id>/end", methods=["GET", "POST"])
@allowed(can_change_appointment, loading.appointment)
def end_appointment(appointment: Appointment) -> Answer:
    form = EndForm(obj=appointment)
    form["ends_on"].data = form["ends_on"].data or (None if form.is_submitted() else office_today())
    if form.carries_out(
        lambda: operations.end_appointment(appointment, form["ends_on"].data, form["version"].data, by=current_actor())
    ):
        flash(_("The appointment ends on that day."))
        return redirect(url_for("directory.show_post", post_id=appointment.post_id))
    return render_form("directory/appointment_end.html", form=form, appointment=appointment)


def _appoint(form: AppointForm, person: Person, post: Post) -> Appointment:
    days = form["starts_on"].data, form["ends_on"].data
    return operations.appoint(person, post, *days, beside=form["beside"].data or "", by=current_actor())


def _person(form: AppointForm) -> Person:
    person = queries.find_person(form["chosen_id"].data)
    assert person is not None  # the field offers people on record only
    return person


def _post(form: AppointForm) -> Post:
    post = queries.find_post(form["chosen_id"].data)
    assert post is not None  # the field offers posts on record only
    return post


def _people_to_choose() -> list[tuple[int, str]]:
    """Those found and the one chosen; a liaison chooses among the people of their own organizations."""
    actor = current_actor()
    only = None if actor.is_administrator else actor.liaison_for
    chosen = _chosen() if only is None else set()
    limit = 20 if only is None else 200
    return [(each.id, each.label) for each in queries.people_search(asked("q"), limit, chosen, only=only)]


def _posts_to_choose() -> list[tuple[int, str]]:
    """Those found and the one chosen, as far as the actor may appoint to them."""
    actor, on = current_actor(), office_today()
    if actor.is_administrator:
        rows = queries.post_search(asked("q"), on, ids=_chosen())
    else:
        rows = [row for each in sorted(actor.liaison_for) for row in queries.posts_of(each, on)]
    return [
        (row.id, " · ".join((row.organization, row.title, *(holder.name for holder in row.holders))))
        for row in rows
        if can_appoint(actor, row)
    ]


def _chosen() -> set[int]:
    return {number_of(request.form.get("chosen_id"))} - {0}
