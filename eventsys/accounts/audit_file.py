"""The audit log as a file: exactly what is filtered, the newest entry first."""

from __future__ import annotations

import json

from werkzeug.wrappers import Response

from eventsys.accounts import audit_words
from eventsys.accounts.queries.audit import AuditFilters, account_names, audit_export
from eventsys.accounts.views.files import as_file
from eventsys.core.audit import AuditEntry
from eventsys.core.clock import to_local
from eventsys.core.language import gettext as _


def log_file(ending: str, filters: AuditFilters, zone: str, *, addresses: bool = True) -> Response:
    """All entries that the filters let through; `ending` is "csv" or "xlsx". Network addresses may be left out."""
    names = account_names()
    rows = (_line(entry, zone, names, addresses=addresses) for entry in audit_export(filters, zone))
    return as_file(ending, "audit", _header(addresses=addresses), rows)


def _header(*, addresses: bool) -> list[str]:
    return [
        _("Number"),
        _("When"),
        _("Who"),
        _("By"),
        *([_("Network address")] if addresses else []),
        _("What"),
        _("Code"),
        _("On what"),
        _("Meeting"),
        _("Before"),
        _("After"),
    ]


def _line(entry: AuditEntry, zone: str, names: dict[int, str], *, addresses: bool) -> list[str]:
    return [
        str(entry.id),
        to_local(entry.at, zone).isoformat(sep=" "),
        names.get(entry.account_id or 0, entry.actor),
        str(audit_words.CHANNELS.get(entry.channel, entry.channel)),
        *([entry.address] if addresses else []),
        audit_words.act(entry.action),
        entry.action,
        entry.subject_label,
        str(entry.meeting_id or ""),
        json.dumps(entry.before, ensure_ascii=False) if entry.before else "",
        json.dumps(entry.after, ensure_ascii=False) if entry.after else "",
    ]
