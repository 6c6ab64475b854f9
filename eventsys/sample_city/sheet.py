"""The coming meeting's own questions, and what Dadong District sent beside its answers, with a paper."""

from __future__ import annotations

from sqlalchemy import select

from eventsys.answers.common import COMMON
from eventsys.answers.operations.documents import keep_papers
from eventsys.answers.operations.questions import add_question
from eventsys.answers.operations.rows import RowAnswer
from eventsys.answers.operations.sending import Filled, send_answers
from eventsys.answers.papers import Paper
from eventsys.core.actor import Role
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.models import Ask, Attendee, Reply
from eventsys.meetings.models import Meeting
from eventsys.sample_city.people import Staff

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""


def play_answer_sheet(meeting: Meeting, staff: Staff) -> None:
    """Two questions of the meeting; the liaison answers them for whoever comes and adds a note."""
    organizer, liaison = staff.actor(Role.ORGANIZER), staff.actor(Role.LIAISON)
    (district,) = (held.organization_id for held in liaison.held if held.role is Role.LIAISON)
    with write():
        diet = add_question(meeting, COMMON["diet"], by=organizer)
        plate = add_question(meeting, COMMON["plate"], by=organizer)
    statement = select(Ask).where(Ask.meeting_id == meeting.id, Ask.organization_id == district)
    ask = db.session.scalars(statement).one()
    of_district = Attendee.place.has(organization_id=district)
    coming = db.session.scalars(
        select(Attendee)
        .where(Attendee.meeting_id == meeting.id, Attendee.is_current, of_district, Attendee.reply == Reply.ACCEPTED)
        .order_by(Attendee.id)
    ).first()
    if coming is None:
        return
    row = RowAnswer(coming.place_id, coming.id, coming.version, answers={diet: "1"})
    sheet = Filled([row], 0, "司机一名随行，请安排停车。", "大东区联络员", "024-00000000", {plate: "辽A·00000"})
    with write():
        keep_papers(ask, {coming.place_id: Paper("车辆备案表", "pdf", PDF)}, by=liaison)
        send_answers(ask, sheet, by=liaison)
