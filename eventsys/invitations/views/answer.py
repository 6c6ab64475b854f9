"""An invitee's pages behind the personal link: GET shows, POST answers; no account, no session, no cookie."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, make_response, redirect, request
from werkzeug.wrappers import Response

from eventsys.agenda.queries import timed_items
from eventsys.calendar.write import single
from eventsys.core.actor import Actor, Channel
from eventsys.core.clock import now
from eventsys.core.language import LANGUAGES, current_language
from eventsys.extensions import csrf
from eventsys.invitations import words
from eventsys.invitations.deadlines import whom_to_call
from eventsys.invitations.forms import answer as forms
from eventsys.invitations.models import Attendee, Reply
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.operations.substitute import name_substitute
from eventsys.invitations.queries.answer import (
    Holder,
    InviteePage,
    LastAnswer,
    PageState,
    find_holder,
    find_page,
    last_answer,
)
from eventsys.meetings.alarms import minutes_of
from eventsys.meetings.calendar import event_of
from eventsys.web.access import by_link
from eventsys.web.pages import render_form

ACCEPTED = "accepted"
FORMS: dict[str, type[forms.LinkForm]] = {
    ACCEPTED: forms.AcceptForm,
    "tentative": forms.TentativeForm,
    "declined": forms.DeclineForm,
    "leave": forms.LeaveForm,
    "substitute": forms.SubstituteForm,
}

bp = Blueprint("answer", __name__)
csrf.exempt(bp)


@bp.get("/r/<token>.ics")
@by_link(find_page)
def calendar(page: InviteePage) -> Response:
    """The meeting as a file for the invitee's own calendar."""
    if page.state in (PageState.WITHDRAWN, PageState.REPLACED):
        abort(404)
    event = event_of(
        page.meeting,
        language=current_language(),
        url="",
        stamp=now(),
        for_participants=True,
        alarms=() if page.state is PageState.CANCELLED else minutes_of(page.meeting.alarms),
    )
    answered = make_response(single(event))
    answered.headers["Content-Type"] = "text/calendar; charset=utf-8; method=PUBLISH"
    answered.headers["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return answered


@bp.get("/r/<token>")
@by_link(find_page)
def show(page: InviteePage) -> Response:
    """The invitation and the answer to it; `?do=` opens one of the rarer answers, or all of them to change one."""
    wanted = request.args.get("do", "")
    if wanted in FORMS and wanted != ACCEPTED and page.may_answer:
        return _form(page, wanted, FORMS[wanted](page.link_id, is_free=page.is_free))
    return _page(page, forms.AcceptForm(page.link_id), change=wanted == "change" and page.may_answer)


@bp.post("/r/<token>")
@by_link(find_holder)
def reply(holder: Holder) -> Response:
    """Write the answer down; a refusal shows what was typed again, and whom to call."""
    wanted = request.form.get("answer", "")
    if wanted not in FORMS:
        abort(400)
    form = FORMS[wanted](holder.link_id, is_free=holder.is_free)
    if form.carries_out(lambda: _carry_out(holder, wanted, form)):
        return redirect(_address(holder.token), 303)
    page = find_page(holder.token)
    if page is None:
        abort(404)
    if wanted == ACCEPTED:
        return _page(page, form, change=page.is_answered and page.may_answer)
    return _form(page, wanted, form)


def _carry_out(holder: Holder, wanted: str, form: forms.LinkForm) -> Attendee:
    by = Actor(label=holder.label, attendee_id=holder.id, channel=Channel.LINK, address=request.remote_addr or "")
    seen = form.seen_sequence
    if isinstance(form, forms.SubstituteForm):
        return name_substitute(holder, form.named, by=by, seen=seen)
    leave = wanted == "leave"
    chosen = Reply.DECLINED if leave else Reply(wanted)
    return answer(holder, chosen, form.comment_text, leave, by=by, seen=seen)


def _page(page: InviteePage, form: forms.LinkForm, *, change: bool = False) -> Response:
    return render_form(
        "invitations/reply.html",
        form,
        agenda=timed_items(page.meeting),
        before=_before(page),
        change=change,
        state=PageState.OPEN if change else page.state,
        **_common(page),
    )


def _form(page: InviteePage, wanted: str, form: forms.LinkForm) -> Response:
    return render_form("invitations/reply_form.html", form, wanted=wanted, **_common(page))


def _common(page: InviteePage) -> dict[str, Any]:
    return {
        "page": page,
        "meeting": page.meeting,
        "now": now(),
        "mark": forms.mark_of(page.link_id),
        "here": _address(page.token),
        "links": _links(page.token),
        "contact": whom_to_call(page.meeting),
        "replies": words.REPLIES,
        "leaves": words.LEAVES,
    }


def _before(page: InviteePage) -> LastAnswer | None:
    """The invitee's last answer, where it was to facts that have changed since."""
    if not page.meeting.sequence:
        return None
    last = last_answer(page.id)
    return last if last is not None and last.sequence < page.meeting.sequence else None


def _address(token: str) -> str:
    """The page's own address, in the language that the reader chose by address."""
    chosen = request.args.get("lang")
    return f"/r/{token}?lang={chosen}" if chosen in LANGUAGES else f"/r/{token}"


def _links(token: str) -> dict[str, str]:
    """The addresses of the rarer answers."""
    chosen = request.args.get("lang")
    tail = f"&lang={chosen}" if chosen in LANGUAGES else ""
    return {wanted: f"/r/{token}?do={wanted}{tail}" for wanted in (*FORMS, "change")}
