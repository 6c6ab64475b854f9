"""Letters and what became of them: a meeting's, all that somebody may see, one."""

from __future__ import annotations

import logging
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from eventsys.config import Settings
from eventsys.core.clock import now
from eventsys.core.language import gettext as _
from eventsys.core.language import ngettext
from eventsys.core.letters import Rendered
from eventsys.core.outbox import LetterState
from eventsys.delivery.forms import AgainForm
from eventsys.delivery.operations import send_again, send_all_again
from eventsys.delivery.policy import (
    can_list_letters,
    can_open_mailbox,
    can_read_letter,
    can_see_address,
    can_see_beside,
    can_see_letters,
    can_send_again,
    can_send_all_again,
)
from eventsys.delivery.queries import (
    COUNTED,
    Line,
    Scope,
    Wanted,
    counts,
    facts_of,
    find_letter,
    page_of,
    queue_state,
    scope_of,
    scope_of_meeting,
)
from eventsys.delivery.sending import words_of
from eventsys.delivery.views.shown import row_of, sandboxed, story_of
from eventsys.delivery.words import LANGUAGES, STATES, kind_words, without_keys
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render, render_form
from eventsys.web.workspace import frame

log = logging.getLogger("eventsys.delivery")
bp = Blueprint("letters", __name__)


@bp.get("/workspace/meetings/<int:meeting_id>/letters")
@allowed(can_see_letters, find_meeting)
def of_meeting(meeting: Meeting) -> str:
    """Every letter of a meeting."""
    may_send = can_send_all_again(current_actor(), meeting)
    wanted, scope = Wanted.of(request.args), scope_of_meeting(meeting, with_address=may_send)
    by_state = counts(scope, wanted)
    return render(
        "delivery/meeting.html",
        frame=frame(meeting, "letters"),
        meeting=meeting,
        failed=by_state[LetterState.FAILED],
        may_send=may_send,
        filters_by_count=_with_all(_filters(wanted, by_state, mine=may_send), wanted, sum(by_state.values())),
        **_list(scope, wanted, meeting.zone),
    )


@bp.post("/workspace/meetings/<int:meeting_id>/letters/again")
@allowed(can_send_all_again, find_meeting)
def all_again(meeting: Meeting) -> BaseResponse:
    """Queue all failed letters of a meeting once more."""
    form = AgainForm()
    if form.carries_out(lambda: send_all_again(meeting.id, by=current_actor())):
        flash(ngettext("%(num)s letter is queued again.", "%(num)s letters are queued again.", form.result))
    return redirect(f"/workspace/meetings/{meeting.id}/letters")


@bp.get("/workspace/letters/")
@allowed(can_list_letters)
def index() -> str:
    """All letters that this reader may see; the queue, for administrators."""
    actor, wanted = current_actor(), Wanted.of(request.args)
    scope = scope_of(actor)
    settings = _settings()
    return render(
        "delivery/index.html",
        queue=queue_state() if actor.is_administrator else None,
        has_mailbox=not settings.mail.host and can_open_mailbox(actor),
        filters_by_count=_filters(wanted, counts(scope, wanted, COUNTED), mine=can_open_mailbox(actor)),
        uncounted=[
            (str(STATES[state][0]), "?" + wanted.query(state=state), wanted.state is state)
            for state in STATES
            if state not in COUNTED
        ],
        **_list(scope, wanted, settings.zone),
    )


@bp.get("/workspace/letters/<int:letter_id>")
@allowed(can_read_letter, find_letter)
def show(line: Line) -> BaseResponse:
    """One letter: its life, its words, and sending it again."""
    return _page(line, AgainForm())


@bp.get("/workspace/letters/<int:letter_id>/words")
@allowed(can_read_letter, find_letter)
def words(line: Line) -> Response:
    """The letter's HTML for the frame of its page."""
    found = _words(line)
    return sandboxed(found.html) if found else abort(404)


@bp.post("/workspace/letters/<int:letter_id>/again")
@allowed(can_send_again, find_letter)
def again(line: Line) -> BaseResponse:
    """Queue a failed letter once more."""
    form = AgainForm()
    if form.carries_out(lambda: send_again(line.id, by=current_actor())):
        flash(_("The letter to %(name)s is queued again.", name=line.recipient))
        return redirect(f"/workspace/letters/{line.id}")
    return _page(line, form)


def _page(line: Line, form: AgainForm) -> BaseResponse:
    actor, zone, at = current_actor(), _settings().zone, now()
    with_address = can_see_address(actor, line)
    return render_form(
        "delivery/letter.html",
        form,
        row=row_of(line, actor, zone, at),
        in_language=str(LANGUAGES.get(line.language, line.language)),
        lang="zh-Hans" if line.language == "zh" else "en",
        kind=kind_words(line.kind),
        story=story_of(line, zone, at, with_address=with_address, is_mine=can_send_again(actor, line)),
        words=_words(line),
        attempts=line.attempts,
        person=f"/workspace/meetings/{line.meeting_id}/attendees/{line.attendee_id}" if line.attendee_id else None,
        of_meeting=can_see_beside(actor, line),
    )


def _words(line: Line) -> Rendered | None:
    """What the letter says, without personal links; None when it cannot be made."""
    common, facts = facts_of(line.id)
    try:
        return without_keys(words_of(line.kind, common, facts, line.language))
    except Exception:
        log.exception("letter %s cannot be shown", line.id)
        return None


def _list(scope: Scope, wanted: Wanted, zone: str) -> dict[str, Any]:
    actor, at, page = current_actor(), now(), page_of(scope, wanted)
    return {
        "wanted": wanted,
        "rows": [row_of(line, actor, zone, at) for line in page.lines],
        "next_query": wanted.query(before=page.next) if page.next else None,
        "first_query": wanted.query() if wanted.before else None,
        "zone": zone,
    }


def _filters(wanted: Wanted, by_state: dict[LetterState, int], *, mine: bool) -> list[tuple[str, int, str, bool, bool]]:
    """The counts as filters: text, number, address, whether it is the current one, whether it needs this reader."""
    return [
        (
            str(STATES[state][0]),
            number,
            "?" + wanted.query(state=state),
            wanted.state is state,
            mine and state is LetterState.FAILED,
        )
        for state, number in by_state.items()
    ]


def _with_all(
    filters: list[tuple[str, int, str, bool, bool]], wanted: Wanted, total: int
) -> list[tuple[str, int, str, bool, bool]]:
    return [(_("All"), total, "?" + wanted.query(state=None), wanted.state is None, False), *filters]


def _settings() -> Settings:
    settings: Settings = current_app.extensions["eventsys.settings"]
    return settings
