"""Pictures of a notice: put beside its text, and kept."""

from __future__ import annotations

import secrets

from sqlalchemy import func, select

from eventsys.core.actor import Actor
from eventsys.core.audit import record
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.notices.models import Notice, NoticePicture
from eventsys.rendering.images import Encoded

MOST = 40
MOST_BYTES = 30 * 1024 * 1024


def add_picture(notice: Notice, picture: Encoded, *, by: Actor) -> NoticePicture:
    """Keep a picture, encoded before, under an unguessable name. Raises `DomainError` when there is no room for it."""
    row = locked(Notice, notice.id)
    number, size = db.session.execute(
        select(func.count(NoticePicture.id), func.coalesce(func.sum(NoticePicture.size), 0)).where(
            NoticePicture.notice_id == row.id
        )
    ).one()
    if number >= MOST or size + len(picture.content) > MOST_BYTES:
        raise DomainError(
            _("A notice holds %(number)s pictures and %(size)s MB at most.", number=MOST, size=MOST_BYTES // 1024**2),
            field="file",
        )
    kept = NoticePicture(
        notice_id=row.id,
        key=secrets.token_urlsafe(18),
        ending=picture.ending,
        width=picture.width,
        height=picture.height,
        size=len(picture.content),
        content=picture.content,
        created_at=now(),
        account_id=by.account_id,
        by=by.label,
    )
    db.session.add(kept)
    db.session.flush()
    after = {"size": kept.size, "address": f"{kept.key}.{kept.ending}"}
    record("notice.add_picture", row, by=by, after=after, meeting_id=row.meeting_id)
    return kept
