"""Publication at a set time: set, taken back, and carried out by whichever worker comes first."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from eventsys.core.actor import Actor, Channel
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.notices.checks import Finding, findings
from eventsys.notices.models import NoticeVersion, PlannedPublication, VersionState
from eventsys.notices.operations.announcing import Audience
from eventsys.notices.operations.checking import refuse_findings
from eventsys.notices.operations.publication import publish
from eventsys.notices.operations.recording import Versioned, expect, held, put_down

log = logging.getLogger("eventsys.notices")

LONGEST = timedelta(days=366)
HELD = 1000


def plan(
    version: Versioned,
    due_at: datetime,
    seen: int | None = None,
    found: Sequence[Finding] | None = None,
    *,
    audience: Audience | None = None,
    document_number: str = "",
    by: Actor,
) -> PlannedPublication:
    """Set when an approved text is to be published, or set it anew. `found` is what the check showed.

    Raises `DomainError` when the text is not approved, the check stops it, or the time is past or more than a year off.
    """
    notice, row = held(version, seen)
    expect(row, VersionState.APPROVED, _("Only an approved text can be published."))
    refuse_findings(row, found)
    at = now()
    if due_at <= at:
        raise DomainError(_("This time is past. Choose a later one, or publish now."), field="time")
    if due_at > at + LONGEST:
        raise DomainError(_("Choose a time within a year."), field="date")
    audience = audience or Audience()
    forget_plan(row.id)
    planned = PlannedPublication(
        version_id=row.id,
        due_at=due_at,
        tells_participants=audience.participants,
        tells_subscribers=audience.subscribers,
        account_id=by.account_id,
        by=by.label,
        document_number=document_number,
        text_version=row.version,
        held="",
    )
    db.session.add(planned)
    put_down(notice, row, "plan", by, after={"due_at": due_at.isoformat()})
    return planned


def cancel_plan(version: Versioned, *, by: Actor) -> bool:
    """Take the set time back; False when there was none (any more)."""
    notice, row = held(version, None)
    if not forget_plan(row.id):
        return False
    put_down(notice, row, "unplan", by)
    return True


def forget_plan(version_id: int) -> bool:
    """Delete the set time of a version."""
    gone: Any = db.session.execute(delete(PlannedPublication).where(PlannedPublication.version_id == version_id))
    return bool(gone.rowcount)


def publish_due(stopping: Callable[[], bool] = lambda: False) -> int:
    """Publish what is due, each in its own unit of work, also what became due while nobody was there; returns how many.

    Two workers may do this at once: the text is locked, and whoever comes second finds it published.
    """
    number = 0
    for plan_id in _due():
        if stopping():
            break
        number += _carry_out(plan_id)
    return number


def _due() -> list[int]:
    ids = list(
        db.session.scalars(
            select(PlannedPublication.id)
            .where(PlannedPublication.due_at <= now(), PlannedPublication.held == "")
            .order_by(PlannedPublication.due_at, PlannedPublication.id)
        )
    )
    db.session.rollback()
    return ids


def _carry_out(plan_id: int) -> bool:
    try:
        found = _checked(plan_id)
        with write():
            return _publish(plan_id, found)
    except DomainError as refusal:
        log.warning("a planned publication is held: %s", refusal.message)
        with write():
            _hold(plan_id, refusal.message)
        return False


def _checked(plan_id: int) -> list[Finding]:
    """What the check finds in the text that the time was set for; in another one it is not looked."""
    planned = db.session.get(PlannedPublication, plan_id)
    version = db.session.get(NoticeVersion, planned.version_id) if planned else None
    if planned is None or version is None or version.version != planned.text_version:
        return []
    return findings(version)


def _publish(plan_id: int, found: Sequence[Finding]) -> bool:
    planned = db.session.get(PlannedPublication, plan_id)
    if planned is None:
        return False
    version = db.session.get_one(NoticeVersion, planned.version_id)
    _notice, row = held(version, None)
    planned = db.session.get(PlannedPublication, plan_id, populate_existing=True)
    if planned is None:
        return False
    if row.state is not VersionState.APPROVED or row.version != planned.text_version:
        db.session.delete(planned)
        return False
    by = Actor(label=planned.by, account_id=planned.account_id, channel=Channel.WORKER)
    audience = Audience(planned.tells_participants, planned.tells_subscribers)
    publish(row, None, found, audience, document_number=planned.document_number, by=by)
    return True


def _hold(plan_id: int, reason: str) -> None:
    """What stops it is shown to the editors, who publish by hand or set another time."""
    planned = db.session.get(PlannedPublication, plan_id)
    if planned is None:
        return
    version = db.session.get_one(NoticeVersion, planned.version_id)
    notice, row = held(version, None)
    planned.held = reason[:HELD]
    put_down(notice, row, "hold", Actor(label=planned.by, channel=Channel.WORKER), reason=reason)
