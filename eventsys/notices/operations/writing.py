"""Writing: the first draft from the record, and saving a text."""

from __future__ import annotations

from sqlalchemy import exists, select

from eventsys.core.actor import Actor
from eventsys.core.audit import difference
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.notices.models import Notice, NoticeState, NoticeVersion, VersionState
from eventsys.notices.operations.recording import Versioned, add_author, expect, held, put_down
from eventsys.notices.queries.record import draft_text
from eventsys.notices.text import NoticeText

HELD = frozenset({MeetingState.IN_SESSION, MeetingState.CONCLUDED, MeetingState.ARCHIVED})


def draft_from_record(meeting: Meeting, *, by: Actor, text: NoticeText | None = None) -> NoticeVersion:
    """Start the meeting's notice with what the record says (`text`, made here unless the caller has it ready).

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
    columns = (text or draft_text(row)).columns()
    version = NoticeVersion(notice_id=notice.id, number=1, created_at=at, modified_at=at, **columns)
    db.session.add(version)
    db.session.flush()
    add_author(version, by)
    put_down(notice, version, "start", by, after={"title_zh": version.title_zh, "title_en": version.title_en})
    return version


def save_version(version: Versioned, text: NoticeText, seen: int | None = None, *, by: Actor) -> NoticeVersion:
    """Save a draft's text. `seen` is the row's version that the form was opened with.

    Raises `Stale` when somebody saved in between, `DomainError` when the text is no draft (any more).
    """
    notice, row = held(version, seen)
    expect(row, VersionState.DRAFT, _("This text is not a draft any more, so it cannot be saved. Copy what you wrote."))
    after = text.columns()
    before, changed = difference({name: getattr(row, name) for name in after}, after)
    for name, value in after.items():
        setattr(row, name, value)
    row.modified_at = now()
    add_author(row, by)
    for each in (before, changed):
        each.pop("search_text", None)
    put_down(notice, row, "save", by, before=before, after=changed)
    return row
