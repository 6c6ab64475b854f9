"""A liaison's first page: what my organizations owe. Answering is one room further (`answers`)."""

from __future__ import annotations

from flask import Blueprint

from eventsys.core.clock import now
from eventsys.invitations.policy import is_liaison
from eventsys.invitations.queries.portal import owed_meetings, past_meetings
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render

bp = Blueprint("portal", __name__, url_prefix="/portal")


@bp.get("/")
@allowed(is_liaison)
def home() -> str:
    """What my organizations owe, and where they were."""
    at, ids = now(), current_actor().liaison_for
    coming = owed_meetings(ids, at)
    return render("invitations/portal.html", coming=coming, past=past_meetings(ids, at), now=at)
