"""The page of files: what to take out, templates to fill in, the latest imports."""

from __future__ import annotations

from flask import Response, abort
from werkzeug.wrappers import Response as BaseResponse

from eventsys.accounts.queries import office_zone
from eventsys.exchange import files
from eventsys.exchange.columns import SHEET_NAMES, Sheet
from eventsys.exchange.forms import ALL_SHEETS, ExportForm
from eventsys.exchange.operations import record_export
from eventsys.exchange.policy import can_exchange
from eventsys.exchange.queries.imports import latest_imports
from eventsys.exchange.views.pages import STATES, bp, file_answer
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render, render_form

Answer = Response | BaseResponse | str


@bp.get("/")
@allowed(can_exchange)
def index() -> str:
    return render(
        "exchange/index.html",
        sheets=SHEET_NAMES,
        all_sheets=ALL_SHEETS,
        imports=latest_imports(),
        states=STATES,
        zone=office_zone(),
    )


@bp.route("/export", methods=["GET", "POST"])
@allowed(can_exchange)
def export() -> Answer:
    form = ExportForm()
    if not form.carries_out(lambda: record_export(form.sheets, form["ending"].data, by=current_actor())):
        return render_form("exchange/export.html", form=form)
    chosen, ending = form.sheets, str(form["ending"].data)
    pieces = files.export_csv(chosen[0]) if ending == "csv" else files.export_xlsx(chosen)
    return file_answer(pieces, "directory" if len(chosen) > 1 else chosen[0].value, ending)


@bp.get("/templates/<any(organizations, posts, people, appointments, all):sheet>.<any(csv, xlsx):ending>")
@allowed(can_exchange)
def template(sheet: str, ending: str) -> Answer:
    if sheet == ALL_SHEETS:
        if ending == "csv":
            abort(404)
        return file_answer(files.template_xlsx(list(Sheet)), "directory-template", ending)
    kind = Sheet(sheet)
    pieces = files.template_csv(kind) if ending == "csv" else files.template_xlsx([kind])
    return file_answer(pieces, f"{kind.value}-template", ending)
