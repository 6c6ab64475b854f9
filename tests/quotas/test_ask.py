"""Asking organizations: posts, further places and observers as rows; nobody told, nobody twice, nobody beyond."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsys.core.actor import Role
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.transaction import write
from eventsys.directory.models import Audience, OrganizationKind
from eventsys.extensions import db
from eventsys.invitations.models import Ask, PlaceRole
from eventsys.invitations.operations.prepare import prepare
from eventsys.meetings.models import MeetingState
from eventsys.quotas.operations.ask import Made, Note, ask_organizations
from eventsys.quotas.queries.demand import Demand, Way
from eventsys.quotas.queries.pattern import patterns
from eventsys.quotas.queries.proposal import mark_of_proposal, propose
from tests import factories
from tests.invitations.asking import Office, letters, office
from tests.quotas.city import ask, by_name, director_kind, district, rows

pytestmark = pytest.mark.usefixtures("english")


def asks(case: Office) -> list[tuple[int, int, int, str, str]]:
    found = db.session.scalars(select(Ask).where(Ask.meeting_id == case.meeting.id).order_by(Ask.organization_id))
    return [(row.organization_id, row.further, row.observers, row.note_zh, row.note_en) for row in found]


def test_posts_further_places_and_observers_become_rows(app):
    case, kind = office(), director_kind()
    held, vacant = district("甲区", kind), district("乙区", kind, held=False, liaison=False)
    made = ask(case, by_name(held, vacant, kinds=(kind,), further=2, observers=1), Note("业务骨干", "Hands-on staff"))
    assert made == Made(organizations=2, places=8, to_be_named=7, without_liaison=1)
    assert rows(case) == [
        (held.row.id, held.post.id, "required", False, "甲区主任"),
        (held.row.id, None, "required", True, None),
        (held.row.id, None, "required", True, None),
        (held.row.id, None, "observer", True, None),
        (vacant.row.id, vacant.post.id, "required", False, None),
        (vacant.row.id, None, "required", True, None),
        (vacant.row.id, None, "required", True, None),
        (vacant.row.id, None, "observer", True, None),
    ]
    assert asks(case) == [(each.row.id, 2, 1, "业务骨干", "Hands-on staff") for each in (held, vacant)]
    assert letters() == []


def test_asking_again_adds_only_what_is_more(app):
    case, kind = office(), director_kind()
    one, other = district("甲区", kind), district("乙区", kind)
    ask(case, by_name(one, kinds=(kind,), further=3), Note("老同志", ""))
    made = ask(case, by_name(one, other, kinds=(kind,), further=2))
    assert made == Made(organizations=2, places=3, to_be_named=2, without_liaison=0)
    assert asks(case) == [(one.row.id, 3, 0, "老同志", ""), (other.row.id, 2, 0, "", "")]
    with pytest.raises(DomainError, match="already"):
        ask(case, by_name(one, other, kinds=(kind,), further=2))
    assert ask(case, by_name(one, further=1), Note("", "Only a note")).places == 0
    assert asks(case)[0] == (one.row.id, 3, 0, "老同志", "Only a note")


def test_a_post_whose_place_somebody_else_was_named_for_is_not_asked_twice(app):
    case, kind = office(), director_kind()
    one = district("甲区", kind, held=False)
    ask(case, by_name(one, kinds=(kind,)))
    factories.person("新主任", post=one.post)
    proposed = propose(case.meeting, by_name(one, kinds=(kind,)), case.by)
    assert [place.stands for place in proposed[0].places] == [True]
    assert proposed[0].new == []


def test_only_those_ticked_are_asked(app):
    case, kind = office(), director_kind()
    one, other = district("甲区", kind), district("乙区", kind)
    assert ask(case, by_name(one, other, further=1), only=(other,)).organizations == 1
    assert rows(case) == [(other.row.id, None, "required", True, None)]
    with pytest.raises(DomainError, match="at least one"):
        ask(case, by_name(one), only=(other,))


def test_what_changed_since_it_was_shown_is_refused(app):
    case, kind = office(), director_kind()
    one = district("甲区", kind, held=False)
    demand = by_name(one, kinds=(kind,))
    shown = mark_of_proposal(case.meeting, propose(case.meeting, demand, case.by))
    factories.person("新主任", post=one.post)
    with pytest.raises(DomainError, match="changed"), write():
        ask_organizations(case.meeting, demand, [one.row.id], Note(), shown, by=case.by)
    assert rows(case) == []


def test_organizations_by_kind_without_those_that_are_closed(app):
    case, kind = office(), director_kind()
    district("甲区", kind)
    factories.organization("旧区", closed_on=now().date())
    factories.organization("丙县", kind=OrganizationKind.COUNTY)
    found = propose(case.meeting, Demand(organization_kinds=("district",), further=1), case.by)
    assert [each.name_zh for each in found] == ["甲区"]


def test_an_audience_asks_for_its_own_posts_or_for_those_chosen(app):
    case, kind, other = office(), director_kind(), factories.post_kind("副区长", "Deputy district director")
    one = district("甲区", kind)
    deputy = factories.post(one.row, "分管副区长", "Deputy", other)
    rule = {"post_kind_ids": [kind.id], "person_ids": [factories.person().id]}
    with write() as session:
        audience = Audience(owner_id=case.organization.id, name_zh="主任", rule=rule, created_at=now())
        session.add(audience)
    own = propose(case.meeting, Demand(Way.AUDIENCE, audience_id=audience.id), case.by)
    assert [[place.candidate.post_id for place in each.places] for each in own] == [[one.post.id]]
    chosen = propose(case.meeting, Demand(Way.AUDIENCE, audience_id=audience.id, post_kind_ids=(other.id,)), case.by)
    assert [[place.candidate.post_id for place in each.places] for each in chosen] == [[deputy.id]]
    stranger = factories.actor((Role.ORGANIZER, factories.organization("别处")))
    assert propose(case.meeting, Demand(Way.AUDIENCE, audience_id=audience.id), stranger) == []


def test_the_pattern_of_an_earlier_meeting(app):
    case, kind = office(), director_kind()
    one, other = district("甲区", kind), district("乙区", kind, held=False)
    ask(case, by_name(one, kinds=(kind,), further=2, observers=1), Note("业务骨干", ""))
    with write():
        prepare(case.meeting, [f"{other.post.id}.0"], PlaceRole.OPTIONAL, by=case.by)
    later = Office(case.organization, case.by, factories.meeting(case.organization, title_zh="下一次"))
    assert [key for key, _text in patterns(later.meeting)] == [case.meeting.id]
    made = ask(later, Demand(Way.PATTERN, pattern_id=case.meeting.id))
    assert made == Made(organizations=2, places=5, to_be_named=4, without_liaison=0)
    assert [(row[0], row[2], row[4]) for row in rows(later)] == [
        (one.row.id, "required", "甲区主任"),
        (one.row.id, "required", None),
        (one.row.id, "required", None),
        (one.row.id, "observer", None),
        (other.row.id, "optional", None),
    ]
    assert asks(later) == [(one.row.id, 2, 1, "业务骨干", ""), (other.row.id, 0, 0, "", "")]


def test_another_office_s_meeting_is_no_pattern(app):
    case, kind = office(), director_kind()
    ask(case, by_name(district("甲区", kind), further=1))
    stranger = factories.meeting(factories.organization("别处"))
    assert patterns(stranger) == []
    assert propose(stranger, Demand(Way.PATTERN, pattern_id=case.meeting.id), case.by) == []


@pytest.mark.parametrize("further", [2, 3])
def test_nobody_is_asked_beyond_the_capacity(app, further):
    case, kind = office(capacity=3), director_kind()
    one = district("甲区", kind)
    if further == 2:
        assert ask(case, by_name(one, kinds=(kind,), further=2)).places == 3
    else:
        with pytest.raises(DomainError, match=r"room for 3. Asked for so far: 0 places; this would add 4\."):
            ask(case, by_name(one, kinds=(kind,), further=3))
        assert rows(case) == []


def test_the_capacity_holds_for_people_put_on_the_list_one_by_one(app):
    case = office(capacity=1)
    first, second = factories.person(), factories.person()
    with write():
        prepare(case.meeting, [f"0.{first.id}"], PlaceRole.REQUIRED, by=case.by)
    with pytest.raises(DomainError, match=r"room for 1. Asked for so far: 1 "), write():
        prepare(case.meeting, [f"0.{second.id}"], PlaceRole.REQUIRED, by=case.by)


def test_a_meeting_that_is_over_asks_nobody(app):
    case, kind = office(state=MeetingState.CONCLUDED, starts_at=now() - timedelta(days=1)), director_kind()
    with pytest.raises(DomainError, match="any more"):
        ask(case, by_name(district("甲区", kind), further=1))
