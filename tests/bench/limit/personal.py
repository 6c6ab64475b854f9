"""The invitee's page and the answer to it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from sqlalchemy import bindparam, insert, select, update
from werkzeug.wrappers import Response

from eventsys.core.actor import Channel
from eventsys.core.audit import AuditEntry
from eventsys.core.tokens import LINK_ID_LENGTH
from eventsys.invitations.models import Attendee, Leave, Place, Reply, ReplyEvent
from eventsys.meetings.models import MeetingState
from tests.bench.limit.dates import now
from tests.bench.limit.public import AGENDA, G, M, timed
from tests.bench.limit.store import reading, writing

bp = Blueprint("personal", __name__)
T, P = Attendee.__table__.c, Place.__table__.c
Convener = G.id.table.alias()
PAGE = (
    select(
        *(T.name_zh, T.title_zh, T.reply, M.id, M.sequence, M.title_zh.label("title"), M.starts_at, M.ends_at, M.zone),
        *(M.venue_zh, M.address_zh, M.notes_zh, M.reply_by, M.contact_name, M.contact_phone),
        *(G.name_zh.label("organization"), Convener.c.name_zh.label("convener")),
    )
    .join_from(Attendee.__table__, Place.__table__, P.id == T.place_id)
    .join(M.id.table, M.id == T.meeting_id)
    .join(Convener, Convener.c.id == M.convener_id)
    .join(G.id.table, G.id == P.organization_id, isouter=True)
    .where(T.link_id == bindparam("link"), T.link_revoked_at.is_(None), M.ends_at > bindparam("at"))
)
HOLDER = (
    select(T.id, T.meeting_id, T.version, T.reply, T.name_zh, T.title_zh, M.sequence, M.reply_by, M.state)
    .join_from(Attendee.__table__, M.id.table, M.id == T.meeting_id)
    .where(T.link_id == bindparam("link"), T.link_revoked_at.is_(None))
    .with_for_update(of=Attendee.__table__)
)
ANSWER = update(Attendee.__table__).where(T.id == bindparam("which"))
EVENT, ENTRY = insert(ReplyEvent.__table__), insert(AuditEntry.__table__)


@bp.get("/r/<token>")
def show(token: str) -> str:
    with reading() as connection:
        row = connection.execute(PAGE, {"link": token[1 : 1 + LINK_ID_LENGTH], "at": now()}).first()
        if row is None:
            abort(404)
        items = timed(connection.execute(AGENDA, {"id": row.id}).all(), row.starts_at)
    return render_template("reply.html", page=row, items=items, token=token)


@bp.post("/r/<token>")
def reply(token: str) -> Response:
    at, chosen = now(), Reply(request.form["answer"])
    with writing() as connection:
        row = connection.execute(HOLDER, {"link": token[1 : 1 + LINK_ID_LENGTH]}).first()
        if row is None or row.reply_by < at or row.state is not MeetingState.SCHEDULED:
            abort(404)
        connection.execute(ANSWER, _answer(row, chosen, at))
        connection.execute(EVENT, _event(row, chosen, at))
        connection.execute(ENTRY, _entry(row, chosen, at))
    return redirect(f"/r/{token}", 303)


def _answer(row: Any, chosen: Reply, at: Any) -> dict[str, Any]:
    return {
        "which": row.id,
        "reply": chosen,
        "leave": Leave.NONE,
        "comment": "",
        "replied_at": at,
        "replied_by": row.name_zh,
        "reply_channel": Channel.LINK,
        "version": row.version + 1,
    }


def _event(row: Any, chosen: Reply, at: Any) -> dict[str, Any]:
    return {
        "attendee_id": row.id,
        "meeting_id": row.meeting_id,
        "at": at,
        "by": row.name_zh,
        "channel": Channel.LINK,
        "act": chosen.value,
        "reply": chosen,
        "leave": Leave.NONE,
        "comment": "",
        "source": "",
        "sequence": row.sequence,
    }


def _entry(row: Any, chosen: Reply, at: Any) -> dict[str, Any]:
    return {
        "at": at,
        "account_id": None,
        "actor": f"{row.title_zh} {row.name_zh}",
        "channel": Channel.LINK.value,
        "address": request.remote_addr or "",
        "action": f"reply.{chosen.value}",
        "subject_type": "attendee",
        "subject_id": row.id,
        "subject_label": f"{row.title_zh} {row.name_zh}",
        "meeting_id": row.meeting_id,
        "before": {"reply": row.reply.value},
        "after": {"reply": chosen.value},
    }
