"""The pages of asking: who may, who may partly, a stranger; what is shown before, and what happens after."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from eventsys.core.actor import Role
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Reply
from eventsys.meetings.models import Meeting, MeetingState
from tests import factories
from tests.invitations.asking import Office, deliver, keys, letters, office, statements
from tests.invitations.test_send import crowd
from tests.web.forms import post, token_of

PAGES = ("invitations/add", "invitations/send", "invitations/remind", "change", "postpone", "cancel")
HIDDEN = re.compile(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"')


def url(case: Office, page: str) -> str:
    return f"/workspace/meetings/{case.meeting.id}/{page}"


def hidden(text: str) -> dict[str, str]:
    """Every hidden input of the page's forms."""
    found = [tag for tag in re.findall(r"<input[^>]*>", text) if 'type="hidden"' in tag]
    return dict(match.groups() for tag in found if (match := HIDDEN.search(tag)))


@pytest.mark.parametrize("page", PAGES)
def test_organizers_of_the_office_only(app, browse, page):
    case = office()
    elsewhere = factories.organization()
    assert browse(case.by).get(url(case, page)).status_code == 200
    assert browse(factories.actor((Role.APPROVER, case.organization))).get(url(case, page)).status_code == 404
    assert browse(factories.actor((Role.ORGANIZER, elsewhere))).get(url(case, page)).status_code == 404
    assert "/account/sign-in" in browse(None).get(url(case, page)).location


@pytest.mark.parametrize("page", [page for page in PAGES if page != "invitations/add"])
@pytest.mark.parametrize("state", list(MeetingState))
def test_pages_in_every_state(app, browse, page, state):
    case = office(state=state)
    assert browse(case.by).get(url(case, page)).status_code in {200, 302}


def test_choosing_by_name_then_sending(app, browse):
    case = office()
    factories.person("李明", name_en="Li Ming", search_text=" 李 明 李明 ")
    client = browse(case.by)
    found = client.get(url(case, "invitations/add?q=李明&lang=en"))
    key = re.findall(r'name="picks" value="([^"]+)"', found.text)
    assert len(key) == 1
    answer = client.post(
        url(case, "invitations/add?q=李明"),
        data={"csrf_token": token_of(found), "picks": key, "role": "required"},
    )
    assert (answer.status_code, answer.location) == (302, url(case, "invitations/send"))
    page = client.get(url(case, "invitations/send?lang=en"))
    assert "Send 1 letter" in page.text
    assert letters() == []
    data = {"csrf_token": token_of(page), "shown": hidden(page.text)["shown"]}
    assert client.post(url(case, "invitations/send"), data=data).status_code == 302
    again = client.post(url(case, "invitations/send"), data=data)
    assert (again.status_code, len(letters())) == (422, 1)
    assert "already sent" in again.text


def test_choosing_nobody_is_refused_at_the_field(app, browse):
    case = office()
    factories.person("李明", search_text=" 李 明 李明 ")
    answer = post(browse(case.by), url(case, "invitations/add?q=李明"), {"role": "required"})
    assert (answer.status_code, letters()) == (422, [])


def test_a_letter_is_shown_in_either_language_in_a_sandbox_with_a_link_that_opens_nothing(app, browse):
    case = office()
    row = factories.attendee(case.meeting, factories.person("李明", name_en="Li Ming"), told=False)
    client = browse(case.by)
    frame = re.search(r'<iframe[^>]*src="([^"]+)"[^>]*>', client.get(url(case, "invitations/send")).text)
    assert frame is not None
    assert 'sandbox=""' in frame.group(0)
    for language, name in (("zh", "李明"), ("en", "Li Ming")):
        letter = client.get(url(case, f"invitations/send/letter?to=own-{row.id}&in={language}"))
        assert (letter.status_code, name in letter.text, row.link_id in letter.text) == (200, True, False)
        assert letter.headers["Content-Security-Policy"].endswith("sandbox")
    assert client.get(url(case, "invitations/send/letter?to=own-999")).status_code == 404


