"""Pages of an import: the file is brought, read, looked at, decided, written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from eventsys.accounts.queries import office_zone
from eventsys.core.language import gettext as _
from eventsys.directory.queries.lists import Cursor
from eventsys.exchange import files
from eventsys.exchange.columns import SHEET_NAMES, Sheet, column_of
from eventsys.exchange.findings import words_of
from eventsys.exchange.forms import CancelForm, ConfirmForm, UploadForm
from eventsys.exchange.models import IN_WORK, Import, ImportState, ImportWay, RowState
from eventsys.exchange.operations import begin_import, cancel_import, confirm_import
from eventsys.exchange.policy import can_exchange, can_follow
from eventsys.exchange.queries.imports import find_import, report_rows, rows_page
from eventsys.exchange.views.pages import HOME, ROW_STATES, STATES, bp, file_answer
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render_form

Answer = Response | BaseResponse | str
MOST = 2**31
BAD = (RowState.REFUSED, RowState.LEFT, RowState.ASKED)


def load(import_id: int) -> Import | None:
    return find_import(import_id) if import_id < MOST else None


def load_file(import_id: int, ending: str) -> tuple[Import, str] | None:
    found = load(import_id)
    return (found, ending) if found else None


def can_follow_file(actor: Any, asked: tuple[Import, str]) -> bool:
    """Whether the actor follows the import that the file belongs to."""
    return can_follow(actor, asked[0])


@bp.route("/import", methods=["GET", "POST"])
@allowed(can_exchange)
def begin() -> Answer:
    form = UploadForm(data={"sheet": request.args.get("sheet", "")})
    if form.carries_out(lambda: begin_import(form.content, form.name, form.wanted, by=current_actor()).id):
        return redirect(url_for("exchange.show", import_id=form.result))
    return render_form("exchange/upload.html", form=form)


@bp.get("/imports/<int:import_id>/")
@allowed(can_follow, load)
def show(brought: Import) -> Answer:
    return _page(brought, ConfirmForm.of(brought))


@bp.post("/imports/<int:import_id>/confirm")
@allowed(can_follow, load)
def confirm(brought: Import) -> Answer:
    form = ConfirmForm(brought)
    if form.carries_out(
        lambda: confirm_import(
            brought,
            ImportWay(form["way"].data),
            form["accepted"].data or (),
            form["version"].data,
            by=current_actor(),
        )
    ):
        return redirect(url_for("exchange.show", import_id=brought.id))
    return _page(brought, form)


@bp.post("/imports/<int:import_id>/cancel")
@allowed(can_follow, load)
def cancel(brought: Import) -> Answer:
    form = CancelForm()
    if form.carries_out(lambda: cancel_import(brought, by=current_actor())):
        flash(_("The import is called off."))
        return redirect(url_for("exchange.show", import_id=brought.id))
    return _page(brought, ConfirmForm.of(brought))


@bp.get("/imports/<int:import_id>/refused.<any(csv, xlsx):ending>")
@allowed(can_follow_file, load_file)
def report(asked: tuple[Import, str]) -> Answer:
    brought, ending = asked
    sheets = {
        Sheet(name): (columns, _reported(brought, Sheet(name)))
        for name, columns in brought.columns.items()
        if any(brought.counts.get(name, {}).get(state) for state in BAD)
    }
    if not sheets or (ending == "csv" and len(sheets) > 1):
        abort(404)
    if ending == "csv":
        [(sheet, (columns, rows))] = sheets.items()
        return file_answer(files.report_csv(sheet, columns, rows), f"import-{brought.id}-refused", ending)
    return file_answer(files.report_xlsx(sheets), f"import-{brought.id}-refused", ending)


def _reported(brought: Import, sheet: Sheet) -> Iterator[dict[str, str]]:
    for row in report_rows(brought.id, sheet, BAD):
        reasons = "; ".join(
            f"{column_of(sheet, each['column']).label}: {words_of(each)}" if each["column"] else words_of(each)
            for each in row.findings
        )
        yield {**row.cells, "reasons": reasons}


def _page(brought: Import, form: ConfirmForm) -> BaseResponse:
    counted = [(state, brought.count(state)) for state in ROW_STATES]
    chosen = next((state for state, number in counted if number and state.value == request.args.get("show")), None)
    shown = chosen or next((state for state, number in counted if number), RowState.NEW)
    has_rows = bool(brought.counts) and brought.state is not ImportState.CANCELLED
    page = rows_page(brought.id, [shown], _cursor()) if has_rows and brought.state not in IN_WORK else None
    return render_form(
        "exchange/import.html",
        form,
        brought=brought,
        state=STATES[brought.state],
        in_work=brought.state in IN_WORK,
        counts=[
            (str(ROW_STATES[state][0]), number, f"?show={state.value}", state is shown, state in BAD)
            for state, number in counted
            if number
        ],
        shown=shown,
        rows=page.rows if page else [],
        links=_links(page, shown),
        row_states=ROW_STATES,
        sheet_names=SHEET_NAMES,
        column_of=column_of,
        words_of=words_of,
        bad=brought.count(*BAD),
        bad_sheets=sum(any(counts.get(state) for state in BAD) for counts in brought.counts.values()),
        writable=brought.count(RowState.NEW, RowState.CHANGED, RowState.ASKED),
        is_ready=brought.state is ImportState.READY,
        zone=office_zone(),
        home=HOME,
    )


def _cursor() -> Cursor:
    return Cursor(after=request.args.get("after", ""), before=request.args.get("before", ""))


def _links(page: Any, shown: RowState) -> tuple[str | None, str | None]:
    if page is None:
        return None, None
    back = f"?show={shown.value}&before={page.previous}" if page.previous else None
    forth = f"?show={shown.value}&after={page.next}" if page.next else None
    return back, forth
