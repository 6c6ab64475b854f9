"""The calendars themselves, as calendar programmes fetch them: no account, no cookie; the address is the key.

Whoever holds nothing gets the same 404, whether an address never was, was revoked, or ended with what it rested on.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, g, make_response, request
from werkzeug.wrappers import Response

from eventsys.calendar.write import publish
from eventsys.core.clock import now
from eventsys.core.columns import stamped
from eventsys.core.language import HTML_LANG, LANGUAGES, set_language
from eventsys.core.language import gettext as _
from eventsys.feeds import limits, own, places, used
from eventsys.feeds.queries.fetch import Fetched, find_fetched
from eventsys.feeds.queries.meetings import State
from eventsys.web.access import by_link
from eventsys.web.conditional import not_modified, settled, stamp, tag_of

bp = Blueprint("subscribed", __name__)
REFRESH = timedelta(hours=1)
MAX_AGE = 300
OWN_COLOR, ORGANIZATIONS_COLOR = "mediumblue", "darkcyan"


def find(token: str) -> Fetched | None:
    """The calendar of an address; counts failures of a network address and the fetches of a calendar."""
    limits.admit_stranger()
    asks = "If-None-Match" in request.headers or "If-Modified-Since" in request.headers
    found = find_fetched(token, now(), with_state=asks)
    if found is None:
        limits.failed()
    else:
        limits.admit(found.id)
    return found


@bp.get("/calendar/<token>.ics")
@by_link(find)
def calendar(found: Fetched) -> Response:
    """A person's own calendar, or an organization's, in the holder's language unless the address names one."""
    g.language, g.language_is_of_address = _language(found), True
    set_language(g.language)
    used.note(found)
    answer = not_modified(*_validators(found, found.state)) if found.state is not None else None
    return _closed(make_response(answer) if answer is not None else _whole(found))


def _whole(found: Fetched) -> Response:
    of_organization = found.organization_id
    if of_organization is None:
        contents = own.contents(found.person_id, found.since, g.language)
    else:
        contents = places.contents(of_organization, found.since, g.language)
    data = publish(
        contents.octets,
        name=_("Meetings of %(name)s", name=found.name(g.language)),
        zones=contents.zones,
        language=HTML_LANG[g.language],
        refresh=REFRESH,
        color=OWN_COLOR if of_organization is None else ORGANIZATIONS_COLOR,
    )
    answer = make_response(data)
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = 'inline; filename="meetings.ics"'
    return stamp(answer, *_validators(found, contents.state))


def _validators(found: Fetched, state: State) -> tuple[str, datetime | None]:
    """The entity tag, and when the calendar last changed."""
    moments = [found.since, found.created_at, *(stamped(at) for at in (state.latest,) if at)]
    return tag_of("subscribed", found.id, *found.names, found.since, *state), settled(max(moments))


def _language(found: Fetched) -> str:
    chosen = request.args.get("lang", "")
    return chosen if chosen in LANGUAGES else found.language


def _closed(answer: Response) -> Response:
    """Only the programme that fetched it may keep it, and for minutes."""
    answer.cache_control.public = False
    answer.cache_control.private = True
    answer.cache_control.max_age = MAX_AGE
    return answer
