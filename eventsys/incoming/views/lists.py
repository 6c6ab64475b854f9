"""What came back by mail: a meeting's, and all that somebody may see; as pages and as files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, current_app, make_response, request

from eventsys.config import Settings
from eventsys.core.clock import now
from eventsys.core.formats import moment
from eventsys.core.language import gettext as _
from eventsys.incoming.models import EntryState
from eventsys.incoming.policy import can_list_incoming, can_see_incoming
from eventsys.incoming.queries.lists import Line, Scope, Wanted, counts, exported, page_of, scope_of, scope_of_meeting
from eventsys.incoming.queries.waiting import mailbox_state
from eventsys.incoming.reading import mailbox_name
from eventsys.incoming.views.shown import row_of
from eventsys.incoming.words import SAID, STATES, TRUST, answer_words, reason_words
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting
from eventsys.rendering.tables import csv_bytes
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render
from eventsys.web.workspace import frame

bp = Blueprint("incoming", __name__)


@bp.get("/workspace/incoming/")
@allowed(can_list_incoming)
def index() -> str:
    """Everything that this reader may see, what belongs to no meeting with it; the mailbox, for administrators."""
    settings, actor = _settings(), current_actor()
    has_mailbox = bool(settings.mailbox.host)
    return render(
        "incoming/index.html",
        has_mailbox=has_mailbox,
        mailbox=mailbox_state(mailbox_name(settings)) if has_mailbox and actor.is_administrator else None,
        is_administrator=actor.is_administrator,
        zone=settings.zone,
        **_list(scope_of(actor), settings.zone, "/workspace/incoming/"),
    )


@bp.get("/workspace/incoming/list.csv")
@allowed(can_list_incoming)
def as_csv() -> Response:
    """The list as it is filtered."""
    return _file(exported(scope_of(current_actor()), Wanted.of(request.args)), _settings().zone, "incoming.csv")


@bp.get("/workspace/meetings/<int:meeting_id>/incoming")
@allowed(can_see_incoming, find_meeting)
def of_meeting(meeting: Meeting) -> str:
    """What came back by mail about one meeting."""
    return render(
        "incoming/meeting.html",
        frame=frame(meeting, "incoming"),
        meeting=meeting,
        **_list(scope_of_meeting(meeting), meeting.zone, f"/workspace/meetings/{meeting.id}/incoming"),
    )


@bp.get("/workspace/meetings/<int:meeting_id>/incoming.csv")
@allowed(can_see_incoming, find_meeting)
def of_meeting_as_csv(meeting: Meeting) -> Response:
    """The meeting's list as it is filtered."""
    found = exported(scope_of_meeting(meeting), Wanted.of(request.args))
    return _file(found, meeting.zone, f"incoming-{meeting.id}.csv")


def _list(scope: Scope, zone: str, address: str) -> dict[str, Any]:
    wanted, at = Wanted.of(request.args), now()
    page, by_state = page_of(scope, wanted), counts(scope, wanted)
    everything = (_("All"), sum(by_state.values()), "?" + wanted.query(state=None), wanted.state is None, False)
    states = [
        (str(STATES[state][0]), number, "?" + wanted.query(state=state), wanted.state is state, _needs(state))
        for state, number in by_state.items()
    ]
    return {
        "wanted": wanted,
        "rows": [row_of(line, zone, at) for line in page.lines],
        "filters_by_count": [everything, *states],
        "next_query": wanted.query(before=page.next) if page.next else None,
        "first_query": wanted.query() if wanted.before else None,
        "export": f"{address.rstrip('/')}{'/list' if address.endswith('/') else ''}.csv?{wanted.query()}".rstrip("?"),
    }


def _needs(state: EntryState) -> bool:
    return state is EntryState.WAITING


def _file(lines: Iterable[Line], zone: str, name: str) -> Response:
    header = [
        *(_("Came in"), _("Sender"), _("Subject"), _("What it is"), _("About"), _("Answer"), _("Reason or remark")),
        *(_("Certainty"), _("State"), _("Why"), _("Decided by"), _("Meeting")),
    ]
    answer = make_response(csv_bytes(header, (_exported(line, line.zone or zone) for line in lines)))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _exported(line: Line, zone: str) -> list[str]:
    return [
        moment(line.arrived_at, zone),
        line.sender,
        line.subject,
        str(SAID[line.said]),
        line.who or line.address,
        answer_words(line.reply),
        line.comment,
        str(TRUST[line.trust]) if line.trust else "",
        str(STATES[line.state][0]),
        reason_words(line.reason),
        line.handled_by,
        line.meeting_title,
    ]


def _settings() -> Settings:
    settings: Settings = current_app.extensions["eventsys.settings"]
    return settings
