"""The local mailbox: where letters lie, exactly as they would be sent, when no mail server is set up."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, make_response, request

from eventsys.config import Settings
from eventsys.core.clock import now
from eventsys.delivery.policy import can_open_letter, can_open_mailbox
from eventsys.delivery.queries import LOCAL_KEY, Line, Wanted, find_letter, page_of, scope_of_mailbox
from eventsys.delivery.views.shown import row_of, sandboxed
from eventsys.delivery.way import local_mailbox
from eventsys.delivery.words import kind_words, links_in
from eventsys.mail import shown
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render

bp = Blueprint("mailbox", __name__)


@bp.get("/workspace/mailbox/")
@allowed(can_open_mailbox)
def index() -> str:
    """The letters that lie here, newest first."""
    settings, actor, wanted, at = _settings(), current_actor(), Wanted.of(request.args), now()
    page = page_of(scope_of_mailbox(actor), wanted)
    return render(
        "delivery/mailbox.html",
        server=settings.mail.host,
        wanted=wanted,
        rows=[row_of(line, actor, settings.zone, at) for line in page.lines],
        next_query=wanted.query(before=page.next) if page.next else None,
        first_query=wanted.query() if wanted.before else None,
    )


@bp.get("/workspace/mailbox/<int:letter_id>")
@allowed(can_open_letter, find_letter)
def show(line: Line) -> str:
    """One letter: its headers, its text, its HTML, its calendar part."""
    data = _octets(line)
    letter = shown.letter(line.reason, data)
    return render(
        "delivery/posted.html",
        letter_id=line.id,
        kind=kind_words(line.kind),
        letter=letter,
        lang="zh-Hans" if line.language == "zh" else "en",
        headers=data.partition(b"\r\n\r\n")[0].decode("ascii", "replace").replace("\r\n", "\n"),
        links=links_in(letter.text),
        calendar=(letter.calendar or b"").decode("utf-8", "replace").replace("\r\n", "\n"),
    )


@bp.get("/workspace/mailbox/<int:letter_id>/html")
@allowed(can_open_letter, find_letter)
def html(line: Line) -> Response:
    """The letter's HTML for the frame of its page."""
    return sandboxed(shown.letter(line.reason, _octets(line)).html)


@bp.get("/workspace/mailbox/<int:letter_id>.eml")
@allowed(can_open_letter, find_letter)
def eml(line: Line) -> Response:
    """The letter's octets, to be opened in a mail program."""
    answer = make_response(_octets(line))
    answer.headers["Content-Type"] = "message/rfc822"
    answer.headers["Content-Disposition"] = f'attachment; filename="letter-{line.id}.eml"'
    return answer


def _octets(line: Line) -> bytes:
    """The letter as it lies in the mailbox; 404 when it does not."""
    if not line.reason.endswith(LOCAL_KEY):
        abort(404)
    try:
        return local_mailbox(_settings()).read(line.reason)
    except KeyError:
        abort(404)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["eventsys.settings"]
    return settings
