"""The audit log's reader: filters, pages by key, and files of exactly what is filtered."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, request
from werkzeug.wrappers import Response

from eventsys.accounts import audit_words
from eventsys.accounts.policy import can_read_audit
from eventsys.accounts.queries import office_zone
from eventsys.accounts.queries.audit import AuditFilters, account_names, audit_export, audit_page, meeting_titles
from eventsys.accounts.views.files import as_file
from eventsys.core.audit import AuditEntry
from eventsys.core.clock import now, to_local
from eventsys.core.language import gettext as _
from eventsys.directory.fields import number_of
from eventsys.web.access import allowed
from eventsys.web.pages import render

bp = Blueprint("audit", __name__, url_prefix="/workspace/audit")


def _filters() -> AuditFilters:
    asked = {name: request.args.get(name, "").strip()[:100] for name in ("who", "kind", "verb", "subject")}
    return AuditFilters(
        **asked,
        account=number_of(request.args.get("account")),
        meeting=number_of(request.args.get("meeting")),
        first=_day("first"),
        last=_day("last"),
    )


def _day(name: str) -> date | None:
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2200 else None


def _asked(filters: AuditFilters, **more: Any) -> str:
    values = {each.name: getattr(filters, each.name) for each in fields(filters)} | more
    kept = {name: value for name, value in values.items() if value}
    return "?" + urlencode(kept) if kept else ""


@bp.get("/")
@allowed(can_read_audit)
def index() -> str:
    """Who did what, the newest first."""
    filters, zone = _filters(), office_zone()
    page = audit_page(
        filters, zone, below=number_of(request.args.get("below")), above=number_of(request.args.get("above"))
    )
    return render(
        "accounts/audit.html",
        filters=filters,
        entries=page.entries,
        words=audit_words,
        kinds=[("", _("Every kind")), *audit_words.KINDS.items()],
        verbs=[("", _("Every act")), *audit_words.VERBS.items()],
        zone=zone,
        now=now(),
        names=account_names([entry.account_id for entry in page.entries if entry.account_id]),
        titles=meeting_titles([entry.meeting_id for entry in page.entries if entry.meeting_id]),
        export=_asked(filters),
        anything=_asked(filters) != "",
        newer="/workspace/audit/" + _asked(filters, above=page.newer) if page.newer else None,
        older="/workspace/audit/" + _asked(filters, below=page.older) if page.older else None,
    )


@bp.get("/export.<any(csv, xlsx):ending>")
@allowed(can_read_audit)
def export(ending: str) -> Response:
    """The log as it is filtered, as a file."""
    zone, names = office_zone(), account_names()
    header = [
        _("Number"),
        _("When"),
        _("Who"),
        _("By"),
        _("Network address"),
        _("What"),
        _("Code"),
        _("On what"),
        _("Meeting"),
        _("Before"),
        _("After"),
    ]
    return as_file(ending, "audit", header, (_line(entry, zone, names) for entry in audit_export(_filters(), zone)))


def _line(entry: AuditEntry, zone: str, names: dict[int, str]) -> list[str]:
    return [
        str(entry.id),
        to_local(entry.at, zone).isoformat(sep=" "),
        names.get(entry.account_id or 0, entry.actor),
        str(audit_words.CHANNELS.get(entry.channel, entry.channel)),
        entry.address,
        audit_words.act(entry.action),
        entry.action,
        entry.subject_label,
        str(entry.meeting_id or ""),
        json.dumps(entry.before, ensure_ascii=False) if entry.before else "",
        json.dumps(entry.after, ensure_ascii=False) if entry.after else "",
    ]
