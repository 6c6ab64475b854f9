"""Papers of an answer page: read out of a request, and handed out to those who may see the reply."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from flask import make_response, request
from werkzeug.wrappers import Response

from eventsys.answers.models import AnswerDocument
from eventsys.answers.papers import LARGEST, TYPES, NotAPaper, Paper, taken
from eventsys.answers.queries.sheet import SheetPage, content_of

MOST_IN_A_REQUEST = 4 * LARGEST
FIELD = "file"


@dataclass(frozen=True, slots=True)
class Brought:
    """The papers that a request brought, by place, and why some could not be taken."""

    papers: dict[int, Paper]
    refused: dict[int, str]


def allow_larger() -> None:
    """Papers may be larger than any other form; to be said before anything reads the request."""
    request.max_content_length = MOST_IN_A_REQUEST + 1024 * 1024


def brought(page: SheetPage) -> Brought:
    """Read the papers of the organization's places out of the request, one each."""
    found = Brought({}, {})
    for place_id in page.place_ids:
        file = request.files.get(f"p{place_id}-{FIELD}")
        if file is None or not file.filename:
            continue
        try:
            found.papers[place_id] = taken(file.read(LARGEST + 1), file.filename)
        except NotAPaper as error:
            found.refused[place_id] = error.reason
    return found


def handed_out(document: AnswerDocument) -> Response:
    """The bytes of a document, to be saved rather than run."""
    answer = make_response(content_of(document))
    answer.headers["Content-Type"] = TYPES[document.ending]
    name = quote(f"{document.name}.{document.ending}")
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"document.{document.ending}\"; filename*=UTF-8''{name}"
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
