"""The pages of a held change: what stands on them, who may act, and what two people do at the same time."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from eventsys.accounts.models import Account
from eventsys.core.actor import Role
from eventsys.core.clock import now
from eventsys.core.transaction import write
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, HeldChange, Leave, Place, Reply
from eventsys.meetings.models import Meeting, MeetingState
from tests import factories
from tests.bench.in_process import counted
from tests.invitations.asking import letters
from tests.invitations.held import DAY, ROOM, Case, acts, edit, held, organizer, record, sweep, told
from tests.invitations.test_asking_pages import edit as fields
from tests.invitations.test_asking_pages import fields_of, hidden, url
from tests.invitations.test_send import crowd, unnamed_place

pytestmark = pytest.mark.usefixtures("english")


def look(client: FlaskClient, case: Case, **facts: str) -> str:
    answer = client.post(url(case, "change?lang=en"), data={**fields(client, case, **facts), "step": "look"})
    assert answer.status_code == 200
    return answer.text


def save(client: FlaskClient, case: Case, text: str, **more: str) -> int:
    return client.post(url(case, "change"), data={**hidden(text), "step": "confirm", **more}).status_code


def overview(client: FlaskClient, case: Case) -> str:
    return client.get(url(case, "?lang=en")).text


def test_saving_holds_it_and_the_overview_says_so(app, browse):
    case = told()
    client = browse(case.by)
    text = look(client, case, venue_zh=ROOM)
    assert ('value="5" checked' in text, "Room 301" in text or "301会议室" in text, ROOM in text) == (True, True, True)
    assert save(client, case, text, quiet="15") == 302
    assert (letters(), record(case).venue_zh, held(case).quiet_minutes) == ([], "301会议室", 15)
    page = overview(client, case)
    for words in ("A change is held", "Takes effect on", ROOM, "1 person or liaison gets an update", "1 in Chinese"):
        assert words in page
    assert ("No answer is reset" in page, "Send 1 letter now" in page, "Discard this change" in page) == (
        True,
        True,
        True,
    )
    assert "A change is held" in client.get(url(case, "agenda/?lang=en")).text


def test_the_change_page_goes_on_from_what_is_held(app, browse):
    case = told()
    edit(case, venue_zh=ROOM)
    client = browse(case.by)
    assert fields(client, case)["venue_zh"] == ROOM
    save(client, case, look(client, case, online_url="https://meet.example.org/1"), quiet="5")
    assert held(case).facts == {"venue_zh": ROOM, "online_url": "https://meet.example.org/1"}
    assert sweep(6) == 1
    assert letters()[0].facts["changes"] == ["place", "link"]


def test_the_page_of_the_held_change_lists_everybody_and_shows_the_letter(app, browse):
    case = told()
    with write() as session:
        session.execute(update(Attendee).values(reply=Reply.DECLINED, leave=Leave.GRANTED))
    edit(case, starts_at=case.meeting.starts_at + DAY, ends_at=case.meeting.ends_at + DAY)
    client = browse(case.by)
    page = client.get(url(case, "held?lang=en")).text
    assert ("1 answer will be reset" in page, "Leave granted" in page, ">Declined<" in page) == (True, True, False)
    letter = client.get(url(case, "held/letter?in=en"))
    assert (letter.status_code, case.attendee.link_id in letter.text) == (200, False)
    assert "before:" in client.get(url(case, "held/letter?in=en&as=text")).text


def test_granted_leave_is_called_so_before_a_change(app, browse):
    case = told()
    with write() as session:
        session.execute(update(Attendee).values(reply=Reply.DECLINED, leave=Leave.GRANTED))
    client = browse(case.by)
    text = look(client, case, starts="00:01")
    assert ("Leave granted" in text, ">Declined<" in text) == (True, False)


def act(client: FlaskClient, case: Case, step: str, page: str = "held?lang=en") -> tuple[int, str]:
    sent = hidden(client.get(url(case, page)).text)
    answer = client.post(url(case, "held?lang=en"), data={**sent, "step": step})
    return answer.status_code, answer.text


@pytest.mark.parametrize("page", ["?lang=en", "held?lang=en"])
def test_send_now_and_discard_by_a_button(app, browse, page):
    case = told()
    client = browse(case.by)
    edit(case, venue_zh=ROOM)
    assert act(client, case, "discard", page)[0] == 302
    assert (held(case), letters(), acts(case)) == (None, [], ["hold", "discard"])
    edit(case, venue_zh=ROOM)
    assert act(client, case, "send", page)[0] == 302
    assert (held(case), record(case).venue_zh, len(letters())) == (None, ROOM, 1)


def test_a_button_pressed_too_late_does_nothing(app, browse):
    case = told()
    client = browse(case.by)
    edit(case, venue_zh=ROOM)
    sent = hidden(client.get(url(case, "held?lang=en")).text)
    edit(case, venue_zh="303会议室")
    for step in ("send", "discard"):
        answer = client.post(url(case, "held?lang=en"), data={**sent, "step": step})
        assert (answer.status_code, "Look at it again" in answer.text, "303会议室" in answer.text) == (422, True, True)
    sweep(6)
    answer = client.post(url(case, "held?lang=en"), data={**sent, "step": "discard"})
    assert (answer.status_code, "held no more" in answer.text) == (422, True)
    assert record(case).venue_zh == "303会议室"


def test_two_organizers_the_second_sees_both_texts(app, browse):
    case = told()
    first, second = browse(case.by), browse(organizer(case, "同事"))
    texts = look(first, case, venue_zh=ROOM), look(second, case, venue_zh="303会议室", notes_en="Bring papers")
    assert save(first, case, texts[0], quiet="5") == 302
    answer = second.post(url(case, "change?lang=en"), data={**hidden(texts[1]), "step": "confirm", "quiet": "5"})
    assert answer.status_code == 409
    assert ("303会议室" in answer.text, ROOM in answer.text, "Bring papers" in answer.text) == (True, True, True)
    assert held(case).facts == {"venue_zh": ROOM}
    again = second.post(url(case, "change?lang=en"), data={**fields_of(answer.text), "step": "look"})
    assert save(second, case, again.text, quiet="5") == 302
    assert held(case).facts == {"venue_zh": "303会议室", "notes_en": "Bring papers"}


def test_a_repeated_save_is_not_a_conflict(app, browse):
    case = told()
    client = browse(case.by)
    text = look(client, case, venue_zh=ROOM)
    assert [save(client, case, text, quiet="5") for _time in range(2)] == [302, 302]
    assert acts(case) == ["hold"]


@pytest.mark.parametrize(("own", "fine"), [("90", True), ("240", True), ("241", False), ("0", False), ("-5", False)])
def test_ones_own_number_of_minutes(app, browse, own, fine):
    case = told()
    client = browse(case.by)
    text = look(client, case, venue_zh=ROOM)
    answer = client.post(
        url(case, "change?lang=en"), data={**hidden(text), "step": "confirm", "quiet": "own", "quiet_own": own}
    )
    if fine:
        assert (answer.status_code, held(case).quiet_minutes) == (302, int(own))
    else:
        assert (answer.status_code, held(case)) == (422, None)
        assert ("between 1 and 240" in answer.text, "Before it is done" in answer.text) == (True, True)


@pytest.mark.parametrize("quiet", ["7", "x", "９", "1e3", ""])
def test_a_quiet_time_that_nobody_offered_is_refused(app, browse, quiet):
    case = told()
    client = browse(case.by)
    assert save(client, case, look(client, case, venue_zh=ROOM), quiet=quiet) == 422
    assert (held(case), letters()) == (None, [])


@pytest.mark.parametrize("version", ["", "1.", "1.0.0", "x", "-1", "99999999999999", "1.99999999999", "²"])
def test_a_version_that_was_tampered_with_is_refused(app, browse, version):
    case = told()
    client = browse(case.by)
    sent = {**hidden(look(client, case, venue_zh=ROOM)), "step": "confirm", "version": version, "quiet": "0"}
    assert client.post(url(case, "change"), data=sent).status_code in {409, 422}
    edit(case, venue_zh="303会议室")
    sent = {**hidden(client.get(url(case, "held")).text), "step": "send", "version": version}
    assert client.post(url(case, "held"), data=sent).status_code == 422
    assert letters() == []


def test_a_meeting_that_nobody_was_told_of_offers_no_waiting(app, browse):
    case = told()
    with write() as session:
        session.execute(update(Attendee).values(told_at=None, told_sequence=None))
    client = browse(case.by)
    text = look(client, case, venue_zh=ROOM)
    assert ('name="quiet"' in text, "Save the change" in text) == (False, True)
    assert save(client, case, text) == 302
    assert (record(case).venue_zh, held(case)) == (ROOM, None)


def test_soon_before_the_meeting_no_waiting_is_offered(app, browse):
    case = told(starts_at=now().replace(second=0) + timedelta(minutes=20), reply_by=None)
    client = browse(case.by)
    text = look(client, case, venue_zh=ROOM)
    assert ('name="quiet"' in text, "takes effect at once" in text) == (False, True)
    assert save(client, case, text) == 302
    assert (record(case).venue_zh, len(letters())) == (ROOM, 1)


@pytest.mark.parametrize("page", ["cancel", "postpone"])
def test_cancelling_and_postponing_say_that_something_is_held(app, browse, page):
    case = told()
    edit(case, venue_zh=ROOM)
    client = browse(case.by)
    opened = client.get(url(case, f"{page}?lang=en")).text
    assert "It is discarded by this" in opened
    sent = {**hidden(opened), "step": "look", "reason_zh": "防汛", "when": "later"}
    looked = client.post(url(case, f"{page}?lang=en"), data=sent)
    assert (looked.status_code, "It is discarded by this" in looked.text) == (200, True)
    done = client.post(url(case, page), data={**hidden(looked.text), "step": "confirm"})
    assert (done.status_code, held(case), record(case).state) == (302, None, MeetingState.CANCELLED)
    assert [letter.kind for letter in letters()] == ["cancellation"]


def test_cancelling_what_was_changed_meanwhile_is_asked_again(app, browse):
    case = told()
    client = browse(case.by)
    opened = client.get(url(case, "cancel?lang=en")).text
    sent = {**hidden(opened), "step": "confirm", "reason_zh": "防汛"}
    edit(case, venue_zh=ROOM)
    answer = client.post(url(case, "cancel?lang=en"), data=sent)
    assert (answer.status_code, record(case).state) == (409, MeetingState.SCHEDULED)
    assert "It is discarded by this" in answer.text
    again = client.post(url(case, "cancel"), data={**hidden(answer.text), "step": "confirm", "reason_zh": "防汛"})
    assert (again.status_code, record(case).state) == (302, MeetingState.CANCELLED)


def test_what_could_not_go_out_says_why_and_needs_somebody(app, browse):
    case = told()
    edit(case, venue_zh=ROOM)
    with write() as session:
        session.get_one(Meeting, case.meeting.id).notes_zh = "somebody else"
    sweep()
    client = browse(case.by)
    for page in ("?lang=en", "held?lang=en", "change?lang=en"):
        assert "was changed in another way" in client.get(url(case, page)).text
    for address in ("/workspace/?lang=en", url(case, "?lang=en")):
        text = client.get(address).text
        assert re.search(rf'href="{url(case, "held")}">A held change could not go out', text)
    act(client, case, "discard")
    assert "could not go out" not in client.get("/workspace/?lang=en").text


def test_one_that_is_late_says_so(app, browse):
    case = told()
    edit(case, venue_zh=ROOM)
    with write() as session:
        session.execute(update(HeldChange).values(release_at=now() - timedelta(minutes=9)))
    client = browse(case.by)
    assert "It is late" in overview(client, case)
    assert "A held change is late" in client.get("/workspace/?lang=en").text


def test_facts_that_can_be_read_no_more_can_only_be_discarded(app, browse):
    case = told()
    edit(case, venue_zh=ROOM)
    with write() as session:
        session.execute(update(HeldChange).values(facts={"gone": 1}))
    sweep(6)
    client = browse(case.by)
    for page in ("?lang=en", "held?lang=en", "change?lang=en"):
        text = client.get(url(case, page)).text
        assert ("can no longer have these facts" in text, 'value="send"' in text, 'value="discard"' in text) == (
            True,
            False,
            True,
        )
    assert client.get(url(case, "held/letter")).status_code == 200
    assert act(client, case, "discard")[0] == 302


def test_others_see_that_something_is_held_but_no_buttons(app, browse):
    case = told()
    edit(case, venue_zh=ROOM)
    editor = browse(factories.actor((Role.EDITOR, case.organization)))
    text = overview(editor, case)
    assert ("A change is held" in text, 'value="send"' in text, url(case, "held") in text) == (True, False, False)
    assert editor.get(url(case, "held")).status_code == 404
    stranger = browse(factories.actor((Role.ORGANIZER, factories.organization())))
    assert stranger.post(url(case, "held"), data={"step": "discard"}).status_code in {400, 404}
    assert held(case) is not None


def test_every_page_costs_the_same_for_one_and_for_many(app, browse):
    small, large = told(), told()
    crowd(small, 1)
    crowd(large, 200)
    for case in (small, large):
        place = unnamed_place(case)
        district = db.session.get_one(Organization, place.organization_id)
        factories.holds(factories.person("联络员"), Role.LIAISON, district)
    with write() as session:
        session.execute(update(Attendee).values(told_at=now(), told_sequence=0, reply=Reply.ACCEPTED))
        session.execute(update(Place).values(told_at=now(), told_sequence=0))
    numbers = []
    for case in (small, large):
        edit(case, starts_at=case.meeting.starts_at + DAY, ends_at=case.meeting.ends_at + DAY, notes_zh="请着正装")
        client = browse.account(db.session.get_one(Account, case.by.account_id))
        numbers.append([queries(app, client, url(case, page)) for page in ("", "change", "held", "cancel", "postpone")])
    assert numbers[0] == numbers[1]
    assert max(numbers[0]) <= 12


def queries(app: object, client: FlaskClient, address: str) -> int:
    client.get(address)
    with counted(app) as statements:  # type: ignore[arg-type]
        assert client.get(address).status_code == 200
    return len(statements)
