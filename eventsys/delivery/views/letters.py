"""Letters and what became of them: a meeting's, all that somebody may see, one."""

from __future__ import annotations

import logging
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from eventsys.config import Settings
from eventsys.core.clock import now
from eventsys.core.language import LANGUAGES as CODES
from eventsys.core.language import gettext as _
from eventsys.core.language import ngettext
from eventsys.core.letters import Rendered
from eventsys.core.outbox import LetterState
from eventsys.core.sending import pause_now
from eventsys.delivery.forms import AgainForm
from eventsys.delivery.making import words_of
from eventsys.delivery.operations import send_again, send_all_again
from eventsys.delivery.policy import (
    can_keep_sending,
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
    TROUBLE,
    Line,
    Scope,
    Wanted,
    all_of,
    counts,
    facts_of,
    find_letter,
    number_in_trouble,
    page_of,
    queue_state,
    scope_of,
    scope_of_meeting,
    steps_of,
)
from eventsys.delivery.views.files import EXPORTS, table_file
from eventsys.delivery.views.shown import Row, row_of, sandboxed, story_of
from eventsys.delivery.words import LANGUAGES, STATES, calendar_words, kind_words, without_keys
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render, render_form
from eventsys.web.workspace import frame

log = logging.getLogger("eventsys.delivery")
bp = Blueprint("letters", __name__)

Filter = tuple[str, int, str, bool, bool]


@bp.get("/workspace/meetings/<int:meeting_id>/letters")
@allowed(can_see_letters, find_meeting)
def of_meeting(meeting: Meeting) -> str:
    """Every letter of a meeting, beside the answer of whom it went to."""
    may_send = can_send_all_again(current_actor(), meeting)
    wanted, scope = Wanted.of(request.args), scope_of_meeting(meeting, with_address=may_send)
    by_state, trouble = counts(scope, wanted), number_in_trouble(scope, wanted)
    total = (_("All"), sum(by_state.values()), "?" + wanted.query(state=""), not wanted.state, False)
    return render(
        "delivery/meeting.html",
        frame=frame(meeting, "letters"),
        meeting=meeting,
        trouble=trouble,
        may_send=may_send,
        filters_by_count=[total, _trouble(wanted, trouble, mine=may_send), *_filters(wanted, by_state)],
        exports=[(kind, f"/workspace/meetings/{meeting.id}/letters.{kind}?{wanted.query()}") for kind in EXPORTS],
        **_list(scope, wanted, meeting.zone),
    )


@bp.get("/workspace/meetings/<int:meeting_id>/letters.csv")
@allowed(can_see_letters, find_meeting)
def as_csv(meeting: Meeting) -> Response:
    """The same list, whole, as text."""
    return table_file("csv", _whole(meeting), f"letters-{meeting.id}")


@bp.get("/workspace/meetings/<int:meeting_id>/letters.xlsx")
@allowed(can_see_letters, find_meeting)
def as_xlsx(meeting: Meeting) -> Response:
    """The same list, whole, as a workbook."""
    return table_file("xlsx", _whole(meeting), f"letters-{meeting.id}")


@bp.post("/workspace/meetings/<int:meeting_id>/letters/again")
@allowed(can_send_all_again, find_meeting)
def all_again(meeting: Meeting) -> BaseResponse:
    """Queue all letters of a meeting once more that did not arrive."""
    form = AgainForm()
    if form.carries_out(lambda: send_all_again(meeting.id, by=current_actor())):
        flash(ngettext("%(num)s letter is queued again.", "%(num)s letters are queued again.", form.result))
    return redirect(f"/workspace/meetings/{meeting.id}/letters")


@bp.get("/workspace/letters/")
@allowed(can_list_letters)
def index() -> str:
    """All letters that this reader may see; the queue, for administrators."""
    actor, wanted = current_actor(), Wanted.of(request.args)
    scope, settings = scope_of(actor), _settings()
    trouble = number_in_trouble(scope, wanted)
    return render(
        "delivery/index.html",
        queue=queue_state() if actor.is_administrator else None,
        keeps_sending=can_keep_sending(actor),
        has_mailbox=not settings.mail.host and can_open_mailbox(actor),
        filters_by_count=[
            _trouble(wanted, trouble, mine=can_open_mailbox(actor)),
            *_filters(wanted, counts(scope, wanted, COUNTED)),
        ],
        uncounted=[
            (str(STATES[state][0]), "?" + wanted.query(state=state), wanted.state == state)
            for state in STATES
            if state not in COUNTED
        ],
        **_list(scope, wanted, settings.zone),
    )


