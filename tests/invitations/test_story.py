"""The story of a place: what a reader may see of the letters in it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from eventsys.core.actor import Role
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.transaction import write
from eventsys.invitations.models import Attendee
from eventsys.invitations.operations.send import invite
from tests import factories
from tests.invitations.asking import Office, office
from tests.personas import Browse


@pytest.fixture
def case(app: Flask) -> Office:
    return office()


def story_of(case: Office, browse: Browse, role: Role, state: LetterState, reason: str) -> str:
    """The page of an invitee whose letter came to this, as somebody with the role reads it."""
    row = factories.attendee(case.meeting, factories.person("李明", email="liming@example.org"), told=False)
    with write() as session:
        invite(case.meeting, [session.get_one(Attendee, row.id)], by=case.by)
        session.execute(update(Letter).values(state=state, reason=reason))
    reader = browse(factories.actor((role, case.organization)))
    answer = reader.get(f"/workspace/meetings/{case.meeting.id}/attendees/{row.id}")
    assert answer.status_code == 200
    return answer.text


REFUSED = "550 5.1.1 liming@example.org: unknown user"


@pytest.mark.parametrize(("role", "times"), [(Role.ORGANIZER, 1), (Role.APPROVER, 0), (Role.EDITOR, 0)])
def test_what_a_mail_server_answered_is_for_those_who_may_see_addresses(
    case: Office, browse: Browse, role: Role, times: int
) -> None:
    page = story_of(case, browse, role, LetterState.FAILED, REFUSED)
    assert page.count("unknown user") == times
    assert ("liming@example.org" in page) is bool(times)


def test_the_key_of_a_letter_that_was_sent_is_nobodys_business(case: Office, browse: Browse) -> None:
    assert "0123Q1.abc.local" not in story_of(case, browse, Role.ORGANIZER, LetterState.SENT, "0123Q1.abc.local")
