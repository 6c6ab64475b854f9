"""A person's and an organization's calendar: the address, then the prepared texts, joined."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, make_response, request
from sqlalchemy import bindparam, func, select

from eventsys.core.tokens import LINK_ID_LENGTH
from eventsys.feeds.models import CalendarAddress
from eventsys.invitations.models import Attendee, Place
from eventsys.meetings.models import Meeting
from tests.bench.limit.dates import now
from tests.bench.limit.public import HEAD, ZONE, answer, unchanged
from tests.bench.limit.store import reading

bp = Blueprint("subscribed", __name__)
C, M, P, T = (model.__table__.c for model in (CalendarAddress, Meeting, Place, Attendee))
BEGIN, END = "BEGIN:VEVENT\r\nSUMMARY:", "\r\nSEQUENCE:0\r\nDTSTAMP:20240101T000000Z\r\nEND:VEVENT\r\n"
ADDRESS = select(C.person_id, C.organization_id).where(C.link_id == bindparam("link"), C.revoked_at.is_(None))


def of_person(*columns: Any) -> Any:
    """Columns of the meetings to which a person was asked."""
    joined = Meeting.__table__.join(Attendee.__table__, T.meeting_id == M.id)
    return (
        select(*columns)
        .select_from(joined)
        .where(T.person_id == bindparam("id"), T.told_at.is_not(None), M.starts_at >= bindparam("since"))
    )


def of_organization(*columns: Any) -> Any:
    """Columns of the meetings at which an organization has places."""
    asked = select(P.meeting_id).where(P.organization_id == bindparam("id"))
    return select(*columns).where(M.id.in_(asked), M.starts_at >= bindparam("since"))


TEXTS = {
    shape: (shape(M.inside_zh).order_by(M.starts_at, M.id), shape(func.max(M.modified_at)))
    for shape in (of_person, of_organization)
}


@bp.get("/calendar/<token>.ics")
def calendar(token: str) -> Response:
    since = (now() - timedelta(days=366)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    with reading() as connection:
        address = connection.execute(ADDRESS, {"link": token[1 : 1 + LINK_ID_LENGTH]}).first()
        if address is None:
            abort(404)
        texts, newest = TEXTS[of_person if address.organization_id is None else of_organization]
        asked = {"id": address.organization_id or address.person_id, "since": since}
        known = connection.execute(newest, asked).scalar_one() if request.if_none_match else None
        if known and unchanged(known):
            return make_response("", 304)
        found = connection.execute(texts, asked).scalars().all()
    body = f"{END}{BEGIN}".join(found)
    made = answer(f"{HEAD}{ZONE}{BEGIN}{body}{END}END:VCALENDAR\r\n", known)
    made.headers["Content-Type"] = "text/calendar; charset=utf-8"
    return made
