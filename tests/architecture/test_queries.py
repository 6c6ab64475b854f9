"""A page costs the same few queries whatever it lists, the guard and the layout included."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsys.core.actor import Role
from eventsys.core.clock import now
from eventsys.core.outbox import Recipient, enqueue
from eventsys.core.transaction import write
from eventsys.directory.models import Organization, OrganizationKind
from eventsys.meetings.models import Meeting, MeetingState, Visibility
from eventsys.notices.models import Notice, NoticeState, NoticeVersion, VersionState
from eventsys.overview import navigation
from tests import factories as make
from tests.bench.in_process import counted
from tests.incoming.messages import reply
from tests.incoming.world import take
from tests.personas import Browse

MOST = 12
PAGES = (
    *("/", "/meetings/", "/meetings/?show=past", "/notices/", "/notices/feed.atom", "/calendar.ics", "/sitemap.xml"),
    *("/search?q=会议", "/workspace/", "/workspace/search?q=会议", "/workspace/meetings/?show=all"),
    *("/workspace/directory/", "/workspace/directory/people/", "/workspace/directory/posts/"),
    *("/workspace/directory/duplicates/", "/workspace/handovers/"),
    *("/workspace/directory/audiences/", "/workspace/accounts/", "/workspace/audit/", "/workspace/letters/"),
    *("/workspace/incoming/", "/workspace/notices/", "/checkin/", "/portal/"),
)
OF_MEETING = (
    *("", "agenda/", "invitations/", "invitations/?view=table", "invitations/add", "invitations/send"),
    *(
        "invitations/remind",
        "reminders/",
        "calls/",
        "letters",
        "incoming",
        "attendance",
        "sign-in-sheet",
        "notice",
        "change",
        "cancel",
        "copy",
        "preview",
    ),
)


@pytest.fixture
def office(app: Flask) -> Organization:
    return make.organization("市外办", kind=OrganizationKind.OFFICE)


@pytest.fixture
def meeting(office: Organization) -> Meeting:
    return make.meeting(office, visibility=Visibility.PUBLIC, scheduled_at=now())


@pytest.fixture
def browser(browse: Browse, office: Organization) -> FlaskClient:
    who = make.person("李主任")
    for role in Role:
        make.holds(who, role, None if role is Role.ADMINISTRATOR else office)
    return browse.account(make.account(who))


def grow(office: Organization, meeting: Meeting, number: int) -> None:
    """As many rows more of everything that is listed."""
    for each in range(number):
        district = make.organization(parent=office)
        post = make.post(district)
        who = make.person(post=post)
        make.account(who)
        attendee = make.attendee(meeting, who, post=post, told=each % 2 == 1)
        make.meeting(office, visibility=Visibility.PUBLIC, scheduled_at=now())
        make.meeting(office, state=MeetingState.IN_SESSION, scheduled_at=now())
        starts_at = now() - timedelta(days=30)
        held = make.meeting(
            office,
            starts_at=starts_at,
            state=MeetingState.CONCLUDED,
            visibility=Visibility.PUBLIC,
            scheduled_at=starts_at,
        )
        publish(held)
        to = Recipient(who.name_zh, who.email, "zh", attendee.id, district.id)
        with write():
            enqueue("invitation", {}, [(uuid4().hex, to, {})], meeting_id=meeting.id)
        take(reply(meeting, attendee, "ACCEPTED"))
        take(reply(meeting, attendee, "DECLINED", by_token=False))


def publish(meeting: Meeting) -> None:
    """A published notice of the meeting."""
    at = now()
    with write() as session:
        notice = Notice(
            meeting_id=meeting.id,
            convener_id=meeting.convener_id,
            state=NoticeState.PUBLISHED,
            year=at.year,
            slug=uuid4().hex,
            published_at=at,
            modified_at=at,
            created_at=at,
        )
        session.add(notice)
        session.flush()
        version = NoticeVersion(
            notice_id=notice.id,
            number=1,
            state=VersionState.PUBLISHED,
            title_zh="会议召开",
            body_zh="<p>会议</p>",
            search_text=" 会议 ",
            created_at=at,
            modified_at=at,
            published_at=at,
        )
        session.add(version)
        session.flush()
        notice.published_id = version.id


def numbers(app: Flask, browser: FlaskClient, pages: list[str]) -> dict[str, int]:
    """How many queries each page runs, once what the process keeps is warm."""
    found = {}
    for page in pages:
        browser.get(page)
        with counted(app) as statements:
            answer = browser.get(page)
        assert answer.status_code == 200, page
        found[page] = len(statements)
    return found


def test_no_page_asks_more_for_more_rows(
    app: Flask, browser: FlaskClient, office: Organization, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(navigation, "KEEP_SECONDS", 1e9)  # or a slow run reads the office's name in between
    pages = [*PAGES, *(f"/workspace/meetings/{meeting.id}/{page}" for page in OF_MEETING)]
    grow(office, meeting, 2)
    few = numbers(app, browser, pages)
    grow(office, meeting, 28)
    assert numbers(app, browser, pages) == few
    assert {page: number for page, number in few.items() if number > MOST} == {}
