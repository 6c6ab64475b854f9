"""The check before a step: what stops it, and the words why the rest may stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.extensions import db
from eventsys.notices.checks import Finding, findings
from eventsys.notices.models import FindingReason, NoticeVersion

REASON = 300


def pass_check(
    row: NoticeVersion, found: Sequence[Finding] | None, reasons: Mapping[str, str], *, by: Actor
) -> list[Finding]:
    """Keep the words why findings may stand (by their keys), and return what was found.

    `found` is what the actor had before them; None looks anew. Raises `DomainError` for a finding that stops the
    notice, and for one that nobody has given a word for; its field is `reason-` and the key.
    """
    found = findings(row) if found is None else found
    _refuse_blocking(found)
    known = set(db.session.scalars(select(FindingReason.key).where(FindingReason.version_id == row.id)))
    for finding in found:
        if finding.key in known:
            continue
        words = reasons.get(finding.key, "").strip()[:REASON]
        if not words:
            raise DomainError(
                _("Say why this may stand, or change it: %(finding)s", finding=finding.message),
                field=f"reason-{finding.key}",
            )
        values = {"version_id": row.id, "key": finding.key, "reason": words, "at": now()}
        db.session.add(FindingReason(**values, account_id=by.account_id, by=by.label))
    return list(found)


def refuse_findings(row: NoticeVersion, found: Sequence[Finding] | None = None) -> list[Finding]:
    """Raise `DomainError` when the check stops the text, or finds what nobody has given a word for.

    `found` is what the check found in this text before the unit of work (it takes its time, and one writer holds the
    database); None looks now.
    """
    found = findings(row) if found is None else found
    _refuse_blocking(found)
    known = set(db.session.scalars(select(FindingReason.key).where(FindingReason.version_id == row.id)))
    for finding in found:
        if finding.key not in known:
            raise DomainError(
                _(
                    "Since the review the check finds something new. Return the text: %(finding)s",
                    finding=finding.message,
                )
            )
    return list(found)


def told(found: Sequence[Finding]) -> list[str]:
    """What was found, for the record of the act: kinds and fields, not the words of the text."""
    return [f"{finding.kind.value}: {finding.field}" for finding in found]


def _refuse_blocking(found: Sequence[Finding]) -> None:
    for finding in found:
        if finding.blocks:
            raise DomainError(_("This has to be changed first: %(finding)s", finding=finding.message))
