"""Statistics of replies: each number is its list, nothing is counted twice, and what is left out is named."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from eventsys.core.actor import Actor, Channel, Role
from eventsys.core.clock import now, played_at, to_local
from eventsys.core.transaction import write
from eventsys.directory.models import Organization, OrganizationKind
from eventsys.invitations.models import Attendee, PlaceRole, Reply
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.operations.substitute import Named, name_substitute
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.statistics import queries
from eventsys.statistics.queries import Numbers, Scope, Show
from tests import factories

Browse = Callable[[Actor | None], FlaskClient]
ZONE = "Asia/Shanghai"
BY_LINK = Actor(label="受邀人", channel=Channel.LINK)
BEGAN = now() - timedelta(days=10)


class Year:
    """An office whose meetings began ten days ago; replies closed two days before that."""

    def __init__(self) -> None:
        self.office = factories.organization("市外办", kind=OrganizationKind.OFFICE)
        self.heping, self.shenhe = factories.organization("和平区"), factories.organization("沈河区")
        self.organizer = factories.actor((Role.ORGANIZER, self.office))

    def meeting(self, **facts: object) -> Meeting:
        return factories.meeting(self.office, starts_at=BEGAN, **facts)

    def place(self, meeting: Meeting, of: Organization | None, **facts: object) -> Attendee:
        number = of.id if of else None
        return factories.attendee(meeting, factories.person("张三"), organization_id=number, **facts)

    def answered(self, who: Attendee, before: timedelta, reply: Reply = Reply.ACCEPTED, *, leave: bool = False) -> None:
        """An answer this long before the deadline; after it, the organizer's on behalf."""
        late = before < timedelta(0)
        by, channel = (self.organizer, Channel.ON_BEHALF) if late else (BY_LINK, None)
        with played_at(who.meeting.reply_by - before), write():
            answer(who, reply, "出差" if leave else "", leave, by=by, channel=channel)

    def scope(self, **facts: object) -> Scope:
        values = {"paths": (self.office.path,), "year": to_local(BEGAN, ZONE).year, "zone": ZONE, "at": now()}
        return Scope(**{**values, **facts})  # type: ignore[arg-type]


@pytest.fixture
def year(app: object) -> Year:
    return Year()


def shown(line: Numbers) -> tuple[str, ...]:
    return (line.name(), *(str(line.of(show)) for show in Show))


DAY = timedelta(days=1)


def test_each_place_is_in_time_late_or_unanswered(year: Year) -> None:
    meeting = year.meeting()
    year.answered(year.place(meeting, year.heping), DAY)
    year.answered(year.place(meeting, year.heping), -DAY)
    year.place(meeting, year.heping)
    year.answered(year.place(meeting, year.shenhe), DAY, Reply.DECLINED, leave=True)
    lines = queries.by_organization(year.scope())
    assert [shown(line) for line in lines] == [
        ("和平区", "3", "1", "1", "1", "0", "0"),
        ("沈河区", "1", "1", "0", "0", "1", "0"),
    ]
    assert shown(queries.total(lines))[1:] == ("4", "2", "1", "1", "1", "0")


def test_every_number_is_its_list(year: Year) -> None:
    meeting = year.meeting()
    year.answered(year.place(meeting, year.heping), DAY)
    year.place(meeting, None)
    for line in queries.by_organization(year.scope()):
        for show in Show:
            listed, more = queries.places(year.scope(), show, line.organization_id, 1)
            assert (len(listed), more) == (line.of(show), False)
            assert [each.outcome for each in listed if show in (Show.IN_TIME, Show.LATE, Show.UNANSWERED)] == [
                show for _each in listed if show in (Show.IN_TIME, Show.LATE, Show.UNANSWERED)
            ]


def test_who_sent_a_substitute_answered(year: Year) -> None:
    away = year.place(year.meeting(), year.heping)
    with played_at(away.meeting.reply_by - DAY), write():
        name_substitute(away, Named(name="李四", email="li@example.org"), by=BY_LINK)
    assert shown(queries.by_organization(year.scope())[0]) == ("和平区", "1", "1", "0", "0", "0", "1")


