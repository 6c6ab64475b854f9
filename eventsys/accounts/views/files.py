"""Lists as downloads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import make_response
from werkzeug.wrappers import Response

from eventsys.rendering.tables import csv_bytes, xlsx_bytes

MIME = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def as_file(ending: str, name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """A table as a file; `ending` is "csv" or "xlsx"."""
    octets = csv_bytes(header, rows) if ending == "csv" else xlsx_bytes(header, rows, name)
    answer = make_response(octets)
    answer.headers["Content-Type"] = MIME[ending]
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer
