"""The meeting: one sitting, from draft to archive."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.core.columns import CalendarStamp, block, enum, instant, line, refers_to
from eventsys.core.language import choose
from eventsys.directory.models import Organization
from eventsys.extensions import Model
from eventsys.meetings.alarms import USUAL


class MeetingState(StrEnum):
    """draft -> scheduled -> in session -> concluded -> archived; cancelled from draft or scheduled."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    IN_SESSION = "in_session"
    CONCLUDED = "concluded"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


class MeetingKind(StrEnum):
    """What sort of meeting it is."""

    CONFERENCE = "conference"
    INFORMATION_SESSION = "information_session"
    WORKING_MEETING = "working_meeting"
    SYMPOSIUM = "symposium"
    TRAINING = "training"
    OTHER = "other"


class Visibility(StrEnum):
    """Who may read its page: the convening organization's staff, those invited and their liaisons, or anybody."""

    INTERNAL = "internal"
    PARTICIPANTS = "participants"
    PUBLIC = "public"


class Meeting(Model):
    """One sitting. `uid` and `sequence` are its calendar identity for life (RFC 5545 3.8.4.7, RFC 5546 2.1.4).

    `timed_sequence` is the sequence that came with the start and end as they stand: an answer to an earlier one
    answers another time.

    `modified_at` moves with everything a reader can see; `postponed` marks a cancellation that waits for a new date,
    `replaces_id` the meeting whose place this one takes. `calendar_zh` and `calendar_en` hold its prepared public
    VEVENT, without the online link and participants, made again by every verb whose effect a reader can see;
    `inside_zh` and `inside_en` the one that those invited see in their own calendars (`calendar.feed`); `prepared_at`
    says when that was. The roll is closed by a person, at `roll_closed_at`. `alarms` are its reminders
    (`meetings.alarms`), `capacity` how many places there are for everybody together, None without a limit.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_end"),
        CheckConstraint("sequence >= 0", name="sequence"),
        Index("ix_meeting_public", "visibility", "starts_at", "id"),
        Index("ix_meeting_starts", "starts_at", "id"),
        Index("ix_meeting_modified", "modified_at"),
        Index("ix_meeting_state", "state", "starts_at", "id"),
        Index("ix_meeting_convener", "convener_id", "starts_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(255), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    timed_sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    state: Mapped[MeetingState] = enum(MeetingState, default=MeetingState.DRAFT)
    kind: Mapped[MeetingKind] = enum(MeetingKind)
    convener_id: Mapped[int] = refers_to("organization.id", index=False)
    title_zh: Mapped[str] = line()
    title_en: Mapped[str] = line()
    starts_at: Mapped[datetime] = instant()
    ends_at: Mapped[datetime] = instant()
    zone: Mapped[str] = mapped_column(String(64))
    venue_zh: Mapped[str] = line()
    venue_en: Mapped[str] = line()
    address_zh: Mapped[str] = line()
    address_en: Mapped[str] = line()
    online_url: Mapped[str] = line(500)
    visibility: Mapped[Visibility] = enum(Visibility)
    reply_by: Mapped[datetime | None] = instant()
    contact_name: Mapped[str] = line(120)
    contact_phone: Mapped[str] = line(40)
    contact_email: Mapped[str] = line(320)
    notes_zh: Mapped[str] = block()
    notes_en: Mapped[str] = block()
    alarms: Mapped[str] = mapped_column(String(60), default=USUAL)
    capacity: Mapped[int | None]
    created_at: Mapped[datetime] = instant()
    modified_at: Mapped[datetime] = instant()
    scheduled_at: Mapped[datetime | None] = instant()
    started_at: Mapped[datetime | None] = instant()
    concluded_at: Mapped[datetime | None] = instant()
    cancelled_at: Mapped[datetime | None] = instant()
    postponed: Mapped[bool] = mapped_column(default=False)
    reason_zh: Mapped[str] = block(1000)
    reason_en: Mapped[str] = block(1000)
    replaces_id: Mapped[int | None] = refers_to("meeting.id")
    roll_closed_at: Mapped[datetime | None] = instant()
    prepared_at: Mapped[datetime | None] = mapped_column(CalendarStamp)
    calendar_zh: Mapped[str] = mapped_column(String(20000), default="")
    calendar_en: Mapped[str] = mapped_column(String(20000), default="")
    inside_zh: Mapped[str] = mapped_column(String(20000), default="", deferred=True)
    inside_en: Mapped[str] = mapped_column(String(20000), default="", deferred=True)
    search_text: Mapped[str] = mapped_column(String(8000), default="")
    version: Mapped[int] = mapped_column(default=1)

    convener: Mapped[Organization] = relationship()
    replaces: Mapped[Meeting | None] = relationship(remote_side=[id])

    __mapper_args__ = {"version_id_col": version}

    def title(self, language: str | None = None) -> str:
        return choose(self.title_zh, self.title_en, language)

    def venue(self, language: str | None = None) -> str:
        return choose(self.venue_zh, self.venue_en, language)

    def address(self, language: str | None = None) -> str:
        return choose(self.address_zh, self.address_en, language)

    def notes(self, language: str | None = None) -> str:
        return choose(self.notes_zh, self.notes_en, language)

    def reason(self, language: str | None = None) -> str:
        return choose(self.reason_zh, self.reason_en, language)