def test_an_answer_to_an_earlier_time_counts_no_more(year: Year) -> None:
    who = year.place(year.meeting(), year.heping)
    year.answered(who, DAY)
    with write() as session:
        session.get_one(Meeting, who.meeting_id).timed_sequence = 1
    assert shown(queries.by_organization(year.scope())[0]) == ("和平区", "1", "0", "0", "1", "0", "0")


def test_what_owed_no_answer_is_not_counted(year: Year) -> None:
    meeting = year.meeting()
    year.place(meeting, year.heping, role=PlaceRole.OPTIONAL)
    year.place(meeting, year.heping, told=False)
    gone = year.place(meeting, year.heping)
    came = year.place(meeting, year.heping)
    with write() as session:
        session.merge(gone.place).withdrawn_at = now()
        session.merge(came.place).walk_in = True
    assert queries.by_organization(year.scope()) == []


def test_meetings_left_out_are_named(year: Year) -> None:
    called_off = year.meeting(state=MeetingState.CANCELLED, title_zh="取消的会", cancelled_at=now())
    still_open = year.meeting(title_zh="还在报名", reply_by=now() + DAY)
    untold = year.meeting(title_zh="没人知道", state=MeetingState.CANCELLED)
    for meeting in (called_off, still_open):
        year.place(meeting, year.heping)
    year.place(untold, year.heping, told=False)
    found = queries.left_out(year.scope())
    assert (found.cancelled, found.still_open) == (
        [(called_off.id, "取消的会")],
        [(still_open.id, "还在报名")],
    )
    assert queries.by_organization(year.scope()) == []


def test_another_year_and_another_office_are_elsewhere(year: Year) -> None:
    year.place(year.meeting(), year.heping)
    elsewhere = factories.organization("邻市外办", kind=OrganizationKind.OFFICE)
    scopes = [year.scope(year=year.scope().year - 1), year.scope(paths=(elsewhere.path,)), year.scope(paths=())]
    assert [queries.by_organization(scope) for scope in scopes] == [[], [], []]
    assert len(queries.by_organization(year.scope(paths=None))) == 1


def test_pages_and_files_say_the_same(browse: Browse, year: Year) -> None:
    meeting = year.meeting()
    for _number in range(60):
        year.place(meeting, year.heping)
    client = browse(year.organizer)
    asked = f"year={year.scope().year}"
    page = client.get(f"/workspace/statistics/?{asked}").text
    links = re.findall(r'href="(/workspace/statistics/places[^"]+)"', page)
    address = next(link for link in links if "show=unanswered" in link).replace("&amp;", "&")
    first = client.get(address).text
    more = re.findall(r'<a href="([^"]+)" rel="next"', first)[0].replace("&amp;", "&")
    assert [text.count('<th scope="row">') for text in (first, client.get(more).text)] == [50, 10]
    listed = client.get(address.replace("/places?", "/places.csv?")).data.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(listed)))) == 61
    numbers = client.get(f"/workspace/statistics/replies.csv?{asked}").data.decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(numbers)))
    assert table[1] == ["和平区", "60", "0", "0", "60", "0", "0"]
    assert client.get(f"/workspace/statistics/replies.xlsx?{asked}").data[:2] == b"PK"
    assert client.get(address.replace("/places?", "/places.xlsx?")).data[:2] == b"PK"


@pytest.mark.parametrize(
    "asked", ["year=x", "year=99999999999", "show=all&page=-1&organization=x", "organization=9999"]
)
def test_what_is_no_filter_is_no_error(browse: Browse, year: Year, asked: str) -> None:
    client = browse(year.organizer)
    found = [client.get(f"/workspace/statistics/{page}?{asked}").status_code for page in ("", "places")]
    assert found == [200, 200]
