"""The pages of letters: what each reader sees of a letter's life, and what sending again does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from eventsys.config import Settings
from eventsys.core.actor import Role
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.reasons import UNKNOWN_FATE
from eventsys.core.transaction import write
from eventsys.delivery.sending import deliver_due
from eventsys.delivery.way import local_mailbox
from eventsys.directory.models import Organization
from eventsys.meetings.models import Meeting
from tests import factories
from tests.delivery.kinds import letter, message_id, queue, states
from tests.delivery.test_sending import settings as changed_settings
from tests.personas import Browse
from tests.web.forms import post

LINK = "http://localhost/r/1" + "a" * 52


@pytest.fixture
def office(app: Flask) -> Organization:
    return factories.organization("市外办")


@pytest.fixture
def meeting(office: Organization) -> Meeting:
    return factories.meeting(office, title_en="Conference")


@pytest.fixture
def failed(meeting: Meeting) -> int:
    """A letter of the meeting that the relay refused."""
    (letter_id,) = queue(1, meeting_id=meeting.id, address="wang@example.org", recipient="王某")
    change(letter_id, state=LetterState.FAILED, reason="550 5.1.1 <wang@example.org>: unknown", attempts=1)
    return letter_id


@pytest.fixture
def mailbox(app: Flask, tmp_path: Path) -> Iterator[Settings]:
    """A local mailbox of this test's own."""
    with changed_settings(app, data=tmp_path) as found:
        yield found


def change(letter_id: int, **values: object) -> None:
    with write() as session:
        session.execute(update(Letter).where(Letter.id == letter_id).values(**values))


def holding(role: Role, office: Organization | None = None):  # type: ignore[no-untyped-def]
    return factories.actor((role, office))


def test_a_meetings_letters_with_their_states(browse: Browse, office: Organization, meeting: Meeting) -> None:
    ids = queue(len(LetterState), meeting_id=meeting.id, recipient="Person {}")
    for letter_id, state in zip(ids, LetterState, strict=True):
        change(letter_id, state=state)
    page = browse(holding(Role.ORGANIZER, office)).get(f"/workspace/meetings/{meeting.id}/letters?lang=en").text
    names = ("Queued", "Being sent", "Sent", "Deferred", "Not delivered", "Returned", "Superseded")
    for number, words in enumerate(names, 1):
        assert page.count(f">{words}</strong>") == 1, words
        assert page.count(f">Person {number}</a>") == 1


def test_filters_show_what_they_count(browse: Browse, office: Organization, meeting: Meeting, failed: int) -> None:
    queue(2, meeting_id=meeting.id, recipient="Other {}")
    client = browse(holding(Role.ORGANIZER, office))
    base = f"/workspace/meetings/{meeting.id}/letters"
    assert client.get(f"{base}?state=failed").text.count('<th scope="row"') == 1
    assert client.get(f"{base}?q=Other").text.count('<th scope="row"') == 2
    assert client.get(f"{base}?q=wang@example.org").text.count('<th scope="row"') == 1


def test_an_organizer_sees_the_servers_words(browse: Browse, office: Organization, failed: int) -> None:
    page = browse(holding(Role.ORGANIZER, office)).get(f"/workspace/letters/{failed}?lang=en").text
    assert "550 5.1.1 &lt;wang@example.org&gt;: unknown" in page
    assert f'action="/workspace/letters/{failed}/again"' in page


def test_an_approver_sees_no_address_and_sends_nothing(
    browse: Browse, office: Organization, meeting: Meeting, failed: int
) -> None:
    client = browse(holding(Role.APPROVER, office))
    for url in (f"/workspace/letters/{failed}", f"/workspace/meetings/{meeting.id}/letters", "/workspace/letters/"):
        page = client.get(f"{url}?lang=en").text
        assert "王某" in page
        assert "wang@" not in page
        assert "/again" not in page
    assert "550 5.1.1 &lt;…@example.org&gt;: unknown" in client.get(f"/workspace/letters/{failed}").text
    assert client.get(f"/workspace/meetings/{meeting.id}/letters?q=wang@example.org").text.count("王某") == 0


def test_our_own_reasons_are_in_words(browse: Browse, office: Organization, failed: int) -> None:
    change(failed, reason=UNKNOWN_FATE)
    page = browse(holding(Role.ORGANIZER, office)).get(f"/workspace/letters/{failed}?lang=zh").text
    assert "发送时中断，信件可能已经发出，因此没有重复发送。" in page


def test_strangers_and_foreign_offices_see_nothing(browse: Browse, app: Flask, meeting: Meeting, failed: int) -> None:
    foreign = holding(Role.ORGANIZER, factories.organization())
    for url in (f"/workspace/letters/{failed}", f"/workspace/letters/{failed}/words", f"/workspace/mailbox/{failed}"):
        assert browse(None).get(url).status_code == 302
        assert browse(foreign).get(url).status_code == 404
    assert browse(foreign).get(f"/workspace/meetings/{meeting.id}/letters").status_code == 404
    assert "王某" not in browse(foreign).get("/workspace/letters/").text
    assert browse(holding(Role.EDITOR, factories.organization())).get("/workspace/letters/").status_code == 403


def test_a_liaison_sees_their_own_organizations(browse: Browse, meeting: Meeting) -> None:
    district = factories.organization("和平区")
    (letter_id,) = queue(1, meeting_id=meeting.id, organization_id=district.id, recipient="区长")
    queue(1, meeting_id=meeting.id, recipient="别人")
    client = browse(holding(Role.LIAISON, district))
    page = client.get("/workspace/letters/").text
    assert ("区长" in page, "别人" in page) == (True, False)
    assert client.get(f"/workspace/letters/{letter_id}").status_code == 200
    assert client.get(f"/workspace/meetings/{meeting.id}/letters").status_code == 404


