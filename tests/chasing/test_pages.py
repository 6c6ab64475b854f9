"""The pages of chasing: who may, who may partly, a stranger; what is shown before, and what happens after."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from eventsys.accounts.models import Account
from eventsys.chasing.models import PhoneCall, PlannedReminder
from eventsys.chasing.queries.planned import planned
from eventsys.chasing.queries.waiting import waiting
from eventsys.core.actor import Role
from eventsys.core.clock import now, played_at
from eventsys.core.tokens import LinkSigner
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Reply
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.queries.story import find_attendee, story
from eventsys.meetings.models import MeetingState
from tests import factories
from tests.chasing.plans import case, liaison, local, own_deadline, plan, reminded, someone, sweep, unnamed
from tests.conftest import SECRET
from tests.invitations.asking import Office, letters, statements
from tests.invitations.test_asking_pages import hidden
from tests.web.forms import post, token_of

PAGES = ("invitations/remind", "reminders/", "calls/", "calls/print", "calls/calls.csv", "calls/calls.xlsx")


def url(of: Office, page: str) -> str:
    return f"/workspace/meetings/{of.meeting.id}/{page}"


def plans_of(of: Office) -> list[PlannedReminder]:
    db.session.rollback()
    return planned(of.meeting.id)


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def sent(client: FlaskClient, address: str, data: dict[str, Any], page: str) -> Any:
    """The form as its page has it, with what was typed."""
    shown = client.get(page)
    return client.post(address, data={**hidden(shown.text), "csrf_token": token_of(shown), **data})


@pytest.mark.parametrize("page", PAGES)
def test_organizers_of_the_office_only(app, browse, page):
    of = case()
    someone(of, who=factories.person(phone="024-1"))
    for who, status in (
        (of.by, 200),
        (factories.actor((Role.ADMINISTRATOR, None)), 200),
        (factories.actor((Role.APPROVER, of.organization)), 404),
        (factories.actor((Role.EDITOR, of.organization)), 404),
        (factories.actor((Role.ORGANIZER, factories.organization())), 404),
    ):
        assert browse(who).get(url(of, page)).status_code == status
    assert "/account/sign-in" in browse(None).get(url(of, page)).location


@pytest.mark.parametrize("state", list(MeetingState))
@pytest.mark.parametrize("page", PAGES[:3])
def test_pages_in_every_state(app, browse, page, state):
    of = case(state=state)
    someone(of)
    plan_id = None
    if state in (MeetingState.DRAFT, MeetingState.SCHEDULED):
        plan_id = plan(of).id
    assert browse(of.by).get(url(of, page)).status_code == 200
    if plan_id:
        assert browse(of.by).get(url(of, f"reminders/{plan_id}")).status_code == 200


def test_another_meetings_planned_reminder_is_not_found(app, browse):
    of, other = case(), case()
    mine, place = plan(of), unnamed(of, factories.organization())
    client = browse(of.by)
    for page in (f"reminders/{mine.id}", f"calls/{place.id}"):
        assert client.get(url(of, page)).status_code == 200
        assert client.get(url(Office(of.organization, of.by, other.meeting), page)).status_code == 404


def test_only_organizations_that_are_ticked_are_reminded(app, browse):
    of = case()
    one, other = factories.organization("甲区"), factories.organization("乙区")
    first, _second = someone(of, organization_id=one.id), someone(of, organization_id=other.id)
    address = url(of, "invitations/remind")
    client = browse(of.by)
    refused = sent(client, address, {}, address)
    assert (refused.status_code, reminded()) == (422, [])
    assert sent(client, address, {"organization": [one.id]}, address).status_code == 302
    assert reminded() == [first.id]


def test_a_liaison_is_reminded_by_hand_with_the_places(app, browse):
    of = case()
    office = factories.organization("康平县", name_en="Kangping")
    liaison(office, name_en="Zhao Min", language="en")
    post_ = factories.post(office, "外办主任", "Director")
    unnamed(of, office, post_id=post_.id)
    address = url(of, "invitations/remind?lang=en")
    client = browse(of.by)
    page = words(client.get(address).text)
    assert "Kangping Director Zhao Min liaison English – Reminder" in page
    shown = client.get(url(of, f"invitations/remind/letter?to=l{office.id}-{letters_to(of)}&in=en&as=text")).text
    assert ("Nobody is named yet for: Director." in shown, "/portal/" in shown or "/o/" in shown) == (True, True)
    assert sent(client, address, {"organization": [office.id]}, address).status_code == 302
    assert [letter.organization_id for letter in letters("reminder")] == [office.id]
    assert "1 reminder, last" in words(client.get(url(of, "calls/")).text)
    again = words(client.get(address).text)
    assert "Everybody was reminded today" in again


def letters_to(of: Office) -> int:
    """The person to whom the only letter would go."""
    return waiting(of.meeting)[0].reader.person_id


def test_what_is_proposed_is_sent_by_nobody_until_it_is_switched_on(app, browse):
    of = case()
    someone(of)
    client = browse(of.by)
    page = client.get(url(of, "reminders/?lang=en"))
    text = words(page.text)
    assert ("3 days before the deadline" in text, "Switch these on" in text) == (True, True)
    assert (sweep(local(4, 9)), plans_of(of)) == (0, [])
    assert post(client, url(of, "reminders/proposed"), page=url(of, "reminders/")).status_code == 303
    assert [row.days_before for row in plans_of(of)] == [3, 1, 0]
    text = words(client.get(url(of, "reminders/?lang=en")).text)
    assert (text.count("Goes out by itself"), text.count("1 reader"), "Switch these on" in text) == (3, 3, False)


def test_one_more_and_its_life_on_the_page(app, browse):
    of = case()
    row = someone(of)
    client, page = browse(of.by), url(of, "reminders/")
    assert sent(client, page, {"days_before": "2", "time": "15:30"}, page).status_code == 303
    mine = plans_of(of)[0]
    assert (mine.days_before, mine.minute, mine.is_on) == (2, 930, True)
    assert sent(client, page, {"days_before": "2", "time": "15:30"}, page).status_code == 422
    one = f"{page}{mine.id}"
    for on, state in (("0", "Off"), ("1", "Goes out by itself")):
        assert post(client, f"{one}/switch", {"on": on}, page=page).status_code == 303
        assert state in words(client.get(f"{page}?lang=en").text)
    with played_at(local(3, 15, 31)):
        assert sweep(now()) == 1
        text = words(client.get(f"{page}?lang=en").text)
    assert ("Sent" in text, "as planned 1" in text, reminded()) == (True, True, [row.id])
    assert post(client, f"{one}/remove", page=one).status_code == 303
    assert client.get(one).status_code == 404


def test_another_time_and_an_organization_left_out(app, browse):
    of = case()
    office = factories.organization()
    someone(of, organization_id=office.id)
    row = someone(of)
    mine = plan(of)
    one = url(of, f"reminders/{mine.id}")
    client = browse(of.by)
    stale_page = client.get(one)
    assert sent(client, one, {"days_before": "1", "time": "10:00", "listed": office.id}, one).status_code == 303
    again = plans_of(of)[0]
    assert (again.minute, again.left_out) == (600, [office.id])
    data = {**hidden(stale_page.text), "csrf_token": token_of(stale_page), "days_before": "0", "time": "9:00"}
    assert client.post(one, data=data).status_code == 404
    assert (sweep(local(4, 10)), reminded()) == (1, [row.id])


def test_a_stale_page_shows_both(app, browse):
    of = case()
    office = factories.organization()
    someone(of, organization_id=office.id)
    mine = plan(of)
    one, client = url(of, f"reminders/{mine.id}"), browse(of.by)
    page = client.get(one)
    assert sent(client, one, {"days_before": "1", "time": "9:00", "listed": office.id}, one).status_code == 303
    data = {**hidden(page.text), "csrf_token": token_of(page), "days_before": "3", "time": "9:00"}
    assert client.post(one, data=data).status_code == 409
    assert [row.days_before for row in plans_of(of)] == [1]


def test_sent_now_from_the_page(app, browse):
    of = case()
    row = someone(of)
    mine = plan(of)
    one, client = url(of, f"reminders/{mine.id}"), browse(of.by)
    page = client.get(f"{one}?lang=en")
    assert "Send 1 reminder now" in words(page.text)
    data = {"csrf_token": token_of(page), "shown": f"a{row.id}"}
    assert client.post(f"{one}/now", data=data).status_code == 303
    assert client.post(f"{one}/now", data=data).status_code == 422
    assert (reminded(), sweep(local(4, 9))) == ([row.id], 0)


def test_an_own_deadline_has_a_line_of_its_own(app, browse):
    of = case()
    office = factories.organization()
    someone(of, organization_id=office.id)
    own_deadline(of, office, local(7, 17))
    plan(of)
    text = words(browse(of.by).get(url(of, "reminders/?lang=en")).text)
    assert (text.count("for organizations with a deadline of their own"), text.count("0 readers")) == (1, 1)


def test_the_list_to_call(app, browse):
    of = case()
    office = factories.organization("康平县", name_en="Kangping", phone="024-8000")
    liaison(office, name_zh="赵敏", phone="024-8001")
    post_ = factories.post(office, "外办主任", "Director")
    someone(of, who=factories.person("李明", phone="024-8002"), post=post_)
    someone(of, who=factories.person("已复"), reply=Reply.ACCEPTED)
    unnamed(of, office)
    client = browse(of.by)
    for page in ("calls/", "calls/print"):
        text = words(client.get(url(of, f"{page}?lang=zh")).text)
        found = [number in text for number in ("024-8000", "024-8001", "024-8002", "李明", "赵敏", "康平县")]
        assert (found, "已复" in text) == ([True] * 6, False)
    lines = client.get(url(of, "calls/calls.csv?lang=zh")).text.splitlines()
    assert [line.split('","')[:7] for line in lines[1:]] == [
        ['"康平县', "024-8000", "赵敏", "024-8001", "外办主任", "李明", "024-8002"],
        ['"康平县', "024-8000", "赵敏", "024-8001", "其他人员", "待定", ""],
    ] or [line.split('","')[4] for line in lines[1:]] == ["外办主任", "其他名额"]
    assert client.get(url(of, "calls/calls.xlsx")).data[:2] == b"PK"


def test_a_call_is_noted_and_leads_to_the_answer(app, browse):
    of = case()
    row = someone(of, who=factories.person("李明"))
    page, client = url(of, f"calls/{row.place_id}"), browse(of.by)
    typed = {"date": "", "time": "9:05", "said": "会来"}
    assert sent(client, page, typed, page).status_code == 422
    typed = {"date": str(local(-1, 12).date()), "time": "9:05", "whom": "李明", "said": "会来，由其本人参加"}
    done = sent(client, page, {**typed, "then": "answer"}, page)
    assert (done.status_code, done.location) == (
        303,
        f"/workspace/meetings/{of.meeting.id}/attendees/{row.id}/answer?source=phone#answer",
    )
    assert 'value="phone" selected' in client.get(done.location).text
    db.session.rollback()
    note = db.session.query(PhoneCall).one()
    assert (note.attendee_id, note.whom, note.said, note.at <= now()) == (row.id, "李明", "会来，由其本人参加", True)
    steps = story(find_attendee(of.meeting.id, row.id))
    assert [(step.act, step.source, step.comment) for step in steps] == [("called", "phone", "会来，由其本人参加")]
    assert "会来，由其本人参加" in client.get(url(of, "calls/")).text


def test_a_call_to_come_is_refused(app, browse):
    of = case()
    row = someone(of)
    page, client = url(of, f"calls/{row.place_id}"), browse(of.by)
    typed = {"date": str(local(1, 9).date()), "time": "9:00", "said": "……"}
    answered = sent(client, page, typed, page)
    assert (answered.status_code, db.session.query(PhoneCall).count(), "……" in answered.text) == (422, 0, True)


def test_a_call_about_a_place_to_be_named_leads_to_naming(app, browse):
    of = case()
    place = unnamed(of, factories.organization())
    page, client = url(of, f"calls/{place.id}"), browse(of.by)
    typed = {"date": str(local(-1, 12).date()), "time": "9:00", "said": "下午报名单", "then": "answer"}
    done = sent(client, page, typed, page)
    assert done.location == f"/workspace/meetings/{of.meeting.id}/invitations/places/{place.id}/name"


def test_after_the_own_deadline_a_reminder_by_hand_says_to_call(app, browse):
    of = case(reply_by=local(-1, 9))
    row = someone(of)
    client = browse(of.by)
    text = words(client.get(url(of, "invitations/remind?lang=en")).text)
    assert ("Call them instead" in text, "Send 1 reminder" in text) == (True, False)
    data = {"shown": f"a{row.id}", "organization": "0"}
    assert sent(client, url(of, "invitations/remind"), data, url(of, "reminders/")).status_code == 422


def test_an_answer_changes_what_the_pages_say(app, browse):
    of = case()
    row = someone(of)
    plan(of)
    page = find_attendee(of.meeting.id, row.id)
    with write():
        answer(page, Reply.ACCEPTED, by=of.by, version=db.session.get_one(Attendee, row.id).version)
    client = browse(of.by)
    assert "0 readers" in words(client.get(url(of, "reminders/?lang=en")).text)
    assert "Nobody to call" in words(client.get(url(of, "calls/?lang=en")).text)


def test_the_preview_opens_nothing(app, browse):
    of = case()
    office = factories.organization()
    liaison(office)
    unnamed(of, office)
    own_deadline(of, office, local(7, 17))
    key = waiting(of.meeting)[0]
    assert key.reader.answer_link
    shown = browse(of.by).get(url(of, f"invitations/remind/letter?to={key.key}&as=text")).text
    assert ("/o/" in shown, LinkSigner([SECRET], "organization").token(key.reader.answer_link) in shown) == (
        True,
        False,
    )
    assert browse(of.by).get(url(of, "invitations/remind/letter?to=a999999")).status_code == 404


def test_ticks_can_be_taken_away_or_set_by_address(app, browse):
    of = case()
    one, other = factories.organization(), factories.organization()
    for office in (one, other):
        someone(of, organization_id=office.id)
    client = browse(of.by)
    for query, ticked in (("", 2), ("?choose=none", 0), (f"?organization={one.id}", 1)):
        assert client.get(url(of, f"invitations/remind{query}")).text.count(" checked") == ticked


@pytest.mark.parametrize("page", ["invitations/remind", "reminders/", "reminders/{plan}", "calls/", "calls/print"])
def test_pages_cost_the_same_for_one_and_for_many(app, browse_account, page):
    who = factories.person()
    counted = []
    for number in (1, 20):
        of = case()
        factories.holds(who, Role.ORGANIZER, of.organization)
        mine = plan(of)
        for _each in range(number):
            office = factories.organization()
            liaison(office)
            unnamed(of, office)
            someone(of, organization_id=office.id)
        client = browse_account(
            db.session.query(Account).filter_by(person_id=who.id).one_or_none() or factories.account(who)
        )
        address = url(of, page.format(plan=mine.id))
        client.get(address)
        with statements() as seen:
            assert client.get(address).status_code == 200
        counted.append(len([each for each in seen if each.lstrip().startswith("SELECT")]))
    assert counted[0] == counted[1] <= 12
