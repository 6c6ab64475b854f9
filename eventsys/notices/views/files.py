"""A published notice to take along: PDF and DOCX, from what the worker made ready, else made on the spot."""

from __future__ import annotations

from datetime import datetime
from threading import BoundedSemaphore
from typing import Any

from flask import Blueprint, abort, current_app, make_response, redirect
from sqlalchemy import Row
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response as BaseResponse

from eventsys.notices.models import FileForm, NoticeState
from eventsys.notices.paper import mark_of
from eventsys.notices.queries.files import kept_file, paper_for, shown_at, version_shown_at
from eventsys.rendering.paper import Paper
from eventsys.rendering.press import CannotPrint, Form, Press
from eventsys.web.access import public
from eventsys.web.conditional import not_modified, stamp, tag_of

bp = Blueprint("notice_files", __name__)

TYPES = {
    FileForm.PDF: "application/pdf",
    FileForm.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
PATIENCE = 10.0
_turn = BoundedSemaphore()


@bp.get("/notices/<int:year>/<slug>.pdf")
@public
def pdf(year: int, slug: str) -> BaseResponse:
    """The notice as PDF."""
    return _file(year, slug, FileForm.PDF, shown_at(year, slug), slug)


@bp.get("/notices/<int:year>/<slug>.docx")
@public
def docx(year: int, slug: str) -> BaseResponse:
    """The notice as DOCX."""
    return _file(year, slug, FileForm.DOCX, shown_at(year, slug), slug)


@bp.get("/notices/<int:year>/<slug>/versions/<int:number>.pdf")
@public
def version_pdf(year: int, slug: str, number: int) -> BaseResponse:
    """A version that was public at some time as PDF."""
    return _file(year, slug, FileForm.PDF, version_shown_at(year, slug, number), f"{slug}-{number}")


def _file(year: int, slug: str, form: FileForm, row: Row[Any] | None, name: str) -> BaseResponse:
    """The file of a version; a withdrawn notice has none, and its page says why."""
    if row is None or row.published_id is None:
        abort(404)
    if row.state is NoticeState.WITHDRAWN:
        return redirect(f"/notices/{year}/{slug}")
    paper = paper_for(row.published_id, str(current_app.extensions["eventsys.settings"].public_url))
    if paper is None:
        abort(404)
    mark = mark_of(paper)
    tag = tag_of(form, mark)
    fresh = not_modified(tag)
    if fresh is not None:
        return make_response(fresh)
    answer = make_response(kept_file(row.published_id, form, mark) or _made(form, paper, row.published_at))
    answer.headers["Content-Type"] = TYPES[form]
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return stamp(answer, tag)


def _made(form: FileForm, paper: Paper, at: datetime) -> bytes:
    """Made now, in a process beside this one; one at a time, so that nobody can fill the machine with them."""
    if not _turn.acquire(timeout=PATIENCE):
        raise ServiceUnavailable(retry_after=int(PATIENCE))
    try:
        with Press() as press:
            return press.make(Form(form), paper, at).data
    except CannotPrint as error:
        current_app.logger.exception("a notice could not be printed")
        raise ServiceUnavailable(retry_after=60) from error
    finally:
        _turn.release()
