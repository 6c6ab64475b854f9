"""Two records become one: what stays, what moves, what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.accounts.models import Account, HeldRole, SignIn
from eventsys.accounts.operations import create_account, grant_role, reopen_account
from eventsys.core.actor import Role
from eventsys.core.audit import AuditEntry
from eventsys.core.clock import now
from eventsys.core.errors import DomainError, Stale
from eventsys.core.tokens import new_link_id
from eventsys.core.transaction import write
from eventsys.directory import operations as directory
from eventsys.directory import queries
from eventsys.directory.models import Appointment, Audience, DistinctPeople, Person
from eventsys.directory.operations import PersonFacts
from eventsys.directory.queries.lists import Cursor
from eventsys.extensions import db
from eventsys.feeds.models import CalendarAddress
from eventsys.invitations.models import Attendee, Reply, ReplyEvent
from eventsys.meetings.models import MeetingState
from eventsys.succession import operations
from eventsys.succession.operations import Choices
from eventsys.succession.queries.likely import likely_pairs
from eventsys.succession.queries.merging import find_pair
from tests import factories as make
from tests.directory.acting import ADMINISTRATOR, DAY
from tests.personas import Browse
from tests.succession.acting import again, compared, merged, pair_of


@pytest.fixture
def staying(app: Flask) -> Person:
    return make.person("张伟", name_en="Zhang Wei", email="one@example.org", note="原备注")


@pytest.fixture
def gone(app: Flask) -> Person:
    return make.person("张玮", name_en="Zhang Wei", email="two@example.org", phone="024 1234 5678", note="新备注")


def test_chosen_values_stay_and_the_other_record_leads_there(staying: Person, gone: Person) -> None:
    merged(staying, gone, {"name_zh": "gone", "phone": "gone", "note": "both"})
    row, pointer = again(staying), again(gone)
    assert (row.name_zh, row.email, row.phone, row.note) == (
        "张玮",
        "one@example.org",
        "024 1234 5678",
        "原备注\n\n新备注",
    )
    assert (pointer.merged_into_id, pointer.name_zh, pointer.email, pointer.phone_key) == (row.id, "张玮", "", "")
    assert row.sort_key == pointer.sort_key
    assert row.phone_key == "2412345678"
    found = queries.find_person(gone.id)
    assert found is not None and found.id == staying.id


def test_lists_and_searches_show_one_person(staying: Person, gone: Person) -> None:
    merged(staying, gone)
    assert [row.id for row in queries.people_page("", DAY, Cursor()).rows] == [staying.id]
    assert [each.id for each in queries.people_search("张")] == [staying.id]
    assert queries.likely_duplicates("张玮", "", "two@example.org", "024 1234 5678", DAY) == []
    assert queries.candidates({"person_ids": [gone.id]}, DAY) == []
    assert find_pair(staying.id, gone.id) is None


def test_both_sides_are_in_the_audit_log(staying: Person, gone: Person) -> None:
    merged(staying, gone, {"phone": "gone"})
    entries = {
        each.action: each for each in db.session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "person"))
    }
    one, other = entries["person.merge"], entries["person.merge_away"]
    assert (one.before, one.after["phone"]) == ({"phone": ""}, "024 1234 5678")
    assert one.after["merged"]["email"] == "two@example.org"
    assert (other.before["email"], other.after) == ("two@example.org", {"merged_into": f"张伟 ({staying.id})"})


@pytest.mark.parametrize("changed", ["staying", "gone", "role"])
def test_a_change_of_either_is_seen_first(staying: Person, gone: Person, changed: str) -> None:
    found = compared(staying, gone)
    versions, mark = (found.pair.staying.version, found.pair.gone.version), found.mark
    if changed == "role":
        make.holds(gone, Role.ADMINISTRATOR)
    else:
        row = staying if changed == "staying" else gone
        with write():
            directory.revise_person(
                row, PersonFacts("李四", email=f"{changed}@example.org"), row.version, by=ADMINISTRATOR
            )
    with pytest.raises(Stale), write():
        operations.merge(pair_of(staying, gone), Choices(), versions, mark, by=ADMINISTRATOR)
    assert again(gone).merged_into_id is None


def test_merged_twice_is_refused(staying: Person, gone: Person) -> None:
    pair, mark = pair_of(staying, gone), compared(staying, gone).mark
    versions = staying.version, gone.version
    merged(staying, gone)
    with pytest.raises(DomainError), write():
        operations.merge(pair, Choices(), versions, mark, by=ADMINISTRATOR)


def test_a_chain_of_merges_leads_to_the_last(staying: Person, gone: Person) -> None:
    third = make.person("张三")
    merged(staying, gone)
    merged(third, again(staying))
    assert (again(gone).merged_into_id, again(staying).merged_into_id) == (third.id, third.id)


def test_verbs_refuse_a_record_that_was_merged_away(staying: Person, gone: Person) -> None:
    account = make.account(gone)
    make.account(staying)
    office = make.organization()
    post = make.post(office)
    merged(staying, gone)
    refused: list[Any] = [
        lambda: directory.appoint(gone, post, DAY, by=ADMINISTRATOR),
        lambda: directory.revise_person(gone, PersonFacts("新"), again(gone).version, by=ADMINISTRATOR),
        lambda: create_account(gone, "new@example.org", by=ADMINISTRATOR),
        lambda: grant_role(gone, Role.LIAISON, office, by=ADMINISTRATOR),
        lambda: reopen_account(account, by=ADMINISTRATOR),
    ]
    for verb in refused:
        with pytest.raises(DomainError, match="并入"), write():
            verb()


def days(person: Person) -> list[tuple[date, date | None]]:
    rows = db.session.scalars(
        select(Appointment).where(Appointment.person_id == person.id).order_by(Appointment.starts_on)
    )
    return [(row.starts_on, row.ends_on) for row in rows]


def appoint(person: Person, post: Any, starts_on: date, ends_on: date | None) -> None:
    with write() as session:
        session.add(Appointment(person_id=person.id, post_id=post.id, starts_on=starts_on, ends_on=ends_on))


def test_appointments_that_overlap_on_one_post_are_joined(staying: Person, gone: Person) -> None:
    office = make.organization()
    post, other = make.post(office), make.post(office, "副主任")
    appoint(staying, post, date(2020, 1, 1), date(2021, 12, 31))
    appoint(gone, post, date(2021, 6, 1), date(2023, 12, 31))
    appoint(staying, post, date(2023, 12, 31), None)
    appoint(gone, post, date(2010, 1, 1), date(2011, 1, 1))
    appoint(gone, other, date(2020, 1, 1), None)
    found = compared(staying, gone)
    assert [(join.span.starts_on, join.span.ends_on) for join in found.joins] == [(date(2020, 1, 1), None)]
    merged(staying, gone)
    assert days(staying) == [
        (date(2010, 1, 1), date(2011, 1, 1)),
        (date(2020, 1, 1), None),
        (date(2020, 1, 1), None),
    ]
    assert days(gone) == []


def test_appointments_of_one_record_stay_apart(staying: Person, gone: Person) -> None:
    post = make.post(make.organization())
    appoint(gone, post, date(2020, 1, 1), date(2021, 12, 31))
    appoint(gone, post, date(2022, 1, 1), None)
    appoint(staying, post, date(2019, 1, 1), date(2019, 12, 31))
    merged(staying, gone)
    assert len(days(staying)) == 3


def test_a_role_of_both_is_held_once_for_the_longer_time(staying: Person, gone: Person) -> None:
    office, other = make.organization(), make.organization()
    make.holds(staying, Role.LIAISON, office, ends_on=date(2030, 1, 1))
    make.holds(gone, Role.LIAISON, office)
    make.holds(gone, Role.ORGANIZER, other, ends_on=date(2031, 1, 1))
    merged(staying, gone)
    rows = db.session.scalars(select(HeldRole).order_by(HeldRole.role)).all()
    assert [(row.person_id, row.role, row.ends_on) for row in rows] == [
        (staying.id, Role.LIAISON, None),
        (staying.id, Role.ORGANIZER, date(2031, 1, 1)),
    ]


def test_the_only_account_moves_and_stays_signed_in(staying: Person, gone: Person, browse: Browse) -> None:
    account = make.account(gone)
    make.holds(gone, Role.ADMINISTRATOR)
    browser = browse.account(account)
    merged(staying, gone)
    row = again(account)
    assert (row.person_id, row.active) == (staying.id, True)
    assert browser.get(f"/workspace/directory/people/{staying.id}/").status_code == 200


def test_of_two_accounts_one_is_closed_and_signed_out(staying: Person, gone: Person, browse: Browse) -> None:
    mine, theirs = make.account(staying, "a long password of mine"), make.account(gone)
    make.holds(gone, Role.ADMINISTRATOR)
    browser = browse.account(theirs)
    merged(staying, gone)
    assert (again(mine).active, again(theirs).active, again(theirs).person_id) == (True, False, gone.id)
    assert db.session.scalars(select(SignIn)).one().ended_at is not None
    assert browser.get("/workspace/").status_code == 302
    assert db.session.scalars(select(HeldRole)).one().person_id == staying.id


def test_the_last_administrator_can_still_sign_in(staying: Person, gone: Person) -> None:
    make.account(gone, "a long password of theirs")
    make.account(staying, active=False)
    make.holds(gone, Role.ADMINISTRATOR)
    with pytest.raises(DomainError, match="管理员"):
        merged(staying, gone)
    assert again(gone).merged_into_id is None


def clash(staying: Person, gone: Person, **facts: Any) -> tuple[Attendee, Attendee]:
    """Both are expected: the one who stays for a post, the other by name."""
    office = make.organization()
    meeting = make.meeting(office, **facts)
    mine = make.attendee(meeting, staying, post=make.post(office))
    return mine, make.attendee(meeting, gone, reply=Reply.ACCEPTED)


def test_both_at_one_meeting_is_a_question(staying: Person, gone: Person) -> None:
    mine, _theirs = clash(staying, gone)
    with pytest.raises(DomainError) as refused:
        merged(staying, gone)
    assert refused.value.field == f"meeting_{mine.meeting_id}"
    assert again(gone).merged_into_id is None


def test_the_place_that_was_not_chosen_is_named_anew(staying: Person, gone: Person) -> None:
    mine, theirs = clash(staying, gone)
    merged(staying, gone, places={mine.meeting_id: "gone"})
    given_up, kept = again(mine), again(theirs)
    assert (given_up.is_current, given_up.place.withdrawn_at, given_up.link_revoked_at is None) == (False, None, False)
    assert (kept.is_current, kept.person_id, kept.reply) == (True, staying.id, Reply.ACCEPTED)
    assert [each.act for each in db.session.scalars(select(ReplyEvent))] == ["merged"]


def test_a_place_of_a_person_alone_is_withdrawn(staying: Person, gone: Person) -> None:
    mine, theirs = clash(staying, gone)
    merged(staying, gone, places={mine.meeting_id: "staying"})
    assert (again(mine).is_current, again(mine).person_id) == (True, staying.id)
    assert (again(theirs).is_current, again(theirs).reply) == (False, Reply.ACCEPTED)
    assert again(theirs).place.withdrawn_at is not None


def test_a_meeting_that_is_over_keeps_both(staying: Person, gone: Person) -> None:
    mine, theirs = clash(staying, gone, state=MeetingState.CONCLUDED)
    assert [each.is_over for each in compared(staying, gone).clashes] == [True]
    merged(staying, gone)
    assert (again(mine).person_id, again(theirs).person_id) == (staying.id, gone.id)
    assert (again(mine).is_current, again(theirs).is_current) == (True, True)


def test_two_who_were_confirmed_to_be_two_are_asked_about(staying: Person, gone: Person) -> None:
    third = make.person("第三人")
    with write():
        operations.keep_apart(pair_of(gone, staying), by=ADMINISTRATOR)
    with write():
        operations.keep_apart(pair_of(gone, third), by=ADMINISTRATOR)
    assert likely_pairs(Cursor()).rows == []
    with pytest.raises(DomainError) as refused:
        merged(staying, gone)
    assert refused.value.field == "one_person"
    merged(staying, gone, one_person=True)
    pairs = [(row.one_id, row.other_id) for row in db.session.scalars(select(DistinctPeople))]
    assert pairs == [(staying.id, third.id)]


def test_saved_audiences_name_the_one_who_stays_once(staying: Person, gone: Person) -> None:
    office = make.organization()
    with write() as session:
        rule = {"person_ids": [gone.id, staying.id], "organization_ids": [office.id]}
        row = Audience(owner_id=office.id, name_zh="范围", name_en="Audience", rule=rule, created_at=now())
        session.add(row)
    merged(staying, gone)
    assert again(row).rule == {"person_ids": [staying.id], "organization_ids": [office.id]}


def test_one_calendar_has_one_address(staying: Person, gone: Person) -> None:
    office = make.organization()
    with write() as session:
        for person, of in ((staying, None), (gone, None), (gone, office.id)):
            session.add(
                CalendarAddress(link_id=new_link_id(), person_id=person.id, organization_id=of, created_at=now())
            )
    assert compared(staying, gone).both_own_links
    merged(staying, gone)
    rows = db.session.scalars(select(CalendarAddress).order_by(CalendarAddress.id)).all()
    assert [(row.person_id, row.revoked_at is None) for row in rows] == [
        (staying.id, True),
        (staying.id, False),
        (staying.id, True),
    ]


def test_likely_pairs_are_listed_until_somebody_decides(staying: Person, gone: Person) -> None:
    make.person("李四", email="two@example.org", name_en="Li Si")
    make.person("王五", name_en="Wang Wu")
    rows = likely_pairs(Cursor()).rows
    assert [(row.one.name, row.other.name, row.same) for row in rows] == [
        ("张伟", "张玮", ("name",)),
        ("张玮", "李四", ("email",)),
    ]
    merged(staying, gone)
    assert likely_pairs(Cursor()).rows == []


def test_no_account_is_left_behind(staying: Person, gone: Person) -> None:
    make.account(gone, active=False)
    make.account(staying)
    merged(staying, gone)
    assert [row.person_id for row in db.session.scalars(select(Account).where(Account.active))] == [staying.id]
