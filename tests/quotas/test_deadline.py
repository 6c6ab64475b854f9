"""One organization's own deadline: later, before the start, told to its liaisons, and kept at every door."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from eventsys.core.actor import Actor, Channel, Role
from eventsys.core.clock import now, played_at, to_local
from eventsys.core.errors import DomainError, Stale
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.incoming.models import EntryState, IncomingEntry
from eventsys.invitations.deadlines import closes_at
from eventsys.invitations.models import Ask, Attendee, Place, PlaceRole, Reply
from eventsys.invitations.operations.answer import Closed, answer
from eventsys.invitations.operations.prepare import prepare
from eventsys.invitations.operations.send import mark_of_list, send_prepared
from eventsys.invitations.operations.substitute import Named, name_person
from eventsys.invitations.queries.send import outgoing
from eventsys.meetings.models import Meeting
from eventsys.quotas.operations.extend import extend
from eventsys.quotas.queries.one import find_ask, mark_of_readers, readers_of_extension
from eventsys.statistics.queries import Scope, by_organization
from tests import factories
from tests.incoming.messages import reply
from tests.incoming.world import take
from tests.invitations.asking import Office, letters, office, words
from tests.invitations.link import link
from tests.quotas.city import District, ask, by_name, director_kind, district

pytestmark = pytest.mark.usefixtures("english")
BY_LINK = Actor(label="invitee", channel=Channel.LINK)
DAY = timedelta(days=1)
LIAISON = Role.LIAISON


def closed(**facts: object) -> tuple[Office, District, District]:
    """Two districts, told of a meeting tomorrow whose replies closed an hour ago."""
    starts_at = now().replace(microsecond=0) + DAY
    case, kind = office(starts_at=starts_at, reply_by=starts_at - DAY - timedelta(hours=1), **facts), director_kind()
    one, other = district("甲区", kind), district("乙区", kind)
    ask(case, by_name(one, other, kinds=(kind,), further=1))
    with write():
        going = outgoing(case.meeting)
        send_prepared(case.meeting, mark_of_list(case.meeting, going.invitees, going.liaisons), by=case.by)
    return case, one, other


def row_of(case: Office, of: District) -> Ask:
    found = find_ask(case.meeting.id, of.row.id)
    assert found is not None
    return found


def give(case: Office, of: District, until: datetime, version: int | None = None) -> int:
    with write():
        row = row_of(case, of)
        shown = mark_of_readers(row, readers_of_extension(row))
        return extend(row, until, row.version if version is None else version, shown, by=case.by)


def attendee_of(of: District) -> Attendee:
    db.session.rollback()
    statement = select(Attendee).join(Place, Place.id == Attendee.place_id)
    return db.session.scalars(statement.where(Place.post_id == of.post.id)).one()


def open_place_of(of: District) -> Place:
    return db.session.scalars(select(Place).where(Place.organization_id == of.row.id, Place.is_further)).one()


def test_only_the_extended_organization_may_still_answer(app):
    case, one, other = closed()
    until = now().replace(microsecond=0) + timedelta(hours=5)
    assert give(case, one, until) == 1
    with write():
        answer(attendee_of(one), Reply.ACCEPTED, by=BY_LINK)
        name_person(open_place_of(one), Named(name="赵云"), by=BY_LINK, channel=Channel.PORTAL)
    with pytest.raises(Closed), write():
        answer(attendee_of(other), Reply.ACCEPTED, by=BY_LINK)
    with pytest.raises(Closed), write():
        name_person(open_place_of(other), Named(name="赵云"), by=BY_LINK, channel=Channel.PORTAL)
    with played_at(until), pytest.raises(Closed, match="Replies closed"), write():
        answer(attendee_of(one), Reply.DECLINED, "x", by=BY_LINK)


def test_the_pages_say_and_keep_it(app, client, browse):
    case, one, other = closed()
    assert "answer=accepted" not in client.get(link(app, attendee_of(one))).text
    give(case, one, now() + timedelta(hours=5))
    pages = [client.get(f"{link(app, attendee_of(each))}?lang=en").text for each in (one, other)]
    assert ["Please answer by" in page for page in pages] == [True, False]
    assert ["Replies closed on" in page for page in pages] == [False, True]
    for each, may in ((one, True), (other, False)):
        liaison = browse(factories.actor((LIAISON, each.row)))
        page = liaison.get(f"/portal/meetings/{case.meeting.id}?lang=en").text
        assert (("Send the answers" in page), ("Replies closed on" in page)) == (may, not may)
        assert ("Answer by" in liaison.get("/portal/?lang=en").text) is may


def test_a_liaison_of_both_answers_only_for_the_one_that_is_open(app, browse):
    case, one, other = closed()
    give(case, one, now() + timedelta(hours=5))
    browser = browse(factories.actor((LIAISON, one.row), (LIAISON, other.row)))
    for each, may in ((one, True), (other, False)):
        page = browser.get(f"/portal/meetings/{case.meeting.id}/organizations/{each.row.id}?lang=en").text
        assert (f"p{open_place_of(each).id}-person" in page) is may


def test_mail_that_arrives_before_it_is_entered(app):
    case, one, other = closed()
    give(case, one, now() + timedelta(hours=5))
    take(reply(case.meeting, attendee_of(one), "ACCEPTED"))
    take(reply(case.meeting, attendee_of(other), "ACCEPTED"))
    states = db.session.scalars(select(IncomingEntry.state).order_by(IncomingEntry.id)).all()
    assert states == [EntryState.APPLIED, EntryState.WAITING]


def test_letters_say_the_own_deadline(app):
    case, one, _other = closed()
    until = now().replace(microsecond=0, second=0) + timedelta(hours=5)
    give(case, one, until)
    told = letters("extension")
    assert [(each.organization_id, each.facts["reply_by"]) for each in told] == [(one.row.id, until.isoformat())]
    text = words(told[0], "en").text
    assert "has more time to answer" in text
    extra = factories.post(one.row)
    who = factories.person("新人", post=extra)
    with write():
        prepare(case.meeting, [f"{extra.id}.{who.id}"], PlaceRole.REQUIRED, by=case.by)
    with write():
        going = outgoing(case.meeting)
        send_prepared(case.meeting, mark_of_list(case.meeting, going.invitees, going.liaisons), by=case.by)
    assert letters("invitation")[-1].facts["reply_by"] == until.isoformat()


@pytest.mark.parametrize(
    ("hours", "refusal"),
    [
        (-30, "Set a later time"),
        (-1, "Set a later time"),
        (-0.5, "not passed"),
        (24, "before the start"),
        (30, "before"),
    ],
)
def test_instants_that_cannot_be(app, hours, refusal):
    case, one, _other = closed()
    with pytest.raises(DomainError, match=refusal):
        give(case, one, case.meeting.starts_at - DAY + timedelta(hours=hours))
    assert row_of(case, one).reply_by is None


def test_it_only_grows_and_two_at_once_do_not_overwrite(app):
    case, one, _other = closed()
    first = now() + timedelta(hours=5)
    version = row_of(case, one).version
    give(case, one, first)
    with pytest.raises(Stale):
        give(case, one, first + timedelta(hours=1), version)
    with pytest.raises(DomainError, match="later"):
        give(case, one, first - timedelta(hours=1))
    give(case, one, first + timedelta(hours=1))
    assert row_of(case, one).reply_by == first + timedelta(hours=1)
    assert len(letters("extension")) == 2


def test_nobody_is_told_before_anybody_knows_of_a_place(app):
    case, kind = office(), director_kind()
    one = district("甲区", kind)
    ask(case, by_name(one, further=1))
    assert give(case, one, case.meeting.starts_at - timedelta(hours=1)) == 0
    assert letters() == []


def test_who_is_told_must_be_who_was_shown(app):
    case, one, _other = closed()
    with pytest.raises(DomainError, match="Who would be told"), write():
        row = row_of(case, one)
        extend(row, now() + timedelta(hours=5), row.version, "x", by=case.by)


def test_the_later_counts_and_never_beyond_the_start(app):
    meeting = Meeting(starts_at=now() + DAY, reply_by=now())
    assert closes_at(meeting, meeting.reply_by - DAY) == meeting.reply_by
    assert closes_at(meeting, meeting.reply_by + timedelta(hours=2)) == meeting.reply_by + timedelta(hours=2)
    assert closes_at(meeting, meeting.starts_at + DAY) == meeting.starts_at
    assert closes_at(Meeting(starts_at=meeting.starts_at, reply_by=None), now()) == meeting.starts_at


def test_an_answer_before_the_own_deadline_is_in_time(app):
    case, one, other = closed()
    give(case, one, now() + timedelta(hours=5))
    people = [attendee_of(each) for each in (one, other)]
    with played_at(now() + timedelta(hours=1)), write():
        for each in people:
            answer(each, Reply.ACCEPTED, by=case.by, channel=Channel.ON_BEHALF)
    after = case.meeting.starts_at + DAY
    zone = "Asia/Shanghai"
    scope = Scope(
        paths=(case.organization.path,), year=to_local(case.meeting.starts_at, zone).year, zone=zone, at=after
    )
    assert [(each.name_zh, each.in_time, each.late) for each in by_organization(scope)] == [
        ("甲区", 1, 0),
        ("乙区", 0, 1),
    ]
