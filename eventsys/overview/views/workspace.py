"""Home, which answers what needs me now, and the overview of one meeting."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from eventsys.accounts.queries import office_zone
from eventsys.core.clock import now, today
from eventsys.core.formats import day_full
from eventsys.directory.policy import can_read_directory
from eventsys.directory.queries import people_search
from eventsys.invitations.queries.held import editing, in_short
from eventsys.invitations.views.held import panel
from eventsys.meetings.models import Meeting
from eventsys.meetings.policy import can_convene, can_read_meeting
from eventsys.meetings.queries import find_meeting
from eventsys.notices.queries import search as archive
from eventsys.overview.acts import acts_of
from eventsys.overview.coming import coming_meetings, is_staff
from eventsys.overview.meeting import latest_events, life_line
from eventsys.overview.needs import needs_of, needs_of_meeting
from eventsys.overview.queries import search_meetings
from eventsys.overview.replies import reply_picture
from eventsys.web.access import allowed, current_actor, signed_in
from eventsys.web.pages import render
from eventsys.web.workspace import frame

bp = Blueprint("workspace", __name__)
ZONE = "Asia/Shanghai"


@bp.get("/workspace/")
@signed_in
def home() -> str | Response:
    """What needs this person now, and the meetings that come."""
    actor = current_actor()
    if not is_staff(actor):
        return redirect("/portal/" if actor.liaison_for else "/checkin/")
    return render(
        "overview/workspace_home.html",
        today=day_full(now(), ZONE),
        needs=needs_of(actor),
        coming=coming_meetings(actor, today(ZONE)),
        may_convene=can_convene(actor),
    )


@bp.get("/workspace/search")
@signed_in
def search() -> str | Response:
    """Meetings of one's offices, people and notices; whoever has no working pages searches as a reader."""
    actor = current_actor()
    asked = request.args.get("q", "").strip()[:100]
    if not is_staff(actor):
        return redirect(f"/search?{urlencode({'q': asked})}")
    return render(
        "overview/workspace_search.html",
        asked=asked,
        meetings=search_meetings(asked, actor),
        people=people_search(asked) if asked and can_read_directory(actor) else [],
        notices=archive.page(archive.Wanted(q=asked), office_zone(), {}).lines,
        zone=office_zone(),
    )


@bp.get("/workspace/meetings/<int:meeting_id>/")
@allowed(can_read_meeting, find_meeting)
def meeting(meeting: Meeting) -> str:
    """Where the meeting stands: its stages, the replies as picture and table, what needs me, the latest events."""
    picture, found = reply_picture(meeting), editing(meeting)
    held = in_short(found.held)
    around = frame(meeting, "overview", picture.counts, held)
    return render(
        "overview/meeting.html",
        frame=around,
        meeting=meeting,
        stages=life_line(meeting),
        picture=picture,
        needs=needs_of_meeting(current_actor(), meeting, picture.counts, held, around.mail),
        events=latest_events(meeting),
        acts=acts_of(current_actor(), meeting),
        held=panel(found),
    )
