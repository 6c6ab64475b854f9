"""Opening, concluding and archiving by their pages."""

from __future__ import annotations

from flask import Flask

from eventsys.core.actor import Role
from eventsys.extensions import db
from eventsys.meetings.models import MeetingState
from tests import factories
from tests.meetings.samples import office, organizer
from tests.personas import Browse
from tests.web.forms import post


def test_the_acts_of_the_day(app: Flask, browse: Browse) -> None:
    of = office()
    meeting = factories.meeting(of)
    client = browse(organizer(of))
    reached = []
    for name in ("start", "conclude", "archive"):
        answer = post(client, f"/workspace/meetings/{meeting.id}/{name}")
        db.session.rollback()
        reached.append((answer.location, meeting.state))
    there = f"/workspace/meetings/{meeting.id}/"
    assert reached == [
        (there, MeetingState.IN_SESSION),
        (there, MeetingState.CONCLUDED),
        (there, MeetingState.ARCHIVED),
    ]


def test_showing_the_page_does_nothing(app: Flask, browse: Browse) -> None:
    of = office()
    meeting = factories.meeting(of)
    assert browse(organizer(of)).get(f"/workspace/meetings/{meeting.id}/start").status_code == 200
    db.session.rollback()
    assert meeting.state is MeetingState.SCHEDULED


def test_an_act_out_of_turn_is_refused_in_words(app: Flask, browse: Browse) -> None:
    of = office()
    meeting = factories.meeting(of)
    answer = post(browse(organizer(of)), f"/workspace/meetings/{meeting.id}/archive?lang=en")
    assert answer.status_code == 422
    assert "<li>Only a concluded meeting can be archived.</li>" in answer.text


def test_readers_among_the_staff_do_not_act(app: Flask, browse: Browse) -> None:
    of = office()
    meeting = factories.meeting(of)
    editor = browse(factories.actor((Role.EDITOR, of)))
    assert [editor.get(f"/workspace/meetings/{meeting.id}/{name}").status_code for name in ("start", "copy")] == [
        404
    ] * 2
