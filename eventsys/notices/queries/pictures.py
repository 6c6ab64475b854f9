"""Pictures of notices, and whether anybody may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, or_, select

from eventsys.extensions import db
from eventsys.meetings.models import Meeting
from eventsys.notices.models import Notice, NoticePicture, NoticeState, NoticeVersion


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture with the meeting of its notice; `is_public` once a published text shows it."""

    picture: NoticePicture
    meeting: Meeting
    is_public: bool


def find_picture(name: str) -> Seen | None:
    """The picture of this file name (`<key>.<ending>`)."""
    key, _, ending = name.rpartition(".")
    found = db.session.execute(
        select(NoticePicture, Notice, Meeting)
        .join(Notice, Notice.id == NoticePicture.notice_id)
        .join(Meeting, Meeting.id == Notice.meeting_id)
        .where(NoticePicture.key == key, NoticePicture.ending == ending)
    ).one_or_none()
    if found is None:
        return None
    picture, notice, meeting = found
    shown = exists().where(
        NoticeVersion.notice_id == notice.id,
        NoticeVersion.published_at.is_not(None),
        or_(
            NoticeVersion.body_zh.contains(f"/{name}", autoescape=True),
            NoticeVersion.body_en.contains(f"/{name}", autoescape=True),
        ),
    )
    is_public = notice.state is NoticeState.PUBLISHED and bool(db.session.scalar(select(shown)))
    return Seen(picture, meeting, is_public)


def content_of(picture: NoticePicture) -> bytes:
    """The bytes of a picture."""
    return db.session.scalars(select(NoticePicture.content).where(NoticePicture.id == picture.id)).one()


def pictures_of(notice_id: int) -> Sequence[NoticePicture]:
    """The pictures put beside a notice, the newest first."""
    statement = select(NoticePicture).where(NoticePicture.notice_id == notice_id).order_by(NoticePicture.id.desc())
    return db.session.scalars(statement).all()
