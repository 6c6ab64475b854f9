"""Meetings that people are asked to, made by the verbs, and the calendars in which they see them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from icalendar import Calendar
from werkzeug.test import TestResponse

from eventsys.core.actor import Actor, Channel
from eventsys.core.clock import now, played_at
from eventsys.core.transaction import write
from eventsys.directory.models import Organization, Person
from eventsys.extensions import db
from eventsys.feeds.address import url_of
from eventsys.feeds.models import CalendarAddress
from eventsys.feeds.operations import create_address
from eventsys.invitations.models import Attendee
from eventsys.invitations.operations.cancel import cancel_meeting
from eventsys.invitations.operations.change import Reason, change_meeting
from eventsys.invitations.operations.withdraw import mark_of_place, people_of, withdraw_place
from eventsys.meetings import operations
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting, Visibility
from tests import factories
from tests.meetings.samples import facts, office, organizer

__all__ = ["facts", "office", "organizer"]

INVITEE = Actor(label="李明", channel=Channel.LINK)
ROOM = "https://meet.example.org/j/42"


def meeting(of: Organization, **changes: Any) -> Meeting:
    """A scheduled meeting for participants only, with its texts prepared."""
    by = organizer(of)
    with write():
        draft = operations.draft_meeting(facts(of, **{"visibility": Visibility.PARTICIPANTS, **changes}), by=by)
        return operations.schedule_meeting(draft, by=by)


def holder(name_zh: str = "李明", **given: Any) -> Person:
    """Somebody with an account."""
    person = factories.person(name_zh, **given)
    factories.account(person)
    return person


def address(who: Person, organization: Organization | None = None) -> CalendarAddress:
    """An address of a calendar of theirs."""
    with write():
        return create_address(who.id, organization.id if organization else None, by=Actor(label="tester"))


def path(of: CalendarAddress, language: str = "") -> str:
    """The address as a test's browser asks for it."""
    return url_of(of.link_id, language).removeprefix("http://localhost")


def change(which: Meeting, **facts: Any) -> None:
    """The meeting is changed, and who was told of it is told."""
    db.session.refresh(which)
    with write():
        new = replace(MeetingFacts.of(which), **facts)
        change_meeting(which, new, which.version, by=organizer(which.convener))


def cancel(which: Meeting, zh: str = "台风", *, postponed: bool = False) -> None:
    db.session.refresh(which)
    with write():
        cancel_meeting(which, Reason(zh, "Typhoon"), which.version, postponed=postponed, by=organizer(which.convener))


def withdraw(attendee: Attendee) -> None:
    """The attendee's place is asked for no more."""
    place = attendee.place
    with write():
        withdraw_place(place, mark_of_place(place, people_of(place)), by=organizer(place.meeting.convener))


def fetched(client: FlaskClient, of: CalendarAddress, language: str = "", **headers: str) -> TestResponse:
    """A programme's fetch of the calendar."""
    return client.get(path(of, language), headers={name.replace("_", "-"): value for name, value in headers.items()})


def events(answer: TestResponse) -> list[Any]:
    """The VEVENTs of a calendar."""
    assert answer.status_code == 200, answer.status
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


def only(answer: TestResponse) -> Any:
    """The one VEVENT of a calendar."""
    (found,) = events(answer)
    return found


def shown(event: Any) -> tuple[str, str, str]:
    """Title, STATUS and TRANSP."""
    return str(event["SUMMARY"]), str(event["STATUS"]), str(event["TRANSP"])


def lines(event: Any) -> list[str]:
    """The description's lines."""
    return str(event["DESCRIPTION"]).strip().splitlines()


@contextmanager
def ago(**span: float) -> Iterator[datetime]:
    """The block is played some time ago."""
    moment = now() - timedelta(**span)
    with played_at(moment):
        yield moment