@bp.get("/workspace/letters/<int:letter_id>")
@allowed(can_read_letter, find_letter)
def show(line: Line) -> BaseResponse:
    """One letter: its life, its words in either language, and sending it again."""
    return _page(line, AgainForm())


@bp.get("/workspace/letters/<int:letter_id>/words")
@allowed(can_read_letter, find_letter)
def words(line: Line) -> Response:
    """The letter's HTML for the frame of its page."""
    found = _words(line, _language(line))
    return sandboxed(found.html) if found else abort(404)


@bp.post("/workspace/letters/<int:letter_id>/again")
@allowed(can_send_again, find_letter)
def again(line: Line) -> BaseResponse:
    """Queue a letter once more that did not arrive."""
    form = AgainForm()
    if form.carries_out(lambda: send_again(line.id, by=current_actor())):
        flash(_("The letter to %(name)s is queued again.", name=line.recipient))
        return redirect(f"/workspace/letters/{line.id}")
    return _page(line, form)


def _page(line: Line, form: AgainForm) -> BaseResponse:
    actor, zone, at, language = current_actor(), _settings().zone, now(), _language(line)
    with_address, found = can_see_address(actor, line), _words(line, language)
    return render_form(
        "delivery/letter.html",
        form,
        row=row_of(line, actor, zone, at),
        in_language=_named(line.language),
        languages=[(_named(code), f"?in={code}", code == language) for code in CODES],
        shown_as_sent=language == line.language,
        words_address=f"/workspace/letters/{line.id}/words" + (f"?in={language}" if language != line.language else ""),
        lang="zh-Hans" if language == "zh" else "en",
        kind=kind_words(line.kind),
        story=story_of(
            line,
            steps_of(line.id),
            zone,
            at,
            with_address=with_address,
            is_mine=can_send_again(actor, line),
        ),
        words=found,
        calendar=calendar_words(found) if found else "",
        message_id=line.message_id if with_address else None,
        pause=pause_now(),
        zone=zone,
        attempts=line.attempts,
        person=f"/workspace/meetings/{line.meeting_id}/attendees/{line.attendee_id}" if line.attendee_id else None,
        of_meeting=can_see_beside(actor, line),
    )


def _words(line: Line, language: str) -> Rendered | None:
    """What the letter says, without personal links; None when it cannot be made."""
    common, facts = facts_of(line.id)
    try:
        return without_keys(words_of(line.kind, common, facts, language))
    except Exception:
        log.exception("letter %s cannot be shown", line.id)
        return None


def _language(line: Line) -> str:
    """The language that was asked for, else the letter's own."""
    asked = request.args.get("in", "")
    return asked if asked in CODES else line.language


def _named(language: str) -> str:
    return str(LANGUAGES.get(language, language))


def _list(scope: Scope, wanted: Wanted, zone: str) -> dict[str, Any]:
    actor, at, page = current_actor(), now(), page_of(scope, wanted)
    return {
        "wanted": wanted,
        "rows": [row_of(line, actor, zone, at) for line in page.lines],
        "next_query": wanted.query(before=page.next) if page.next else None,
        "first_query": wanted.query() if wanted.before else None,
        "pause": pause_now(),
        "zone": zone,
    }


def _whole(meeting: Meeting) -> list[Row]:
    actor, at = current_actor(), now()
    scope = scope_of_meeting(meeting, with_address=can_send_all_again(actor, meeting))
    return [row_of(line, actor, meeting.zone, at) for line in all_of(scope, Wanted.of(request.args))]


def _trouble(wanted: Wanted, number: int, *, mine: bool) -> Filter:
    """The filter of what did not arrive and waits for somebody."""
    return _("Need attention"), number, "?" + wanted.query(state=TROUBLE), wanted.state == TROUBLE, mine


def _filters(wanted: Wanted, by_state: dict[LetterState, int]) -> list[Filter]:
    """The counts as filters: text, number, address, whether it is the current one, whether it needs this reader."""
    return [
        (str(STATES[state][0]), number, "?" + wanted.query(state=state), wanted.state == state, False)
        for state, number in by_state.items()
    ]


def _settings() -> Settings:
    settings: Settings = current_app.extensions["eventsys.settings"]
    return settings
