"""What the public sees: publishing, correcting, withdrawing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, or_, select, update

from eventsys.accounts.queries import office_zone
from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.stamps import NOTICES, raise_stamp
from eventsys.core.text import slug
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.notices.checks import Finding
from eventsys.notices.models import (
    Notice,
    NoticeState,
    NoticeVersion,
    PlannedPublication,
    RevisionKind,
    VersionState,
)
from eventsys.notices.operations.announcing import Audience, announce
from eventsys.notices.operations.checking import refuse_findings, told
from eventsys.notices.operations.files import forget_files
from eventsys.notices.operations.recording import Versioned, add_author, expect, held, put_down, shown_words
from eventsys.notices.operations.register import enter
from eventsys.notices.operations.writing import keep_revision
from eventsys.notices.text import WRITTEN

APOSTROPHES = str.maketrans(dict.fromkeys("'’ʼ"))
OPEN = (VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.APPROVED)


def publish(
    version: Versioned,
    seen: int | None = None,
    found: Sequence[Finding] | None = None,
    audience: Audience | None = None,
    document_number: str = "",
    *,
    by: Actor,
) -> Notice:
    """Put an approved text at the notice's address, which the first publication fixes, and tell the audience.

    `found` is what the check showed of the version that was `seen`. Raises `DomainError` when the text is not
    approved, or when the check stops it.
    """
    raise_stamp(NOTICES)
    notice, row = held(version, seen)
    expect(row, VersionState.APPROVED, _("Only an approved text can be published."))
    passed = refuse_findings(row, found)
    at = _next(notice)
    former = db.session.get(NoticeVersion, notice.published_id) if notice.published_id else None
    if former is not None:
        former.state = VersionState.SUPERSEDED
        forget_files(former.id)
    if notice.published_at is None:
        notice.published_at = at
        notice.year = at.astimezone(ZoneInfo(office_zone())).year
        notice.slug = _free_slug(row.title_en or row.title_zh, notice.year)
    row.state = VersionState.PUBLISHED
    row.published_at = row.modified_at = notice.modified_at = at
    notice.state = NoticeState.PUBLISHED
    notice.published_id = row.id
    db.session.execute(delete(PlannedPublication).where(PlannedPublication.version_id == row.id))
    enter(notice, document_number)
    letters = announce(notice, row, audience or Audience())
    after = {"address": f"/notices/{notice.year}/{notice.slug}", "shown": told(passed), "letters": letters}
    put_down(notice, row, "publish", by, reason=shown_words([each.message for each in passed]), after=after)
    return notice


def start_correction(notice: Notice, note_zh: str, note_en: str, *, by: Actor) -> NoticeVersion:
    """Begin a new version of a published notice, with the note that readers will see; the old one stays until then.

    Raises `DomainError` without a note, when the notice is not published, or when a correction is under way.
    """
    row = _published(notice, _("Only a published notice can be corrected."))
    if not note_zh and not note_en:
        raise DomainError(_("Say in public what the correction corrects."), field="note_zh")
    if _open_versions(row.id):
        raise DomainError(_("A correction is under way already."))
    shown = locked(NoticeVersion, row.published_id or 0)
    at = now()
    newest = db.session.scalar(
        select(NoticeVersion.number)
        .where(NoticeVersion.notice_id == row.id)
        .order_by(NoticeVersion.number.desc())
        .limit(1)
    )
    columns = {name: getattr(shown, name) for name in (*WRITTEN, "search_text", "facts")}
    columns |= {"correction_zh": note_zh, "correction_en": note_en}
    version = NoticeVersion(notice_id=row.id, number=(newest or 0) + 1, created_at=at, modified_at=at, **columns)
    db.session.add(version)
    db.session.flush()
    add_author(version, by)
    keep_revision(version, RevisionKind.CORRECTION, by=by)
    put_down(row, version, "correct", by, reason=note_zh or note_en, after={"note_zh": note_zh, "note_en": note_en})
    return version


def withdraw(notice: Notice, reason_zh: str, reason_en: str, *, by: Actor) -> Notice:
    """Take a published notice back; its address stays and says so and why. A correction under way ends.

    Raises `DomainError` without a reason, or when the notice is not published.
    """
    raise_stamp(NOTICES)
    row = _published(notice, _("Only a published notice can be withdrawn."))
    if not reason_zh and not reason_en:
        raise DomainError(_("Give the reason"), field="reason_zh")
    shown = locked(NoticeVersion, row.published_id or 0)
    db.session.execute(
        update(NoticeVersion)
        .where(NoticeVersion.id.in_(_open_versions(row.id)))
        .values(state=VersionState.SUPERSEDED)
        .execution_options(synchronize_session="fetch")
    )
    forget_files(shown.id)
    row.state = NoticeState.WITHDRAWN
    row.withdrawn_at = row.modified_at = shown.modified_at = _next(row)
    row.withdrawn_reason_zh, row.withdrawn_reason_en = reason_zh, reason_en
    after = {"reason_zh": reason_zh, "reason_en": reason_en}
    put_down(row, shown, "withdraw", by, reason=reason_zh or reason_en, after=after)
    return row


def _published(notice: Notice, refusal: str) -> Notice:
    row = locked(Notice, notice.id)
    if row.state is not NoticeState.PUBLISHED:
        raise DomainError(refusal)
    return row


def _open_versions(notice_id: int) -> list[int]:
    statement = select(NoticeVersion.id).where(NoticeVersion.notice_id == notice_id, NoticeVersion.state.in_(OPEN))
    return list(db.session.scalars(statement))


def _next(notice: Notice) -> datetime:
    """Now, but always later than what readers saw before: feeds tell by it that something changed."""
    at = now()
    return at if notice.published_at is None or at > notice.modified_at else notice.modified_at + timedelta(seconds=1)


def _free_slug(title: str, year: int) -> str:
    """The title's slug, with -2, -3 … when the year has it already. The collection's stamp, held, keeps others out."""
    wanted = slug(title.translate(APOSTROPHES))
    taken = set(
        db.session.scalars(
            select(Notice.slug).where(Notice.year == year, or_(Notice.slug == wanted, Notice.slug.like(f"{wanted}-%")))
        )
    )
    number = 2
    free = wanted
    while free in taken:
        free = f"{wanted}-{number}"
        number += 1
    return free
