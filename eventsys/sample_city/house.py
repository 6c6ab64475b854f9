"""What the sample office keeps for its notices: a word to avoid, and a picture kept for the model notice."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw
from sqlalchemy import select

from eventsys.core.actor import Role
from eventsys.core.clock import played_at
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.meetings.models import Meeting
from eventsys.notices.models import Notice
from eventsys.notices.operations.house import WordFacts, add_word
from eventsys.notices.operations.pictures import add_picture
from eventsys.rendering.images import encoded
from eventsys.sample_city.people import Staff
from eventsys.sample_city.times import at


def play_house(meeting: Meeting, staff: Staff) -> None:
    """The editor's list and picture, from the days in which the notice was written."""
    editor = staff.actor(Role.EDITOR)
    picture = encoded(_hall(), "hall.png")
    facts = WordFacts("圆满结束", "结束", "写明结果，不作评价。")
    with played_at(at(8, 26, 9)), write():
        add_word(meeting.convener, facts, by=editor)
    notice = db.session.scalars(select(Notice).where(Notice.meeting_id == meeting.id)).one()
    with played_at(at(8, 27, 15)), write():
        add_picture(notice, picture, by=editor)


def _hall() -> bytes:
    """A drawing of a hall: rows of seats before a table. Nobody is in it."""
    image = Image.new("RGB", (960, 540), "#f6f8fa")
    draw = ImageDraw.Draw(image)
    draw.rectangle((330, 70, 630, 120), fill="#12284c")
    for row in range(4):
        for seat in range(9):
            left, top = 130 + seat * 80, 190 + row * 80
            draw.rounded_rectangle((left, top, left + 50, top + 44), 8, fill="#c7d3e3")
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()
