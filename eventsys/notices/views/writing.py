"""While a text is written: saved by itself, looked at by the check, its history, and its pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, flash, jsonify, make_response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from eventsys.accounts.queries import office_zone
from eventsys.core.clock import now
from eventsys.core.formats import clock
from eventsys.core.language import gettext as _
from eventsys.meetings.policy import can_read_meeting
from eventsys.notices.forms import NoticeForm, PictureForm, TakeForm
from eventsys.notices.models import NoticeRevision, NoticeVersion, RevisionKind, VersionState
from eventsys.notices.operations import restore, save_version
from eventsys.notices.operations.pictures import add_picture
from eventsys.notices.policy import can_read_notice, can_write_notice
from eventsys.notices.queries import Begun, find_begun
from eventsys.notices.queries.checked import reasons_of
from eventsys.notices.queries.history import find_revision, history
from eventsys.notices.queries.pictures import content_of, find_picture, pictures_of
from eventsys.notices.views.differences import of_revision
from eventsys.notices.views.shared import findings_of, told
from eventsys.notices.words import revision_word
from eventsys.rendering.images import LARGEST_FILE, Encoded
from eventsys.rendering.reading import PICTURES
from eventsys.web.access import allowed, current_actor, public
from eventsys.web.pages import render, render_form, render_plain
from eventsys.web.workspace import frame

bp = Blueprint("notice_text", __name__)
BASE = "/workspace/meetings/<int:meeting_id>/notice"
TYPES = {"jpg": "image/jpeg", "png": "image/png"}


@dataclass(frozen=True, slots=True)
class Looked:
    """A saved text of a notice on the desk."""

    work: Begun
    revision: NoticeRevision


def find_looked(meeting_id: int, revision_id: int) -> Looked | None:
    """The desk of a meeting with one of its notice's saved texts."""
    work = find_begun(meeting_id)
    revision = find_revision(work.notice.id, revision_id) if work else None
    return Looked(work, revision) if work and revision else None


def may_look(actor: Any, looked: Looked) -> bool:
    """Whether the actor reads the notice."""
    return can_read_notice(actor, looked.work)


def may_go_back(actor: Any, looked: Looked) -> bool:
    """Whether the actor writes the notice."""
    return can_write_notice(actor, looked.work)


@bp.url_value_preprocessor
def allow_files(endpoint: str | None, _values: Any) -> None:
    """A picture may be larger than any other form; said before anything reads the request."""
    if endpoint == "notice_text.pictures":
        request.max_content_length = LARGEST_FILE + 64 * 1024


@bp.post(f"{BASE}/autosave")
@allowed(can_write_notice, find_begun)
def autosave(work: Begun) -> Response:
    """Save what was typed so far: 200 with the new version, 409 with both texts when somebody else saved."""
    form = NoticeForm()
    text, seen = form.text(), form.seen()
    saved = form.carries_out(
        lambda: save_version(work.version, text, seen, by=current_actor(), kind=RevisionKind.AUTOSAVED)
    )
    if saved:
        version: NoticeVersion = form.result
        at = clock(now(), office_zone())
        return jsonify(version=version.version, message=_("Saved at %(time)s", time=at))
    if form.conflicts or form.form_errors:
        html = render_plain("notices/_conflict.html", conflicts=form.conflicts, path=work.path)
        answer = jsonify(message=" ".join(str(error) for error in form.form_errors), html=html)
        return make_response(answer, 409)
    errors = {name: " ".join(str(error) for error in errors) for name, errors in form.errors.items() if name}
    return make_response(jsonify(message=" ".join(errors.values()), errors=errors), 422)


@bp.get(f"{BASE}/check")
@allowed(can_write_notice, find_begun)
def check(work: Begun) -> str:
    """What the check finds in the saved text, for the page on which it is written."""
    found = told(findings_of(work), reasons_of(work.version.id), work, to_editor=True)
    return render_plain("notices/_found.html", found=found)


@bp.get(f"{BASE}/history")
@allowed(can_read_notice, find_begun)
def past(work: Begun) -> str:
    """Every saved text, the newest first."""
    return render(
        "notices/history.html",
        frame=frame(work.meeting, "notice"),
        work=work,
        saved=history(work.notice.id),
        revision_word=revision_word,
        zone=office_zone(),
        at=now(),
    )


@bp.get(f"{BASE}/history/<int:revision_id>")
@allowed(may_look, find_looked)
def saved(looked: Looked) -> str:
    """One saved text: what changed with it, and how to go back to it."""
    work, revision = looked.work, looked.revision
    return render(
        "notices/revision.html",
        frame=frame(work.meeting, "notice"),
        work=work,
        revision=revision,
        word=revision_word(revision.kind),
        differences=of_revision(revision),
        may_restore=can_write_notice(current_actor(), work)
        and work.version.state is VersionState.DRAFT
        and revision.version_id == work.version.id,
        zone=office_zone(),
        at=now(),
    )


@bp.post(f"{BASE}/history/<int:revision_id>/restore")
@allowed(may_go_back, find_looked)
def go_back(looked: Looked) -> BaseResponse:
    """Make an earlier text the present one."""
    work, revision, form = looked.work, looked.revision, TakeForm()
    if form.carries_out(lambda: restore(work.version, revision, form.seen(), by=current_actor())):
        flash(_("The earlier text is the present one again. What stood there is in the history."))
        return redirect(work.path)
    flash(_("The text has changed meanwhile. Look at the history again."))
    return redirect(f"{work.path}/history")


@bp.route(f"{BASE}/pictures", methods=["GET", "POST"])
@allowed(can_write_notice, find_begun)
def pictures(work: Begun) -> BaseResponse:
    """The notice's pictures; a new one is put beside them. Scripts ask for the answer as JSON."""
    form, as_json = PictureForm(), request.accept_mimetypes.best == "application/json"
    picture: Encoded | None = form.picture()
    if picture and form.carries_out(lambda: add_picture(work.notice, picture, by=current_actor())):
        row = form.result
        address = f"{PICTURES}{row.key}.{row.ending}"
        if as_json:
            return make_response(jsonify(src=address, width=row.width, height=row.height), 201)
        flash(_("The picture is kept. Put it into the text with the editor's picture button."))
        return redirect(f"{work.path}/pictures")
    if as_json:
        errors = [*form.file.errors, *form.form_errors]
        return make_response(jsonify(message=" ".join(str(error) for error in errors)), 422)
    return render_form(
        "notices/pictures.html",
        form,
        frame=frame(work.meeting, "notice"),
        work=work,
        pictures=pictures_of(work.notice.id),
        base=PICTURES,
    )


@bp.get(f"{PICTURES}<name>")
@public
def picture(name: str) -> Response:
    """The bytes of a picture: to anybody once a published text shows it, before that to the office's staff."""
    seen = find_picture(name)
    if seen is None or not (seen.is_public or can_read_meeting(current_actor(), seen.meeting)):
        abort(404)
    answer = make_response(content_of(seen.picture))
    answer.headers["Content-Type"] = TYPES[seen.picture.ending]
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "public, max-age=86400" if seen.is_public else "private, no-store"
    return answer
