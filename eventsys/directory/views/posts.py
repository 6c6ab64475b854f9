"""Pages of posts and their kinds."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from eventsys.core.language import gettext as _
from eventsys.directory import operations, queries
from eventsys.directory.fields import number_of
from eventsys.directory.forms import AbolishForm, ActForm, NewPostForm, OrderForm, PostForm, PostKindForm
from eventsys.directory.models import Organization, Post, PostKind
from eventsys.directory.operations import Direction
from eventsys.directory.policy import (
    can_appoint,
    can_change_directory,
    can_change_organization,
    can_change_post,
    can_change_post_kind,
    can_read_directory,
    can_read_post,
)
from eventsys.directory.views import loading
from eventsys.directory.views.pages import asked, bp, cursor, directory_tabs, download, export_links, pager_links
from eventsys.directory.words import day_words, office_today
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render, render_form

Answer = Response | BaseResponse | str


@bp.get("/posts/")
@allowed(can_read_directory)
def list_posts() -> str:
    q, kind_id, state = asked("q"), number_of(asked("kind")), asked("state")
    page = queries.post_page(q, office_today(), cursor(), kind_id=kind_id, state=state)
    return render(
        "directory/posts.html",
        day_words=day_words,
        tabs=directory_tabs("posts"),
        rows=page.rows,
        links=pager_links(page),
        q=q,
        kind_id=kind_id,
        state=state,
        kinds=[("", _("All kinds")), *queries.post_kind_choices()],
        states=[
            ("", _("All that exist")),
            ("held", _("Held")),
            ("vacant", _("Held by nobody")),
            ("abolished", _("Abolished")),
        ],
        exports=export_links("directory.export_posts"),
    )


@bp.get("/posts/export.<any(csv, xlsx):ending>")
@allowed(can_read_directory)
def export_posts(ending: str) -> Response:
    rows = queries.posts_export(asked("q"), office_today(), kind_id=number_of(asked("kind")), state=asked("state"))
    header = [
        *(_("Organization"), _("Organization in English"), _("Post"), _("Post in English"), _("Kind of post")),
        *(_("Held by"), _("In office since")),
    ]
    cells = (
        (
            *(row.organization_zh, row.organization_en, row.title_zh, row.title_en, row.kind),
            "; ".join(holder.name for holder in row.holders),
            "; ".join(holder.starts_on.isoformat() for holder in row.holders),
        )
        for row in rows
    )
    return download(ending, "posts", header, cells)


@bp.route("/organizations/<int:organization_id>/posts/new", methods=["GET", "POST"])
@allowed(can_change_organization, loading.organization)
def add_post(organization: Organization) -> Answer:
    form = NewPostForm()
    if form.carries_out(lambda: operations.add_post(organization, form.facts(), by=current_actor()).id):
        flash(_("Post added."))
        return redirect(url_for("directory.show_post", post_id=form.result))
    return render_form("directory/post_form.html", form=form, organization=organization, post=None)


@bp.get("/posts/<int:post_id>/")
@allowed(can_read_post, loading.post)
def show_post(post: Post) -> str:
    actor, on = current_actor(), office_today()
    history = queries.former_holders(post.id)
    return render(
        "directory/post.html",
        day_words=day_words,
        post=post,
        organization=post.organization,
        history=history,
        current=[each for each in history if each.lasts(on)],
        on=on,
        act=ActForm.of(post),
        can_change=can_change_post(actor, post),
        can_read_all=can_read_directory(actor),
        can_appoint=can_appoint(actor, post) and post.abolished_on is None,
    )


@bp.route("/posts/<int:post_id>/edit", methods=["GET", "POST"])
@allowed(can_change_post, loading.post)
def edit_post(post: Post) -> Answer:
    form = PostForm(obj=post)
    if form.carries_out(lambda: operations.revise_post(post, form.facts(), form["version"].data, by=current_actor())):
        flash(_("Saved."))
        return redirect(_at(post))
    return render_form("directory/post_form.html", form=form, organization=post.organization, post=post)


@bp.route("/posts/<int:post_id>/abolish", methods=["GET", "POST"])
@allowed(can_change_post, loading.post)
def abolish_post(post: Post) -> Answer:
    form = AbolishForm(obj=post)
    if form.carries_out(
        lambda: operations.abolish_post(post, form["abolished_on"].data, form["version"].data, by=current_actor())
    ):
        flash(_("Abolished. Appointments to it end with it."))
        return redirect(_at(post))
    history = queries.former_holders(post.id)
    current = [each for each in history if each.lasts(office_today())]
    return render_form("directory/post_abolish.html", form=form, post=post, current=current)


@bp.post("/posts/<int:post_id>/restore")
@allowed(can_change_post, loading.post)
def restore_post(post: Post) -> Answer:
    form = ActForm()
    if form.carries_out(lambda: operations.restore_post(post, form["version"].data, by=current_actor())):
        flash(_("Restored. Appoint somebody again."))
        return redirect(_at(post))
    return render_form("directory/refused.html", form=form, title=post.title(), back=_at(post))


@bp.post("/posts/<int:post_id>/order")
@allowed(can_change_post, loading.post)
def order_post(post: Post) -> Answer:
    form = OrderForm()
    if form.carries_out(lambda: operations.reorder_post(post, Direction(form["direction"].data), by=current_actor())):
        return redirect(url_for("directory.show_organization", organization_id=post.organization_id) + "#posts")
    return render_form("directory/refused.html", form=form, title=post.title(), back=_at(post))


@bp.get("/post-kinds/")
@allowed(can_read_directory)
def list_post_kinds() -> str:
    return render(
        "directory/post_kinds.html",
        tabs=directory_tabs("post_kinds"),
        kinds=queries.post_kinds(),
        counts=queries.posts_by_kind(office_today()),
        can_change=can_change_directory(current_actor()),
    )


@bp.route("/post-kinds/new", methods=["GET", "POST"])
@allowed(can_change_directory)
def add_post_kind() -> Answer:
    form = PostKindForm()
    if form.carries_out(lambda: operations.add_post_kind(form.facts(), by=current_actor())):
        flash(_("Kind of post added."))
        return redirect(url_for("directory.list_post_kinds"))
    return render_form("directory/post_kind_form.html", form=form, kind=None)


@bp.route("/post-kinds/<int:kind_id>/edit", methods=["GET", "POST"])
@allowed(can_change_post_kind, loading.post_kind)
def edit_post_kind(kind: PostKind) -> Answer:
    form = PostKindForm(obj=kind)
    if form.carries_out(
        lambda: operations.revise_post_kind(kind, form.facts(), form["version"].data, by=current_actor())
    ):
        flash(_("Saved."))
        return redirect(url_for("directory.list_post_kinds"))
    return render_form("directory/post_kind_form.html", form=form, kind=kind)


@bp.post("/post-kinds/<int:kind_id>/order")
@allowed(can_change_post_kind, loading.post_kind)
def order_post_kind(kind: PostKind) -> Answer:
    form, back = OrderForm(), url_for("directory.list_post_kinds")
    if form.carries_out(
        lambda: operations.reorder_post_kind(kind, Direction(form["direction"].data), by=current_actor())
    ):
        return redirect(back)
    return render_form("directory/refused.html", form=form, title=kind.name(), back=back)


def _at(post: Post) -> str:
    return url_for("directory.show_post", post_id=post.id)
