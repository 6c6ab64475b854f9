"""The tab of a meeting's workspace on which its notice is started, written and looked at."""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, redirect, request
from werkzeug.wrappers import Response

from eventsys.accounts.queries import office_zone
from eventsys.core.clock import now
from eventsys.core.language import LANGUAGES, current_language, use_language
from eventsys.core.language import gettext as _
from eventsys.notices.forms import NoticeForm, StartForm
from eventsys.notices.models import NoticeState, VersionState
from eventsys.notices.operations import draft_from_record, save_version
from eventsys.notices.operations.writing import HELD
from eventsys.notices.page import page_of
from eventsys.notices.policy import can_approve, can_publish, can_read_notice, can_return, can_write_notice, wrote
from eventsys.notices.queries import Begun, Work, find_begun, find_work
from eventsys.notices.queries.lacking import lacking
from eventsys.notices.queries.public import preview_row
from eventsys.notices.queries.record import draft_text
from eventsys.notices.queries.work import desk_path, earlier_notices, last_return, review_events
from eventsys.notices.views.shared import texts_of, warnings_of
from eventsys.notices.words import act_word, state_tag
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render, render_form
from eventsys.web.workspace import frame

bp = Blueprint("notice_desk", __name__)


@bp.get("/workspace/meetings/<int:meeting_id>/notice")
@allowed(can_read_notice, find_work)
def show(work: Work) -> Response:
    """Where the notice stands, both texts, the review record, and what this person can do next."""
    begun = _begun(work)
    if begun is None:
        return _empty(work, StartForm())
    actor = current_actor()
    withdrawn = begun.notice.state is NoticeState.WITHDRAWN
    page = render(
        "notices/desk.html",
        frame=frame(work.meeting, "notice"),
        work=begun,
        version=begun.version,
        state=begun.version.state.value if not withdrawn else "withdrawn",
        notice_tag=state_tag(begun.notice.state, begun.version.state),
        texts=texts_of(begun),
        lacking=lacking(begun.version) if not withdrawn else [],
        warnings=warnings_of(begun) if not withdrawn else [],
        returned=last_return(begun.notice.id),
        events=review_events(begun.notice.id),
        earlier=earlier_notices(work.meeting.id, begun.notice.id),
        act_word=act_word,
        may_write=can_write_notice(actor, begun),
        may_approve=can_approve(actor, begun),
        may_return=can_return(actor, begun),
        may_publish=can_publish(actor, begun),
        is_author=wrote(actor, begun),
        start=StartForm(),
        zone=office_zone(),
        at=now(),
    )
    return make_response(page)


@bp.post("/workspace/meetings/<int:meeting_id>/notice/start")
@allowed(can_write_notice, find_work)
def start(work: Work) -> Response:
    """Start the notice with what the record says."""
    form, text = StartForm(), draft_text(work.meeting)
    if form.carries_out(lambda: draft_from_record(work.meeting, by=current_actor(), text=text)):
        flash(_("The first draft stands. It holds only what the record knows; read it and write the rest."))
        return redirect(f"{desk_path(work.meeting.id)}/edit")
    return _empty(work, form)


@bp.route("/workspace/meetings/<int:meeting_id>/notice/edit", methods=["GET", "POST"])
@allowed(can_write_notice, find_begun)
def edit(work: Begun) -> Response:
    """Write the text in both languages."""
    if request.method == "GET" and work.version.state is not VersionState.DRAFT:
        return redirect(work.path)
    form = NoticeForm(obj=work.version)
    text, seen = form.text(), form.seen()
    if form.carries_out(lambda: save_version(work.version, text, seen, by=current_actor())):
        flash(_("The text is saved."))
        return redirect(work.path)
    return render_form(
        "notices/edit.html", form, frame=frame(work.meeting, "notice"), work=work, returned=last_return(work.notice.id)
    )


@bp.get("/workspace/meetings/<int:meeting_id>/notice/preview")
@allowed(can_read_notice, find_begun)
def preview(work: Begun) -> str:
    """The version as the public will see it, in either language (`?in=`), whatever the workspace's own is."""
    language = request.args.get("in", current_language())
    if language not in LANGUAGES:
        abort(404)
    row = preview_row(work.version.id, language)
    if row is None:
        abort(404)
    other = "en" if language == "zh" else "zh"
    with use_language(language):
        links = (work.path, f"{work.path}/preview?in={other}")
        return render("notices/notice.html", notice=page_of(row, office_zone()), preview=links)


def _begun(work: Work) -> Begun | None:
    if work.notice is None or work.version is None:
        return None
    return Begun(work.meeting, work.notice, work.version, work.authors)


def _empty(work: Work, form: StartForm) -> Response:
    return render_form(
        "notices/start.html",
        form,
        frame=frame(work.meeting, "notice"),
        meeting=work.meeting,
        may_write=can_write_notice(current_actor(), work),
        can_start=work.meeting.state in HELD,
        action=f"{desk_path(work.meeting.id)}/start",
    )
