"""The page of a meeting for readers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, current_app, make_response
from sqlalchemy import Row

from eventsys.agenda.queries import item_rows, timed
from eventsys.core.clock import now
from eventsys.meetings.models import MeetingState
from eventsys.meetings.queries import moved_to
from eventsys.meetings.queries.page import access, page_of, page_row, parts_of_tag
from eventsys.meetings.views.caching import only_for
from eventsys.meetings.words import kind_word
from eventsys.web.access import current_actor, public
from eventsys.web.conditional import not_modified, stamp, tag_of
from eventsys.web.pages import render

bp = Blueprint("meeting_page", __name__)
OVER = frozenset({MeetingState.CONCLUDED, MeetingState.ARCHIVED})


@bp.get("/meetings/<int:meeting_id>")
@public
def show(meeting_id: int) -> Response:
    """A public meeting for anybody, any other for its staff and participants; 304 from one query."""
    actor, row = current_actor(), page_row(meeting_id)
    inside = access(actor, row) if row is not None else None
    if row is None or inside is None:
        abort(404)
    tag = tag_of(*parts_of_tag(row, actor, inside), now().year)
    fresh = not_modified(tag)
    if fresh is not None:
        return only_for(actor, make_response(fresh))
    return only_for(actor, make_response(stamp(make_response(rendered(row, inside)), tag)))


def rendered(row: Row[Any], inside: bool) -> str:
    """The page in the current language, with or without what is for participants only; a draft's as if scheduled."""
    page = page_of(row, inside)
    successor = moved_to(row.id) if row.postponed else None
    shown = successor if successor is not None and (inside or successor.visibility == "public") else None
    return render(
        "meetings/page.html",
        meeting=replace(page, state=MeetingState.SCHEDULED) if page.state is MeetingState.DRAFT else page,
        items=timed(item_rows(row.id), row.starts_at),
        successor=shown,
        notices=notices_of(row.id) if page.state in OVER else [],
        kind_word=kind_word,
        at=now(),
    )


def notices_of(meeting_id: int) -> list[tuple[str, str]]:
    """Title and address of each published notice of the meeting.

    Asked of a callable `(meeting_id) -> [(title, address), …]` that the application may bind as `eventsys.notices_of`:
    notices come after the agenda in the line of domains.
    """
    ask = current_app.extensions.get("eventsys.notices_of")
    return list(ask(meeting_id)) if ask else []
