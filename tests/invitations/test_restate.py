"""The agenda in letters that have not left is the agenda as it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from eventsys.agenda.models import AgendaItem, AgendaKind
from eventsys.agenda.operations import ItemFacts, add_item, change_item, move_item, remove_item
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.outbox import Letter, LetterBatch, LetterState
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.operations.send import mark_of_list, send_prepared
from eventsys.invitations.queries.send import outgoing
from tests import factories
from tests.invitations.asking import Office, deliver, keys, letters, office, statements, words
from tests.invitations.test_change import change, moved, record
from tests.invitations.test_send import crowd, send_all

pytestmark = pytest.mark.usefixtures("english")


def item(case: Office, title: str, minutes: int = 10) -> AgendaItem:
    with write():
        return add_item(
            case.meeting, ItemFacts(kind=AgendaKind.SPEECH, minutes=minutes, title_zh=title, title_en=title), by=case.by
        )


def sent(case: Office) -> Letter:
    factories.attendee(case.meeting, factories.person(), told=False)
    send_all(case)
    return letters()[-1]


def test_letters_that_wait_say_the_new_agenda(app):
    case = office()
    first = item(case, "First")
    letter = sent(case)
    item(case, "Second")
    assert [title for _at, title, _who in _agenda(letter)] == ["First", "Second"]
    with write():
        change_item(first, ItemFacts(kind=AgendaKind.SPEECH, minutes=20, title_en="Speech"), 1, by=case.by)
    shown = words(letters()[-1], "en")
    described = (shown.calendar or b"").replace(b"\r\n ", b"")
    assert ("Speech" in shown.text, "First" in shown.text, b"Speech" in described) == (True, False, True)
    with write():
        move_item(first, 1, by=case.by)
    assert [title for _at, title, _who in _agenda(letter)] == ["Second", "Speech"]
    with write():
        remove_item(first, by=case.by)
    assert [title for _at, title, _who in _agenda(letter)] == ["Second"]


def _agenda(letter: Letter) -> list[list[str]]:
    db.session.rollback()
    row = db.session.get_one(Letter, letter.id, populate_existing=True)
    return list(db.session.get_one(LetterBatch, row.batch_id).common["agenda"]["en"])


def test_they_leave_once_under_the_same_key(app):
    case = office()
    letter = sent(case)
    item(case, "First")
    assert deliver() == [letter.key]
    assert keys() == [letter.key]


def test_what_was_sent_stays_as_it_was_said(app):
    case = office()
    crowd(case, 2)
    send_all(case)
    gone, waiting = letters()
    with write() as session:
        session.execute(update(Letter).where(Letter.id == gone.id).values(state=LetterState.SENT))
    item(case, "First")
    assert (_agenda(gone), len(_agenda(waiting))) == ([], 1)


@pytest.mark.parametrize(
    ("values", "follows"),
    [
        ({"state": LetterState.DEFERRED}, True),
        ({"state": LetterState.DEFERRED, "unsure_since": now()}, False),
        ({"state": LetterState.SENDING}, False),
        ({"state": LetterState.FAILED}, False),
    ],
)
def test_only_letters_that_nobody_can_have_follow(app, values, follows):
    case = office()
    letter = sent(case)
    with write() as session:
        session.execute(update(Letter).values(values))
    item(case, "First")
    assert len(_agenda(letter)) == int(follows)


def test_an_update_keeps_what_is_news_in_it(app):
    case = office()
    factories.attendee(case.meeting, factories.person())
    change(case, **moved(case))
    item(case, "First")
    shown = words(letters()[-1], "en")
    assert ("before:" in shown.text, "First" in shown.text) == (True, True)
    assert deliver() == [letters()[-1].key]


def test_letters_of_other_meetings_stay(app):
    case = office()
    letter = sent(case)
    other = Office(case.organization, case.by, factories.meeting(case.organization))
    sent(other)
    item(other, "First")
    assert _agenda(letter) == []


def test_an_agenda_costs_as_much_for_one_letter_as_for_many(app):
    item(office(), "The first of all")
    counted = []
    for number in (1, 500):
        case = office(starts_at=now().replace(second=0) + timedelta(days=9))
        crowd(case, number)
        send_all(case)
        with statements() as seen:
            item(case, "First")
        counted.append(len(seen))
        assert record(case).version == 1
        assert db.session.scalars(select(Letter.batch_id).where(Letter.meeting_id == case.meeting.id).distinct()).one()
    assert counted[0] == counted[1]


def test_a_list_that_was_looked_at_before_the_agenda_changed_is_looked_at_again(app):
    case = office()
    factories.attendee(case.meeting, factories.person(), told=False)
    going = outgoing(case.meeting)
    shown = mark_of_list(case.meeting, going.invitees, going.liaisons)
    item(case, "First")
    with pytest.raises(DomainError, match="has changed since"), write():
        send_prepared(case.meeting, shown, by=case.by)
