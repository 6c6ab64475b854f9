"""The audit log's reader: filters, pages by key, and files of exactly what is filtered."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, request
from werkzeug.wrappers import Response

from eventsys.accounts import audit_words
from eventsys.accounts.audit_file import log_file
from eventsys.accounts.policy import can_read_audit
from eventsys.accounts.queries import office_zone
from eventsys.accounts.queries.audit import AuditFilters, account_names, audit_page, meeting_titles
from eventsys.core.clock import now
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
    return log_file(ending, _filters(), office_zone())
