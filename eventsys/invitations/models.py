"""Places at a meeting, the attendees put on them, every answer they gave, and a change that is held back."""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.core.actor import Channel
from eventsys.core.clock import now
from eventsys.core.columns import CalendarStamp, Json, block, enum, instant, line, refers_to
from eventsys.core.language import choose
from eventsys.directory.models import Organization, Person, Post
from eventsys.extensions import Model
from eventsys.meetings.models import Meeting


class PlaceRole(StrEnum):
    """As what somebody is asked to come (RFC 5545 ROLE: CHAIR, REQ-, OPT-, NON-PARTICIPANT)."""

    CHAIR = "chair"
    REQUIRED = "required"
    OPTIONAL = "optional"
    OBSERVER = "observer"


class Reply(StrEnum):
    """The answer of a person on a place."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"
    DELEGATED = "delegated"


class Leave(StrEnum):
    """Leave asked for beside a decline; refused leave keeps the decline and shows as unexcused."""

    NONE = "none"
    REQUESTED = "requested"
    GRANTED = "granted"
    REFUSED = "refused"


class Ask(Model):
    """What one organization is asked for at a meeting beside its posts, and the link to its answer page.

    `further` places beyond posts and `observers` are its quota; their rows are in `place`. `reply_by` is a later
    deadline for this organization alone. `link_id` is the public half of the link at which its liaisons answer.
    """

    __tablename__ = "ask"
    __table_args__ = (UniqueConstraint("meeting_id", "organization_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = refers_to("meeting.id", index=False)
    organization_id: Mapped[int] = refers_to("organization.id")
    further: Mapped[int] = mapped_column(default=0)
    observers: Mapped[int] = mapped_column(default=0)
    note_zh: Mapped[str] = block(1000)
    note_en: Mapped[str] = block(1000)
    reply_by: Mapped[datetime | None] = instant()
    link_id: Mapped[str] = mapped_column(String(26), unique=True)
    link_revoked_at: Mapped[datetime | None] = instant()
    created_at: Mapped[datetime] = instant()
    version: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[Meeting] = relationship()
    organization: Mapped[Organization] = relationship()

    __mapper_args__ = {"version_id_col": version}

    def note(self, language: str | None = None) -> str:
        return choose(self.note_zh, self.note_en, language)


class Place(Model):
    """One place at a meeting, for a post of an organization or for a person; to be named without a current attendee.

    `is_further`: one of an organization's quota beyond its posts; the organization itself says who comes.
    `told_at` and `told_sequence` say when the organization's liaisons were asked to name somebody, and which revision.
    """

    __tablename__ = "place"
    __table_args__ = (
        Index("ix_place_meeting", "meeting_id", "organization_id", "position", "id"),
        Index(
            "uq_place_post",
            "meeting_id",
            "post_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL AND post_id IS NOT NULL"),
            postgresql_where=text("withdrawn_at IS NULL AND post_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = refers_to("meeting.id", index=False)
    organization_id: Mapped[int | None] = refers_to("organization.id")
    post_id: Mapped[int | None] = refers_to("post.id")
    role: Mapped[PlaceRole] = enum(PlaceRole, default=PlaceRole.REQUIRED)
    position: Mapped[int] = mapped_column(default=0)
    walk_in: Mapped[bool] = mapped_column(default=False)
    is_further: Mapped[bool] = mapped_column(default=False, server_default=false())
    told_at: Mapped[datetime | None] = instant()
    told_sequence: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None] = instant()
    created_at: Mapped[datetime] = instant()
    modified_at: Mapped[datetime] = mapped_column(CalendarStamp, default=now, onupdate=now)

    meeting: Mapped[Meeting] = relationship()
    organization: Mapped[Organization | None] = relationship()
    post: Mapped[Post | None] = relationship()


class Attendee(Model):
    """A person put on a place. One is current; earlier ones stay on record.

    `title_zh`/`title_en` are the post's words at that time. `told_at` and `told_sequence` say when they were last told
    and which revision; None means that nobody told them yet (prepared). `told_at` is the DTSTAMP of that message, so it
    only grows, if need be by a second. `link_id` is the public half of the personal link; the +token address that
    their calendar knows as the organizer is made from it too.

    `modified_at` moves with every change of the row, whoever makes it (the place's too): calendars show it.

    `sequence_ahead`: how far the SEQUENCE of their own messages is ahead of the meeting's. To take somebody off is a
    new revision of the event for that person alone (RFC 5546 3.2.5), and so is to ask them again.
    """

    __tablename__ = "attendee"
    __table_args__ = (
        Index(
            "uq_attendee_current",
            "place_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
        Index(
            "uq_attendee_person",
            "meeting_id",
            "person_id",
            unique=True,
            sqlite_where=text("is_current AND person_id IS NOT NULL"),
            postgresql_where=text("is_current AND person_id IS NOT NULL"),
        ),
        Index("ix_attendee_meeting", "meeting_id", "is_current"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = refers_to("meeting.id", index=False)
    place_id: Mapped[int] = refers_to("place.id")
    person_id: Mapped[int | None] = refers_to("person.id")
    name_zh: Mapped[str] = line(120)
    name_en: Mapped[str] = line(120)
    title_zh: Mapped[str] = line()
    title_en: Mapped[str] = line()
    email: Mapped[str] = line(320)
    phone: Mapped[str] = line(40)
    language: Mapped[str] = mapped_column(String(2), default="zh")
    is_current: Mapped[bool] = mapped_column(default=True)
    stands_in_for_id: Mapped[int | None] = refers_to("attendee.id")
    link_id: Mapped[str] = mapped_column(String(26), unique=True)
    link_revoked_at: Mapped[datetime | None] = instant()
    told_at: Mapped[datetime | None] = instant()
    told_sequence: Mapped[int | None]
    sequence_ahead: Mapped[int] = mapped_column(default=0)
    reply: Mapped[Reply] = enum(Reply, default=Reply.PENDING)
    leave: Mapped[Leave] = enum(Leave, default=Leave.NONE)
    comment: Mapped[str] = block(1000)
    replied_at: Mapped[datetime | None] = instant()
    replied_by: Mapped[str] = line()
    reply_channel: Mapped[Channel | None] = enum(Channel)
    leave_decided_at: Mapped[datetime | None] = instant()
    leave_decided_by: Mapped[str] = line()
    leave_note: Mapped[str] = block(1000)
    reminded_at: Mapped[datetime | None] = instant()
    created_at: Mapped[datetime] = instant()
    modified_at: Mapped[datetime] = mapped_column(CalendarStamp, default=now, onupdate=now)
    version: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[Meeting] = relationship()
    place: Mapped[Place] = relationship()
    person: Mapped[Person | None] = relationship()
    stands_in_for: Mapped[Attendee | None] = relationship(remote_side=[id])

    __mapper_args__ = {"version_id_col": version}

    def name(self, language: str | None = None) -> str:
        return choose(self.name_zh, self.name_en, language)

    def title(self, language: str | None = None) -> str:
        return choose(self.title_zh, self.title_en, language)


class ReplyEvent(Model):
    """One step in the history of an attendee's answer, never changed afterwards.

    `source` says how an answer given on behalf reached the office (phone, paper, ...), `caller` who told it; `sequence`
    is the meeting's revision that it answers.
    """

    __tablename__ = "reply_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    attendee_id: Mapped[int] = refers_to("attendee.id")
    meeting_id: Mapped[int] = refers_to("meeting.id")
    at: Mapped[datetime] = instant()
    by: Mapped[str] = line()
    account_id: Mapped[int | None]
    channel: Mapped[Channel] = enum(Channel)
    act: Mapped[str] = mapped_column(String(40))
    reply: Mapped[Reply] = enum(Reply)
    leave: Mapped[Leave] = enum(Leave)
    comment: Mapped[str] = block(1000)
    source: Mapped[str] = line(40)
    caller: Mapped[str] = line(120, server_default="")
    sequence: Mapped[int] = mapped_column(default=0)


class Obstacle(StrEnum):
    """Why a held change could not be carried out when its time came."""

    OVER = "over"
    MOVED_ON = "moved_on"
    BEGUN = "begun"
    REFUSED = "refused"
    NOT_ALLOWED = "not_allowed"


class HeldChange(Model):
    """Edits of a meeting that people know of, kept beside the record until they go out as one update; one a meeting.

    `facts` are those that differ from the record as it was at `base_version`, by name, with their new values.
    `account_id` and `by` name who saved the last edit: in their name the change is made at `release_at`. The quiet
    time of `quiet_minutes` began at `saved_at`, its longest end is counted from `first_at`. Once `obstacle` says why
    the change could not be made, nobody but a person touches it. `version` begins at a random number: what somebody
    saw of an earlier held change never fits a later one.
    """

    __tablename__ = "held_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = refers_to("meeting.id", index=False, unique=True)
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    base_version: Mapped[int]
    tell_words: Mapped[bool] = mapped_column(default=False)
    reason_zh: Mapped[str] = block(1000)
    reason_en: Mapped[str] = block(1000)
    quiet_minutes: Mapped[int]
    first_at: Mapped[datetime] = instant()
    saved_at: Mapped[datetime] = instant()
    release_at: Mapped[datetime] = instant(index=True)
    account_id: Mapped[int | None]
    by: Mapped[str] = line()
    obstacle: Mapped[Obstacle | None] = enum(Obstacle)
    stopped_at: Mapped[datetime | None] = instant()
    version: Mapped[int] = mapped_column()

    meeting: Mapped[Meeting] = relationship()

    __mapper_args__ = {
        "version_id_col": version,
        "version_id_generator": lambda version: (version or secrets.randbelow(2**30)) + 1,
    }
