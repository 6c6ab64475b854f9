"""The public's pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request
from sqlalchemy import bindparam, func, select

from eventsys.agenda.models import AgendaItem
from eventsys.calendar.zones import definition
from eventsys.directory.models import Organization
from eventsys.meetings.models import Meeting, MeetingState, Visibility
from eventsys.notices.models import Notice, NoticeState, NoticeVersion
from tests.bench.limit.dates import WEEKDAYS, local, now
from tests.bench.limit.store import reading

bp = Blueprint("public", __name__)
KINDS = {
    "conference": "大会",
    "information_session": "宣讲会",
    "working_meeting": "工作会议",
    "symposium": "座谈会",
    "training": "培训",
    "other": "其他",
}
M, G, A, N, V = (model.__table__.c for model in (Meeting, Organization, AgendaItem, Notice, NoticeVersion))
PUBLIC = (M.visibility == Visibility.PUBLIC, M.state != MeetingState.DRAFT)

ONE = (
    select(
        *(M.id, M.kind, M.state, M.title_zh, M.starts_at, M.ends_at, M.zone, M.venue_zh, M.address_zh, M.modified_at),
        *(M.version, G.name_zh.label("convener")),
    )
    .join_from(Meeting.__table__, Organization.__table__, M.convener_id == G.id)
    .where(M.id == bindparam("id"), *PUBLIC)
)
AGENDA = (
    select(A.title_zh, A.kind, A.minutes, A.presenter_zh, G.name_zh.label("organization"))
    .join_from(AgendaItem.__table__, Organization.__table__, G.id == A.presenter_organization_id, isouter=True)
    .where(A.meeting_id == bindparam("id"))
    .order_by(A.position, A.id)
)
LISTED = select(
    *(M.id, M.title_zh, M.kind, M.state, M.starts_at, M.ends_at, M.zone, M.venue_zh, G.name_zh.label("convener")),
).join_from(Meeting.__table__, Organization.__table__, M.convener_id == G.id)
COMING = (
    LISTED.where(*PUBLIC, M.starts_at > bindparam("since"), M.ends_at > bindparam("at"))
    .order_by(M.starts_at, M.id)
    .limit(21)
)
PAST = (
    LISTED.where(*PUBLIC, M.starts_at <= bindparam("at"), M.ends_at <= bindparam("at"))
    .order_by(M.starts_at.desc(), M.id.desc())
    .limit(21)
)
NOTICES = (
    select(N.year, N.slug, N.published_at, V.title_zh, V.department_zh)
    .join_from(Notice.__table__, NoticeVersion.__table__, V.id == N.published_id)
    .where(N.published_at.is_not(None))
    .order_by(N.published_at.desc(), N.id.desc())
)
YEARS = select(select(func.min(N.published_at)).scalar_subquery(), select(func.max(N.published_at)).scalar_subquery())
NOTICE = (
    select(
        *(N.published_at, N.year, V.title_zh, V.body_zh, V.author_zh, V.department_zh, V.attended_zh, N.version),
        *(M.id, M.starts_at, M.ends_at, M.zone, M.venue_zh, M.address_zh, G.name_zh.label("convener")),
    )
    .join_from(Notice.__table__, NoticeVersion.__table__, V.id == N.published_id)
    .join(Meeting.__table__, M.id == N.meeting_id)
    .join(Organization.__table__, G.id == M.convener_id)
    .where(N.year == bindparam("year"), N.slug == bindparam("slug"), N.state == NoticeState.PUBLISHED)
)
FEED = (
    select(M.calendar_zh)
    .where(*PUBLIC, M.starts_at >= bindparam("since"), M.calendar_zh != "")
    .order_by(M.starts_at, M.id)
)
TEXT = select(M.calendar_zh, M.version).where(M.id == bindparam("id"), *PUBLIC)
HEAD = (
    "BEGIN:VCALENDAR\r\nPRODID:-//limit//EN\r\nVERSION:2.0\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\nNAME:公开会议\r\n"
)
ZONE = definition("Asia/Shanghai").decode()


def answer(body: Any, tag: object) -> Response:
    """The body with a tag, so that it can be asked for again."""
    made = make_response(body)
    if tag is not None:
        made.set_etag(str(tag))
    return made


def unchanged(tag: object) -> bool:
    """Whether the reader holds this tag."""
    return request.if_none_match.contains_weak(str(tag))


@bp.get("/")
def home() -> Response:
    at = now()
    with reading() as connection:
        known = _number(connection)
        if known and unchanged(known):
            return make_response("", 304)
        coming = connection.execute(COMING.limit(6), {"since": at - timedelta(days=32), "at": at}).all()
        notices = connection.execute(NOTICES.limit(6)).all()
    return answer(render_template("home.html", meetings=_lines(coming), notices=notices), known)


@bp.get("/meetings/")
def meetings() -> Response:
    at = now()
    with reading() as connection:
        known = _number(connection)
        if known and unchanged(known):
            return make_response("", 304)
        coming = connection.execute(COMING, {"since": at - timedelta(days=32), "at": at}).all()
        past = connection.execute(PAST, {"at": at}).all()
    page = render_template("meetings.html", coming=_lines(coming[:20]), past=_lines(past[:20]), kinds=KINDS)
    return answer(page, known)


@bp.get("/meetings/<int:meeting_id>")
def meeting(meeting_id: int) -> Response:
    with reading() as connection:
        row = connection.execute(ONE, {"id": meeting_id}).first()
        if row is None:
            abort(404)
        tag = f"{row.version}-{row.modified_at}"
        if unchanged(tag):
            return make_response("", 304)
        items = timed(connection.execute(AGENDA, {"id": meeting_id}).all(), row.starts_at)
    return answer(render_template("meeting.html", meeting=row, items=items, kind=KINDS[row.kind.value]), tag)


@bp.get("/meetings/<int:meeting_id>.ics")
def one(meeting_id: int) -> Response:
    with reading() as connection:
        row = connection.execute(TEXT, {"id": meeting_id}).first()
    if row is None:
        abort(404)
    if unchanged(row.version):
        return make_response("", 304)
    return calendar([row.calendar_zh], row.version)


@bp.get("/calendar.ics")
def feed() -> Response:
    since = (now() - timedelta(days=366)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    with reading() as connection:
        known = _number(connection)
        if known and unchanged(known):
            return make_response("", 304)
        texts = connection.execute(FEED, {"since": since}).scalars().all()
    return calendar(list(texts), known)


@bp.get("/notices/")
def notices() -> Response:
    with reading() as connection:
        known = _number(connection)
        if known and unchanged(known):
            return make_response("", 304)
        found = connection.execute(NOTICES.limit(21)).all()
        first, last = connection.execute(YEARS).one()
    years = range(last.year, first.year - 1, -1)
    return answer(render_template("notices.html", notices=found[:20], years=years), known)


@bp.get("/notices/<int:year>/<slug>")
def notice(year: int, slug: str) -> Response:
    with reading() as connection:
        row = connection.execute(NOTICE, {"year": year, "slug": slug}).first()
    if row is None:
        abort(404)
    if unchanged(row.version):
        return make_response("", 304)
    return answer(render_template("notice.html", notice=row), row.version)


def calendar(texts: list[str], tag: object) -> Response:
    made = answer("".join((HEAD, ZONE, *texts, "END:VCALENDAR\r\n")), tag)
    made.headers["Content-Type"] = "text/calendar; charset=utf-8"
    return made


def timed(rows: Any, start: Any) -> list[dict[str, Any]]:
    """The agenda's items with the time at which each begins."""
    items = []
    for row in rows:
        who = "　".join(word for word in (row.organization, row.presenter_zh) if word)
        items.append({"at": start, "title": row.title_zh, "who": who, "minutes": row.minutes})
        start += timedelta(minutes=row.minutes)
    return items


def _lines(rows: Any) -> list[tuple[Any, Any, str]]:
    """Rows with the local start and its weekday."""
    found = []
    for row in rows:
        there = local(row.starts_at, row.zone)
        found.append((row, there, WEEKDAYS[there.weekday()]))
    return found


STAMP = select(func.max(M.modified_at))


def _number(connection: Any) -> Any:
    """What a collection's tag is made of, for whoever asks with one."""
    return connection.execute(STAMP).scalar_one() if request.if_none_match else None
