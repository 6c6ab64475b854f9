"""Pages of people."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from eventsys.core.language import gettext as _
from eventsys.directory import operations, queries
from eventsys.directory.fields import number_of
from eventsys.directory.forms import NewPersonForm, PersonForm
from eventsys.directory.models import Organization, Person
from eventsys.directory.policy import (
    can_appoint,
    can_change_directory,
    can_change_person,
    can_keep_people,
    can_open_directory,
    can_read_directory,
    can_read_person,
    can_see_contacts,
)
from eventsys.directory.queries import PersonFile, PersonRow
from eventsys.directory.views import loading
from eventsys.directory.views.pages import (
    asked,
    bp,
    cursor,
    directory_tabs,
    download,
    export_links,
    only_for,
    pager_links,
)
from eventsys.directory.words import day_words, office_today
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render, render_form

Answer = Response | BaseResponse | str


@bp.get("/people/")
@allowed(can_open_directory)
def list_people() -> str:
    under = _under()
    page = queries.people_page(asked("q"), office_today(), cursor(), only=only_for(), **_filters(under))
    return render(
        "directory/people.html",
        tabs=directory_tabs("people"),
        rows=page.rows,
        links=pager_links(page),
        q=asked("q"),
        under=under,
        without_post=bool(asked("without_post")),
        shows=_shows,
        contacts=any(_shows(row) for row in page.rows),
        exports=export_links("directory.export_people"),
        can_add=can_change_directory(current_actor()),
        can_read_all=can_read_directory(current_actor()),
    )


@bp.get("/people/export.<any(csv, xlsx):ending>")
@allowed(can_open_directory)
def export_people(ending: str) -> Response:
    rows = queries.people_export(asked("q"), office_today(), only=only_for(), **_filters(_under()))
    header = [_("Name"), _("English name"), _("Organization"), _("Post"), _("E-mail"), _("Telephone")]
    cells = (
        (
            *(row.name_zh, row.name_en),
            "; ".join(post.organization for post in row.posts),
            "; ".join(post.title for post in row.posts),
            *((row.email, row.phone) if _shows(row) else ("", "")),
        )
        for row in rows
    )
    return download(ending, "people", header, cells)


@bp.route("/people/new", methods=["GET", "POST"])
@allowed(can_change_directory)
def add_person() -> Answer:
    form = PersonForm()
    if form.carries_out(
        lambda: operations.add_person(form.facts(), distinct_from=form["distinct_from"].data or (), by=current_actor())
    ):
        flash(_("Person added. Appoint them to a post."))
        return redirect(url_for("directory.show_person", person_id=form.result.id))
    return render_form(
        "directory/person_form.html",
        day_words=day_words,
        form=form,
        person=None,
        organization=None,
        readable=_readable,
    )


@bp.route("/organizations/<int:organization_id>/people/new", methods=["GET", "POST"])
@allowed(can_keep_people, loading.organization)
def add_person_to_organization(organization: Organization) -> Answer:
    posts = queries.post_choices(organization.id, office_today())
    data = {"post_id": number_of(asked("post")), "starts_on": office_today()}
    form = NewPersonForm(posts, must=True, data=data)
    if form.carries_out(lambda: _add_to_post(form)):
        flash(_("Person added and appointed."))
        return redirect(url_for("directory.show_organization", organization_id=organization.id))
    return render_form(
        "directory/person_form.html",
        day_words=day_words,
        form=form,
        person=None,
        organization=organization,
        readable=_readable,
    )


@bp.get("/people/<int:person_id>/")
@allowed(can_read_person, loading.person)
def show_person(file: PersonFile) -> Answer:
    actor, on = current_actor(), office_today()
    if file.person.id != (request.view_args or {})["person_id"]:
        return redirect(url_for("directory.show_person", person_id=file.person.id))
    return render(
        "directory/person.html",
        day_words=day_words,
        file=file,
        person=file.person,
        on=on,
        current=[post for post in file.held if post.lasts(on)],
        can_change=can_change_person(actor, file),
        may_change={post.appointment_id for post in file.held if can_appoint(actor, post)},
        contacts=can_see_contacts(actor, file.organization_ids, file.person.id),
        readable_posts=can_read_directory(actor),
        can_merge=can_change_directory(actor),
    )


@bp.route("/people/<int:person_id>/edit", methods=["GET", "POST"])
@allowed(can_change_person, loading.person)
def edit_person(file: PersonFile) -> Answer:
    person: Person = file.person
    form = PersonForm(obj=person)
    if form.carries_out(
        lambda: operations.revise_person(
            person,
            form.facts(),
            form["version"].data,
            distinct_from=form["distinct_from"].data or (),
            by=current_actor(),
        )
    ):
        flash(_("Saved."))
        return redirect(url_for("directory.show_person", person_id=person.id))
    return render_form(
        "directory/person_form.html",
        day_words=day_words,
        form=form,
        person=person,
        organization=None,
        readable=_readable,
    )


def _add_to_post(form: NewPersonForm) -> Person:
    post = queries.find_post(form["post_id"].data)
    assert post is not None  # the field offers posts of the organization only
    return operations.add_person_to_post(
        form.facts(),
        post,
        form["starts_on"].data,
        distinct_from=form["distinct_from"].data or (),
        beside=form["beside"].data or "",
        by=current_actor(),
    )


def _under() -> Organization | None:
    return loading.organization(number_of(asked("organization"))) if can_read_directory(current_actor()) else None


def _filters(under: Organization | None) -> dict[str, object]:
    return {
        "under": under.path if under else "",
        "without_post": bool(asked("without_post")),
        "contacts": current_actor().is_administrator,
    }


def _shows(row: PersonRow) -> bool:
    return can_see_contacts(current_actor(), row.organization_ids, row.id)


def _readable(row: PersonRow) -> bool:
    return can_read_person(current_actor(), row)
