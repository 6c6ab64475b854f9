"""Rows from before calendars could be subscribed to get the texts and times that the verbs would have written."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_migrate import downgrade, upgrade
from icalendar import Calendar
from sqlalchemy import inspect, select

from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Place, Reply
from eventsys.invitations.operations.answer import answer
from eventsys.meetings.models import Meeting
from tests import factories
from tests.architecture.test_migrations import MIGRATIONS, empty
from tests.feeds import samples as make
from tests.feeds.samples import INVITEE, ago

__all__ = ["empty"]
BEFORE = "0007"


def test_texts_and_times_of_earlier_rows(empty: Flask) -> None:
    upgrade(directory=MIGRATIONS)
    of = make.office()
    with ago(hours=5):
        plain = make.meeting(of, title_zh="题目；a,b\\c", venue_zh="301会议室，东侧")
        rich = make.meeting(
            of, online_url=make.ROOM, contact_name="王某", contact_phone="024", notes_zh="第一行\n第二行；\\n" * 20
        )
    called_off = make.meeting(of, online_url=make.ROOM, notes_en="Formal dress")
    with ago(hours=4):
        rows = [factories.attendee(each, factories.person()) for each in (plain, rich, called_off)]
    with ago(hours=3), write():
        answer(rows[1], Reply.ACCEPTED, by=INVITEE)
    make.cancel(called_off)
    with ago(hours=2):
        make.withdraw(rows[0])
    expected = _texts(), _times()
    db.session.remove()
    downgrade(directory=MIGRATIONS, revision=BEFORE)
    columns = {each["name"] for each in inspect(db.engines[None]).get_columns("meeting")}
    assert not {"inside_zh", "prepared_at"} & columns
    assert "TRANSP" not in str(db.session.scalars(select(Meeting.calendar_zh)).first())
    db.session.remove()
    upgrade(directory=MIGRATIONS)
    assert (_texts(), _times()) == expected


def _texts() -> list[Any]:
    """What each meeting's texts say, however they are folded."""
    rows = db.session.execute(
        select(Meeting.inside_zh, Meeting.inside_en, Meeting.calendar_zh, Meeting.prepared_at).order_by(Meeting.id)
    ).all()
    return [(_read(zh), _read(en), public, prepared) for zh, en, public, prepared in rows]


def _read(inside: str) -> dict[str, bytes]:
    text = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:{inside}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    (event,) = Calendar.from_ical(text.encode()).walk("VEVENT")
    return {name: event[name].to_ical() for name in event}


def _times() -> list[list[Any]]:
    return [list(db.session.scalars(select(model.modified_at).order_by(model.id))) for model in (Attendee, Place)]
