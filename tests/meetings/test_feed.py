"""The public calendar and the file of one meeting."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from icalendar import Calendar

from eventsys.core.actor import Actor
from eventsys.core.clock import now, played_at
from eventsys.core.transaction import write
from eventsys.directory.models import Organization
from eventsys.meetings import operations
from eventsys.meetings.models import Meeting, Visibility
from tests.meetings.counting import statements
from tests.meetings.samples import facts, office, organizer
from tests.personas import Browse


def scheduled(of: Organization, by: Actor, **changes: Any) -> Meeting:
    with write():
        return operations.schedule_meeting(operations.draft_meeting(facts(of, **changes), by=by), by=by)


def events(data: bytes) -> list[Any]:
    return list(Calendar.from_ical(data).walk("VEVENT"))


def test_the_feed_holds_public_meetings_and_keeps_cancelled_ones(app: Flask, browse: Browse) -> None:
    of = office()
    by = organizer(of)
    stays = scheduled(of, by, title_en="Stays")
    goes = scheduled(of, by, title_en="Goes")
    scheduled(of, by, title_en="Hidden", visibility=Visibility.PARTICIPANTS)
    old = now() - timedelta(days=900)
    scheduled(of, by, title_en="Old", starts_at=old, ends_at=old + timedelta(hours=1), reply_by=None)
    with write():
        operations.draft_meeting(facts(of, title_en="Draft"), by=by)
        operations.raise_sequence(goes)
        operations.mark_cancelled(goes, reason_zh="台风", reason_en="Typhoon", postponed=False, by=by)
    answer = browse(None).get("/calendar.ics?lang=en")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert [(str(each["SUMMARY"]), str(each["STATUS"]), each["SEQUENCE"]) for each in events(answer.data)] == [
        ("Stays", "CONFIRMED", 0),
        ("[Cancelled] Goes", "CANCELLED", 1),
    ]
    assert [str(each["UID"]) for each in events(answer.data)] == [stays.uid, goes.uid]
    assert answer.data.count(b"BEGIN:VTIMEZONE") == 1


def test_the_feed_is_joined_in_the_readers_language(app: Flask, browse: Browse) -> None:
    of = office()
    scheduled(of, organizer(of))
    shown = {code: browse(None).get(f"/calendar.ics?lang={code}") for code in ("zh", "en")}
    assert {code: str(events(answer.data)[0]["SUMMARY"]) for code, answer in shown.items()} == {
        "zh": "全市外办主任会议",
        "en": "Municipal conference",
    }
    assert shown["zh"].headers["ETag"] != shown["en"].headers["ETag"]


def test_the_feed_answers_304_from_one_question(app: Flask, browse: Browse) -> None:
    of = office()
    with played_at(now() - timedelta(hours=1)):
        scheduled(of, organizer(of))
    client = browse(None)
    first = client.get("/calendar.ics")
    assert first.headers["Last-Modified"]
    for condition in ({"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}):
        with statements() as asked:
            assert client.get("/calendar.ics", headers=condition).status_code == 304
        assert len(asked) == 1


def test_every_visible_change_moves_tag_and_time(app: Flask, browse: Browse) -> None:
    of = office()
    by = organizer(of)
    client, seen = browse(None), []
    with played_at(now() - timedelta(hours=4)):
        meeting = scheduled(of, by)
    seen.append(client.get("/calendar.ics").headers)
    acts = (
        lambda: operations.apply_facts(meeting, facts(of, venue_zh="302会议室"), by=by),
        lambda: operations.mark_cancelled(meeting, reason_zh="台风", reason_en="", postponed=False, by=by),
        lambda: operations.apply_facts(meeting, facts(of, visibility=Visibility.INTERNAL), by=by),
    )
    for hours, act in zip((3, 2, 1), acts, strict=True):
        with played_at(now() - timedelta(hours=hours)), write():
            act()
        seen.append(client.get("/calendar.ics").headers)
    assert len({headers["ETag"] for headers in seen}) == 4
    assert len({headers["Last-Modified"] for headers in seen}) == 4


def test_a_change_of_this_minute_has_no_time_yet(app: Flask, browse: Browse) -> None:
    """A slower change that began before it could still be committed, with an earlier time."""
    of = office()
    scheduled(of, organizer(of))
    client = browse(None)
    first = client.get("/calendar.ics")
    assert "Last-Modified" not in first.headers
    asked = {"If-Modified-Since": "Wed, 01 Jan 2098 00:00:00 GMT"}
    assert client.get("/calendar.ics", headers=asked).status_code == 200
    assert client.get("/calendar.ics", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_the_feed_has_a_name_and_takes_nobodys_time(app: Flask, browse: Browse) -> None:
    of = office()
    meeting = scheduled(of, organizer(of))
    answers = {language: browse(None).get(f"/calendar.ics?lang={language}") for language in ("zh", "en")}
    names = {language: str(Calendar.from_ical(each.data)["X-WR-CALNAME"]) for language, each in answers.items()}
    assert names == {"zh": "市外事办公室公开会议", "en": "Foreign Affairs Office: public meetings"}
    assert str(events(answers["en"].data)[0]["TRANSP"]) == "TRANSPARENT"
    kept = browse(None).get(f"/meetings/{meeting.id}.ics")
    assert "TRANSP" not in events(kept.data)[0], "who puts one meeting into their calendar goes"


def test_an_empty_feed_is_a_calendar(app: Flask, browse: Browse) -> None:
    assert events(browse(None).get("/calendar.ics").data) == []


def test_one_meeting_as_a_file(app: Flask, browse: Browse) -> None:
    of = office()
    by = organizer(of)
    link = "https://meet.example.org/j/42"
    public = scheduled(of, by, online_url=link)
    hidden = scheduled(of, by, visibility=Visibility.PARTICIPANTS)
    stranger, staff = browse(None), browse(by)
    answer = stranger.get(f"/meetings/{public.id}.ics?lang=en")
    assert str(events(answer.data)[0]["UID"]) == public.uid
    assert link not in answer.text
    assert "public" in answer.headers["Cache-Control"]
    inside = staff.get(f"/meetings/{public.id}.ics?lang=en")
    assert link in inside.text.replace("\r\n ", "")
    assert "private" in inside.headers["Cache-Control"]
    assert inside.headers["ETag"] != answer.headers["ETag"]
    assert [client.get(f"/meetings/{hidden.id}.ics").status_code for client in (stranger, staff)] == [404, 200]
    with statements() as asked:
        again = stranger.get(f"/meetings/{public.id}.ics?lang=en", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, len(asked)) == (304, 1)
