"""The tab of a meeting's workspace on which its notice is started, written and looked at."""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, redirect, request
from werkzeug.wrappers import Response

from eventsys.accounts.queries import office_zone
from eventsys.core.clock import now
from eventsys.core.language import LANGUAGES, current_language, use_language
from eventsys.core.language import gettext as _
from eventsys.notices.drafting import first_draft
from eventsys.notices.forms import NoticeForm, StartForm, TakeForm
from eventsys.notices.models import NoticeState, RevisionKind, VersionState
from eventsys.notices.operations import draft_from_record, save_version
from eventsys.notices.operations.writing import HELD
from eventsys.notices.page import page_of
from eventsys.notices.policy import (
    can_approve,
    can_assign,
    can_publish,
    can_read_notice,
    can_return,
    can_write_notice,
    wrote,
)
from eventsys.notices.queries import Begun, Work, find_begun, find_work
from eventsys.notices.queries.checked import reasons_of
from eventsys.notices.queries.lacking import lacking
from eventsys.notices.queries.planned import planned_of
from eventsys.notices.queries.public import preview_row
from eventsys.notices.queries.work import desk_path, last_return, review_events
from eventsys.notices.taking import taken_over
from eventsys.notices.views.shared import Told, findings_of, texts_of, told
from eventsys.notices.words import act_word, state_tag, step_word
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render, render_form
from eventsys.web.workspace import frame

bp = Blueprint("notice_desk", __name__)


@bp.get("/workspace/meetings/<int:meeting_id>/notice")
@allowed(can_read_notice, find_work)
def show(work: Work) -> Response:
    """Where the notice stands, both texts, the review record, and what this person can do next."""
    begun = work.begun
    if begun is None:
        return _empty(work, StartForm())
    actor = current_actor()
    withdrawn = begun.notice.state is NoticeState.WITHDRAWN
    events = review_events(begun.notice.id)
    page = render(
        "notices/desk.html",
        frame=frame(work.meeting, "notice"),
        work=begun,
        version=begun.version,
        state=begun.version.state.value if not withdrawn else "withdrawn",
        notice_tag=state_tag(begun.notice.state, begun.version.state),
        texts=texts_of(begun),
        lacking=lacking(begun.version) if not withdrawn else [],
        found=_told(begun) if not withdrawn else [],
        returned=last_return(events),
        step=begun.step_of(actor.account_id),
        events=events,
        act_word=act_word,
        step_word=step_word,
        may_write=can_write_notice(actor, begun),
        may_approve=can_approve(actor, begun),
        may_return=can_return(actor, begun),
        may_publish=can_publish(actor, begun),
        may_assign=can_assign(actor, begun),
        is_author=wrote(actor, begun),
        planned=planned_of(begun.version),
        start=StartForm(),
        zone=office_zone(),
        at=now(),
    )
    return make_response(page)


@bp.post("/workspace/meetings/<int:meeting_id>/notice/start")
@allowed(can_write_notice, find_work)
def start(work: Work) -> Response:
    """Start the notice with what the record says."""
    form, draft = StartForm(), first_draft(work.meeting)
    if form.carries_out(lambda: draft_from_record(work.meeting, by=current_actor(), draft=draft)):
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
        "notices/edit.html",
        form,
        frame=frame(work.meeting, "notice"),
        work=work,
        returned=last_return(review_events(work.notice.id)),
        found=_told(work),
    )


@bp.post("/workspace/meetings/<int:meeting_id>/notice/take")
@allowed(can_write_notice, find_begun)
def take(work: Begun) -> Response:
    """Take over what the record says by now, one fact or all of them, in place of the words that it said before."""
    form = TakeForm()
    wanted, seen = form.key.data or "", form.seen()
    found = [each for each in findings_of(work) if each.instead and wanted in {each.key, "all"}]
    text, facts = taken_over(work.version, found)
    if found and form.carries_out(
        lambda: save_version(work.version, text, seen, by=current_actor(), kind=RevisionKind.FACTS, facts=facts)
    ):
        flash(_("The text says what the record says now."))
    else:
        flash(_("The text or the record has changed meanwhile. Look at the findings again."))
    return redirect(work.path)


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
        return render("notices/notice.html", notice=page_of(row, office_zone()), preview=links, about=None)


def _told(work: Begun) -> list[Told]:
    to_editor = work.version.state is VersionState.DRAFT and can_write_notice(current_actor(), work)
    return told(findings_of(work), reasons_of(work.version.id), work, to_editor=to_editor)


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
