"""Writing: the first draft from the record, saving a text, and going back to one that was saved before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import exists, select

from eventsys.core.actor import Actor
from eventsys.core.audit import difference
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.notices.drafting import FirstDraft, first_draft
from eventsys.notices.models import Notice, NoticeRevision, NoticeState, NoticeVersion, RevisionKind, VersionState
from eventsys.notices.operations.recording import Versioned, add_author, expect, held, put_down
from eventsys.notices.text import WRITTEN, NoticeText

HELD = frozenset({MeetingState.IN_SESSION, MeetingState.CONCLUDED, MeetingState.ARCHIVED})
SITTING = timedelta(minutes=10)


def draft_from_record(
    meeting: Meeting, *, by: Actor, text: NoticeText | None = None, draft: FirstDraft | None = None
) -> NoticeVersion:
    """Start the meeting's notice with what the record says (`draft`, made here unless the caller has it ready).

    Raises `DomainError` before the meeting is in session, and when a notice exists that is not withdrawn.
    """
    row = locked(Meeting, meeting.id)
    if row.state not in HELD:
        raise DomainError(_("The notice is written from the record, once the meeting is in session or concluded."))
    standing = exists().where(Notice.meeting_id == row.id, Notice.state != NoticeState.WITHDRAWN)
    if db.session.scalar(select(standing)):
        raise DomainError(_("Somebody has started this notice already. Load the page again."))
    at = now()
    notice = Notice(meeting_id=row.id, convener_id=row.convener_id, created_at=at, modified_at=at)
    db.session.add(notice)
    db.session.flush()
    if text is None:
        draft = draft or first_draft(row)
        text = draft.text
    facts = {language: dict(taken) for language, taken in draft.facts.items()} if draft else {}
    version = NoticeVersion(notice_id=notice.id, number=1, created_at=at, modified_at=at, facts=facts, **text.columns())
    db.session.add(version)
    db.session.flush()
    add_author(version, by)
    keep_revision(version, RevisionKind.RECORD, by=by)
    put_down(notice, version, "start", by)
    return version


def save_version(
    version: Versioned,
    text: NoticeText,
    seen: int | None = None,
    *,
    by: Actor,
    kind: RevisionKind = RevisionKind.SAVED,
    facts: Mapping[str, Any] | None = None,
) -> NoticeVersion:
    """Save a draft's text. `seen` is the row's version that the form was opened with; `facts` those that it tells.

    Raises `Stale` when somebody saved in between, `DomainError` when the text is no draft (any more).
    """
    notice, row = held(version, seen)
    expect(row, VersionState.DRAFT, _("This text is not a draft any more, so it cannot be saved. Copy what you wrote."))
    after = text.columns()
    changed = difference({name: getattr(row, name) for name in after}, after)[1]
    changed.pop("search_text", None)
    if facts is None and not changed and kind is RevisionKind.AUTOSAVED:
        return row
    for name, value in after.items():
        setattr(row, name, value)
    if facts is not None:
        row.facts = {language: dict(taken) for language, taken in facts.items()}
    row.modified_at = now()
    add_author(row, by)
    revision, is_new = keep_revision(row, kind, by=by)
    if is_new or kind is not RevisionKind.AUTOSAVED:
        # The log tells which parts changed; their words stand in the history, where a redaction reaches them.
        put_down(notice, row, "save", by, after={"changed": sorted(changed), "revision": revision.number})
    return row


def restore(version: Versioned, revision: NoticeRevision, seen: int | None = None, *, by: Actor) -> NoticeVersion:
    """Make an earlier text the present one; what stood there stays in the history.

    Raises `DomainError` when the text is no draft, or when the revision is another version's.
    """
    if revision.version_id != version.id:
        raise DomainError(_("This text belongs to another version."))
    text = NoticeText(**{name: revision.text.get(name, "") for name in WRITTEN})
    return save_version(version, text, seen, by=by, kind=RevisionKind.RESTORED, facts=revision.facts)


def keep_revision(row: NoticeVersion, kind: RevisionKind, *, by: Actor) -> tuple[NoticeRevision, bool]:
    """Keep the version's present text in its history; whether that made a new revision.

    The same text is kept once. What one account saves automatically within ten minutes is one revision.
    """
    newest = db.session.scalars(
        select(NoticeRevision)
        .where(NoticeRevision.version_id == row.id)
        .order_by(NoticeRevision.number.desc())
        .limit(1)
    ).first()
    text, at = {name: getattr(row, name) for name in WRITTEN}, now()
    if newest is not None and newest.text == text and newest.facts == row.facts:
        return newest, False
    if newest is not None and _goes_on(newest, kind, by) and at - newest.began_at < SITTING:
        newest.text, newest.facts, newest.at = text, row.facts, at
        return newest, False
    revision = NoticeRevision(
        version_id=row.id,
        number=newest.number + 1 if newest else 1,
        kind=kind,
        began_at=at,
        at=at,
        account_id=by.account_id,
        by=by.label,
        text=text,
        facts=row.facts,
    )
    db.session.add(revision)
    db.session.flush()
    return revision, True


def _goes_on(newest: NoticeRevision, kind: RevisionKind, by: Actor) -> bool:
    """Whether it is the same person who is still writing."""
    return kind is newest.kind is RevisionKind.AUTOSAVED and newest.account_id == by.account_id is not None
