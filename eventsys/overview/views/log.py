"""What was done about one meeting, for those who answer for it."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from eventsys.accounts import audit_words
from eventsys.accounts.audit_file import log_file
from eventsys.accounts.queries.audit import AuditFilters, account_names, audit_page
from eventsys.core.clock import now
from eventsys.directory.fields import number_of
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting
from eventsys.overview.policy import can_read_log
from eventsys.web.access import allowed
from eventsys.web.pages import render
from eventsys.web.workspace import frame

bp = Blueprint("log", __name__)


@bp.get("/workspace/meetings/<int:meeting_id>/log")
@allowed(can_read_log, find_meeting)
def index(meeting: Meeting) -> str:
    """The meeting's entries in the audit log, the newest first."""
    below, above = (number_of(request.args.get(name)) for name in ("below", "above"))
    page = audit_page(_of(meeting), meeting.zone, below=below, above=above)
    base = f"/workspace/meetings/{meeting.id}/log"
    return render(
        "overview/log.html",
        meeting=meeting,
        frame=frame(meeting, "overview"),
        entries=page.entries,
        words=audit_words,
        names=account_names([entry.account_id for entry in page.entries if entry.account_id]),
        now=now(),
        base=base,
        newer=f"{base}?above={page.newer}" if page.newer else None,
        older=f"{base}?below={page.older}" if page.older else None,
    )


@bp.get("/workspace/meetings/<int:meeting_id>/log.csv")
@bp.get("/workspace/meetings/<int:meeting_id>/log.xlsx")
@allowed(can_read_log, find_meeting)
def export(meeting: Meeting) -> Response:
    """The same as a file."""
    ending = request.path.rpartition(".")[2]
    return log_file(ending, _of(meeting), meeting.zone, addresses=False)


def _of(meeting: Meeting) -> AuditFilters:
    return AuditFilters(meeting=meeting.id)
