"""Pages of organizations: the tree, one of them, and what an administrator does with it."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from eventsys.core.language import gettext as _
from eventsys.directory import operations, queries
from eventsys.directory.fields import number_of
from eventsys.directory.forms import (
    ActForm,
    ClosingForm,
    MoveForm,
    NewOrganizationForm,
    OrderForm,
    OrganizationForm,
)
from eventsys.directory.models import Organization
from eventsys.directory.operations import Direction
from eventsys.directory.policy import (
    can_change_directory,
    can_change_organization,
    can_keep_people,
    can_open_directory,
    can_read_directory,
    can_read_organization,
    can_see_contacts,
)
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
from eventsys.directory.words import KINDS, day_words, office_today
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render, render_form

Answer = Response | BaseResponse | str


@bp.get("/")
@allowed(can_open_directory)
def show_tree() -> str:
    q, kind, closed = asked("q"), asked("kind"), bool(asked("closed"))
    if q or kind:
        page = queries.organization_page(q, office_today(), cursor(), kind=kind, closed=closed, only=only_for())
        rows, links = page.rows, pager_links(page)
    else:
        rows, links = queries.organization_tree(office_today(), closed=closed, only=only_for()), (None, None)
    return render(
        "directory/organizations.html",
        tabs=directory_tabs("organizations"),
        rows=rows,
        links=links,
        found=bool(q or kind),
        q=q,
        kind=kind,
        closed=closed,
        kinds=[("", _("All kinds")), *((each.value, str(label)) for each, label in KINDS.items())],
        kind_names=KINDS,
        exports=export_links("directory.export_organizations"),
        can_change=can_change_directory(current_actor()),
        can_read_all=can_read_directory(current_actor()),
    )


@bp.get("/organizations/export.<any(csv, xlsx):ending>")
@allowed(can_open_directory)
def export_organizations(ending: str) -> Response:
    rows = queries.organization_export(
        asked("q"), office_today(), kind=asked("kind"), closed=bool(asked("closed")), only=only_for()
    )
    header = [_("Organization"), _("English name"), _("Kind"), _("Stands below"), _("Posts"), _("Nobody holds")]
    return download(
        ending,
        "organizations",
        header,
        ((row.name_zh, row.name_en, str(KINDS[row.kind]), parent, row.posts, row.vacant) for row, parent in rows),
    )


@bp.route("/organizations/new", methods=["GET", "POST"])
@allowed(can_change_directory)
def add_organization() -> Answer:
    parent = loading.organization(number_of(asked("parent")))
    choices = [(0, _("At the top of the tree")), *queries.organization_choices()]
    form = NewOrganizationForm(choices, data={"parent_id": parent.id if parent else 0})
    below = queries.find_organization(form["parent_id"].data or 0)
    if form.carries_out(lambda: operations.add_organization(form.facts(), below, by=current_actor()).id):
        flash(_("Organization added."))
        return redirect(url_for("directory.show_organization", organization_id=form.result))
    return render_form("directory/organization_form.html", form=form, organization=None)


@bp.get("/organizations/<int:organization_id>/")
@allowed(can_read_organization, loading.organization)
def show_organization(organization: Organization) -> str:
    actor, on, all_of_it = current_actor(), office_today(), bool(asked("all"))
    children = queries.children_of(organization, on, cursor(), closed=all_of_it)
    return render(
        "directory/organization.html",
        day_words=day_words,
        organization=organization,
        above=queries.ancestors_of(organization),
        kind=KINDS[organization.kind],
        kind_names=KINDS,
        children=children.rows,
        links=pager_links(children),
        posts=queries.posts_of(organization.id, on, abolished=all_of_it),
        all_of_it=all_of_it,
        act=ActForm.of(organization),
        is_closed=organization.closed_on is not None,
        can_change=can_change_organization(actor, organization),
        can_keep=can_keep_people(actor, organization),
        can_read_all=can_read_directory(actor),
        contacts=can_see_contacts(actor, {organization.id}),
    )


@bp.route("/organizations/<int:organization_id>/edit", methods=["GET", "POST"])
@allowed(can_change_organization, loading.organization)
def edit_organization(organization: Organization) -> Answer:
    form = OrganizationForm(obj=organization)
    if form.carries_out(
        lambda: operations.revise_organization(organization, form.facts(), form["version"].data, by=current_actor())
    ):
        flash(_("Saved."))
        return redirect(url_for("directory.show_organization", organization_id=organization.id))
    return render_form("directory/organization_form.html", form=form, organization=organization)


@bp.route("/organizations/<int:organization_id>/move", methods=["GET", "POST"])
@allowed(can_change_organization, loading.organization)
def move_organization(organization: Organization) -> Answer:
    form = MoveForm(organization)
    if form.carries_out(
        lambda: operations.move_organization(
            organization, form["parent_id"].data or None, form["version"].data, by=current_actor()
        )
    ):
        flash(_("Moved."))
        return redirect(url_for("directory.show_organization", organization_id=organization.id))
    return render_form("directory/organization_move.html", form=form, organization=organization)


@bp.route("/organizations/<int:organization_id>/close", methods=["GET", "POST"])
@allowed(can_change_organization, loading.organization)
def close_organization(organization: Organization) -> Answer:
    form = ClosingForm(obj=organization)
    if form.carries_out(
        lambda: operations.close_organization(
            organization, form["closed_on"].data, form["version"].data, by=current_actor()
        )
    ):
        flash(_("Closed. Its posts are abolished and their appointments end with it."))
        return redirect(url_for("directory.show_organization", organization_id=organization.id))
    posts = queries.posts_of(organization.id, office_today())
    return render_form(
        "directory/organization_close.html",
        form=form,
        organization=organization,
        posts=posts,
    )


@bp.post("/organizations/<int:organization_id>/reopen")
@allowed(can_change_organization, loading.organization)
def reopen_organization(organization: Organization) -> Answer:
    form = ActForm()
    if form.carries_out(lambda: operations.reopen_organization(organization, form["version"].data, by=current_actor())):
        flash(_("Reopened. Restore its posts one by one."))
        return redirect(url_for("directory.show_organization", organization_id=organization.id))
    return render_form("directory/refused.html", form=form, title=organization.name(), back=_at(organization))


@bp.post("/organizations/<int:organization_id>/order")
@allowed(can_change_organization, loading.organization)
def order_organization(organization: Organization) -> Answer:
    form = OrderForm()
    if form.carries_out(
        lambda: operations.reorder_organization(organization, Direction(form["direction"].data), by=current_actor())
    ):
        parent = organization.parent_id
        return redirect(
            url_for("directory.show_organization", organization_id=parent) if parent else url_for("directory.show_tree")
        )
    return render_form("directory/refused.html", form=form, title=organization.name(), back=_at(organization))


def _at(organization: Organization) -> str:
    return url_for("directory.show_organization", organization_id=organization.id)