def edit(client: FlaskClient, case: Office, **facts: str) -> dict[str, str]:
    """The fields of the change page as a browser sends them, some of them edited."""
    return {**fields_of(client.get(url(case, "change?lang=en")).text), **facts}


def fields_of(page: str) -> dict[str, str]:
    """The fields of a page's forms as a browser sends them."""
    data = {}
    for tag in re.findall(r"<input[^>]*>", page):
        match = HIDDEN.search(tag)
        if match and ('type="radio"' not in tag or " checked" in tag) and 'type="checkbox"' not in tag:
            data[match.group(1)] = match.group(2)
    for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL):
        data[name] = text
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        data[name] = chosen.group(1) if chosen else ""
    return data


def test_a_change_is_shown_before_it_is_made(app, browse):
    case = office()
    row = factories.attendee(case.meeting, factories.person("李明", name_en="Li Ming"), reply=Reply.ACCEPTED)
    client = browse(case.by)
    data = edit(client, case, ends="23:59", end_date="2099-01-01")
    answer = client.post(url(case, "change"), data={**data, "step": "look"})
    assert answer.status_code == 422
    data = edit(client, case, venue_zh="302会议室", starts="00:01")
    looked = client.post(url(case, "change"), data={**data, "step": "look"})
    assert looked.status_code == 200
    assert ("Save; 1 letter goes out" in looked.text, "1 answer, listed below" in looked.text) == (True, True)
    assert letters() == []
    kept = hidden(looked.text)
    letter = client.post(url(case, "change/letter?in=en"), data=kept)
    assert (letter.status_code, "302会议室" in letter.text or "Room 301" in letter.text) == (200, True)
    assert letters() == []
    done = client.post(url(case, "change"), data={**kept, "step": "confirm", "quiet": "0"})
    assert (done.status_code, keys()) == (302, [f"update:{row.id}:s1:v1"])
    retried = client.post(url(case, "change"), data={**kept, "step": "confirm", "quiet": "0"})
    assert (retried.status_code, len(letters())) == (302, 1)
    assert "already" in client.get(url(case, "change?lang=en")).text


def test_a_stale_preview_is_refused(app, browse):
    case = office()
    factories.attendee(case.meeting, factories.person())
    client = browse(case.by)
    kept = hidden(client.post(url(case, "change"), data={**edit(client, case, venue_zh="302"), "step": "look"}).text)
    with write() as session:
        session.get_one(Meeting, case.meeting.id).notes_zh = "somebody else"
    answer = client.post(url(case, "change"), data={**kept, "step": "confirm"})
    assert (answer.status_code, letters()) == (409, [])
    assert "somebody else" in answer.text


def test_new_words_are_told_only_if_ticked(app, browse):
    case = office()
    factories.attendee(case.meeting, factories.person())
    client = browse(case.by)
    looked = client.post(url(case, "change"), data={**edit(client, case, notes_en="Bring papers"), "step": "look"})
    assert "Tell everybody about the new wording" in looked.text
    kept = hidden(looked.text)
    sent = {**kept, "tell_words": "y", "step": "confirm", "quiet": "0"}
    assert client.post(url(case, "change"), data=sent).status_code == 302
    assert len(letters("update")) == 1


def test_cancelling_needs_a_reason_and_shows_who_is_told(app, browse):
    case = office()
    row = factories.attendee(case.meeting, factories.person())
    client = browse(case.by)
    assert post(client, url(case, "cancel"), {"step": "look", "version": "1"}).status_code == 422
    looked = post(client, url(case, "cancel?lang=en"), {"step": "look", "version": "1", "reason_zh": "因防汛"})
    assert ("Cancel and send 1 letter" in looked.text, "因防汛" in looked.text, letters()) == (True, True, [])
    kept = hidden(looked.text)
    assert client.post(url(case, "cancel/letter?in=zh"), data=kept).status_code == 200
    assert client.post(url(case, "cancel"), data={**kept, "step": "confirm"}).status_code == 302
    assert keys() == [f"cancellation:{row.id}:s1"]
    assert client.post(url(case, "cancel"), data={**kept, "step": "confirm"}).status_code == 422
    assert len(letters()) == 1


