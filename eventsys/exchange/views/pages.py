"""What the room's pages share: the blueprint, files as answers, words of states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request, stream_with_context

from eventsys.core.language import lazy_gettext as _l
from eventsys.exchange.models import ImportState, RowState
from eventsys.exchange.reading.packages import LARGEST_FILE

bp = Blueprint("exchange", __name__, url_prefix="/workspace/directory/exchange")

HOME = "/workspace/directory/exchange/"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
STATES = {
    ImportState.WAITING: (_l("Waiting"), "tint"),
    ImportState.READING: (_l("Being read"), "tint"),
    ImportState.UNREADABLE: (_l("Cannot be read"), "vermilion"),
    ImportState.READY: (_l("To be decided"), "ochre"),
    ImportState.CONFIRMED: (_l("Waiting"), "tint"),
    ImportState.WRITING: (_l("Being written"), "tint"),
    ImportState.DONE: (_l("Written to the record"), "pine"),
    ImportState.CANCELLED: (_l("Called off"), "grey"),
    ImportState.STOPPED: (_l("Stopped"), "grey"),
}
ROW_STATES = {
    RowState.REFUSED: (_l("Refused"), "vermilion"),
    RowState.LEFT: (_l("Not written"), "vermilion"),
    RowState.ASKED: (_l("To be asked"), "ochre"),
    RowState.CHANGED: (_l("Would change"), "tint"),
    RowState.NEW: (_l("New"), "pine"),
    RowState.WRITTEN: (_l("Written to the record"), "pine"),
    RowState.UNCHANGED: (_l("Unchanged"), "grey"),
}


@bp.url_value_preprocessor
def allow_files(endpoint: str | None, _values: Any) -> None:
    """Files may be larger than any form: a little more than is taken, so that the form itself says how much is."""
    if endpoint == "exchange.begin":
        request.max_content_length = 3 * LARGEST_FILE


def file_answer(pieces: Iterator[bytes], name: str, ending: str) -> Response:
    """A file that leaves as it is made."""
    answer = Response(stream_with_context(pieces), content_type=TYPES[ending])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
