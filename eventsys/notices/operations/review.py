"""Review: sent for approval, approved by somebody who did not write it, or returned with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.extensions import db
from eventsys.notices.models import NoticeAuthor, NoticeVersion, VersionState
from eventsys.notices.operations.recording import Versioned, expect, held, put_down, shown_words
from eventsys.notices.queries.lacking import lacking


def submit(version: Versioned, seen: int | None = None, shown: Sequence[str] = (), *, by: Actor) -> NoticeVersion:
    """Send a draft for approval. `shown` are the contradictions with the record that the actor had before them.

    Raises `DomainError` when it is no draft, or when a title, a text or a correction's note is missing.
    """
    notice, row = held(version, seen)
    expect(row, VersionState.DRAFT, _("Only a draft can be sent for approval."))
    for refusal in lacking(row):
        raise DomainError(refusal)
    row.state = VersionState.IN_REVIEW
    row.submitted_at = row.modified_at = now()
    put_down(notice, row, "submit", by, reason=shown_words(shown), after={"shown": list(shown)})
    return row


def approve(version: Versioned, seen: int | None = None, shown: Sequence[str] = (), *, by: Actor) -> NoticeVersion:
    """Sign a text off. Raises `DomainError` when it is not in review, or when the actor is one of its authors."""
    notice, row = held(version, seen)
    expect(row, VersionState.IN_REVIEW, _("This text does not wait for approval any more."))
    authors = set(db.session.scalars(select(NoticeAuthor.account_id).where(NoticeAuthor.version_id == row.id)))
    if by.account_id is None or by.account_id in authors:
        raise DomainError(_("You wrote on this text yourself. Another approver has to approve it."))
    row.state = VersionState.APPROVED
    row.approved_at = row.modified_at = now()
    put_down(notice, row, "approve", by, reason=shown_words(shown), after={"shown": list(shown)})
    return row


def return_version(version: Versioned, reason: str, seen: int | None = None, *, by: Actor) -> NoticeVersion:
    """Send a text back to its authors. Raises `DomainError` without a reason, or when it is not under review."""
    notice, row = held(version, seen)
    if row.state not in {VersionState.IN_REVIEW, VersionState.APPROVED}:
        raise DomainError(_("Only a text that waits for approval or publication can be returned."))
    if not reason:
        raise DomainError(_("Say what has to be changed"), field="reason")
    before = {"state": row.state.value}
    row.state = VersionState.DRAFT
    row.submitted_at = row.approved_at = None
    row.modified_at = now()
    put_down(
        notice, row, "return", by, reason=reason, before=before, after={"state": row.state.value, "reason": reason}
    )
    return row
