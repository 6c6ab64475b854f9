"""The organizer's pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, render_template
from sqlalchemy import bindparam, case, func, select

from eventsys.attendance.models import DoorEvent
from eventsys.core.outbox import Letter, LetterState
from eventsys.directory.models import Post, PostKind
from eventsys.invitations.models import Leave, Reply, ReplyEvent
from eventsys.meetings.models import MeetingState
from eventsys.notices.models import NoticeState
from tests.bench import rows as made
from tests.bench.limit.dates import WEEKDAYS, local, now
from tests.bench.limit.personal import P, T
from tests.bench.limit.public import KINDS, LISTED, G, M, N
from tests.bench.limit.store import reading

bp = Blueprint("workspace", __name__, url_prefix="/workspace")
OFFICE = made.OFFICE
L, D, E = Letter.__table__.c, DoorEvent.__table__.c, ReplyEvent.__table__.c
Q, K = Post.__table__.c, PostKind.__table__.c
STATES = {
    "draft": "草稿",
    "scheduled": "已排定",
    "in_session": "正在开会",
    "concluded": "已结束",
    "archived": "已归档",
    "cancelled": "已取消",
}
ANSWERS = ("accepted", "substitute", "tentative", "leave_requested", "on_leave", "declined", "no_reply", "prepared")
WORDS = dict(zip(ANSWERS, ("参加", "代会", "待定", "请假待批", "已准假", "不参加", "未回复", "待发送"), strict=True))
REPLIES = {Reply.ACCEPTED: "参加", Reply.TENTATIVE: "待定", Reply.DECLINED: "不参加"}
STATE = case(
    (T.reply == Reply.ACCEPTED, case((T.stands_in_for_id.is_not(None), "substitute"), else_="accepted")),
    (T.reply == Reply.TENTATIVE, "tentative"),
    (T.leave == Leave.REQUESTED, "leave_requested"),
    (T.leave == Leave.GRANTED, "on_leave"),
    (T.reply == Reply.DECLINED, "declined"),
    (T.told_at.is_(None), "prepared"),
    else_="no_reply",
).label("state")
ASKED = (P.meeting_id == bindparam("id"), P.withdrawn_at.is_(None), P.walk_in.is_(False), T.is_current)
HEAD = select(
    *(M.id, M.title_zh, M.state, M.starts_at, M.ends_at, M.zone, M.venue_zh, M.address_zh, M.reply_by, M.created_at),
    *(M.scheduled_at, M.roll_closed_at),
).where(M.id == bindparam("id"))
COUNTS = (
    select(P.meeting_id, STATE, func.count().label("number"))
    .join_from(P.id.table, T.id.table, T.place_id == P.id)
    .where(P.meeting_id.in_(bindparam("ids", expanding=True)), P.withdrawn_at.is_(None), T.is_current)
    .group_by(P.meeting_id, STATE)
)
BY_ORGANIZATION = (
    select(P.organization_id, G.name_zh, STATE, func.count().label("number"))
    .join_from(P.id.table, T.id.table, T.place_id == P.id)
    .join(G.id.table, G.id == P.organization_id)
    .where(*ASKED)
    .group_by(P.organization_id, G.name_zh, G.position, STATE)
    .order_by(G.position)
)
EVENTS = (
    select(E.at, E.reply, T.id, T.title_zh, G.name_zh)
    .join_from(E.id.table, T.id.table, T.id == E.attendee_id)
    .join(P.id.table, P.id == T.place_id)
    .join(G.id.table, G.id == P.organization_id)
    .where(E.meeting_id == bindparam("id"))
    .order_by(E.id.desc())
    .limit(6)
)
LIFE = select(
    select(func.min(T.told_at)).where(T.meeting_id == bindparam("id")).scalar_subquery().label("told"),
    select(func.min(N.published_at))
    .where(N.meeting_id == bindparam("id"), N.state == NoticeState.PUBLISHED)
    .scalar_subquery()
    .label("published"),
    select(func.count())
    .where(L.meeting_id == bindparam("id"), L.state == LetterState.FAILED)
    .scalar_subquery()
    .label("failed"),
)
CELLS = (
    select(
        *(P.organization_id, G.name_zh.label("organization"), Q.kind_id, K.name_zh.label("kind"), STATE),
        *(func.count().label("number"), func.min(T.id).label("attendee_id"), func.min(T.replied_at).label("at")),
    )
    .join_from(P.id.table, T.id.table, T.place_id == P.id)
    .join(G.id.table, G.id == P.organization_id)
    .join(Q.id.table, Q.id == P.post_id)
    .join(K.id.table, K.id == Q.kind_id)
    .where(*ASKED)
    .group_by(P.organization_id, G.name_zh, G.position, Q.kind_id, K.name_zh, K.position, STATE)
    .order_by(G.position, K.position)
)
LETTERS = (
    select(L.id, L.recipient, L.address, L.kind, L.language, L.state, L.sent_at, T.reply)
    .join_from(L.id.table, T.id.table, T.id == L.attendee_id, isouter=True)
    .where(L.meeting_id == bindparam("id"))
    .order_by(L.id.desc())
    .limit(51)
)
LETTER_COUNTS = select(L.state, func.count()).where(L.meeting_id == bindparam("id")).group_by(L.state)
ROLL = (
    select(T.id, T.name_zh, T.title_zh, STATE, P.organization_id, G.name_zh.label("organization"))
    .join_from(P.id.table, T.id.table, T.place_id == P.id)
    .join(G.id.table, G.id == P.organization_id)
    .where(*ASKED)
    .order_by(G.position, P.position)
)
MARKS = select(D.attendee_id, D.at).where(D.meeting_id == bindparam("id")).order_by(D.id)
OPEN = (
    LISTED.add_columns(M.reply_by)
    .where(
        M.convener_id == OFFICE,
        M.state.in_((MeetingState.DRAFT, MeetingState.SCHEDULED, MeetingState.IN_SESSION)),
        M.starts_at > bindparam("since"),
    )
    .order_by(M.starts_at, M.id)
    .limit(30)
)
FAILED = (
    select(L.meeting_id, func.count())
    .join_from(L.id.table, M.id.table, M.id == L.meeting_id)
    .where(L.state == LetterState.FAILED, M.convener_id == OFFICE)
    .group_by(L.meeting_id)
)
COMING = LISTED.where(M.convener_id == OFFICE, M.starts_at > bindparam("since"), M.ends_at >= bindparam("at"))
COMING = COMING.order_by(M.starts_at, M.id).limit(6)
ALL = LISTED.where(M.convener_id == OFFICE).order_by(M.starts_at.desc(), M.id.desc()).limit(51)
HOW_MANY = select(func.count()).select_from(select(M.id).where(M.convener_id == OFFICE).limit(1001).subquery())
YEARS = select(select(func.min(M.starts_at)).scalar_subquery(), select(func.max(M.starts_at)).scalar_subquery())


@bp.get("/")
def home() -> str:
    at = now()
    with reading() as connection:
        open_meetings = connection.execute(OPEN, {"since": at - timedelta(days=90)}).all()
        connection.execute(FAILED).all()
        coming = connection.execute(COMING, {"since": at - timedelta(days=32), "at": at - timedelta(hours=12)}).all()
        ids = [row.id for row in (*open_meetings, *coming)]
        found = _counts(connection.execute(COUNTS, {"ids": list(set(ids))}))
    needs = [need for row in open_meetings for need in _needs(row, found.get(row.id, {}), at)]
    lines = [(row, local(row.starts_at, row.zone), found.get(row.id, {})) for row in coming]
    return render_template(
        "workspace_home.html", needs=needs, coming=lines, weekdays=WEEKDAYS, states=STATES, today=local(at, made.ZONE)
    )


@bp.get("/meetings/")
def meetings() -> str:
    with reading() as connection:
        listed = connection.execute(ALL).all()
        count = connection.execute(HOW_MANY).scalar_one()
        first, last = connection.execute(YEARS).one()
    return render_template(
        "workspace_meetings.html",
        lines=listed[:50],
        count=count,
        years=range(last.year, first.year - 1, -1),
        kinds=KINDS,
        states=STATES,
        this=now().year,
    )


@bp.get("/meetings/<int:meeting_id>/")
def meeting(meeting_id: int) -> str:
    key, at = {"id": meeting_id}, now()
    with reading() as connection:
        row = connection.execute(HEAD, key).first()
        if row is None:
            abort(404)
        numbers = connection.execute(BY_ORGANIZATION, key).all()
        life = connection.execute(LIFE, key).one()
        events = connection.execute(EVENTS, key).all()
    by: dict[int, tuple[str, dict[str, int]]] = {}
    for each in numbers:
        by.setdefault(each.organization_id, (each.name_zh, {}))[1][each.state] = each.number
    total: dict[str, int] = {}
    for _name, each in by.values():
        for state, number in each.items():
            total[state] = total.get(state, 0) + number
    return render_template(
        "workspace_meeting.html",
        **_head(row, total, at),
        by=by,
        total=total,
        life=life,
        events=events,
        needs=list(_needs(row, total, at)),
        replies=REPLIES,
        places=sum(total.values()),
        answered=sum(total.values()) - total.get("no_reply", 0),
        today=at,
    )


@bp.get("/meetings/<int:meeting_id>/invitations/")
def invitations(meeting_id: int) -> str:
    key = {"id": meeting_id}
    with reading() as connection:
        row = connection.execute(HEAD, key).first()
        if row is None:
            abort(404)
        cells = connection.execute(CELLS, key).all()
    organizations: dict[int, tuple[str, dict[int, list[Any]]]] = {}
    kinds: dict[int, str] = {}
    total: dict[str, int] = {}
    lines: dict[int, list[int]] = {}
    columns: dict[int, list[int]] = {}
    for cell in cells:
        kinds[cell.kind_id] = cell.kind
        for sums in (lines.setdefault(cell.organization_id, [0, 0]), columns.setdefault(cell.kind_id, [0, 0])):
            sums[0] += cell.number
            sums[1] += cell.number if cell.state not in {"no_reply", "prepared"} else 0
        found = organizations.setdefault(cell.organization_id, (cell.organization, {}))[1]
        found.setdefault(cell.kind_id, []).append(cell)
        total[cell.state] = total.get(cell.state, 0) + cell.number
    return render_template(
        "workspace_invitations.html",
        **_head(row, total, now()),
        organizations=organizations,
        kinds=dict(sorted(kinds.items())),
        lines=lines,
        columns=columns,
        total=total,
        words=WORDS,
        places=sum(total.values()),
        answered=sum(total.values()) - total.get("no_reply", 0),
    )


@bp.get("/meetings/<int:meeting_id>/letters")
def letters(meeting_id: int) -> str:
    key = {"id": meeting_id}
    with reading() as connection:
        row = connection.execute(HEAD, key).first()
        if row is None:
            abort(404)
        total = _counts(connection.execute(COUNTS, {"ids": [meeting_id]})).get(meeting_id, {})
        numbers = {state.value: number for state, number in connection.execute(LETTER_COUNTS, key)}
        found = connection.execute(LETTERS, key).all()
    return render_template("workspace_letters.html", **_head(row, total, now()), letters=found[:50], numbers=numbers)


@bp.get("/meetings/<int:meeting_id>/attendance")
def attendance(meeting_id: int) -> str:
    key = {"id": meeting_id}
    with reading() as connection:
        row = connection.execute(HEAD, key).first()
        if row is None:
            abort(404)
        people = connection.execute(ROLL, key).all()
        marks = dict(connection.execute(MARKS, key).tuples().all())
    listed, by, total, tens = [], {}, {}, {}
    for each in people:
        at = marks.get(each.id)
        state = _presence(each.state, at, row.starts_at)
        listed.append((each, state, at))
        numbers = by.setdefault(each.organization_id, (each.organization, {}))[1]
        numbers[state] = numbers.get(state, 0) + 1
        total[state] = total.get(state, 0) + 1
        if at is not None:
            there = local(at, row.zone)
            slot = f"{there.hour}:{there.minute // 10 * 10:02}"
            tens[slot] = tens.get(slot, 0) + 1
    return render_template(
        "workspace_attendance.html",
        **_head(row, {}, now()),
        people=listed,
        by=by,
        total=total,
        tens=tens,
        names=PRESENCE,
    )


PRESENCE = {
    "here": "已到",
    "late": "迟到",
    "left": "离会",
    "represented": "他人代会",
    "expected": "应到",
    "unknown": "情况不明",
    "excused": "准假",
    "declined": "不参加",
    "absent": "缺席",
}


def _presence(state: str, at: Any, start: Any) -> str:
    if at is not None:
        return "here" if at <= start + timedelta(minutes=5) else "late"
    return {"on_leave": "excused", "declined": "declined", "leave_requested": "unknown", "no_reply": "unknown"}.get(
        state, "expected"
    )


def _counts(found: Any) -> dict[int, dict[str, int]]:
    numbers: dict[int, dict[str, int]] = {}
    for meeting_id, state, number in found:
        numbers.setdefault(meeting_id, {})[state] = number
    return numbers


def _needs(row: Any, numbers: dict[str, int], at: Any) -> Iterator[tuple[str, str, str, str]]:
    """What is to be done, where, for which meeting, by when."""
    base = f"/workspace/meetings/{row.id}"
    if row.state is MeetingState.DRAFT:
        there = local(row.starts_at, row.zone)
        when = f"{there.month}月{there.day}日（周{WEEKDAYS[there.weekday()]}）"
        yield "完善草稿并排定会议", f"{base}/", row.title_zh, when
        return
    if row.starts_at < at:
        return
    there = local(row.reply_by, row.zone)
    by = f"{there.month}月{there.day}日 {there.hour}:{there.minute:02}前"
    if numbers.get("leave_requested"):
        href = f"{base}/invitations/?show=leave_requested"
        yield f"批复{numbers['leave_requested']}件请假", href, row.title_zh, by
    if numbers.get("prepared"):
        yield f"发出{numbers['prepared']}份已备好的邀请", f"{base}/invitations/send", row.title_zh, by
    if numbers.get("no_reply") and at > row.reply_by - timedelta(days=3):
        yield f"催办{numbers['no_reply']}名未回复人员", f"{base}/invitations/remind", row.title_zh, by


def _head(row: Any, numbers: dict[str, int], at: Any) -> dict[str, Any]:
    """What stands above every tab of a meeting."""
    step = next(_needs(row, numbers, at), None)
    days = (row.reply_by - at).days
    return {
        "meeting": row,
        "state": STATES[row.state.value],
        "month": local(row.starts_at, row.zone),
        "step": step,
        "days": days if days > 0 else None,
    }
