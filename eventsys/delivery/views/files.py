"""Lists of letters as files."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, make_response

from eventsys.core.language import gettext as _
from eventsys.delivery.views.shown import Row
from eventsys.rendering.tables import csv_bytes, xlsx_bytes

EXPORTS = ("csv", "xlsx")
MIME = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def table_file(kind: str, rows: Sequence[Row], name: str) -> Response:
    """The rows as this reader sees them; `kind` is one of EXPORTS."""
    header = [
        *(_("Recipient"), _("Address"), _("Letter"), _("Language"), _("State"), _("Reason, or next try")),
        *(_("Queued"), _("Accepted by the mail server"), _("Tries"), _("Answer")),
    ]
    table = [
        [
            *(row.recipient, row.address, row.kind, row.language, row.state[0], row.note),
            *(row.queued, row.sent, str(row.attempts), row.answer[0] if row.answer else ""),
        ]
        for row in rows
    ]
    octets = csv_bytes(header, table) if kind == "csv" else xlsx_bytes(header, table, _("Letters"))
    answer = make_response(octets)
    answer.headers["Content-Type"] = MIME[kind]
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer
