"""What writing leaves behind: every saved text, the words why a finding was passed over, and pictures."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.core.columns import Json, block, enum, instant, line, refers_to
from eventsys.extensions import Model


class RevisionKind(StrEnum):
    """How a text came to be saved."""

    RECORD = "record"
    SAVED = "saved"
    AUTOSAVED = "autosaved"
    FACTS = "facts"
    RESTORED = "restored"
    CORRECTION = "correction"


class NoticeRevision(Model):
    """A text as it was saved: the columns of `NoticeText`, and the facts that it had from the record.

    `number` counts within the version. What one account saves automatically in one sitting is one revision.
    """

    __tablename__ = "notice_revision"
    __table_args__ = (UniqueConstraint("version_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = refers_to("notice_version.id")
    number: Mapped[int]
    kind: Mapped[RevisionKind] = enum(RevisionKind)
    began_at: Mapped[datetime] = instant()
    at: Mapped[datetime] = instant()
    account_id: Mapped[int | None]
    by: Mapped[str] = line()
    text: Mapped[dict[str, Any]] = mapped_column(Json)
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class FindingReason(Model):
    """Why a finding of the check was passed over. `key` names the finding whatever language it is told in."""

    __tablename__ = "finding_reason"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = refers_to("notice_version.id")
    key: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = block(300)
    at: Mapped[datetime] = instant()
    account_id: Mapped[int | None]
    by: Mapped[str] = line()


class NoticePicture(Model):
    """A picture of a notice, encoded anew when it came in. `key` is its unguessable name."""

    __tablename__ = "notice_picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = refers_to("notice.id")
    key: Mapped[str] = mapped_column(String(40), unique=True)
    ending: Mapped[str] = mapped_column(String(4))
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime] = instant()
    account_id: Mapped[int | None]
    by: Mapped[str] = line()
