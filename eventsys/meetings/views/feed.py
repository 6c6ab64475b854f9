"""The public calendar: one feed of all public meetings, and one file for each meeting."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, make_response
from sqlalchemy import Row

from eventsys.calendar.feed import to_keep
from eventsys.calendar.write import publish, single, single_prepared
from eventsys.core.clock import now
from eventsys.core.language import HTML_LANG, choose
from eventsys.core.language import gettext as _
from eventsys.meetings.alarms import minutes_of
from eventsys.meetings.calendar import event_of
from eventsys.meetings.models import MeetingState
from eventsys.meetings.queries import find_meeting
from eventsys.meetings.queries.feed import feed_state, feed_texts, first_moment
from eventsys.meetings.queries.page import access, page_row, parts_of_tag
from eventsys.meetings.views.caching import only_for
from eventsys.web.access import current_actor, public
from eventsys.web.conditional import not_modified, settled, stamp, tag_of

bp = Blueprint("calendar", __name__)
REFRESH = timedelta(hours=4)
COLOR = "firebrick"


@bp.get("/calendar.ics")
@public
def feed() -> Response:
    """All public meetings of the last year and to come, as prepared texts (RFC 5545, RFC 7986)."""
    state, since = feed_state(), first_moment(now())
    modified = settled(max(state.modified, since) if state.modified else since)
    tag = tag_of("calendar", state.meetings, state.offices, since)
    fresh = not_modified(tag, modified)
    if fresh is not None:
        return make_response(fresh)
    texts, site = feed_texts(since, g.language), current_app.extensions["eventsys.site"]()
    data = publish(
        ["".join([text for text, _zone in texts]).encode()],
        name=_("%(office)s: public meetings", office=choose(site.name_zh, site.name_en)),
        zones={zone for _text, zone in texts},
        language=HTML_LANG[g.language],
        source_url=f"{current_app.extensions['eventsys.settings'].public_url}/calendar.ics?lang={g.language}",
        refresh=REFRESH,
        color=COLOR,
    )
    return make_response(stamp(_calendar(data, "calendar.ics"), tag, modified))


@bp.get("/meetings/<int:meeting_id>.ics")
@public
def one(meeting_id: int) -> Response:
    """One meeting as a file for a calendar; with the online link for those who may know it."""
    row, actor = page_row(meeting_id, g.language), current_actor()
    inside = access(actor, row) if row is not None else None
    if row is None or inside is None:
        abort(404)
    tag = tag_of("ics", *parts_of_tag(row, actor, inside))
    fresh = not_modified(tag, row.modified_at)
    if fresh is not None:
        return only_for(actor, make_response(fresh))
    data = _inside_file(meeting_id) if inside else _file(row)
    answer = stamp(_calendar(data, f"meeting-{meeting_id}.ics"), tag, row.modified_at)
    return only_for(actor, make_response(answer))


def _file(row: Row[Any]) -> bytes:
    """What the public may know, from the prepared text; a cancelled meeting reminds nobody."""
    alarms = () if row.state is MeetingState.CANCELLED else minutes_of(row.alarms)
    return single_prepared(
        to_keep(row.calendar).encode(), zone=row.zone, summary=choose(row.title_zh, row.title_en), alarms=alarms
    )


def _inside_file(meeting_id: int) -> bytes:
    """With the online link, contact and notes, for those who may know them."""
    meeting = find_meeting(meeting_id)
    if meeting is None:
        abort(404)
    alarms = () if meeting.state is MeetingState.CANCELLED else minutes_of(meeting.alarms)
    return single(event_of(meeting, language=g.language, for_participants=True, alarms=alarms))


def _calendar(data: bytes, name: str) -> Response:
    answer = make_response(data)
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
