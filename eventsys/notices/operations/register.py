"""The register of government information: what an office keeps, and the entry that each published notice gets."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from sqlalchemy import func, select

from eventsys.core.actor import Actor
from eventsys.core.audit import record
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import check_version, locked
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.notices.models import Notice, NoticeEntry, Register
from eventsys.notices.queries.register import register_of

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Kept:
    """What an office keeps: its code in index numbers, and what is usual for its notices."""

    code: str
    subject_zh: str = ""
    subject_en: str = ""
    disclosure_zh: str = ""
    disclosure_en: str = ""


def keep_register(office: Organization, kept: Kept, seen: int | None, *, by: Actor) -> Register:
    """Begin or change an office's register. Entries that were made stay as they are.

    Raises `Stale` when somebody else saved it since, `DomainError` for a code that cannot stand in an index number.
    """
    if not CODE.fullmatch(kept.code):
        raise DomainError(_("Give a code of letters, digits and hyphens, such as 210100-WSB."), field="code")
    locked(Organization, office.id)
    row = db.session.scalar(select(Register).where(Register.organization_id == office.id))
    if row is None:
        row = Register(organization_id=office.id, modified_at=now(), **asdict(kept))
        db.session.add(row)
    else:
        if seen is not None:
            check_version(row, seen)
        for name, value in asdict(kept).items():
            setattr(row, name, value)
        row.modified_at = now()
    db.session.flush()
    record("notice_register.save", row, by=by, after=asdict(kept), label=office.name())
    return row


def enter(notice: Notice, document_number: str = "") -> NoticeEntry | None:
    """Give a published notice its entry, once; None where its office keeps no register.

    The caller holds the stamp of all notices, so no number is given twice.
    """
    known = db.session.scalar(select(NoticeEntry).where(NoticeEntry.notice_id == notice.id))
    if known is not None:
        known.document_number = document_number or known.document_number
        return known
    kept = register_of(notice.meeting.convener.path)
    if kept is None or notice.year is None:
        return None
    last = select(func.max(NoticeEntry.serial)).where(NoticeEntry.code == kept.code, NoticeEntry.year == notice.year)
    entry = NoticeEntry(
        notice_id=notice.id,
        code=kept.code,
        year=notice.year,
        serial=(db.session.scalar(last) or 0) + 1,
        subject_zh=kept.subject_zh,
        subject_en=kept.subject_en,
        document_number=document_number,
        disclosure_zh=kept.disclosure_zh,
        disclosure_en=kept.disclosure_en,
    )
    db.session.add(entry)
    return entry
