"""A letter's whole life on its page, beside the answer, in a file; what did not arrive waits for somebody."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from importlib import import_module

import pytest
from flask import Flask
from sqlalchemy import update

from eventsys import WITH_LETTERS
from eventsys.core.actor import WORKER, Role
from eventsys.core.clock import now, played_at
from eventsys.core.letters import Kind
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.transaction import write
from eventsys.delivery.operations import claim, mark_bounced, mark_deferred, mark_failed, send_all_again
from eventsys.delivery.operations import send_again as again
from eventsys.delivery.queries import TROUBLE, Wanted, number_in_trouble, page_of, scope_of_meeting, steps_of
from eventsys.delivery.sending import deliver_due
from eventsys.delivery.words import KINDS
from eventsys.directory.models import Organization
from eventsys.invitations.models import Attendee, Reply
from eventsys.meetings.models import Meeting
from tests import factories
from tests.delivery.kinds import AGAIN, CALENDAR, letter, message_id, queue, sent_now, way
from tests.delivery.test_sending import read, relay
from tests.delivery.test_views import holding
from tests.mail.servers import Desk, serving
from tests.personas import Browse
from tests.web.forms import post

BEGIN = now() - timedelta(hours=6)


@pytest.fixture
def office(app: Flask) -> Organization:
    return factories.organization("市外办")


@pytest.fixture
def meeting(office: Organization) -> Meeting:
    return factories.meeting(office, title_en="Conference")


@pytest.fixture
def attendee(meeting: Meeting) -> Attendee:
    return factories.attendee(meeting, factories.person("李明", email="li@example.org"), reply=Reply.ACCEPTED)


def change(letter_id: int, **values: object) -> None:
    with write() as session:
        session.execute(update(Letter).where(Letter.id == letter_id).values(**values))


def lived(meeting: Meeting, attendee: Attendee) -> int:
    """Put off once, then accepted, returned, sent again to a new address, accepted."""
    with played_at(BEGIN):
        (letter_id,) = queue(
            1, meeting_id=meeting.id, attendee_id=attendee.id, address="li@example.org", email="li@example.org"
        )
        with write():
            (mine,) = claim("one", way()).letters
        with write():
            mark_deferred(mine, "one", "450 <li@example.org> greylisted")
    with played_at(BEGIN + timedelta(minutes=2)):
        with write():
            (mine,) = claim("one", way()).letters
        sent_now(mine, "one", "250 queued as 1")
    with played_at(BEGIN + timedelta(minutes=30)), write():
        mark_bounced(mine.message_id, "li@example.org", "550 5.1.1 unknown", by=WORKER)
    with write() as session:
        session.merge(attendee).email = "li.ming@example.org"
    with played_at(BEGIN + timedelta(hours=1)):
        with write():
            again(letter_id, by=factories.actor(label="王某"))
        with write():
            (mine,) = claim("one", way()).letters
        sent_now(mine, "one", "250 queued as 2")
    return letter_id


def test_every_step_stands_on_the_page_in_its_order(
    browse: Browse, office: Organization, meeting: Meeting, attendee: Attendee
) -> None:
    letter_id = lived(meeting, attendee)
    page = browse(holding(Role.ORGANIZER, office)).get(f"/workspace/letters/{letter_id}?lang=en").text
    words = [
        "Queued",
        "Put off",
        "450 &lt;li@example.org&gt; greylisted",
        "<b>Sent</b>",
        "Returned by a mail server",
        "550 5.1.1 unknown",
        "Sent again by 王某",
        "Before, it went to li@example.org.",
        "Taken by a worker",
        "250 queued as 2",
    ]
    found = page[page.index('class="story"') :]
    positions = [found.find(each) for each in words]
    assert -1 not in positions
    assert positions == sorted(positions)
    assert message_id(1, life=1)[1:-1] in page


def test_a_returned_letter_was_sent_before(browse: Browse, office: Organization, meeting: Meeting) -> None:
    """Also where both happened in the same second."""
    with played_at(BEGIN):
        (letter_id,) = queue(1, meeting_id=meeting.id)
        with write():
            (mine,) = claim("one", way()).letters
        sent_now(mine, "one", "250 queued")
        with write():
            mark_bounced(mine.message_id, "", "550 no", by=WORKER)
    page = browse(holding(Role.ORGANIZER, office)).get(f"/workspace/letters/{letter_id}?lang=en").text
    found = page[page.index('class="story"') :]
    words = ["Queued", "Taken by a worker", "<b>Sent</b>", "Returned by a mail server", "550 no"]
    positions = [found.find(each) for each in words]
    assert -1 not in positions
    assert positions == sorted(positions)


def test_an_approver_sees_the_life_without_addresses(
    browse: Browse, office: Organization, meeting: Meeting, attendee: Attendee
) -> None:
    letter_id = lived(meeting, attendee)
    page = browse(holding(Role.APPROVER, office)).get(f"/workspace/letters/{letter_id}?lang=en").text
    assert "Returned by a mail server" in page
    for secret in ("li@example.org", "li.ming@example.org", message_id(1, life=1)[1:-1]):
        assert secret not in page


def test_what_is_sent_again_after_it_was_accepted_is_another_message(app: Flask, meeting: Meeting) -> None:
    """A new Message-ID and a new time of writing; the words are the same."""
    desk = Desk()
    with serving(desk) as port, relay(app, port):
        with played_at(BEGIN):
            (letter_id,) = queue(1, meeting_id=meeting.id, calendar=CALENDAR.decode())
            deliver_due()
        with write():
            mark_bounced(message_id(1), "", "550 no", by=WORKER)
        with write():
            again(letter_id, by=WORKER)
        deliver_due()
    first, second = (read(data) for _sender, _recipient, data in desk.letters)
    assert [first["Message-ID"], second["Message-ID"]] == [message_id(1), message_id(1, life=1)]
    assert first["Date"] != second["Date"]
    assert first["Subject"] == second["Subject"]
    row = letter(letter_id)
    assert (row.state, row.life, row.attempts) == (LetterState.SENT, 1, 1)


def test_what_nobody_accepted_keeps_its_name_unless_the_address_changed(
    app: Flask, meeting: Meeting, attendee: Attendee
) -> None:
    (letter_id,) = queue(1, attendee_id=attendee.id, address="li@example.org", email="li@example.org")
    for address, life in (("li@example.org", 0), ("li.ming@example.org", 1)):
        with write():
            (mine,) = claim("one", way()).letters
        with write():
            mark_failed(mine, "one", "550 no")
        with write() as session:
            session.merge(attendee).email = address
        with write():
            again(letter_id, by=WORKER)
        row = letter(letter_id)
        assert (row.address, row.life, row.domain) == (address, life, "example.org")
        assert (row.message_id is None) == (life == 1)


@pytest.mark.parametrize(
    ("earlier", "later", "waits"),
    [
        ("invitation", "update", False),
        ("reminder", "resend", False),
        ("invitation", "reminder", True),
        ("leave_decision", "update", True),
    ],
)
def test_a_later_letter_with_the_facts_overtakes_one_that_did_not_arrive(
    app: Flask, meeting: Meeting, attendee: Attendee, earlier: str, later: str, waits: bool
) -> None:
    first, second = queue(2, meeting_id=meeting.id, attendee_id=attendee.id)
    change(first, kind=earlier, state=LetterState.BOUNCED)
    change(second, kind=later, state=LetterState.SENT)
    scope = scope_of_meeting(meeting, with_address=True)
    assert number_in_trouble(scope, Wanted()) == int(waits)
    assert [line.id for line in page_of(scope, Wanted(TROUBLE)).lines] == ([first] if waits else [])
    with write():
        assert send_all_again(meeting.id, by=WORKER) == int(waits)
    change(second, state=LetterState.FAILED)
    assert number_in_trouble(scope, Wanted()) == (1 if waits else 2)


def test_the_list_shows_the_answer_beside_the_letter(
    browse: Browse, office: Organization, meeting: Meeting, attendee: Attendee
) -> None:
    queue(1, meeting_id=meeting.id, attendee_id=attendee.id, recipient="李明")
    page = browse(holding(Role.ORGANIZER, office)).get(f"/workspace/meetings/{meeting.id}/letters?lang=en").text
    assert f'href="/workspace/meetings/{meeting.id}/attendees/{attendee.id}"' in page
    assert ">Accepted</span>" in page


def test_the_list_as_a_file(browse: Browse, office: Organization, meeting: Meeting, attendee: Attendee) -> None:
    lived(meeting, attendee)
    (failed,) = queue(1, meeting_id=meeting.id, recipient="=HYPERLINK(1)", address="wang@example.org")
    change(failed, state=LetterState.FAILED, reason="550 no", attempts=1)
    base = f"/workspace/meetings/{meeting.id}/letters"
    client = browse(holding(Role.ORGANIZER, office))
    answer = client.get(f"{base}.csv?lang=en")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="letters-{meeting.id}.csv"'
    header, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert header[:2] == ["Recipient", "Address"]
    assert [(row[0], row[1], row[4], row[9]) for row in rows] == [
        ("Person 1", "li.ming@example.org", "Sent", "Accepted"),
        ("'=HYPERLINK(1)", "wang@example.org", "Not delivered", ""),
    ]
    rows = list(csv.reader(io.StringIO(client.get(f"{base}.csv?state={TROUBLE}").data.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert client.get(f"{base}.xlsx").data[:2] == b"PK"
    approver = browse(holding(Role.APPROVER, office)).get(f"{base}.csv").data.decode()
    assert "wang@example.org" not in approver


def test_a_letter_is_shown_in_either_language(browse: Browse, office: Organization, meeting: Meeting) -> None:
    (letter_id,) = queue(1, meeting_id=meeting.id, language="zh", calendar=CALENDAR.decode())
    client = browse(holding(Role.ORGANIZER, office))
    own = client.get(f"/workspace/letters/{letter_id}?lang=en").text
    other = client.get(f"/workspace/letters/{letter_id}?lang=en&in=en").text
    assert "Letter 1 zh" in own
    assert "in another language" not in own
    assert "Letter 1 en" in other
    assert "The letter itself is in another language: Chinese." in other
    assert f'src="/workspace/letters/{letter_id}/words?in=en"' in other
    assert client.get(f"/workspace/letters/{letter_id}/words?in=en").status_code == 200
    assert "METHOD:REQUEST" in own


def test_the_calendar_part_opens_nothing(
    browse: Browse, office: Organization, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, token = "a" * 26, "1" + "b" * 52
    part = f"ORGANIZER:mailto:meet+{link}@example.org\r\nURL:http://localhost/r/{token[:20]}\r\n {token[20:]}\r\n"
    calendar = CALENDAR.replace(b"END:VCALENDAR", part.encode() + b"END:VCALENDAR")
    rendered = AGAIN.render({"title": "Letter"}, {"number": 1, "calendar": True}, "en")
    shown = type(rendered)(**{name: getattr(rendered, name) for name in rendered.__slots__} | {"calendar": calendar})
    kind = Kind(AGAIN.name, lambda common, facts, language: shown, AGAIN.stale)
    monkeypatch.setattr("eventsys.delivery.making.kind_of", lambda name: kind)
    (letter_id,) = queue(1, meeting_id=meeting.id)
    page = browse(holding(Role.ORGANIZER, office)).get(f"/workspace/letters/{letter_id}").text
    assert "ORGANIZER:mailto:meet+…@example.org" in page
    assert "URL:http://localhost/r/…" in page
    assert link not in page
    assert "b" * 20 not in page


def test_history_reads_oldest_first(app: Flask, meeting: Meeting, attendee: Attendee) -> None:
    letter_id = lived(meeting, attendee)
    assert [step.step.value for step in steps_of(letter_id)] == ["deferred", "sent", "bounced", "again"]


def test_what_was_returned_is_sent_again_by_a_button(browse: Browse, office: Organization, meeting: Meeting) -> None:
    (letter_id,) = queue(1, meeting_id=meeting.id)
    change(letter_id, state=LetterState.BOUNCED, reason="550 no", sent_at=now(), message_id="<old@localhost>")
    client = browse(holding(Role.ORGANIZER, office))
    answer = post(client, f"/workspace/letters/{letter_id}/again", page=f"/workspace/letters/{letter_id}")
    assert answer.status_code == 302
    assert letter(letter_id).state is LetterState.QUEUED


def test_every_kind_of_letter_has_a_name(app: Flask) -> None:
    kinds = [kind for room in WITH_LETTERS for kind in import_module(f"eventsys.{room}.letters").KINDS]
    assert [kind.name for kind in kinds if kind.name not in KINDS] == []
