"""The pages of incoming mail: who sees what, what can be done there, and that nothing of a stranger's mail runs."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventsys.config import MailboxSettings
from eventsys.core.actor import Role
from eventsys.core.clock import now
from eventsys.core.transaction import write
from eventsys.directory.models import OrganizationKind
from eventsys.incoming.models import EntryState, MailboxPosition
from eventsys.incoming.operations.position import mark_answered, mark_fault
from eventsys.incoming.reading import mailbox_name
from eventsys.invitations.models import Reply
from tests import factories
from tests.delivery.test_sending import settings as changed_settings
from tests.incoming.messages import OURS, calendar, counter, line, mail, reply, seat
from tests.incoming.world import World, again, change, entry, letters, messages, take, world
from tests.personas import Browse

HIDDEN = re.compile(r'<input type="hidden" name="(version|meeting_version|csrf_token)" value="([^"]*)">')


@pytest.fixture
def here(app: Flask) -> World:
    return world()


@pytest.fixture
def organizer(browse: Browse, here: World) -> FlaskClient:
    return browse(here.by)


def guest(here: World) -> None:
    text = calendar("REPLY", here.meeting.uid, line("zhao@example.org", "ACCEPTED", cn="Zhao"))
    take(mail(text, method="REPLY", sender="zhao@example.org", subject="Accepted: Meeting"))


def proposal(here: World) -> None:
    start = here.meeting.starts_at + timedelta(days=1)
    take(counter(here.meeting, here.li, start, start + timedelta(hours=2), comment="Later, please"))


def act(client: FlaskClient, verb: str, **values: object):  # type: ignore[no-untyped-def]
    """Open the page from which the act is done, take what its form carries, and do it."""
    here = f"/workspace/incoming/{entry().id}"
    page = client.get(f"{here}/{verb}") if verb in {"substitute", "invite", "accept", "refuse"} else client.get(here)
    return client.post(f"{here}/{verb}", data={**dict(HIDDEN.findall(page.text)), **values})


def lines(page: str) -> int:
    return page.count('<th scope="row"')


def test_a_meetings_list_shows_what_came_and_what_became_of_it(here: World, organizer: FlaskClient) -> None:
    take(reply(here.meeting, here.li, address="private@elsewhere.example"))
    guest(here)
    page = organizer.get(f"/workspace/meetings/{here.meeting.id}/incoming?lang=en").text
    for words in (
        "Answer: attends",
        "By mail, unsure",
        "private@elsewhere.example",
        "Whoever answers was not invited.",
    ):
        assert words in page, words
    assert lines(page) == 2
    base = f"/workspace/meetings/{here.meeting.id}/incoming"
    assert lines(organizer.get(f"{base}?state=waiting").text) == 1
    assert lines(organizer.get(f"{base}?q=zhao").text) == 1
    assert lines(organizer.get(f"{base}?q=nobody").text) == 0
    assert "Nothing fits this search" in organizer.get(f"{base}?q=nobody&lang=en").text


def test_an_empty_list_says_what_it_is_for(here: World, organizer: FlaskClient) -> None:
    for url in (f"/workspace/meetings/{here.meeting.id}/incoming", "/workspace/incoming/"):
        assert "Nothing came by mail yet" in organizer.get(f"{url}?lang=en").text


def test_lists_are_paged_by_key(here: World, organizer: FlaskClient) -> None:
    for number in range(52):
        take(mail(f"letter {number}", to=seat(here.li), sender=here.li.email))
    base = f"/workspace/meetings/{here.meeting.id}/incoming"
    first = organizer.get(f"{base}?lang=en").text
    older = re.search(r'href="([^"]*before=\d+)"', first)
    assert older is not None
    assert (lines(first), lines(organizer.get(older.group(1).replace("&amp;", "&")).text)) == (50, 2)
    assert organizer.get(f"{base}?before=abc&state=none").status_code == 200


def test_the_list_as_a_file(here: World, organizer: FlaskClient) -> None:
    take(mail("=1+1", to=seat(here.li), sender=here.li.email, subject="=cmd"))
    guest(here)
    answer = organizer.get(f"/workspace/meetings/{here.meeting.id}/incoming.csv?lang=en")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="incoming-{here.meeting.id}.csv"'
    header, first, second = csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")))
    assert (len(header), first[1], second[2]) == (12, "zhao@example.org", "'=cmd")
    everything = organizer.get("/workspace/incoming/list.csv?state=waiting&q=zhao").text
    assert len(everything.splitlines()) == 2


def test_mail_about_no_meeting_is_for_the_office_whose_mailbox_it_is(browse: Browse, here: World) -> None:
    take(mail("Hello", sender="somebody@example.org", subject="About nothing"))
    found = entry()
    district = factories.organization("外区", kind=OrganizationKind.DISTRICT)
    foreign = factories.actor((Role.ORGANIZER, district))
    administrator = factories.actor((Role.ADMINISTRATOR, None))
    for actor, sees in ((here.by, True), (administrator, True), (foreign, False)):
        client = browse(actor)
        assert ("About nothing" in client.get("/workspace/incoming/").text) is sees
        assert client.get(f"/workspace/incoming/{found.id}").status_code == (200 if sees else 404)
    assert browse(None).get("/workspace/incoming/").status_code == 302


def test_only_those_who_organize_the_meeting_see_its_mail(browse: Browse, here: World) -> None:
    guest(here)
    found = entry()
    others = [factories.actor((role, here.organization)) for role in (Role.APPROVER, Role.EDITOR, Role.LIAISON)]
    others.append(factories.actor((Role.ORGANIZER, factories.organization())))
    for actor in others:
        client = browse(actor)
        for url in (f"meetings/{here.meeting.id}/incoming", f"incoming/{found.id}", f"incoming/{found.id}/message.txt"):
            assert client.get(f"/workspace/{url}").status_code == 404, (actor, url)
        assert client.post(f"/workspace/incoming/{found.id}/settle").status_code in {400, 404}
    administrator = browse(factories.actor((Role.ADMINISTRATOR, None)))
    assert administrator.get(f"/workspace/incoming/{found.id}").status_code == 200
    assert administrator.post(f"/workspace/incoming/{found.id}/apply").status_code in {400, 404}


def test_a_message_is_a_file_of_text_and_never_a_page(here: World, organizer: FlaskClient) -> None:
    data = mail("x", to=seat(here.li), sender=here.li.email).replace(b"text/plain", b"text/html")
    data = data.replace(b"\n\nx", b"\n\n<script>alert(1)</script><b>Sorry</b> <img src=http://evil.example/x>")
    take(data)
    page = organizer.get(f"/workspace/incoming/{entry().id}").text
    assert "Sorry" in page
    for live in ("<script>alert", "<b>Sorry", "evil.example", "alert(1)"):
        assert live not in page
    answer = organizer.get(f"/workspace/incoming/{entry().id}/message.txt")
    assert answer.get_data() == data
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_headers_of_a_stranger_are_text(here: World, organizer: FlaskClient) -> None:
    take(mail("hello", to=seat(here.li), sender=here.li.email, subject="<script>alert(1)</script>"))
    page = organizer.get(f"/workspace/meetings/{here.meeting.id}/incoming").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_message_whose_time_is_over_says_so(here: World, organizer: FlaskClient) -> None:
    take(reply(here.meeting, here.li))
    change(messages()[0], raw=None, raw_dropped_at=now())
    assert "the message as it came was taken away" in organizer.get(f"/workspace/incoming/{entry().id}?lang=en").text
    assert organizer.get(f"/workspace/incoming/{entry().id}/message.txt").status_code == 404


def test_an_answer_is_entered_and_undone_by_a_button_each(here: World, organizer: FlaskClient) -> None:
    take(reply(here.meeting, here.li, by_token=False))
    page = organizer.get(f"/workspace/incoming/{entry().id}?lang=en").text
    assert "By mail, unverified" in page
    assert f"The answer of {here.li.title_en}, " in page
    assert act(organizer, "apply").status_code == 303
    assert again(here.li).reply is Reply.ACCEPTED
    assert "Undo this answer" in organizer.get(f"/workspace/incoming/{entry().id}?lang=en").text
    assert act(organizer, "undo").status_code == 303
    assert again(here.li).reply is Reply.PENDING


def test_a_decision_that_somebody_else_made_meanwhile(here: World, organizer: FlaskClient) -> None:
    guest(here)
    found = entry()
    page = organizer.get(f"/workspace/incoming/{found.id}").text
    seen = dict(HIDDEN.findall(page))
    assert organizer.post(f"/workspace/incoming/{found.id}/settle", data=seen).status_code == 303
    answer = organizer.post(f"/workspace/incoming/{found.id}/settle?lang=en", data=seen)
    assert answer.status_code == 422
    assert "Somebody else has dealt with this" in answer.text
    assert act(organizer, "back").status_code == 303
    assert entry().state is EntryState.WAITING


def test_a_guest_is_made_a_substitute(here: World, organizer: FlaskClient) -> None:
    guest(here)
    assert "nobody" not in organizer.get(f"/workspace/incoming/{entry().id}/substitute").text
    empty = act(organizer, "substitute", name="Zhao", email="zhao@example.org", attendee="0")
    assert empty.status_code == 422
    assert act(organizer, "substitute", name="Zhao", email="zhao@example.org", attendee=here.li.id).status_code == 303
    assert again(here.li).reply is Reply.DELEGATED


def test_whom_a_delegation_names_is_offered_as_the_substitute(browse: Browse, app: Flask) -> None:
    here = world(reply_by=now() - timedelta(hours=1))
    text = calendar("REPLY", here.meeting.uid, line(here.li.email, "DELEGATED", delegated_to="mailto:qian@example.org"))
    take(mail(text, to=seat(here.li), sender=here.li.email, method="REPLY"))
    client = browse(here.by)
    page = client.get(f"/workspace/incoming/{entry().id}/substitute").text
    assert 'value="qian@example.org"' in page
    assert re.search(rf'<option value="{here.li.id}" selected', page)
    chosen = {"name": "Qian", "email": "qian@example.org", "attendee": here.li.id}
    assert act(client, "substitute", **chosen).status_code == 303
    assert (again(here.li).reply, [each.address for each in letters("invitation")]) == (
        Reply.DELEGATED,
        ["qian@example.org"],
    )


def test_a_guest_is_invited(here: World, organizer: FlaskClient) -> None:
    guest(here)
    assert act(organizer, "invite", name="", email="zhao@example.org", role="optional").status_code == 422
    assert act(organizer, "invite", name="Zhao", email="zhao@example.org", role="optional").status_code == 303
    assert [each.address for each in letters("invitation")] == ["zhao@example.org"]


def test_a_proposal_is_shown_beside_what_is_and_accepted(here: World, organizer: FlaskClient) -> None:
    proposal(here)
    start = here.meeting.starts_at
    page = organizer.get(f"/workspace/incoming/{entry().id}?lang=en").text
    assert "As it stands" in page and "As proposed" in page and "Later, please" in page
    going = organizer.get(f"/workspace/incoming/{entry().id}/accept?lang=en").text
    assert "Change the meeting and send 2 letters" in going
    assert act(organizer, "accept").status_code == 303
    assert len(letters("update")) == 2
    assert organizer.get(f"/workspace/incoming/{entry().id}/accept?lang=en").status_code == 200
    assert "There is nothing to accept here" in organizer.get(f"/workspace/incoming/{entry().id}/accept?lang=en").text
    assert start


def test_a_proposal_is_refused(here: World, organizer: FlaskClient) -> None:
    proposal(here)
    assert act(organizer, "refuse", note="Not then.").status_code == 303
    assert [each.kind for each in letters()] == ["decline_counter"]


def test_acts_on_a_meeting_need_one(here: World, organizer: FlaskClient) -> None:
    take(mail("Hello", to=OURS))
    for verb in ("substitute", "invite", "accept", "refuse"):
        assert organizer.get(f"/workspace/incoming/{entry().id}/{verb}").status_code == 404


def test_what_waits_is_counted_where_people_look_first(here: World, organizer: FlaskClient) -> None:
    guest(here)
    proposal(here)
    take(mail("Hello", to=OURS))
    home = organizer.get("/workspace/?lang=en").text
    assert "Decide on 2 messages that came in" in home
    assert "Decide on 1 message that came in" in home
    page = organizer.get(f"/workspace/meetings/{here.meeting.id}/?lang=en").text
    assert f"/workspace/meetings/{here.meeting.id}/incoming?state=waiting" in page
    assert "Decide on 2 messages that came in" in page


def test_administrators_see_that_the_mailbox_cannot_be_read(app: Flask, browse: Browse, here: World) -> None:
    mailbox = MailboxSettings(host="imap.example.org", user="meetings")
    administrator = browse(factories.actor((Role.ADMINISTRATOR, None)))
    with changed_settings(app, mailbox=mailbox) as settings:
        with write():
            mark_fault(mailbox_name(settings), "Authentication failed")
        assert "See why the mailbox" not in administrator.get("/workspace/?lang=en").text
        with write() as session:
            session.scalars(select(MailboxPosition)).one().fault_at = now() - timedelta(hours=1)
        assert "See why the mailbox cannot be read" in administrator.get("/workspace/?lang=en").text
        assert "Authentication failed" in administrator.get("/workspace/incoming/?lang=en").text
        assert "Authentication failed" not in browse(here.by).get("/workspace/incoming/?lang=en").text
        with write():
            mark_answered(mailbox_name(settings))
        assert "See why the mailbox" not in administrator.get("/workspace/?lang=en").text
        assert "The mailbox was last looked at" in administrator.get("/workspace/incoming/?lang=en").text


def test_the_history_says_how_certain_an_answer_is(browse: Browse, here: World, organizer: FlaskClient) -> None:
    take(reply(here.meeting, here.li, address="private@elsewhere.example"))
    url = f"/workspace/meetings/{here.meeting.id}/attendees/{here.li.id}?lang=en"
    page = organizer.get(url).text
    assert "By mail; unsure whose; from private@elsewhere.example" in page
    approver = browse(factories.actor((Role.APPROVER, here.organization))).get(url).text
    assert "By mail; unsure whose" in approver
    assert "private@elsewhere.example" not in approver
