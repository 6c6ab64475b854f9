"""The readers' page of a meeting: who sees what, and that an unchanged page costs one question."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask

from eventsys.core.actor import Actor, Role
from eventsys.core.transaction import write
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.meetings import operations
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting, Visibility
from tests import factories
from tests.agenda.samples import agenda, item
from tests.meetings.counting import statements
from tests.meetings.samples import facts, office, organizer
from tests.personas import Browse

INSIDE: dict[str, Any] = {
    "online_url": "https://meet.example.org/j/42",
    "contact_name": "王某",
    "contact_phone": "024-1234",
    "contact_email": "wang@example.org",
    "notes_zh": "请着正装",
}
SECRETS = ("meet.example.org/j/42", "王某", "024-1234", "wang@example.org", "请着正装", "回执截止")


def scheduled(by: Actor, **changes: Any) -> Meeting:
    convener = db.session.get_one(Organization, by.held[0].organization_id)
    chosen = facts(convener, **changes)
    with write():
        return operations.schedule_meeting(operations.draft_meeting(chosen, by=by), by=by)


def cancelled(meeting: Meeting, by: Actor, *, postponed: bool) -> None:
    with write():
        operations.mark_cancelled(meeting, reason_zh="因台风预警", reason_en="Typhoon", postponed=postponed, by=by)


def test_the_public_page_keeps_what_is_for_participants(app: Flask, browse: Browse) -> None:
    by = organizer(office())
    meeting = scheduled(by, **INSIDE)
    item(meeting, by, "开幕", note_zh="请提前入场")
    url = f"/meetings/{meeting.id}?lang=zh"
    pages = {name: browse(actor).get(url) for name, actor in (("stranger", None), ("staff", by))}
    secrets = (*SECRETS, "请提前入场")
    assert [word for word in secrets if word in pages["stranger"].text] == []
    assert [word for word in secrets if word in pages["staff"].text] == list(secrets)
    assert (
        "public" in pages["stranger"].headers["Cache-Control"],
        "private" in pages["staff"].headers["Cache-Control"],
    ) == (
        True,
        True,
    )
    assert "开幕" in pages["stranger"].text


def test_only_shown_meetings_have_a_page(app: Flask, browse: Browse) -> None:
    by = organizer(office())
    convener = db.session.get_one(Organization, by.held[0].organization_id)
    with write():
        draft = operations.draft_meeting(facts(convener), by=by)
    hidden = {visibility: scheduled(by, visibility=visibility) for visibility in Visibility}
    gone = scheduled(by)
    cancelled(gone, by, postponed=False)
    with write():
        dropped = operations.draft_meeting(facts(convener), by=by)
    cancelled(dropped, by, postponed=False)
    meetings = (draft, *hidden.values(), gone, dropped)
    codes = [browse(None).get(f"/meetings/{each.id}").status_code for each in meetings]
    assert codes == [404, 404, 404, 200, 200, 404]
    assert [browse(by).get(f"/meetings/{each.id}").status_code for each in meetings] == [404, 200, 200, 200, 200, 404]


def test_participants_see_their_page(app: Flask, browse: Browse) -> None:
    by = organizer(office())
    meeting = scheduled(by, visibility=Visibility.PARTICIPANTS, **INSIDE)
    liaison = factories.actor((Role.LIAISON, factories.organization()))
    asked_about = []
    before = app.extensions.get("eventsys.participates")

    def participates(actor: Actor, meeting_id: int) -> bool:
        asked_about.append((actor.label, meeting_id))
        return actor == liaison

    app.extensions["eventsys.participates"] = participates
    try:
        member = factories.actor(label="member")
        codes = [browse(each).get(f"/meetings/{meeting.id}").status_code for each in (liaison, member, None)]
    finally:
        app.extensions["eventsys.participates"] = before
    assert codes == [200, 404, 404]
    assert asked_about == [("tester", meeting.id), ("member", meeting.id)]


def test_an_unchanged_page_costs_one_question(app: Flask, browse: Browse) -> None:
    by = organizer(office())
    meeting = scheduled(by)
    agenda(meeting, by, "一", "二")
    client, url = browse(None), f"/meetings/{meeting.id}"
    tag = client.get(url).headers["ETag"]
    with statements() as asked:
        answer = client.get(url, headers={"If-None-Match": tag})
    assert (answer.status_code, len(asked)) == (304, 1)


def test_the_tag_moves_with_everything_that_can_be_seen(app: Flask, browse: Browse) -> None:
    by = organizer(office())
    meeting = scheduled(by)
    client, url = browse(None), f"/meetings/{meeting.id}"
    tags = [client.get(url).headers["ETag"], client.get(url + "?lang=en").headers["ETag"]]
    client.get(url + "?lang=zh")
    agenda(meeting, by, "一")
    tags.append(client.get(url).headers["ETag"])
    with write():
        operations.apply_facts(meeting, MeetingFacts.of(meeting), by=by)
    assert client.get(url).headers["ETag"] == tags[-1]
    cancelled(meeting, by, postponed=True)
    tags.append(client.get(url).headers["ETag"])
    with write():
        successor = operations.draft_meeting(MeetingFacts.of(meeting), by=by, replaces=meeting)
    with write():
        operations.schedule_meeting(successor, by=by)
    tags.append(client.get(url).headers["ETag"])
    tags.append(browse(by).get(url).headers["ETag"])
    assert len(set(tags)) == len(tags)


def test_a_cancelled_meeting_says_why_and_keeps_its_agenda(app: Flask, browse: Browse) -> None:
    by = organizer(office())
    meeting = scheduled(by)
    agenda(meeting, by, "学习")
    cancelled(meeting, by, postponed=False)
    page = browse(None).get(f"/meetings/{meeting.id}?lang=zh").text
    assert [word in page for word in ("本次会议已取消。", "因台风预警", "学习")] == [True] * 3


def test_a_postponed_meeting_says_where_it_moved_to(app: Flask, browse: Browse) -> None:
    by = organizer(office())
    old = scheduled(by)
    cancelled(old, by, postponed=True)
    client, url = browse(None), f"/meetings/{old.id}?lang=en"
    assert "A new date is not set yet." in client.get(url).text
    successors = []
    for visibility in (Visibility.PARTICIPANTS, Visibility.PUBLIC):
        with write():
            new = operations.draft_meeting(facts(old.convener, visibility=visibility), by=by, replaces=old)
        with write():
            operations.schedule_meeting(new, by=by)
        successors.append(new.id)
        found = re.findall(r'New date: <a href="/meetings/(\d+)">', client.get(url).text)
        assert found == ([str(new.id)] if visibility is Visibility.PUBLIC else [])
    assert len(successors) == 2


def test_the_notices_of_a_concluded_meeting_are_linked(app: Flask, browse: Browse) -> None:
    by = organizer(office())
    meeting = scheduled(by)
    with write():
        operations.conclude_meeting(meeting, by=by)
    before = app.extensions.get("eventsys.notices_of")
    app.extensions["eventsys.notices_of"] = lambda meeting_id: [("全市会议召开", f"/notices/2030/{meeting_id}")]
    try:
        page = browse(None).get(f"/meetings/{meeting.id}").text
    finally:
        app.extensions["eventsys.notices_of"] = before
    assert f'<a href="/notices/2030/{meeting.id}">全市会议召开</a>' in page


def test_markup_is_text_to_every_reader(app: Flask, browse: Browse) -> None:
    by = organizer(office())
    typed = "<script>alert(1)</script>"
    meeting = scheduled(by, title_zh=typed, venue_zh=typed, notes_zh=typed)
    item(meeting, by, typed, presenter_zh=typed, note_zh=typed)
    cancelled(meeting, by, postponed=False)
    for client in (browse(None), browse(by)):
        page = client.get(f"/meetings/{meeting.id}?lang=zh").text
        assert ("<script>alert" in page, "&lt;script&gt;alert(1)" in page) == (False, True)
