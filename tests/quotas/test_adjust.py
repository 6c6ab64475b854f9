"""One organization adjusted: more makes rows, fewer takes the unnamed first and says who else would go."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from eventsys.core.errors import DomainError, Stale
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.models import Ask, Attendee, Place
from eventsys.invitations.operations.send import mark_of_list, send_prepared
from eventsys.invitations.operations.substitute import Named, name_person, name_substitute
from eventsys.invitations.operations.withdraw import mark_of_place, people_of, withdraw_place
from eventsys.invitations.queries.replies import counts
from eventsys.invitations.queries.send import outgoing
from eventsys.quotas.operations.adjust import Adjusted, MustBeShown, adjust
from eventsys.quotas.operations.link import renew_link, revoke_link
from eventsys.quotas.operations.name import name_next
from eventsys.quotas.queries.leaving import Wanted, leaving, mark_of_leaving
from eventsys.quotas.queries.one import find_ask
from tests import factories
from tests.invitations.asking import Office, deliver, letters, office
from tests.quotas.city import District, ask, by_name, director_kind, district, rows

pytestmark = pytest.mark.usefixtures("english")


def asked(further: int, observers: int = 0, **facts: object) -> tuple[Office, District]:
    case, kind = office(**facts), director_kind()
    one = district("甲区", kind)
    ask(case, by_name(one, kinds=(kind,), further=further, observers=observers))
    return case, one


def row_of(case: Office, of: District) -> Ask:
    found = find_ask(case.meeting.id, of.row.id)
    assert found is not None
    return found


def change(case: Office, of: District, wanted: Wanted, *, agreed: bool = False, version: int | None = None) -> Adjusted:
    with write():
        row = row_of(case, of)
        shown = mark_of_leaving(leaving(row, wanted)) if agreed else ""
        return adjust(row, wanted, row.version if version is None else version, shown, by=case.by)


def send(case: Office) -> None:
    with write():
        going = outgoing(case.meeting)
        send_prepared(case.meeting, mark_of_list(case.meeting, going.invitees, going.liaisons), by=case.by)


def name(case: Office, of: District, who: str, *, observer: bool = False) -> Attendee:
    with write():
        return name_next(row_of(case, of), Named(name=who), by=case.by, observer=observer)


def quota(case: Office) -> list[tuple[str, str | None]]:
    return [(row[2], row[4]) for row in rows(case) if row[3]]


def test_more_makes_rows(app):
    case, one = asked(1)
    assert change(case, one, Wanted(3, 1, "业务骨干", "Staff")) == Adjusted(added=3, withdrawn=0, letters=0)
    assert quota(case) == [("required", None)] * 3 + [("observer", None)]
    row = row_of(case, one)
    assert (row.further, row.observers, row.note_zh, row.note_en) == (3, 1, "业务骨干", "Staff")


def test_fewer_takes_the_unnamed_first(app):
    case, one = asked(3)
    name(case, one, "Zhao Yun")
    assert change(case, one, Wanted(1, 0)) == Adjusted(added=0, withdrawn=2, letters=0)
    assert quota(case) == [("required", None)] or [row[3] for row in rows(case)] == [False, True]
    assert db.session.scalars(select(Attendee.name_en).where(Attendee.person_id.is_(None))).all() == ["Zhao Yun"]


def test_who_is_named_is_shown_before_the_place_goes(app):
    case, one = asked(2)
    first, _second = name(case, one, "First"), name(case, one, "Second")
    with pytest.raises(MustBeShown):
        change(case, one, Wanted(1, 0))
    assert len(quota(case)) == 2
    going = leaving(row_of(case, one), Wanted(1, 0))
    assert [each.name for each in going] == ["Second"]
    assert change(case, one, Wanted(1, 0), agreed=True).withdrawn == 1
    assert [db.session.get_one(Place, first.place_id).withdrawn_at] == [None]


def test_a_place_named_after_it_was_shown_is_shown_again(app):
    case, one = asked(1)
    send(case)
    shown = mark_of_leaving(leaving(row_of(case, one), Wanted(0, 0)))
    name(case, one, "Late")
    with pytest.raises(MustBeShown), write():
        row = row_of(case, one)
        adjust(row, Wanted(0, 0), row.version, shown, by=case.by)


def test_those_told_are_told_and_liaisons_once(app):
    case, one = asked(4)
    send(case)
    with write():
        person = Named(name="Zhao Yun", email="zhao@example.org")
        name_next(row_of(case, one), person, by=case.by)
    deliver()
    with pytest.raises(MustBeShown):
        change(case, one, Wanted(1, 0))
    assert change(case, one, Wanted(0, 0), agreed=True) == Adjusted(added=0, withdrawn=4, letters=2)
    told = letters("withdrawal")
    assert sorted(each.address for each in told) == sorted([one.liaison.email, "zhao@example.org"])
    assert sorted(len(each.facts.get("places", ())) for each in told) == [0, 3]


def test_withdrawing_one_place_lowers_the_quota(app):
    case, one = asked(2, observers=1)
    observer = db.session.scalars(select(Place).where(Place.role == "observer")).one()
    with write():
        withdraw_place(observer, mark_of_place(observer, people_of(observer)), by=case.by)
    assert (row_of(case, one).further, row_of(case, one).observers) == (2, 0)


def test_two_organizers_at_once_do_not_overwrite(app):
    case, one = asked(1)
    version = row_of(case, one).version
    change(case, one, Wanted(2, 0, "甲的说明"))
    with pytest.raises(Stale):
        change(case, one, Wanted(5, 0, "乙的说明"), version=version)
    assert (row_of(case, one).further, row_of(case, one).note_zh) == (2, "甲的说明")


def test_not_beyond_the_capacity_and_a_substitute_does_not_count_twice(app):
    case, one = asked(2, capacity=4)
    send(case)
    director = db.session.scalars(select(Attendee)).one()
    with write():
        name_substitute(director, Named(name="Deputy"), by=case.by)
    with pytest.raises(DomainError, match=r"room for 4. Asked for so far: 3 places; this would add 2"):
        change(case, one, Wanted(4, 0))
    assert change(case, one, Wanted(3, 0)).added == 1
    assert row_of(case, one).further == 3


def test_a_link_is_revoked_and_renewed(app):
    case, one = asked(1)
    before = row_of(case, one).link_id
    with write():
        revoke_link(row_of(case, one), row_of(case, one).version, by=case.by)
    assert row_of(case, one).link_revoked_at is not None
    with pytest.raises(DomainError, match="already"), write():
        revoke_link(row_of(case, one), row_of(case, one).version, by=case.by)
    with pytest.raises(Stale), write():
        renew_link(row_of(case, one), 1, by=case.by)
    with write():
        renew_link(row_of(case, one), row_of(case, one).version, by=case.by)
    row = row_of(case, one)
    assert (row.link_revoked_at, row.link_id == before) == (None, False)


def test_more_people_than_places_and_one_twice(app):
    case, one = asked(2, observers=1)
    who = factories.person("赵云")
    with write():
        name_next(row_of(case, one), Named(person_id=who.id), by=case.by)
    with pytest.raises(DomainError, match="already has another place"), write():
        name_next(row_of(case, one), Named(person_id=who.id), by=case.by)
    name(case, one, "Second")
    with pytest.raises(DomainError, match="All 2 places are taken"):
        name(case, one, "Third")
    name(case, one, "Looks on", observer=True)
    with pytest.raises(DomainError, match="All 1 places are taken"):
        name(case, one, "Looks on too", observer=True)
    with pytest.raises(DomainError, match="already has another place"), write():
        place = db.session.scalars(select(Place).where(Place.post_id.is_not(None))).one()
        db.session.delete(db.session.scalars(select(Attendee).where(Attendee.place_id == place.id)).one())
        db.session.flush()
        name_person(place, Named(person_id=who.id), by=case.by)


def test_an_observer_s_place_is_never_waited_for(app):
    case, _one = asked(1, observers=2)
    send(case)
    found = counts(case.meeting.id)
    assert (found.to_be_named, found.optional, found.no_reply, found.places) == (1, 2, 1, 4)
