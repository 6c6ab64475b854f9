"""All leave requests that wait for whoever is reading, decided one after the other."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, request

from eventsys.core.actor import Role
from eventsys.invitations import words
from eventsys.invitations.policy import can_list_leave
from eventsys.invitations.queries.leave import PAGE, Request, waiting_leave
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render

bp = Blueprint("leave", __name__, url_prefix="/workspace/leave")
LARGEST = 2**31


@bp.get("/")
@allowed(can_list_leave)
def show() -> str:
    """The requests at all meetings, each with its decision."""
    found = waiting_leave(current_actor().paths(Role.ORGANIZER, Role.APPROVER), _after())
    rows, more = found[:PAGE], len(found) > PAGE
    return render("invitations/leave.html", rows=rows, next_page=_next(rows[-1]) if more else None, words=words)


def _next(last: Request) -> str:
    return f"/workspace/leave/?{urlencode({'at': last.starts_at.isoformat(), 'after': last.attendee_id})}"


def _after() -> tuple[datetime, int] | None:
    """After which request the page begins; from the first one for an address that says nothing or nonsense."""
    number = request.args.get("after", 0, type=int)
    try:
        at = datetime.fromisoformat(request.args.get("at", ""))
    except ValueError:
        return None
    return (at, number) if at.tzinfo is not None and 0 < number < LARGEST else None
