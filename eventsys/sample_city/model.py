"""The model meeting of 22 August 2024, from the draft to the closed roll and its published notice."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select, update

from eventsys.agenda.models import AgendaKind
from eventsys.agenda.operations import ItemFacts, add_item
from eventsys.attendance.models import DoorAct
from eventsys.attendance.operations import WalkIn, add_walk_in, close_roll, mark
from eventsys.core.actor import Actor, Channel, Role
from eventsys.core.clock import played_at
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.transaction import write
from eventsys.directory.models import Audience
from eventsys.directory.sample import SampleCity
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Place, PlaceRole, Reply
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.operations.leave import LeaveDecision, decide_leave
from eventsys.invitations.operations.prepare import prepare
from eventsys.invitations.operations.send import mark_of_list, send_prepared
from eventsys.invitations.operations.substitute import Named, name_substitute
from eventsys.invitations.queries import send as sending
from eventsys.invitations.queries.prepare import picks
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting, MeetingKind, Visibility
from eventsys.meetings.operations import conclude_meeting, draft_meeting, schedule_meeting, start_meeting
from eventsys.sample_city.house import play_house
from eventsys.sample_city.notice import play_notice
from eventsys.sample_city.people import Staff, by_link
from eventsys.sample_city.times import ZONE, at


def play_model_meeting(city: SampleCity, staff: Staff) -> Meeting:
    """Everything that happened, in its order."""
    organizer = staff.actor(Role.ORGANIZER)
    with played_at(at(8, 5, 10, 20)), write():
        meeting = draft_meeting(model_facts(city), by=organizer)
        add_agenda(city, meeting, organizer)
    with played_at(at(8, 8, 16, 5)), write():
        schedule_meeting(meeting, by=organizer)
    with played_at(at(8, 9, 9, 12)):
        invite_audiences(city, meeting, organizer)
    _answers(city, meeting, staff)
    _the_day(city, meeting, organizer)
    _letters_have_gone(meeting)
    play_notice(meeting, staff)
    play_house(meeting, staff)
    return meeting


def model_facts(city: SampleCity) -> MeetingFacts:
    """The facts of the model case, in our own words."""
    return MeetingFacts(
        kind=MeetingKind.CONFERENCE,
        convener_id=city.office.id,
        title_zh="党的二十届三中全会精神宣讲会暨全市外办主任会议",
        title_en="Information session on the decisions of the Third Plenary Session, "
        "with the municipal conference of foreign affairs offices",
        starts_at=at(8, 22, 9),
        ends_at=at(8, 22, 11, 30),
        zone=ZONE,
        venue_zh="市外办301会议室",
        venue_en="Room 301, Foreign Affairs Office",
        address_zh="浑南区沈中大街206号",
        address_en="206 Shenzhong Street, Hunnan",
        visibility=Visibility.PUBLIC,
        reply_by=at(8, 19, 17),
        contact_name="秘书处",
        contact_phone="024-86488535",
        notes_zh="请携带汇报材料，每家汇报5分钟。着正装。",
        notes_en="Please bring your work report; each organization has five minutes. Formal dress.",
    )


def add_agenda(city: SampleCity, meeting: Meeting, by: Actor) -> None:
    """Study, thirteen reports, and the work ahead."""
    office = city.office.id
    items = [
        ItemFacts(
            kind=AgendaKind.OPENING, minutes=5, title_zh="开场", title_en="Opening", presenter_organization_id=office
        ),
        ItemFacts(
            kind=AgendaKind.STUDY,
            minutes=35,
            title_zh="传达学习全会精神和省、市外事工作会议要求",
            title_en="The decisions of the plenary session and of the provincial and municipal conferences",
            presenter_organization_id=office,
            presenter_zh="市外办主任",
            presenter_en="Director of the Foreign Affairs Office",
        ),
        *(
            ItemFacts(
                kind=AgendaKind.WORK_REPORT,
                minutes=5,
                title_zh=f"{part.name_zh}汇报工作",
                title_en=f"Work report of {part.name_en}",
                presenter_organization_id=part.id,
            )
            for part in city.parts
        ),
        ItemFacts(kind=AgendaKind.BREAK, minutes=10, title_zh="休息", title_en="Break"),
        ItemFacts(
            kind=AgendaKind.PLAN,
            minutes=30,
            title_zh="总结今年以来的工作，部署下一阶段任务",
            title_en="The year so far, and the work of the coming months",
            presenter_organization_id=office,
        ),
    ]
    for item in items:
        add_item(meeting, item, by=by)


def invite_audiences(city: SampleCity, meeting: Meeting, by: Actor) -> None:
    """Prepare both saved audiences and send: one letter for each invitee."""
    for audience in city.audiences:
        rule = db.session.get_one(Audience, audience.id).rule
        keys = [pick.key for pick in picks(meeting, rule) if pick.candidate.title_zh not in NOT_ASKED]
        with write():
            prepare(meeting, keys, PlaceRole.REQUIRED, by=by)
    with write():
        invitees = [row for row in sending.prepared(meeting) if row.has_address]
        liaisons = sending.liaisons(sending.to_be_named(meeting, told=False))
        send_prepared(meeting, mark_of_list(meeting, invitees, liaisons), by=by)


NOT_ASKED = frozenset({"联络员", "翻译中心主任"})


def attendees(meeting: Meeting) -> dict[tuple[str, str], int]:
    """Current attendees by (organization, post), both in Chinese."""
    rows = db.session.scalars(
        select(Attendee)
        .join(Place, Place.id == Attendee.place_id)
        .where(Attendee.meeting_id == meeting.id, Attendee.is_current)
    )
    return {(row.place.organization.name_zh, row.title_zh): row.id for row in rows if row.place.organization}


def _answers(city: SampleCity, meeting: Meeting, staff: Staff) -> None:
    people = attendees(meeting)
    for number, ((organization, title), attendee_id) in enumerate(sorted(people.items(), key=lambda pair: pair[1])):
        moment = at(8, 9 + number % 8, 9 + number % 8, number * 7 % 60)
        if (organization, title) == ("大东区", "分管外事副区长"):
            _sends_substitute(attendee_id, staff)
        elif (organization, title) == ("铁西区", "分管外事副区长"):
            _asks_leave(attendee_id, staff)
        elif (organization, title) == ("于洪区", "外办主任"):
            continue
        else:
            by = by_link(f"{organization}{title}", attendee_id)
            with played_at(moment), write():
                answer(_row(attendee_id), Reply.ACCEPTED, by=by)


def _sends_substitute(attendee_id: int, staff: Staff) -> None:
    named = Named(name="大东区政府办公室副主任", title="区政府办公室副主任", email="substitute@dadong.example.org")
    with played_at(at(8, 13, 14, 40)), write():
        name_substitute(_row(attendee_id), named, by=staff.actor(Role.LIAISON), channel=Channel.PORTAL)
    with played_at(at(8, 13, 16, 2)), write():
        row = db.session.scalars(select(Attendee).where(Attendee.stands_in_for_id == attendee_id)).one()
        answer(row, Reply.ACCEPTED, by=by_link(row.name_zh, row.id))


def _asks_leave(attendee_id: int, staff: Staff) -> None:
    reason = "率团出访，8月20日至25日不在沈阳。"
    with played_at(at(8, 15, 16, 5)), write():
        answer(_row(attendee_id), Reply.DECLINED, reason, leave=True, by=by_link("铁西区分管外事副区长", attendee_id))
    with played_at(at(8, 16, 9, 30)), write():
        decide_leave(_row(attendee_id), LeaveDecision.GRANT, "同意请假。", by=staff.actor(Role.ORGANIZER))


def _the_day(city: SampleCity, meeting: Meeting, organizer: Actor) -> None:
    """Arrivals from half past eight, one late, one whom somebody represents, one who never came."""
    for number, ((organization, title), attendee_id) in enumerate(
        sorted(attendees(meeting).items(), key=lambda pair: pair[1])
    ):
        if db.session.get_one(Attendee, attendee_id).reply is not Reply.ACCEPTED:
            continue
        late = (organization, title) == ("康平县", "分管外事副县长")
        moment = at(8, 22, 9, 14) if late else at(8, 22, 8, 30) + timedelta(seconds=36 * number)
        with played_at(moment), write():
            mark(meeting, attendee_id, DoorAct.ARRIVED, key=uuid4().hex, by=organizer)
    with played_at(at(8, 22, 8, 57)), write():
        walk_in = WalkIn("沈河区外办科员", "外办科员", city.parts[1].id)
        add_walk_in(meeting, walk_in, key=uuid4().hex, by=organizer)
    with played_at(at(8, 22, 9)), write():
        start_meeting(meeting, by=organizer)
    with played_at(at(8, 22, 11, 40)), write():
        close_roll(meeting, by=organizer)
    with played_at(at(8, 22, 11, 45)), write():
        conclude_meeting(meeting, by=organizer)


def _letters_have_gone(meeting: Meeting) -> None:
    """The letters of the history were sent in their time; the worker of today has nothing to do with them."""
    with write():
        db.session.execute(
            update(Letter)
            .where(Letter.meeting_id == meeting.id)
            .values(state=LetterState.SENT, sent_at=Letter.queued_at, attempts=1)
            .execution_options(synchronize_session=False)
        )


def _row(attendee_id: int) -> Attendee:
    return db.session.get_one(Attendee, attendee_id)