def test_sending_again(browse: Browse, office: Organization, failed: int) -> None:
    client = browse(holding(Role.ORGANIZER, office))
    answer = post(client, f"/workspace/letters/{failed}/again", page=f"/workspace/letters/{failed}")
    assert (answer.status_code, answer.location) == (302, f"/workspace/letters/{failed}")
    assert letter(failed).state is LetterState.QUEUED


def test_sending_again_what_did_not_fail_is_refused_in_words(browse: Browse, office: Organization, failed: int) -> None:
    client = browse(holding(Role.ORGANIZER, office))
    token_page = f"/workspace/letters/{failed}"
    post(client, f"/workspace/letters/{failed}/again", page=token_page)
    answer = post(client, f"/workspace/letters/{failed}/again?lang=en", page="/workspace/letters/")
    assert answer.status_code == 422
    assert "Only a letter that could not be delivered can be sent again." in answer.text


def test_sending_all_again(browse: Browse, office: Organization, meeting: Meeting, failed: int) -> None:
    queue(1, meeting_id=meeting.id)
    url = f"/workspace/meetings/{meeting.id}/letters"
    answer = post(browse(holding(Role.ORGANIZER, office)), f"{url}/again", page=url)
    assert (answer.status_code, answer.location) == (302, url)
    assert states() == {LetterState.QUEUED: 2}


def test_a_preview_leaves_out_personal_links_and_runs_nothing(
    browse: Browse, office: Organization, meeting: Meeting
) -> None:
    (letter_id,) = queue(1, meeting_id=meeting.id, common={"title": "Letter", "text": f"Answer at {LINK}"})
    client = browse(holding(Role.ORGANIZER, office))
    answer = client.get(f"/workspace/letters/{letter_id}/words")
    assert answer.text == "<p>Answer at http://localhost/r/…</p>"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none';")
    page = client.get(f"/workspace/letters/{letter_id}").text
    assert "Letter 1 en" in page
    assert LINK not in page


def test_words_that_cannot_be_made_are_said_to_be_so(browse: Browse, office: Organization, meeting: Meeting) -> None:
    (letter_id,) = queue(1, meeting_id=meeting.id, broken=True)
    client = browse(holding(Role.ORGANIZER, office))
    page = client.get(f"/workspace/letters/{letter_id}?lang=en")
    assert page.status_code == 200
    assert "cannot be shown" in page.text
    assert client.get(f"/workspace/letters/{letter_id}/words").status_code == 404


def test_administrators_see_the_queue(browse: Browse, office: Organization, meeting: Meeting) -> None:
    queue(3, meeting_id=meeting.id)
    page = browse(holding(Role.ADMINISTRATOR)).get("/workspace/letters/?lang=en").text
    assert "<dt>Waiting to be sent</dt><dd>3</dd>" in page
    assert "Waiting to be sent" not in browse(holding(Role.ORGANIZER, office)).get("/workspace/letters/?lang=en").text


def test_empty_pages_say_what_they_are_for(browse: Browse, office: Organization, meeting: Meeting) -> None:
    client = browse(holding(Role.ORGANIZER, office))
    assert "Nothing was sent yet" in client.get(f"/workspace/meetings/{meeting.id}/letters?lang=en").text
    assert "No letter fits this search" in client.get("/workspace/letters/?q=nobody").text
    assert "No letter lies here" in client.get("/workspace/mailbox/").text


def test_the_mailbox_shows_a_letter_as_it_would_be_sent(
    browse: Browse, mailbox: Settings, office: Organization, meeting: Meeting
) -> None:
    words = {"title": "Letter", "text": f"Answer at {LINK}"}
    (letter_id,) = queue(1, meeting_id=meeting.id, common=words, calendar=True)
    deliver_due()
    client = browse(holding(Role.ORGANIZER, office))
    assert f'href="/workspace/mailbox/{letter_id}"' in client.get("/workspace/mailbox/").text
    page = client.get(f"/workspace/mailbox/{letter_id}?lang=en").text
    assert f'<a href="{LINK}" rel="noreferrer">' in page
    assert f"Message-ID: &lt;{message_id(1)[1:-1]}&gt;" in page
    assert "BEGIN:VCALENDAR\nVERSION:2.0" in page
    answer = client.get(f"/workspace/mailbox/{letter_id}/html")
    assert answer.text == f"<p>Answer at {LINK}</p>"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none';")
    raw = client.get(f"/workspace/mailbox/{letter_id}.eml")
    assert raw.data == local_mailbox(mailbox).read(letter(letter_id).reason)
    assert raw.headers["Content-Disposition"] == f'attachment; filename="letter-{letter_id}.eml"'


def test_only_administrators_open_letters_about_accounts(
    browse: Browse, mailbox: Settings, office: Organization
) -> None:
    (letter_id,) = queue(1)
    deliver_due()
    assert browse(holding(Role.ADMINISTRATOR)).get(f"/workspace/mailbox/{letter_id}").status_code == 200
    assert browse(holding(Role.ORGANIZER, office)).get(f"/workspace/mailbox/{letter_id}").status_code == 404


def test_what_does_not_lie_in_the_mailbox_is_not_here(
    browse: Browse, mailbox: Settings, office: Organization, meeting: Meeting
) -> None:
    (letter_id,) = queue(1, meeting_id=meeting.id)
    client = browse(holding(Role.ORGANIZER, office))
    assert client.get(f"/workspace/mailbox/{letter_id}").status_code == 404
    change(letter_id, state=LetterState.SENT, reason="1.gone.local")
    assert client.get(f"/workspace/mailbox/{letter_id}").status_code == 404
