"""Opening, concluding and archiving a meeting: acts by staff, the clock only suggests them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response

from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.formats import moment, zone_name
from eventsys.core.language import LazyText
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.meetings.forms import ActForm
from eventsys.meetings.models import Meeting
from eventsys.meetings.operations import archive_meeting, conclude_meeting, start_meeting
from eventsys.meetings.policy import can_change_meeting
from eventsys.meetings.queries import find_meeting
from eventsys.meetings.words import state_tag
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render_form

bp = Blueprint("meeting_acts", __name__)


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its address, its verb, and its words before and after."""

    name: str
    verb: Callable[..., Meeting]
    title: LazyText
    effect: LazyText
    done: LazyText


START = Act(
    "start",
    start_meeting,
    _l("Open the meeting"),
    _l("The meeting is in session from now on. It can no longer be moved or cancelled. Nobody is told."),
    _l("The meeting is in session."),
)
CONCLUDE = Act(
    "conclude",
    conclude_meeting,
    _l("Conclude the meeting"),
    _l(
        "The meeting is over. Its record can still be corrected, and the summary notice can be written. Nobody is told."
    ),
    _l("The meeting is concluded."),
)
ARCHIVE = Act(
    "archive",
    archive_meeting,
    _l("Archive the meeting"),
    _l("The record is closed: facts and agenda stay as they are. Its public page stays."),
    _l("The meeting is archived."),
)


@bp.route("/workspace/meetings/<int:meeting_id>/start", methods=["GET", "POST"])
@allowed(can_change_meeting, find_meeting)
def start(meeting: Meeting) -> Response:
    """Open the meeting."""
    return _carry_out(START, meeting)


@bp.route("/workspace/meetings/<int:meeting_id>/conclude", methods=["GET", "POST"])
@allowed(can_change_meeting, find_meeting)
def conclude(meeting: Meeting) -> Response:
    """Conclude the meeting."""
    return _carry_out(CONCLUDE, meeting)


@bp.route("/workspace/meetings/<int:meeting_id>/archive", methods=["GET", "POST"])
@allowed(can_change_meeting, find_meeting)
def archive(meeting: Meeting) -> Response:
    """Close the record."""
    return _carry_out(ARCHIVE, meeting)


def _carry_out(act: Act, meeting: Meeting) -> Response:
    form, actor = ActForm(), current_actor()
    if form.carries_out(lambda: _verb(act, meeting, actor)):
        flash(str(act.done))
        return redirect(f"/workspace/meetings/{meeting.id}/")
    return render_form("meetings/act.html", form=form, meeting=meeting, act=act, rows=_rows(meeting))


def _verb(act: Act, meeting: Meeting, actor: Actor) -> Meeting:
    return act.verb(meeting, by=actor)


def _rows(meeting: Meeting) -> list[tuple[str, str]]:
    at = now()
    return [
        (_("Meeting"), meeting.title()),
        (_("State"), state_tag(meeting)[0]),
        (_("Starts"), moment(meeting.starts_at, meeting.zone, at)),
        (_("Ends"), moment(meeting.ends_at, meeting.zone, at)),
        (_("Now"), moment(at, meeting.zone, at) + " " + zone_name(meeting.zone, at)),
    ]
