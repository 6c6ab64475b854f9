"""The preview, scheduling, and copies."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.agenda.advice import advice_for
from eventsys.agenda.copies import copy_meeting
from eventsys.agenda.queries import timed_items
from eventsys.core.actor import Actor
from eventsys.core.errors import DomainError
from eventsys.core.language import use_language
from eventsys.core.outbox import Letter
from eventsys.core.transaction import write
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.meetings import operations
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting, MeetingState, Visibility
from tests.agenda.samples import agenda, item
from tests.meetings.samples import START, facts, office, organizer
from tests.personas import Browse
from tests.web.forms import post


def drafted(by: Actor, **changes: object) -> Meeting:
    convener = db.session.get_one(Organization, by.held[0].organization_id)
    chosen = facts(convener, **changes)
    with write():
        return operations.draft_meeting(chosen, by=by)


def test_the_preview_is_the_page_itself(app: Flask, browse: Browse) -> None:
    by = organizer(office())
    meeting = drafted(by, online_url="https://meet.example.org/j/42")
    agenda(meeting, by, "学习")
    client, base = browse(by), f"/workspace/meetings/{meeting.id}/preview/page"
    previews = {who: client.get(f"{base}?who={who}&in=zh").text for who in ("invitee", "public")}
    with write():
        operations.schedule_meeting(meeting, by=by)
    real = {"invitee": browse(by).get(f"/meetings/{meeting.id}").text}
    real["public"] = browse(None).get(f"/meetings/{meeting.id}").text
    assert {who: body(page) for who, page in previews.items()} == {who: body(page) for who, page in real.items()}
    assert ["meet.example.org" in previews[who] for who in ("invitee", "public")] == [True, False]


def body(page: str) -> str:
    found = re.search(r"<article.*</article>", page, re.S)
    assert found
    return found[0]


def test_both_languages_are_shown_without_changing_the_readers_own(app: Flask, browse: Browse) -> None:
    by = organizer(office())
    meeting = drafted(by)
    client = browse(by)
    for code, lang in (("zh", "zh-Hans"), ("en", "en")):
        page = client.get(f"/workspace/meetings/{meeting.id}/preview/page?who=public&in={code}")
        assert (f'<html lang="{lang}"' in page.text, page.headers["Content-Language"]) == (True, lang)
        assert page.headers.getlist("Set-Cookie") == []


def test_the_public_sees_nothing_of_what_is_not_public(app: Flask, browse: Browse) -> None:
    by = organizer(office())
    meeting = drafted(by, visibility=Visibility.PARTICIPANTS)
    client, base = browse(by), f"/workspace/meetings/{meeting.id}/preview"
    assert "Nothing: the meeting is not public." in client.get(f"{base}?lang=en").text
    assert client.get(f"{base}/page?who=public").status_code == 404


def test_scheduling_sends_nothing_and_says_so(app: Flask, browse: Browse) -> None:
    by = organizer(office())
    meeting = drafted(by)
    base = f"/workspace/meetings/{meeting.id}"
    client = browse(by)
    assert "nobody but your office sees it, and nothing has been sent" in client.get(f"{base}/preview?lang=en").text
    answer = post(client, f"{base}/schedule", page=f"{base}/preview")
    db.session.rollback()
    assert (answer.location, meeting.state) == (f"{base}/", MeetingState.SCHEDULED)
    assert db.session.scalars(select(Letter)).all() == []


def test_scheduling_twice_is_refused_in_words(app: Flask, browse: Browse) -> None:
    by = organizer(office())
    meeting = drafted(by)
    base = f"/workspace/meetings/{meeting.id}"
    client = browse(by)
    page = client.get(f"{base}/preview?lang=en")
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page.text)[0]
    codes = [client.post(f"{base}/schedule", data={"csrf_token": token}).status_code for _ in range(2)]
    assert codes == [302, 422]


def test_advice_names_what_may_be_overlooked(app: Flask) -> None:
    by = organizer(office())
    meeting = drafted(by, contact_phone="024-1")
    item(meeting, by, "长", 200)
    with use_language("en"):
        assert advice_for(meeting) == ["The agenda is 50 minutes longer than the meeting."]
        bare = drafted(
            by,
            visibility=Visibility.INTERNAL,
            title_en="",
            venue_zh="",
            venue_en="",
            reply_by=None,
            starts_at=START - timedelta(days=9999),
            ends_at=START - timedelta(days=9998),
        )
        assert advice_for(bare) == [
            "The start lies in the past.",
            "There is no reply deadline: answers can be changed until the meeting starts.",
            "There is neither a venue nor a link for joining online.",
            "Invitees find neither a telephone number nor an e-mail address for questions.",
            "There is no agenda yet. It can be added later.",
            "Some texts stand only in Chinese; readers of English see the Chinese ones.",
        ]


def test_a_copy_moves_the_deadline_along(app: Flask) -> None:
    by = organizer(office())
    source = drafted(by)
    agenda(source, by, "一", "二")
    with write():
        copy = copy_meeting(source, date(2030, 9, 5), time(14, 0), by=by)
    assert (copy.state, copy.sequence, copy.replaces_id) == (MeetingState.DRAFT, 0, None)
    assert copy.uid != source.uid
    assert (copy.starts_at, copy.ends_at, copy.reply_by) == (
        datetime(2030, 9, 5, 6, 0, tzinfo=UTC),
        datetime(2030, 9, 5, 8, 30, tzinfo=UTC),
        datetime(2030, 9, 2, 9, 0, tzinfo=UTC),
    )
    assert [each.title for each in timed_items(copy)] == ["一", "二"]
    unmoved = {"starts_at", "ends_at", "reply_by"}
    old, new = (MeetingFacts.of(each).columns() for each in (source, copy))
    assert {name for name in old if old[name] != new[name]} == unmoved


def test_the_copy_of_a_postponed_meeting_takes_its_place(app: Flask) -> None:
    by = organizer(office())
    source = drafted(by)
    with write():
        operations.schedule_meeting(source, by=by)
    with write():
        operations.mark_cancelled(source, reason_zh="台风", reason_en="", postponed=True, by=by)
    with write():
        copy = copy_meeting(source, date(2030, 9, 5), time(14, 0), by=by)
    assert (copy.replaces_id, copy.state, copy.postponed) == (source.id, MeetingState.DRAFT, False)


def test_a_copy_to_a_time_that_does_not_exist_is_refused(app: Flask) -> None:
    by = organizer(office())
    source = drafted(by, zone="Europe/Berlin")
    with pytest.raises(DomainError) as refused, write():
        copy_meeting(source, date(2030, 3, 31), time(2, 30), by=by)
    assert refused.value.field == "starts"


def test_copying_by_the_page(app: Flask, browse: Browse) -> None:
    by = organizer(office())
    source = drafted(by)
    client, url = browse(by), f"/workspace/meetings/{source.id}/copy"
    assert 'value="09:00"' in client.get(url).text
    assert post(client, url, {"date": "", "starts": "09:00"}).status_code == 422
    answer = post(client, url, {"date": "2030-09-05", "starts": "09:00"})
    db.session.rollback()
    copy = db.session.scalars(select(Meeting).order_by(Meeting.id.desc()).limit(1)).one()
    assert answer.location == f"/workspace/meetings/{copy.id}/edit"
    assert copy.starts_at == datetime(2030, 9, 5, 1, 0, tzinfo=UTC)
