"""The form of a meeting, empty and filled, and what it saves."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request
from sqlalchemy import bindparam, insert, select, update
from werkzeug.wrappers import Response

from eventsys.core.audit import AuditEntry
from eventsys.core.stamps import MEETINGS, Stamp
from eventsys.meetings.models import Meeting, MeetingKind, MeetingState, Visibility
from tests.bench import rows as made
from tests.bench.limit.dates import local, now
from tests.bench.limit.public import KINDS, G, M
from tests.bench.limit.store import reading, writing

bp = Blueprint("forms", __name__, url_prefix="/workspace/meetings")
CONVENERS = select(G.id, G.name_zh).where(G.id == made.OFFICE)
DRAFT = select(Meeting.__table__).where(M.id == bindparam("id"), M.state == MeetingState.DRAFT)
S = Stamp.__table__.c
COUNT = update(Stamp.__table__).where(S.name == MEETINGS).values(number=S.number + 1)
SAVE, ENTRY = insert(Meeting.__table__).returning(M.id), insert(AuditEntry.__table__)
LINES = (
    *("title_zh", "title_en", "venue_zh", "venue_en", "address_zh", "address_en", "online_url", "contact_name"),
    *("contact_phone", "contact_email", "notes_zh", "notes_en"),
)
ZONES = (
    ("Asia/Shanghai", "北京时间（UTC+8）"),
    ("Asia/Hong_Kong", "香港标准时间（UTC+8）"),
    ("Asia/Macau", "北京时间（UTC+8）"),
    ("Asia/Taipei", "台北标准时间（UTC+8）"),
    ("Asia/Urumqi", "中国（乌鲁木齐）时间（UTC+6）"),
    ("Asia/Tokyo", "日本标准时间（UTC+9）"),
    ("Asia/Seoul", "韩国标准时间（UTC+9）"),
    ("Asia/Pyongyang", "韩国标准时间（UTC+9）"),
    ("Asia/Ulaanbaatar", "乌兰巴托标准时间（UTC+8）"),
    ("Asia/Vladivostok", "海参崴标准时间（UTC+10）"),
    ("Asia/Singapore", "新加坡标准时间（UTC+8）"),
    ("Asia/Bangkok", "中南半岛时间（UTC+7）"),
    ("Asia/Jakarta", "印度尼西亚西部时间（UTC+7）"),
    ("Asia/Dhaka", "孟加拉标准时间（UTC+6）"),
    ("Asia/Kathmandu", "尼泊尔时间（UTC+5:45）"),
    ("Asia/Kolkata", "印度时间（UTC+5:30）"),
    ("Asia/Karachi", "巴基斯坦标准时间（UTC+5）"),
    ("Asia/Tashkent", "乌兹别克斯坦标准时间（UTC+5）"),
    ("Asia/Almaty", "哈萨克斯坦时间（UTC+5）"),
    ("Asia/Dubai", "海湾标准时间（UTC+4）"),
    ("Asia/Tehran", "伊朗标准时间（UTC+3:30）"),
    ("Europe/Moscow", "莫斯科标准时间（UTC+3）"),
    ("Africa/Nairobi", "东部非洲时间（UTC+3）"),
    ("Europe/Istanbul", "土耳其时间（UTC+3）"),
    ("Africa/Cairo", "东欧标准时间（UTC+2）"),
    ("Africa/Johannesburg", "南非标准时间（UTC+2）"),
    ("Europe/Berlin", "中欧标准时间（UTC+1）"),
    ("Europe/Paris", "中欧标准时间（UTC+1）"),
    ("Europe/London", "格林尼治标准时间（UTC）"),
    ("Africa/Lagos", "西部非洲标准时间（UTC+1）"),
    ("America/Sao_Paulo", "巴西利亚标准时间（UTC−3）"),
    ("America/New_York", "北美东部标准时间（UTC−5）"),
    ("America/Chicago", "北美中部标准时间（UTC−6）"),
    ("America/Denver", "北美山区标准时间（UTC−7）"),
    ("America/Los_Angeles", "北美太平洋标准时间（UTC−8）"),
    ("Pacific/Honolulu", "夏威夷-阿留申标准时间（UTC−10）"),
    ("Australia/Sydney", "澳大利亚东部夏令时间（UTC+11）"),
    ("Pacific/Auckland", "新西兰夏令时间（UTC+13）"),
    ("UTC", "协调世界时（UTC）"),
)


@bp.get("/new")
def new() -> str:
    with reading() as connection:
        conveners = connection.execute(CONVENERS).all()
    values = dict.fromkeys((*LINES, "date", "starts", "ends", "reply_date", "reply_time", "capacity", "kind"), "")
    return _page("new.html", conveners, values | {"zone": made.ZONE, "visibility": "participants"})


@bp.get("/<int:meeting_id>/edit")
def edit(meeting_id: int) -> str:
    with reading() as connection:
        row = connection.execute(DRAFT, {"id": meeting_id}).first()
        conveners = connection.execute(CONVENERS).all()
    if row is None:
        abort(404)
    starts, ends, reply = (local(at, row.zone) for at in (row.starts_at, row.ends_at, row.reply_by))
    values = {name: getattr(row, name) for name in LINES} | {
        "date": f"{starts:%Y-%m-%d}",
        "starts": f"{starts:%H:%M}",
        "ends": f"{ends:%H:%M}",
        "reply_date": f"{reply:%Y-%m-%d}",
        "reply_time": f"{reply:%H:%M}",
        "capacity": row.capacity or "",
        "zone": row.zone,
        "kind": row.kind.value,
        "visibility": row.visibility.value,
    }
    return _page("edit.html", conveners, values, meeting=row)


@bp.post("/new")
def save() -> Response:
    at, form = now().replace(microsecond=0), request.form
    zone = ZoneInfo(form["zone"])
    values: dict[str, Any] = {name: form[name].strip() for name in LINES}
    values |= {
        "uid": f"{uuid4()}@example.org",
        "sequence": 0,
        "state": MeetingState.DRAFT,
        "kind": MeetingKind(form["kind"]),
        "convener_id": int(form["convener_id"]),
        "starts_at": datetime.fromisoformat(f"{form['date']}T{form['starts']}").replace(tzinfo=zone),
        "ends_at": datetime.fromisoformat(f"{form['date']}T{form['ends']}").replace(tzinfo=zone),
        "reply_by": datetime.fromisoformat(f"{form['reply_date']}T{form['reply_time']}").replace(tzinfo=zone),
        "zone": form["zone"],
        "visibility": Visibility(form["visibility"]),
        "created_at": at,
        "modified_at": at,
        "postponed": False,
        "reason_zh": "",
        "reason_en": "",
        "search_text": f" {form['title_zh']} {form['title_en']} ",
        "version": 1,
    }
    for language in ("zh", "en"):
        title = values[f"title_{language}"]
        values[f"calendar_{language}"] = f"BEGIN:VEVENT\r\nUID:{values['uid']}\r\nSUMMARY:{title}\r\nEND:VEVENT\r\n"
    with writing() as connection:
        number = connection.execute(SAVE, values).scalar_one()
        connection.execute(COUNT)
        connection.execute(ENTRY, _entry(number, values, at))
    return redirect(f"/workspace/meetings/{number}/agenda/")


def _entry(number: int, values: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "at": at,
        "account_id": made.ORGANIZER,
        "actor": "organizer",
        "channel": "web",
        "address": request.remote_addr or "",
        "action": "meeting.draft",
        "subject_type": "meeting",
        "subject_id": number,
        "subject_label": values["title_zh"],
        "meeting_id": number,
        "before": {},
        "after": {name: values[name] for name in LINES},
    }


def _page(template: str, conveners: Any, values: dict[str, Any], **more: Any) -> str:
    return render_template(template, conveners=conveners, values=values, zones=ZONES, kinds=KINDS, **more)
