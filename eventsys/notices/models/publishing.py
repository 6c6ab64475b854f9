"""What publication keeps beside the versions: a set time, files made ready, the register, redactions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.core.columns import block, enum, instant, line, refers_to
from eventsys.extensions import Model


class FileForm(StrEnum):
    """The forms in which a published notice can be taken along."""

    PDF = "pdf"
    DOCX = "docx"


class PlannedPublication(Model):
    """When an approved version is to be published, and who set that. `held` says why it was not, when the time came.

    It holds for the text as it was then (`text_version`): one that was returned and approved anew needs a new time.
    """

    __tablename__ = "planned_publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = refers_to("notice_version.id", unique=True)
    due_at: Mapped[datetime] = instant(index=True)
    tells_participants: Mapped[bool]
    tells_subscribers: Mapped[bool]
    account_id: Mapped[int | None]
    by: Mapped[str] = line()
    document_number: Mapped[str] = line(80)
    text_version: Mapped[int]
    held: Mapped[str] = block(1000)


class NoticeFile(Model):
    """A file of a published version, made ready. `mark` is the sum of everything that it says.

    The three versions are those of the rows that it was made from: where they differ, the worker makes it anew.
    """

    __tablename__ = "notice_file"
    __table_args__ = (UniqueConstraint("version_id", "form"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = refers_to("notice_version.id")
    form: Mapped[FileForm] = enum(FileForm)
    mark: Mapped[str] = mapped_column(String(64))
    notice_version: Mapped[int]
    text_version: Mapped[int]
    meeting_version: Mapped[int]
    pages: Mapped[int]
    size: Mapped[int]
    made_at: Mapped[datetime] = instant()
    data: Mapped[bytes] = mapped_column(LargeBinary)


class Register(Model):
    """The government information metadata that an office keeps: its code in index numbers, and what is usual there."""

    __tablename__ = "notice_register"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = refers_to("organization.id", unique=True)
    code: Mapped[str] = line(40)
    subject_zh: Mapped[str] = line(80)
    subject_en: Mapped[str] = line(80)
    disclosure_zh: Mapped[str] = line(80)
    disclosure_en: Mapped[str] = line(80)
    modified_at: Mapped[datetime] = instant()
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class NoticeEntry(Model):
    """A notice's entry in the register: its index number `code/year-serial` is never changed and never given twice."""

    __tablename__ = "notice_entry"
    __table_args__ = (UniqueConstraint("code", "year", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = refers_to("notice.id", unique=True)
    code: Mapped[str] = line(40)
    year: Mapped[int]
    serial: Mapped[int]
    subject_zh: Mapped[str] = line(80)
    subject_en: Mapped[str] = line(80)
    document_number: Mapped[str] = line(80)
    disclosure_zh: Mapped[str] = line(80)
    disclosure_en: Mapped[str] = line(80)


class NoticeRedaction(Model):
    """That words were taken out of every version of a notice, by whom and why; not which words."""

    __tablename__ = "notice_redaction"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = refers_to("notice.id")
    at: Mapped[datetime] = instant()
    account_id: Mapped[int | None]
    by: Mapped[str] = line()
    reason_zh: Mapped[str] = block(1000)
    reason_en: Mapped[str] = block(1000)
    places: Mapped[int]
