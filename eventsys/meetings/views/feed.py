"""The public calendar: one feed of all public meetings, and one file for each meeting."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, abort, current_app, g, make_response

from eventsys.calendar.write import publish, single
from eventsys.core.clock import now
from eventsys.core.language import HTML_LANG
from eventsys.core.language import gettext as _
from eventsys.meetings.calendar import event_of
from eventsys.meetings.queries import find_meeting
from eventsys.meetings.queries.feed import feed_state, feed_texts, first_moment
from eventsys.meetings.queries.page import access, page_row, parts_of_tag
from eventsys.meetings.views.caching import only_for
from eventsys.web.access import current_actor, public
from eventsys.web.conditional import not_modified, stamp, tag_of

bp = Blueprint("calendar", __name__)
REFRESH = timedelta(hours=4)


@bp.get("/calendar.ics")
@public
def feed() -> Response:
    """All public meetings of the last year and to come, as prepared texts (RFC 5545, RFC 7986)."""
    state, since = feed_state(), first_moment(now())
    modified = max(state.modified, since) if state.modified else since
    tag = tag_of("calendar", state.meetings, state.offices, since)
    fresh = not_modified(tag, modified)
    if fresh is not None:
        return make_response(fresh)
    texts = feed_texts(since, g.language)
    data = publish(
        (text.encode() for text, _zone in texts),
        name=_("Public meetings"),
        zones={zone for _text, zone in texts},
        language=HTML_LANG[g.language],
        source_url=f"{current_app.extensions['eventsys.settings'].public_url}/calendar.ics?lang={g.language}",
        refresh=REFRESH,
    )
    return make_response(stamp(_calendar(data, "calendar.ics"), tag, modified))


@bp.get("/meetings/<int:meeting_id>.ics")
@public
def one(meeting_id: int) -> Response:
    """One meeting as a file for a calendar; with the online link for those who may know it."""
    row, actor = page_row(meeting_id), current_actor()
    inside = access(actor, row) if row is not None else None
    if row is None or inside is None:
        abort(404)
    tag = tag_of("ics", *parts_of_tag(row, actor, inside))
    fresh = not_modified(tag, row.modified_at)
    if fresh is not None:
        return only_for(actor, make_response(fresh))
    meeting = find_meeting(meeting_id)
    if meeting is None:
        abort(404)
    event = event_of(meeting, language=g.language, for_participants=inside, alarms=(60,))
    answer = stamp(_calendar(single(event), f"meeting-{meeting_id}.ics"), tag, row.modified_at)
    return only_for(actor, make_response(answer))


def _calendar(data: bytes, name: str) -> Response:
    answer = make_response(data)
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
