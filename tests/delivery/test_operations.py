"""Claiming, keeping, putting back, marking: every letter is in one hand at a time and none is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from eventsys.core.audit import AuditEntry
from eventsys.core.clock import now, played_at
from eventsys.core.errors import DomainError
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.reasons import GIVEN_UP, UNCHECKED, UNKNOWN_FATE, UNKNOWN_KIND
from eventsys.core.transaction import write
from eventsys.delivery.operations import (
    Claimed,
    claim,
    keep,
    mark_deferred,
    mark_failed,
    put_back,
    send_again,
    send_all_again,
)
from eventsys.delivery.operations.claim import LEASE, RECHECK
from eventsys.extensions import db
from tests import factories
from tests.delivery.kinds import FRAGILE, ONCE, letter, queue, sent_now, states, way

PERSON = factories.actor()


def claimed(worker: str = "one", limit: int = 50) -> list[Claimed]:
    with write():
        return claim(worker, way(), limit).letters


def expire(*ids: int) -> None:
    """Let the leases run out, as after a worker's death."""
    with write() as session:
        session.execute(update(Letter).where(Letter.id.in_(ids)).values(lease_until=now() - timedelta(seconds=1)))


def test_a_claim_takes_each_letter_once(app: Flask) -> None:
    ids = queue(3)
    first, second = claimed("one", 2), claimed("two", 2)
    assert [found.id for found in first + second] == ids
    assert claimed("three") == []
    assert (letter(ids[0]).lease_by, letter(ids[0]).attempts) == ("one", 1)


def test_a_claim_brings_the_facts_of_its_batch(app: Flask) -> None:
    queue(1, common={"title": "First"})
    queue(1, common={"title": "Second"})
    assert [(found.common, found.facts) for found in claimed()] == [
        ({"title": "First"}, {"number": 1}),
        ({"title": "Second"}, {"number": 2}),
    ]


def test_the_oldest_leave_first(app: Flask) -> None:
    with played_at(now() - timedelta(hours=1)):
        older = queue(1)
    with played_at(now() - timedelta(hours=2)):
        oldest = queue(1)
    newest = queue(1)
    assert [found.id for found in claimed()] == oldest + older + newest


def test_a_letter_for_later_is_not_claimed(app: Flask) -> None:
    with played_at(now() + timedelta(hours=1)):
        queue(1)
    assert claimed() == []


def test_a_stale_letter_is_superseded_and_counts_as_due(app: Flask) -> None:
    ids = queue(2, stale=True)
    with write():
        found = claim("one", way())
    assert (found.letters, found.due) == ([], 2)
    assert [letter(each).state for each in ids] == [LetterState.SUPERSEDED] * 2


def test_an_abandoned_letter_is_taken_again(app: Flask) -> None:
    ids = queue(1)
    claimed("dead")
    expire(*ids)
    assert [found.id for found in claimed("two")] == ids
    assert letter(ids[0]).attempts == 2


def test_an_abandoned_letter_that_must_not_go_twice_fails(app: Flask) -> None:
    ids = queue(1, ONCE)
    claimed("dead")
    expire(*ids)
    assert claimed("two") == []
    assert (letter(ids[0]).state, letter(ids[0]).reason) == (LetterState.FAILED, UNKNOWN_FATE)


def test_a_letter_that_kills_its_worker_is_given_up(app: Flask) -> None:
    ids = queue(1)
    for _attempt in range(9):
        assert len(claimed("dying")) == 1
        expire(*ids)
    assert claimed("two") == []
    assert (letter(ids[0]).state, letter(ids[0]).reason) == (LetterState.FAILED, GIVEN_UP)


def test_the_others_of_its_claims_are_not_given_up(app: Flask) -> None:
    ids = queue(3)
    for _attempt in range(9):
        claimed("dying")
        expire(*ids)
    assert [found.id for found in claimed("two")] == [ids[1]]
    assert [letter(each).state for each in ids] == [LetterState.FAILED, LetterState.SENDING, LetterState.SENDING]


def test_a_kind_that_nobody_knows_fails_alone(app: Flask) -> None:
    ids = queue(2)
    with write() as session:
        session.execute(update(Letter).where(Letter.id == ids[0]).values(kind="of-a-later-version"))
    assert [found.id for found in claimed()] == ids[1:]
    assert (letter(ids[0]).state, letter(ids[0]).reason) == (LetterState.FAILED, UNKNOWN_KIND)


def test_a_check_that_breaks_holds_up_its_own_kind_alone(app: Flask) -> None:
    broken, sound = queue(1, FRAGILE, unreadable=True), queue(1)
    assert [found.id for found in claimed()] == sound
    row = letter(broken[0])
    assert (row.state, row.reason, row.attempts) == (LetterState.DEFERRED, UNCHECKED, 0)
    assert timedelta(0) <= now() + RECHECK - row.due_at <= timedelta(seconds=5)


