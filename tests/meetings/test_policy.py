"""Who may do what with a meeting."""

from __future__ import annotations

from flask import Flask

from eventsys.core.actor import ANONYMOUS, Actor, Role
from eventsys.core.clock import now
from eventsys.directory.models import Organization
from eventsys.meetings import policy
from eventsys.meetings.models import Meeting, MeetingState, Visibility
from tests import factories
from tests.meetings.samples import office


def people(of: Organization, elsewhere: Organization) -> dict[str, Actor]:
    return {
        "administrator": factories.actor((Role.ADMINISTRATOR, None)),
        "organizer": factories.actor((Role.ORGANIZER, of)),
        "approver": factories.actor((Role.APPROVER, of)),
        "editor": factories.actor((Role.EDITOR, of)),
        "organizer elsewhere": factories.actor((Role.ORGANIZER, elsewhere)),
        "liaison": factories.actor((Role.LIAISON, of)),
        "stranger": ANONYMOUS,
    }


def who(meeting: Meeting, predicate: object, elsewhere: Organization) -> set[str]:
    assert callable(predicate)
    return {name for name, actor in people(meeting.convener, elsewhere).items() if predicate(actor, meeting)}


def test_staff_read_and_organizers_change(app: Flask) -> None:
    of, elsewhere = office(), factories.organization()
    meeting = factories.meeting(of)
    assert who(meeting, policy.can_read_meeting, elsewhere) == {"administrator", "organizer", "approver", "editor"}
    assert who(meeting, policy.can_change_meeting, elsewhere) == {"administrator", "organizer"}


def test_a_role_covers_what_lies_below(app: Flask) -> None:
    above = office()
    meeting = factories.meeting(factories.organization(parent=above))
    assert policy.can_change_meeting(factories.actor((Role.ORGANIZER, above)), meeting)
    below = factories.actor((Role.ORGANIZER, meeting.convener))
    assert not policy.can_change_meeting(below, factories.meeting(above))


def test_who_sees_the_page(app: Flask) -> None:
    of, elsewhere = office(), factories.organization()
    staff = {"administrator", "organizer", "approver", "editor"}
    for visibility, expected in ((Visibility.PUBLIC, set(people(of, elsewhere))), (Visibility.PARTICIPANTS, staff)):
        meeting = factories.meeting(of, visibility=visibility)
        assert who(meeting, policy.can_see_page, elsewhere) == expected


def test_participants_see_the_page_unless_it_is_internal(app: Flask) -> None:
    of = office()
    liaison = factories.actor((Role.LIAISON, of))
    shown = {
        visibility: policy.can_see_page(liaison, factories.meeting(of, visibility=visibility), participates=True)
        for visibility in Visibility
    }
    assert shown == {Visibility.INTERNAL: False, Visibility.PARTICIPANTS: True, Visibility.PUBLIC: True}


def test_drafts_have_no_page_and_cancelled_drafts_neither() -> None:
    shown = {state: policy.is_shown(state, None) for state in MeetingState}
    assert [state for state, seen in shown.items() if not seen] == [MeetingState.DRAFT, MeetingState.CANCELLED]
    assert policy.is_shown(MeetingState.CANCELLED, now())


def test_who_convenes(app: Flask) -> None:
    of = office()
    may = {name for name, actor in people(of, of).items() if policy.can_convene(actor)}
    assert may == {"administrator", "organizer", "organizer elsewhere"}
    assert not policy.can_convene_for(factories.actor((Role.EDITOR, of)), of.path)
