"""A district with two posts, a place to be named and one that nobody knows of, beside another district."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.core.actor import Actor, Role
from eventsys.core.clock import now
from eventsys.core.language import use_language
from eventsys.core.tokens import LinkSigner
from eventsys.core.transaction import write
from eventsys.directory.models import OrganizationKind
from eventsys.extensions import db
from eventsys.invitations.models import Ask, Attendee, Leave, Place, Reply
from eventsys.invitations.operations.asks import ensure_asks
from tests import factories as make


@dataclass
class Scene:
    meeting_id: int
    district: int
    foreign: int
    deputy: int
    director: int
    deputy_place: int
    director_place: int
    unnamed: int
    unasked: int
    foreign_place: int
    staff: int
    liaison: Actor
    other: Actor
    organizer: Actor
    link: str

    @property
    def url(self) -> str:
        return f"/portal/meetings/{self.meeting_id}/organizations/{self.district}"


@pytest.fixture
def chinese() -> Iterator[None]:
    """Refusals and letters in Chinese, whatever language the page of an earlier test spoke."""
    with use_language("zh"):
        yield


@pytest.fixture
def scene(app: Flask) -> Scene:
    office = make.organization("外办", kind=OrganizationKind.OFFICE)
    meeting = make.meeting(office, contact_name="张科长", contact_phone="024-1")
    district, foreign = make.organization("大东区"), make.organization("沈河区")
    rows = []
    for of, title in ((district, "副区长"), (district, "外办主任"), (foreign, "副区长")):
        held = make.post(of, title)
        rows.append(make.attendee(meeting, make.person(f"{of.name_zh[:2]}{title}", post=held), post=held))
    staff = make.person("科员甲", post=make.post(district, "科员"))
    liaison = make.person("联络员甲")
    make.holds(liaison, Role.LIAISON, district)
    with write() as session:
        unnamed = Place(meeting_id=meeting.id, organization_id=district.id, told_at=now(), created_at=now(), position=8)
        unasked = Place(meeting_id=meeting.id, organization_id=district.id, created_at=now(), position=9)
        session.add_all((unnamed, unasked))
        ensure_asks(meeting.id, [district.id, foreign.id])
    return Scene(
        meeting.id,
        district.id,
        foreign.id,
        rows[0].id,
        rows[1].id,
        rows[0].place_id,
        rows[1].place_id,
        unnamed.id,
        unasked.id,
        rows[2].place_id,
        staff.id,
        make.actor((Role.LIAISON, district), person=liaison, label="联络员甲"),
        make.actor((Role.LIAISON, foreign), label="联络员乙"),
        make.actor((Role.ORGANIZER, office), label="组织者"),
        link_of(app, meeting.id, district.id),
    )


def link_of(app: Flask, meeting_id: int, organization_id: int) -> str:
    """The address of an organization's answer page."""
    ask = ask_of(meeting_id, organization_id)
    keys = app.extensions["eventsys.settings"].secret_keys
    return "/o/" + LinkSigner(keys, "organization").token(ask.link_id)


def ask_of(meeting_id: int, organization_id: int) -> Ask:
    db.session.rollback()
    statement = select(Ask).where(Ask.meeting_id == meeting_id, Ask.organization_id == organization_id)
    return db.session.scalars(statement).one()


def state(attendee_id: int) -> tuple[Reply, Leave, str]:
    """What stands on an attendee's row."""
    db.session.rollback()
    row = db.session.get_one(Attendee, attendee_id)
    return row.reply, row.leave, row.comment


def on_place(place_id: int) -> Attendee | None:
    """Who is on a place now."""
    db.session.rollback()
    return db.session.scalars(select(Attendee).where(Attendee.place_id == place_id, Attendee.is_current)).one_or_none()