def test_only_the_holder_marks(app: Flask) -> None:
    ids = queue(1)
    (mine,) = claimed("one")
    expire(*ids)
    claimed("two")
    sent_now(mine, "one", "late")
    assert letter(ids[0]).state is LetterState.SENDING
    sent_now(mine, "two", "250 queued as 7")
    row = letter(ids[0])
    assert (row.state, row.reason, row.lease_until) == (LetterState.SENT, "250 queued as 7", None)


def test_keeping_lengthens_what_is_still_held(app: Flask) -> None:
    ids = queue(2)
    mine = claimed("one")
    expire(*ids)
    with write() as session:
        session.execute(update(Letter).where(Letter.id == ids[0]).values(lease_by="two"))
    with write():
        assert keep(mine, "one") == {ids[1]}
    until = letter(ids[1]).lease_until
    assert until is not None
    assert timedelta(0) <= now() + LEASE - until <= timedelta(seconds=5)


def test_what_is_put_back_was_never_tried(app: Flask) -> None:
    ids = queue(2)
    mine = claimed("one")
    with write():
        put_back(mine, "one")
    assert [(letter(each).state, letter(each).attempts) for each in ids] == [(LetterState.QUEUED, 0)] * 2
    assert [found.id for found in claimed("two")] == ids


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (8, 24 * 60)])
def test_a_deferred_letter_waits_longer_each_time(app: Flask, attempts: int, minutes: int) -> None:
    (letter_id,) = queue(1)
    (mine,) = claimed()
    with write() as session:
        session.execute(update(Letter).values(attempts=attempts))
    with write():
        mark_deferred(mine, "one", "451 later")
    row = letter(letter_id)
    assert (row.state, row.reason) == (LetterState.DEFERRED, "451 later")
    assert timedelta(0) <= now() + timedelta(minutes=minutes) - row.due_at <= timedelta(seconds=5)


def test_the_last_deferral_is_a_failure(app: Flask) -> None:
    (letter_id,) = queue(1)
    (mine,) = claimed()
    with write() as session:
        session.execute(update(Letter).values(attempts=9))
    with write():
        mark_deferred(mine, "one", "451 later")
    assert (letter(letter_id).state, letter(letter_id).reason) == (LetterState.FAILED, "451 later")


def fail(letter_id: int) -> None:
    (mine,) = claimed()
    assert mine.id == letter_id
    with write():
        mark_failed(mine, "one", "550 no such user")


def test_a_failed_letter_is_sent_again(app: Flask) -> None:
    (letter_id,) = queue(1)
    fail(letter_id)
    with write():
        send_again(letter_id, by=PERSON)
    row = letter(letter_id)
    assert (row.state, row.attempts, row.reason) == (LetterState.QUEUED, 0, "")
    entry = db.session.query(AuditEntry).one()
    assert (entry.action, entry.subject_id, entry.before, entry.after) == ("letter.send_again", letter_id, {}, {})


def test_sending_again_takes_the_present_address(app: Flask) -> None:
    office = factories.organization()
    who = factories.attendee(factories.meeting(office), factories.person(email="old@example.org"))
    (letter_id,) = queue(1, attendee_id=who.id, address="old@example.org", email="old@example.org")
    fail(letter_id)
    with write() as session:
        session.merge(who).email = "new@example.org"
    with write():
        send_again(letter_id, by=PERSON)
    row = letter(letter_id)
    assert (row.address, row.facts["email"]) == ("new@example.org", "new@example.org")
    entry = db.session.query(AuditEntry).filter_by(action="letter.send_again").one()
    assert (entry.before, entry.after) == ({"address": "old@example.org"}, {"address": "new@example.org"})


def test_a_copy_to_somebody_else_keeps_its_address(app: Flask) -> None:
    office = factories.organization()
    who = factories.attendee(factories.meeting(office), factories.person(email="own@example.org"))
    (letter_id,) = queue(1, attendee_id=who.id, address="liaison@example.org", email="own@example.org")
    fail(letter_id)
    with write():
        send_again(letter_id, by=PERSON)
    assert letter(letter_id).address == "liaison@example.org"


def test_a_letter_that_did_not_fail_is_not_sent_again(app: Flask) -> None:
    (letter_id,) = queue(1)
    with pytest.raises(DomainError), write():
        send_again(letter_id, by=PERSON)
    assert letter(letter_id).state is LetterState.QUEUED


def test_all_failed_letters_of_one_meeting_are_sent_again(app: Flask) -> None:
    office = factories.organization()
    mine, other = factories.meeting(office), factories.meeting(office)
    queue(2, meeting_id=mine.id)
    queue(1, meeting_id=other.id)
    for each in claimed():
        with write():
            mark_failed(each, "one", "550 no")
    with write():
        assert send_all_again(mine.id, by=PERSON) == 2
    assert states() == {LetterState.QUEUED: 2, LetterState.FAILED: 1}
    with write():
        assert send_all_again(mine.id, by=PERSON) == 0
