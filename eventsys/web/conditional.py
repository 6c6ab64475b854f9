"""304 from a version number, before anything is rendered."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from flask import g, make_response, request
from werkzeug.wrappers import Response

from eventsys.core.clock import now

SETTLED = timedelta(minutes=1)


def tag_of(*parts: object) -> str:
    """An entity tag of everything that the page depends on; the language is always part of it."""
    text = "|".join(map(str, (*parts, g.get("language", ""))))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def settled(modified: datetime) -> datetime | None:
    """When something last changed, once that is a minute ago; None before.

    A change is seen when it is committed but carries the time at which it began, so one that is still to come could
    carry an earlier time than this one (RFC 9110 8.8.2). The entity tag says all until then.
    """
    return modified if now() - modified >= SETTLED else None


def not_modified(tag: str, modified: datetime | None = None) -> Response | None:
    """A 304 when the browser already holds this tag; None when the page has to be made."""
    if "If-None-Match" not in request.headers and "If-Modified-Since" not in request.headers:
        return None
    answer = stamp(make_response(b""), tag, modified)
    answer.make_conditional(request)
    return answer if answer.status_code == 304 else None


def stamp(answer: Response, tag: str, modified: datetime | None = None, *, max_age: int = 0) -> Response:
    """Put tag and time on an answer; browsers ask again each time unless `max_age` seconds are given.

    Written as they stand: the library would parse and write the header anew for each of its parts.
    """
    headers = answer.headers
    headers["ETag"] = f'W/"{tag}"'
    if modified is not None:
        answer.last_modified = modified
    headers["Cache-Control"] = f"public, max-age={max_age}, must-revalidate"
    return answer
