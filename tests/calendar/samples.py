"""Events of the model case, each at one revision."""

from dataclasses import replace
from datetime import UTC, datetime

from eventsys.calendar.model import Attendee, Event, PartStat, Party, Role, Status

OFFICE = Party("市政府外事办公室", "waiban@example.gov.cn")
SEAT = Party("市政府外事办公室", "meet+k5xgs3tboqqhi2dfebzwkylu@meet.example.gov.cn")
LI_MING = Party("李明", "li.ming@example.gov.cn")
WANG_FANG = Party("王芳", "wang.fang@example.gov.cn")

CONFERENCE = Event(
    uid="0b6f1d1e-6c1e-4d0b-9a55-6f1d2f0a8c11@meet.example.gov.cn",
    sequence=0,
    stamp=datetime(2024, 8, 12, 1, 30, tzinfo=UTC),
    modified=datetime(2024, 8, 12, 1, 0, tzinfo=UTC),
    starts_at=datetime(2024, 8, 22, 1, 0, tzinfo=UTC),
    ends_at=datetime(2024, 8, 22, 4, 0, tzinfo=UTC),
    zone="Asia/Shanghai",
    summary="全会精神宣讲会暨全市外办工作会议",
    description="请各区（市、县）外事办公室主要负责同志参加；\n汇报材料请于 8 月 20 日前报送，谢谢。",
    location="市政府 2 号楼 301 会议室",
    url="https://meet.example.gov.cn/r/k5xgs3tboqqhi2df",
    organizer=SEAT,
    attendees=(Attendee(LI_MING),),
    alarms=(1440, 30),
)

MOVED = replace(
    CONFERENCE,
    sequence=1,
    stamp=datetime(2024, 8, 15, 2, 0, tzinfo=UTC),
    modified=datetime(2024, 8, 15, 1, 58, tzinfo=UTC),
    starts_at=datetime(2024, 8, 23, 6, 0, tzinfo=UTC),
    ends_at=datetime(2024, 8, 23, 9, 0, tzinfo=UTC),
    comment="会议改期，请重新回复。",
)

CANCELLED = replace(
    MOVED,
    sequence=2,
    stamp=datetime(2024, 8, 16, 2, 0, tzinfo=UTC),
    modified=datetime(2024, 8, 16, 1, 58, tzinfo=UTC),
    status=Status.CANCELLED,
    comment="会议取消，原因另行通知。",
)

SUBSTITUTED = replace(
    MOVED,
    attendees=(
        Attendee(LI_MING, status=PartStat.DELEGATED, rsvp=False, delegated_to=WANG_FANG.email),
        Attendee(WANG_FANG, delegated_from=LI_MING.email),
    ),
    comment="",
)

SISTER_CITIES = Event(
    uid="7c0a3c5e-2f50-4b7b-8f1a-3d8c6f4be2a0@meet.example.gov.cn",
    sequence=3,
    stamp=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
    modified=datetime(2026, 3, 2, 7, 45, tzinfo=UTC),
    starts_at=datetime(2026, 3, 30, 7, 0, tzinfo=UTC),
    ends_at=datetime(2026, 3, 30, 8, 30, tzinfo=UTC),
    zone="Europe/Berlin",
    summary="Sister cities round table 🤝👨‍👩‍👧‍👦; agenda, papers \\ notes",
    description="Dear colleagues,\n\nThe programme follows.\nPapers: \\\\share\\New, \\nine files; see the link.",
    location="Rathaus, Room 12",
    url="https://meet.example.gov.cn/r/7c0a3c5e?lang=en",
    organizer=Party("Foreign Affairs Office", "meet+mzxw6ytboi@meet.example.gov.cn"),
    attendees=(Attendee(Party('Jörg "JJ" Müller, Dr.', "j.mueller@example.org"), role=Role.OPTIONAL),),
)
