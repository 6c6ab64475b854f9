"""Pages for two records that may be one person: the list of likely pairs, finding the other one, merging."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from eventsys.core.language import gettext as _
from eventsys.directory import queries
from eventsys.directory.queries import PersonFile
from eventsys.directory.queries.lists import Cursor, Page
from eventsys.directory.views import loading
from eventsys.directory.words import day_words, office_today
from eventsys.succession import operations, words
from eventsys.succession.forms.merging import LABELS, MergeForm, differs, merge_form, renew, said
from eventsys.succession.operations.merging import CHOOSABLE
from eventsys.succession.policy import can_merge
from eventsys.succession.queries.likely import likely_pairs
from eventsys.succession.queries.merging import PersonPair, comparison, find_pair
from eventsys.web.access import allowed, current_actor
from eventsys.web.forms import BaseForm
from eventsys.web.pages import render, render_form

Answer = Response | BaseResponse | str
bp = Blueprint("merging", __name__, url_prefix="/workspace/directory")


def _pair(person_id: int, other_id: int) -> PersonPair | None:
    return find_pair(person_id, other_id) if max(person_id, other_id) < loading.MOST else None


@bp.get("/duplicates/")
@allowed(can_merge)
def list_likely() -> str:
    """Pairs of records that look like one person."""
    page = likely_pairs(Cursor(request.args.get("after", ""), request.args.get("before", "")))
    return render("succession/likely.html", page=page, links=_links(page), form=BaseForm())


@bp.post("/people/<int:person_id>/apart/<int:other_id>")
@allowed(can_merge, _pair)
def keep_apart(pair: PersonPair) -> Answer:
    """They are two people; nobody is asked again."""
    form = BaseForm()
    if form.carries_out(lambda: operations.keep_apart(pair, by=current_actor())):
        flash(_("They stay two records, and you are not asked again."))
        return redirect(url_for("merging.list_likely"))
    page = likely_pairs(Cursor())
    return render_form("succession/likely.html", form, page=page, links=(None, None))


@bp.get("/people/<int:person_id>/merge")
@allowed(can_merge, loading.person)
def choose_other(file: PersonFile) -> str:
    """Find the other record of the same person."""
    person, q = file.person, request.args.get("q", "").strip()[:100]
    likely = queries.likely_duplicates(
        person.name_zh, person.name_en, person.email, person.phone, office_today(), of=person.id
    )
    shown = {person.id, *(each.person.id for each in likely)}
    found = [each for each in queries.people_search(q) if each.id not in shown] if q else []
    return render("succession/choose.html", person=person, likely=likely, found=found, q=q)


@bp.route("/people/<int:person_id>/merge/<int:other_id>", methods=["GET", "POST"])
@allowed(can_merge, _pair)
def merge(pair: PersonPair) -> Answer:
    """Both records side by side, every consequence, and the form that makes them one."""
    found = comparison(pair)
    form = merge_form(found)
    if not form.is_submitted():
        renew(form, found)
    if form.carries_out(lambda: _merge(form, pair)):
        flash(_("The two records are one now."))
        return redirect(url_for("directory.show_person", person_id=form.result.id))
    if form.is_submitted():
        fresh = find_pair(pair.staying.id, pair.gone.id)
        if fresh is None:
            return redirect(url_for("directory.show_person", person_id=pair.staying.id))
        found = comparison(fresh)
        form = _anew(form, found)
    return render_form(
        "succession/merge.html",
        form,
        found=found,
        pair=found.pair,
        fields=[(name, LABELS[name], differs(name, found)) for name in CHOOSABLE],
        said=said,
        words=words,
        day_words=day_words,
    )


def _merge(form: MergeForm, pair: PersonPair) -> Any:
    versions = form["version"].data, form["other_version"].data
    return operations.merge(pair, form.choices(), versions, form["seen"].data or "", by=current_actor())


def _anew(form: MergeForm, found: Any) -> MergeForm:
    """The form of what stands there now, with what was chosen and why it was refused."""
    again = merge_form(found)
    again.form_errors = list(form.form_errors)
    again.conflicts = form.conflicts
    for name, field in form._fields.items():
        if name in again and field.errors:
            again[name].errors = list(field.errors)
    renew(again, found)
    return again


def _links(page: Page[Any]) -> tuple[str | None, str | None]:
    def link(name: str, value: str | None) -> str | None:
        asked: dict[str, Any] = {name: value}
        return url_for("merging.list_likely", **asked) if value else None

    return link("before", page.previous), link("after", page.next)
