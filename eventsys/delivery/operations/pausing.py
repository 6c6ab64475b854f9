"""Pausing and resuming all sending; every worker obeys before its next letter."""

from __future__ import annotations

from sqlalchemy import select

from eventsys.core.actor import Actor
from eventsys.core.audit import record
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.outbox import wake
from eventsys.core.sending import SendingPause
from eventsys.extensions import db


def pause_sending(reason: str, *, by: Actor) -> SendingPause:
    """Let no letter leave until somebody resumes; the reason is shown wherever letters are. Raises `DomainError`."""
    if not reason.strip():
        raise DomainError(_("Say why: every organizer is shown the reason."), field="reason")
    if _open():
        raise DomainError(_("Sending is paused already."))
    pause = SendingPause(is_open=True, paused_at=now(), paused_by=by.label, reason=reason.strip())
    db.session.add(pause)
    db.session.flush()
    record("sending.pause", pause, by=by, after={"reason": pause.reason})
    return pause


def resume_sending(*, by: Actor) -> SendingPause:
    """Let letters leave again, the oldest first. Raises `DomainError` when sending is not paused."""
    pause = _open()
    if pause is None:
        raise DomainError(_("Sending is not paused."))
    pause.is_open, pause.resumed_at = None, now()
    record("sending.resume", pause, by=by)
    wake()
    return pause


def _open() -> SendingPause | None:
    return db.session.scalars(
        select(SendingPause).where(SendingPause.is_open.is_(True)).with_for_update()
    ).one_or_none()
