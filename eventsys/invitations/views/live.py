"""Whether the page of answers is still what it was: asked every few seconds, so it costs one query and no rendering."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, make_response, request, session

from eventsys.accounts.sign_in import SECRET
from eventsys.invitations.queries.changes import changes
from eventsys.web.access import by_link
from eventsys.web.conditional import tag_of

bp = Blueprint("live", __name__, url_prefix="/workspace/meetings/<int:meeting_id>/invitations")


@dataclass(frozen=True, slots=True)
class Now:
    """The tag of a meeting's answers as they are."""

    tag: str


def tag_of_answers(meeting_id: int) -> str:
    """Changes whenever something changes that the page of answers may show; one query."""
    return tag_of("answers", meeting_id, *(changes(meeting_id) or ()))


def mark_of_page(meeting_id: int) -> str:
    """What the page carries for the browser in which it was opened: it may ask whether something changed, no more.

    It stands for the guard, which costs three queries, and does not count as use: a page left open lets the sign-in
    lapse. Made from the secret in the browser's own cookie, it opens nothing in another, and nothing after signing out.
    """
    key: str = current_app.extensions["eventsys.settings"].secret_keys[0]
    words = f"answers:{meeting_id}:{session.get(SECRET, '')}"
    return hmac.new(key.encode(), words.encode(), hashlib.sha256).hexdigest()[:32]


def find_now(meeting_id: int) -> Now | None:
    """The tag, for a browser that brings the page's mark."""
    mark = request.args.get("mark", "")
    if not mark.isascii() or not hmac.compare_digest(mark, mark_of_page(meeting_id)):
        return None
    return Now(tag_of_answers(meeting_id))


@bp.get("/changes")
@by_link(find_now)
def show(now: Now) -> Response:
    """204 while the page is what it was (`seen` is its tag), else the new tag."""
    answer = make_response(now.tag) if request.args.get("seen") != now.tag else make_response(b"", 204)
    answer.mimetype = "text/plain"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
