"""No table keeps a reference to a person who was merged away, unless somebody decided that it does."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from flask import Flask
from sqlalchemy import func, select

from eventsys.accounts.models import Account
from eventsys.agenda.models import AgendaItem
from eventsys.core.actor import Role
from eventsys.core.clock import now
from eventsys.core.tokens import new_link_id
from eventsys.core.transaction import write
from eventsys.directory.models import DistinctPeople, Organization, Person
from eventsys.extensions import Model, db
from eventsys.feeds.models import CalendarAddress
from eventsys.notices.models import NoticeAuthor, NoticeVersion
from eventsys.succession.references import OF_ACCOUNT, OF_PERSON, Treatment
from tests import factories as make
from tests.architecture.test_queries import publish
from tests.succession.acting import merged


def referring(table: str) -> set[str]:
    """The columns of all tables that refer to rows of this one, by key or by name."""
    found = set()
    for each in Model.metadata.tables.values():
        for column in each.columns:
            by_key = any(key.column.table.name == table for key in column.foreign_keys)
            if by_key or column.name == f"{table}_id" or column.name.endswith(f"_{table}_id"):
                found.add(f"{each.name}.{column.name}")
    return found


def test_every_reference_to_a_person_is_decided_upon(app: Flask) -> None:
    assert referring("person") == set(OF_PERSON)


def test_every_reference_to_an_account_is_decided_upon(app: Flask) -> None:
    assert referring("account") == set(OF_ACCOUNT)


def test_nothing_refers_to_the_record_merged_away(app: Flask) -> None:
    office = make.organization()
    post = make.post(office)
    staying, gone, third, earlier = make.person(), make.person(post=post), make.person(), make.person()
    merged(gone, earlier)
    refer_everywhere(gone, third, office)
    filled = {name for name in OF_PERSON if count(name, gone.id)}
    assert filled | {"distinct_people.other_id"} == set(OF_PERSON)
    merged(staying, gone)
    assert {name for name in OF_PERSON if count(name, gone.id)} == set()
    assert {name for name in OF_PERSON if count(name, staying.id)} == filled


def test_what_an_account_has_to_do_goes_over(app: Flask) -> None:
    staying, gone = make.person(), make.person()
    mine, theirs = make.account(staying, "a long password of theirs"), make.account(gone)
    fill_account_columns(theirs)
    before = {name: count(name, theirs.id) for name in OF_ACCOUNT}
    assert {name for name, number in before.items() if number} >= {"held_change.account_id"}
    merged(staying, gone)
    for name, treatment in OF_ACCOUNT.items():
        if treatment is not Treatment.KEPT:
            assert (count(name, theirs.id), count(name, mine.id)) == (0, before[name]), name


def count(name: str, row_id: int) -> int:
    table, column = name.split(".")
    found = Model.metadata.tables[table]
    return db.session.scalar(select(func.count()).select_from(found).where(found.c[column] == row_id)) or 0


def refer_everywhere(person: Person, somebody_else: Person, office: Organization) -> None:
    """A row in every table that can refer to a person."""
    meeting = make.meeting(office)
    make.attendee(meeting, person)
    make.holds(person, Role.LIAISON, office, ends_on=date(2030, 1, 1))
    make.account(person)
    with write() as session:
        session.add(
            AgendaItem(
                meeting_id=meeting.id,
                position=1,
                kind="speech",
                title_zh="讲话",
                presenter_person_id=person.id,
                minutes=10,
            )
        )
        low, high = sorted((person.id, somebody_else.id))
        session.add(DistinctPeople(one_id=low, other_id=high))
        session.add(CalendarAddress(link_id=new_link_id(), person_id=person.id, created_at=now()))


def fill_account_columns(account: Account) -> None:
    from eventsys.invitations.models import HeldChange

    meeting = make.meeting(make.organization())
    with write() as session:
        session.add(
            HeldChange(
                meeting_id=meeting.id,
                facts={},
                base_version=meeting.version,
                quiet_minutes=5,
                first_at=now(),
                saved_at=now(),
                release_at=now() + timedelta(hours=1),
                account_id=account.id,
                by=uuid4().hex,
            )
        )


def test_whoever_wrote_a_notice_stays_its_author(app: Flask) -> None:
    """None of its authors may approve it: not by the account that stays either."""
    staying, gone = make.person(), make.person()
    mine, theirs = make.account(staying, "a long password of theirs"), make.account(gone)
    office = make.organization()
    for _each in range(2):
        publish(make.meeting(office))
    first, second = db.session.scalars(select(NoticeVersion.id).order_by(NoticeVersion.id))
    with write() as session:
        for version_id, account in ((first, mine), (first, theirs), (second, theirs)):
            session.add(NoticeAuthor(version_id=version_id, account_id=account.id))
    merged(staying, gone)
    rows = db.session.execute(
        select(NoticeAuthor.version_id, NoticeAuthor.account_id).order_by(NoticeAuthor.version_id)
    )
    assert [tuple(row) for row in rows] == [(first, mine.id), (second, mine.id)]