def test_postponing_to_a_date_and_without_one(app, browse):
    case = office()
    row = factories.attendee(case.meeting, factories.person(), reply=Reply.ACCEPTED)
    client = browse(case.by)
    wanted = {
        "step": "look",
        "version": "1",
        "reason_en": "Repairs",
        "when": "known",
        "starts": "9:00",
        "ends": "11:00",
    }
    assert post(client, url(case, "postpone"), wanted).status_code == 422
    looked = post(client, url(case, "postpone?lang=en"), {**wanted, "date": "2031-05-06"})
    assert ("Save; 1 letter goes out" in looked.text, "Repairs" in looked.text) == (True, True)
    done = client.post(url(case, "postpone"), data={**hidden(looked.text), "step": "confirm", "quiet": "0"})
    assert (done.status_code, keys()) == (302, [f"update:{row.id}:s1:v1"])
    db.session.rollback()
    assert db.session.get_one(Attendee, row.id).reply is Reply.PENDING
    deliver()
    version = str(db.session.get_one(Meeting, case.meeting.id).version)
    later = {"step": "look", "version": version, "reason_zh": "检修", "when": "later"}
    looked = post(client, url(case, "postpone?lang=en"), later)
    assert "Postpone and send 1 letter" in looked.text
    assert client.post(url(case, "postpone"), data={**hidden(looked.text), "step": "confirm"}).status_code == 302
    assert keys("cancellation") == [f"cancellation:{row.id}:s2"]


def test_reminding_those_shown(app, browse):
    case = office()
    row = factories.attendee(case.meeting, factories.person())
    client = browse(case.by)
    page = client.get(url(case, "invitations/remind?lang=en"))
    assert "Send 1 reminder" in page.text
    assert client.get(url(case, "invitations/remind/letter")).status_code == 200
    data = {"csrf_token": token_of(page), "shown": hidden(page.text)["shown"], "organization": "0"}
    assert client.post(url(case, "invitations/remind"), data=data).status_code == 302
    assert [letter.attendee_id for letter in letters("reminder")] == [row.id]
    assert client.post(url(case, "invitations/remind"), data=data).status_code == 422


def test_withdrawing_one(app, browse):
    case = office()
    row = factories.attendee(case.meeting, factories.person(email="gone@example.org"))
    client = browse(case.by)
    page = client.get(url(case, f"invitations/places/{row.place_id}/withdraw?lang=en"))
    assert "gone@example.org" in page.text
    shown = client.get(url(case, f"invitations/places/{row.place_id}/withdraw/letter?in=en"))
    assert (shown.status_code, "need not attend" in shown.text, row.link_id in shown.text) == (200, True, False)
    data = {"csrf_token": token_of(page), "shown": hidden(page.text)["shown"]}
    assert client.post(url(case, f"invitations/places/{row.place_id}/withdraw"), data=data).status_code == 302
    assert [letter.attendee_id for letter in letters("withdrawal")] == [row.id]
    other = Office(case.organization, case.by, factories.meeting(case.organization))
    assert client.get(url(other, f"invitations/places/{row.place_id}/withdraw")).status_code == 404


@pytest.mark.parametrize("page", ["invitations/send", "change", "cancel"])
def test_pages_cost_the_same_for_one_and_for_two_thousand(app, browse, page):
    small = office()
    crowd(small, 1)
    large = Office(small.organization, small.by, factories.meeting(small.organization))
    crowd(large, 2000)
    client = browse(small.by)
    addresses = [url(case, page) for case in (small, large)]
    client.get(addresses[0])
    counted = []
    for address in addresses:
        with statements() as seen:
            assert client.get(address).status_code == 200
        counted.append(len([each for each in seen if each.lstrip().startswith("SELECT")]))
    assert counted[0] == counted[1] <= 12
