"""What the verbs share: the rows held while they decide, and how an act is put on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import select

from eventsys.core.actor import Actor
from eventsys.core.audit import record
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import check_version, locked
from eventsys.extensions import db
from eventsys.notices.models import Notice, NoticeAuthor, NoticeVersion, ReviewEvent, VersionState

REASON = 1000


class Versioned(Protocol):
    """A version of a notice, by the ids of its rows."""

    @property
    def id(self) -> int: ...

    @property
    def notice_id(self) -> int: ...


def held(version: Versioned, seen: int | None) -> tuple[Notice, NoticeVersion]:
    """Notice and version, locked in this order; `seen` is the row's version that the actor had before them.

    Raises `Stale` when the text was saved or moved on since.
    """
    notice_id, version_id = version.notice_id, version.id
    notice, row = locked(Notice, notice_id), locked(NoticeVersion, version_id)
    if seen is not None:
        check_version(row, seen)
    return notice, row


def expect(row: NoticeVersion, state: VersionState, refusal: str) -> None:
    """Raise `DomainError` unless the version is in this state."""
    if row.state is not state:
        raise DomainError(refusal)


def add_author(row: NoticeVersion, by: Actor) -> None:
    """Whoever saved this text may not approve it."""
    known = select(NoticeAuthor.id).where(NoticeAuthor.version_id == row.id, NoticeAuthor.account_id == by.account_id)
    if by.account_id is not None and db.session.scalar(known) is None:
        db.session.add(NoticeAuthor(version_id=row.id, account_id=by.account_id))


def put_down(
    notice: Notice,
    row: NoticeVersion,
    act: str,
    by: Actor,
    *,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """One line of the review record, and the audit entry `notice.<act>`."""
    db.session.flush()
    db.session.add(
        ReviewEvent(
            notice_id=notice.id,
            version_id=row.id,
            at=now(),
            account_id=by.account_id,
            by=by.label,
            act=act,
            reason=reason[:REASON],
        )
    )
    record(
        f"notice.{act}",
        notice,
        by=by,
        before=before,
        after={"number": row.number, **(after or {})},
        label=row.title(),
        meeting_id=notice.meeting_id,
    )


def shown_words(shown: Sequence[str]) -> str:
    """That contradictions with the record were shown, and which; "" when there were none."""
    return _("Shown before: %(what)s", what=" ".join(shown)) if shown else ""
