"""The list, its counts and its search say the same, and show nobody more than they may see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, update

from eventsys.core.actor import Role
from eventsys.core.clock import now
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.transaction import write
from eventsys.delivery.queries import (
    QueueState,
    Wanted,
    counts,
    find_letter,
    page_of,
    queue_state,
    scope_of,
    scope_of_mailbox,
    scope_of_meeting,
)
from eventsys.extensions import db
from tests import factories
from tests.delivery.kinds import queue


def change(letter_id: int, **values: object) -> None:
    with write() as session:
        session.execute(update(Letter).where(Letter.id == letter_id).values(**values))


def ids(page: object) -> list[int]:
    return [line.id for line in page.lines]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, Wanted()),
        ({"state": "failed", "q": "  王  小 ", "before": "12"}, Wanted(LetterState.FAILED, "王 小", 12)),
        ({"state": "lost", "before": "-1"}, Wanted()),
        ({"before": "٣"}, Wanted()),
        ({"before": "9" * 30, "q": "x" * 300}, Wanted(q="x" * 100)),
    ],
)
def test_what_an_address_asks_for(arguments: dict[str, str], expected: Wanted) -> None:
    assert Wanted.of(arguments) == expected


def test_the_question_as_an_address() -> None:
    assert Wanted(LetterState.FAILED, "王", 12).query(before=9) == "state=failed&q=%E7%8E%8B&before=9"
    assert Wanted(LetterState.FAILED, "", 12).query(state="") == ""


def test_pages_follow_each_other_by_key(app: Flask) -> None:
    meeting = factories.meeting(factories.organization())
    letters = queue(5, meeting_id=meeting.id)[::-1]
    scope = scope_of_meeting(meeting, with_address=True)
    first = page_of(scope, Wanted(), 2)
    second = page_of(scope, Wanted(before=first.next), 2)
    third = page_of(scope, Wanted(before=second.next), 2)
    assert [ids(first), ids(second), ids(third)] == [letters[:2], letters[2:4], letters[4:]]
    assert third.next is None


def test_list_and_counts_agree(app: Flask) -> None:
    meeting = factories.meeting(factories.organization())
    first, second, _third = queue(3, meeting_id=meeting.id, recipient="王{}")
    queue(1)
    change(first, state=LetterState.FAILED)
    change(second, state=LetterState.SENT)
    scope = scope_of_meeting(meeting, with_address=True)
    for wanted in (Wanted(), Wanted(q="王1"), Wanted(q="nobody")):
        found = counts(scope, wanted)
        for state in LetterState:
            listed = page_of(scope, Wanted(state, wanted.q))
            assert found[state] == len(listed.lines)
    assert sum(counts(scope, Wanted()).values()) == 3


def test_an_address_is_found_only_where_it_may_be_seen(app: Flask) -> None:
    meeting = factories.meeting(factories.organization())
    queue(1, meeting_id=meeting.id, address="secret@example.org")
    wanted = Wanted(q="secret@")
    assert len(page_of(scope_of_meeting(meeting, with_address=True), wanted).lines) == 1
    assert page_of(scope_of_meeting(meeting, with_address=False), wanted).lines == []


def test_search_takes_signs_as_they_are(app: Flask) -> None:
    meeting = factories.meeting(factories.organization())
    queue(1, meeting_id=meeting.id, recipient="100%")
    scope = scope_of_meeting(meeting, with_address=False)
    assert len(page_of(scope, Wanted(q="0%")).lines) == 1
    assert page_of(scope, Wanted(q="1%0%")).lines == []


def test_everybody_sees_their_own(app: Flask) -> None:
    city = factories.organization()
    office, district = factories.organization(parent=city), factories.organization(parent=city)
    other = factories.organization()
    mine, foreign = factories.meeting(office), factories.meeting(other)
    to_district = queue(1, meeting_id=foreign.id, organization_id=district.id)
    of_mine = queue(1, meeting_id=mine.id)
    of_account = queue(1)
    expected = {
        Role.ADMINISTRATOR: of_account + of_mine + to_district,
        Role.ORGANIZER: of_mine,
        Role.APPROVER: of_mine,
        Role.EDITOR: [],
    }
    for role, letters in expected.items():
        actor = factories.actor((role, None if role is Role.ADMINISTRATOR else office))
        assert ids(page_of(scope_of(actor), Wanted())) == letters, role
    assert ids(page_of(scope_of(factories.actor((Role.LIAISON, district))), Wanted())) == to_district
    assert ids(page_of(scope_of(factories.actor((Role.APPROVER, office), (Role.LIAISON, district))), Wanted())) == (
        of_mine + to_district
    )


def test_the_mailbox_holds_what_was_sent_into_it(app: Flask) -> None:
    office = factories.organization()
    meeting = factories.meeting(office)
    local, relayed, _waiting = queue(3, meeting_id=meeting.id)
    (of_account,) = queue(1)
    change(local, state=LetterState.SENT, reason="1.2.local")
    change(of_account, state=LetterState.SENT, reason="1.3.local")
    change(relayed, state=LetterState.SENT, reason="250 queued")
    assert ids(page_of(scope_of_mailbox(factories.actor((Role.ORGANIZER, office))), Wanted())) == [local]
    everything = page_of(scope_of_mailbox(factories.actor((Role.ADMINISTRATOR, None))), Wanted())
    assert ids(everything) == [of_account, local]


def test_the_queue_says_how_long_it_is(app: Flask) -> None:
    assert queue_state() == QueueState(0, None, False)
    first, second = queue(2)
    assert queue_state() == QueueState(2, find_letter(first).due_at, False)  # type: ignore[union-attr]
    change(second, due_at=now() - timedelta(minutes=10), state=LetterState.DEFERRED)
    change(first, state=LetterState.SENT)
    assert (queue_state().waiting, queue_state().is_late) == (1, True)


def test_there_is_no_such_letter(app: Flask) -> None:
    assert find_letter(404) is None


@pytest.mark.parametrize("number", [1, 30, 120])
def test_a_list_costs_the_same_whatever_its_length(app: Flask, number: int) -> None:
    meeting = factories.meeting(factories.organization())
    queue(number, meeting_id=meeting.id)
    scope = scope_of_meeting(meeting, with_address=True)
    asked: list[str] = []
    engine = db.engines["read"]
    listen = lambda *arguments: asked.append(arguments[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listen)
    page_of(scope, Wanted())
    counts(scope, Wanted())
    event.remove(engine, "before_cursor_execute", listen)
    assert len(asked) == 2
