"""Reminders in letters: those of the meeting, for whoever may come; a change of them alone is told to nobody."""

from __future__ import annotations

import re

import pytest

from eventsys.core.outbox import Letter
from tests import factories
from tests.invitations.asking import deliver, letters, office, stale, words
from tests.invitations.link import link
from tests.invitations.test_change import cancel, change, record
from tests.invitations.test_send import send_all
from tests.meetings.test_alarms import triggers

pytestmark = pytest.mark.usefixtures("english")


def alarms_in(letter: Letter) -> list[str]:
    return triggers(words(letter).calendar or b"")


@pytest.mark.parametrize(
    ("alarms", "expected"), [("1440,30", ["-P1D", "-PT30M"]), ("", []), ("10080,90,0", ["-P7D", "-PT1H30M", "P0D"])]
)
def test_an_invitation_brings_the_meetings_own_and_a_cancellation_none(app, alarms, expected):
    case = office(alarms=alarms)
    factories.attendee(case.meeting, factories.person(), told=False)
    send_all(case)
    deliver()
    cancel(case)
    assert [alarms_in(letter) for letter in letters()] == [expected, []]


def test_new_ones_alone_are_no_significant_change(app):
    case = office()
    factories.attendee(case.meeting, factories.person())
    assert change(case, alarms="60").letters == 0
    assert (record(case).sequence, letters()) == (0, [])
    assert change(case, alarms="15", tell_words=True).letters == 1
    assert (record(case).sequence, alarms_in(letters()[0])) == (0, ["-PT15M"])


def test_a_letter_that_has_not_left_goes_out_with_the_new_ones(app):
    case = office()
    factories.attendee(case.meeting, factories.person(), told=False)
    send_all(case)
    change(case, alarms="60")
    assert len(stale()) == 1
    deliver()
    assert alarms_in(letters()[-1]) == ["-PT1H"]


def test_the_invitees_own_file_has_them(app, client):
    case = office(alarms="45")
    row = factories.attendee(case.meeting, factories.person())
    assert triggers(client.get(link(app, row) + ".ics").data) == ["-PT45M"]
    cancel(case)
    assert triggers(client.get(link(app, row) + ".ics").data) == []


def test_the_change_form_keeps_and_changes_them(app, browse):
    case = office(alarms="45,20")
    staff = browse(case.by)
    page = staff.get(f"/workspace/meetings/{case.meeting.id}/change").text
    assert re.search(r'name="own_alarms"[^>]* value="45, 20"', page)
