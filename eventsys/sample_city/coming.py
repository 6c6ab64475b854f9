"""A coming meeting on which everything can be tried, and a draft."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from eventsys.chasing.operations.plan import adopt
from eventsys.chasing.queries.planned import USUAL
from eventsys.core.actor import Role
from eventsys.core.clock import played_at, today
from eventsys.core.transaction import write
from eventsys.directory.sample import SampleCity
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Reply
from eventsys.invitations.operations.answer import answer
from eventsys.meetings.alarms import HALF_AN_HOUR
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting, MeetingKind, Visibility
from eventsys.meetings.operations import draft_meeting, schedule_meeting
from eventsys.sample_city.asks import play_asks
from eventsys.sample_city.mail import play_incoming_mail
from eventsys.sample_city.model import add_agenda, attendees, invite_audiences, model_facts
from eventsys.sample_city.people import Staff, by_link
from eventsys.sample_city.sheet import play_answer_sheet
from eventsys.sample_city.times import ZONE

THURSDAY = 3


def play_coming_meeting(city: SampleCity, staff: Staff) -> Meeting:
    """Next conference: on a Thursday in about three weeks, invited some days ago, answered by some."""
    organizer = staff.actor(Role.ORGANIZER)
    start = _next_thursday(weeks=3)
    with played_at(_morning(days_ago=6)), write():
        meeting = draft_meeting(_facts(city, start), by=organizer)
        add_agenda(city, meeting, organizer)
    with played_at(_morning(days_ago=5)):
        with write():
            schedule_meeting(meeting, by=organizer)
        invite_audiences(city, meeting, organizer)
        with write():
            adopt(meeting, USUAL, by=organizer)
    _some_answers(meeting)
    play_answer_sheet(meeting, staff)
    with played_at(_morning(days_ago=2)):
        play_asks(city, meeting, organizer)
    play_incoming_mail(meeting, _morning(days_ago=1))
    return meeting


def play_draft(city: SampleCity, staff: Staff) -> Meeting:
    """A draft that nobody but the office sees."""
    start = _next_thursday(weeks=5) + timedelta(days=-1, hours=5)
    facts = MeetingFacts(
        kind=MeetingKind.SYMPOSIUM,
        convener_id=city.office.id,
        title_zh="驻沈领事机构工作座谈会",
        title_en="Round table with the consulates in Shenyang",
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        zone=ZONE,
        venue_zh="市外办203会议室",
        venue_en="Room 203, Foreign Affairs Office",
        visibility=Visibility.PARTICIPANTS,
        reply_by=start - timedelta(days=5),
        alarms=HALF_AN_HOUR,
    )
    with played_at(_morning(days_ago=2)), write():
        return draft_meeting(facts, by=staff.actor(Role.ORGANIZER))


def _facts(city: SampleCity, start: datetime) -> MeetingFacts:
    return replace(
        model_facts(city),
        title_zh=f"{start.year}年全市外事工作会议",
        title_en=f"Municipal conference on foreign affairs work {start.year}",
        starts_at=start,
        ends_at=start + timedelta(hours=2, minutes=30),
        reply_by=start - timedelta(days=3) + timedelta(hours=8),
        online_url="https://meet.example.org/waishi",
        notes_zh="请各区、县（市）汇报全年工作，每家5分钟。",
        notes_en="Each district and county reports on its year in five minutes.",
    )


def _some_answers(meeting: Meeting) -> None:
    """About half have answered; one asks leave, one is not sure yet."""
    for number, ((organization, title), attendee_id) in enumerate(
        sorted(attendees(meeting).items(), key=lambda p: p[1])
    ):
        by = by_link(f"{organization}{title}", attendee_id)
        with played_at(_morning(days_ago=4 - number // 16) + timedelta(minutes=23 * (number % 16))), write():
            row = db.session.get_one(Attendee, attendee_id)
            if (organization, title) == ("铁西区", "分管外事副区长"):
                answer(row, Reply.DECLINED, "当日须赴省里参加会议。", leave=True, by=by)
            elif (organization, title) == ("沈北新区", "外办主任"):
                answer(row, Reply.TENTATIVE, "", by=by)
            elif number % 5 not in {2, 4}:
                answer(row, Reply.ACCEPTED, "", by=by)


def _morning(days_ago: int) -> datetime:
    """Half past nine, some days ago."""
    return datetime.combine(today(ZONE) - timedelta(days=days_ago), time(9, 30), tzinfo=ZoneInfo(ZONE))


def _next_thursday(weeks: int) -> datetime:
    """Nine o'clock on the first Thursday at least so many weeks ahead."""
    day = today(ZONE) + timedelta(weeks=weeks)
    day += timedelta(days=(THURSDAY - day.weekday()) % 7)
    return datetime.combine(day, time(9), tzinfo=ZoneInfo(ZONE))
