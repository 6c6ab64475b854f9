"""304 from a version number, before anything is rendered."""

from __future__ import annotations

import hashlib
from datetime import datetime

from flask import g, make_response, request
from werkzeug.wrappers import Response


def tag_of(*parts: object) -> str:
    """An entity tag of everything that the page depends on; the language is always part of it."""
    text = "|".join(str(part) for part in (*parts, g.get("language", "")))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def not_modified(tag: str, modified: datetime | None = None) -> Response | None:
    """A 304 when the browser already holds this tag; None when the page has to be made."""
    if "If-None-Match" not in request.headers and "If-Modified-Since" not in request.headers:
        return None
    answer = stamp(make_response(b""), tag, modified)
    answer.make_conditional(request)
    return answer if answer.status_code == 304 else None


def stamp(answer: Response, tag: str, modified: datetime | None = None, *, max_age: int = 0) -> Response:
    """Put tag and time on an answer; browsers ask again each time unless `max_age` seconds are given."""
    answer.set_etag(tag, weak=True)
    if modified is not None:
        answer.last_modified = modified
    answer.cache_control.public = True
    answer.cache_control.max_age = max_age
    answer.cache_control.must_revalidate = True
    return answer
