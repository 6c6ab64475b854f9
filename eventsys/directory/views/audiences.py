"""Pages of audiences: the rule, and whom it means today."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from eventsys.core.language import gettext as _
from eventsys.directory import operations, queries
from eventsys.directory.forms import ActForm, AudienceForm
from eventsys.directory.models import Audience
from eventsys.directory.policy import (
    can_change_audience,
    can_list_audiences,
    can_read_audience,
    can_save_audiences,
)
from eventsys.directory.views import loading
from eventsys.directory.views.pages import bp, cursor, directory_tabs, pager_links
from eventsys.directory.views.rule_words import rules_in_words
from eventsys.directory.words import office_today
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render, render_form

Answer = Response | BaseResponse | str


@bp.get("/audiences/")
@allowed(can_list_audiences)
def list_audiences() -> str:
    page = queries.audience_page(current_actor(), cursor())
    return render(
        "directory/audiences.html",
        tabs=directory_tabs("audiences"),
        rows=list(zip(page.rows, rules_in_words([row.rule for row in page.rows]), strict=True)),
        links=pager_links(page),
        can_save=can_save_audiences(current_actor()),
    )


@bp.route("/audiences/new", methods=["GET", "POST"])
@allowed(can_save_audiences)
def add_audience() -> Answer:
    form = AudienceForm()
    if _is_look(form):
        return _editor(form, None)
    if form.carries_out(lambda: operations.save_audience(form.facts(), by=current_actor())):
        flash(_("Audience saved."))
        return redirect(url_for("directory.show_audience", audience_id=form.result.id))
    return _editor(form, None)


@bp.get("/audiences/<int:audience_id>/")
@allowed(can_read_audience, loading.audience)
def show_audience(audience: Audience) -> str:
    return render(
        "directory/audience.html",
        audience=audience,
        words=rules_in_words([audience.rule])[0],
        meant=queries.candidates(audience.rule, office_today()),
        act=ActForm.of(audience),
        can_change=can_change_audience(current_actor(), audience),
    )


@bp.route("/audiences/<int:audience_id>/edit", methods=["GET", "POST"])
@allowed(can_change_audience, loading.audience)
def edit_audience(audience: Audience) -> Answer:
    form = AudienceForm() if request.method == "POST" else AudienceForm.of(audience)
    if _is_look(form):
        return _editor(form, audience)
    if form.carries_out(
        lambda: operations.revise_audience(audience, form.facts(), form["version"].data, by=current_actor())
    ):
        flash(_("Saved."))
        return redirect(url_for("directory.show_audience", audience_id=audience.id))
    return _editor(form, audience)


@bp.route("/audiences/<int:audience_id>/delete", methods=["GET", "POST"])
@allowed(can_change_audience, loading.audience)
def delete_audience(audience: Audience) -> Answer:
    form = ActForm(obj=audience)
    if form.carries_out(lambda: operations.delete_audience(audience, form["version"].data, by=current_actor())):
        flash(_("Audience deleted."))
        return redirect(url_for("directory.list_audiences"))
    return render_form("directory/audience_delete.html", form=form, audience=audience)


def _is_look(form: AudienceForm) -> bool:
    """Whether the form was sent to look at the rule or to search, not to save it."""
    return bool(form.is_submitted() and not {"show", "find"}.isdisjoint(request.form))


def _editor(form: AudienceForm, audience: Audience | None) -> Answer:
    return render_form(
        "directory/audience_form.html",
        form=form,
        audience=audience,
        meant=queries.candidates(form.rule(), office_today()),
    )
