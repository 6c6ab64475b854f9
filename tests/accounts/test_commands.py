"""The first office and administrator, and accounts by hand."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from eventsys.accounts.commands import init, user
from eventsys.accounts.models import Account, HeldRole, SignIn
from eventsys.accounts.queries import find_account, load_actor
from eventsys.core.actor import Held, Role
from eventsys.core.audit import AuditEntry
from eventsys.core.outbox import Letter
from eventsys.directory.models import Organization, Person
from eventsys.extensions import db
from tests import factories
from tests.personas import Browse

START = [
    *("--office-zh", "沈阳市外事办公室", "--office-en", "Shenyang Foreign Affairs Office"),
    *("--name", "王主任", "--email", "Admin@Example.org", "--password", "several words together"),
]


@pytest.fixture
def command(app: Flask) -> object:
    def run(command: object, *arguments: str, typed: str | None = None) -> Result:
        answer = CliRunner().invoke(command, [*arguments], obj=lambda: app, input=typed)
        db.session.rollback()
        return answer

    return run


def test_init_makes_the_office_and_its_administrator(command) -> None:
    assert command(init, *START).output == "Ready. Sign in as admin@example.org.\n"
    office = db.session.scalars(select(Organization)).one()
    assert (office.name_zh, office.path) == ("沈阳市外事办公室", f"/{office.id}/")
    actor = load_actor(find_account("admin@example.org").id)
    assert (actor.label, actor.held) == ("王主任", (Held(Role.ADMINISTRATOR),))
    actions = set(db.session.scalars(select(AuditEntry.action)))
    assert actions == {"organization.add", "person.add", "account.add", "role.grant"}


def test_init_asks(command) -> None:
    typed = "外办\nOffice\n王主任\nadmin@example.org\nseveral words together\nseveral words together\n"
    assert command(init, typed=typed).exit_code == 0
    assert find_account("admin@example.org").active


def test_init_refuses_a_second_time(command) -> None:
    command(init, *START)
    answer = command(init, *START)
    assert answer.exit_code == 1
    assert "There is an administrator already." in answer.output
    assert len(db.session.scalars(select(Organization)).all()) == 1


def test_init_refuses_a_weak_password_and_makes_nothing(command) -> None:
    answer = command(init, *START[:-1], "short")
    assert (answer.exit_code, answer.output) == (1, "Error: A password has 10 to 128 characters.\n")
    assert db.session.scalars(select(Person)).all() == []


def test_user_create_invites_or_sets_a_password(command) -> None:
    assert command(user, "create", "a@example.org", "--name-zh", "甲").output == "a@example.org\n"
    command(user, "create", "b@example.org", "--name-zh", "乙", "--password", "several words together")
    accounts = {row.email: bool(row.password) for row in db.session.scalars(select(Account))}
    assert accounts == {"a@example.org": False, "b@example.org": True}
    assert db.session.scalars(select(Letter.address)).all() == ["a@example.org"]


def test_user_password_ends_sign_ins(command, browse: Browse) -> None:
    account = factories.account(factories.person(email="a@example.org"), "several words together")
    client = browse.account(account)
    assert command(user, "password", "a@example.org", "--password", "other words together").exit_code == 0
    assert client.get("/account/sign-ins").status_code == 302
    assert db.session.scalars(select(SignIn).where(SignIn.ended_at.is_(None))).all() == []


def test_user_role_is_granted_and_ended(command) -> None:
    office = factories.organization()
    account = factories.account(factories.person(email="a@example.org"))
    arguments = ("role", "a@example.org", "organizer", "--organization", str(office.id))
    assert command(user, *arguments).output == "The role is granted.\n"
    assert load_actor(account.id).held == (Held(Role.ORGANIZER, office.id, office.path),)
    assert command(user, *arguments, "--end").output == "The role has ended.\n"
    assert load_actor(account.id).held == ()
    assert len(db.session.scalars(select(HeldRole)).all()) == 1


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (("password", "nobody@example.org", "--password", "several words together"), "No account has this address."),
        (("create", "a@example.org", "--person", "99"), "The directory has no person with this number."),
        (("create", "no address", "--name-zh", "甲"), None),
    ],
)
def test_refusals_are_one_line(command, arguments: tuple[str, ...], refusal: str | None) -> None:
    answer = command(user, *arguments)
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: " + (refusal or ""))
    assert answer.output.count("\n") == 1


def test_user_list_shows_everybody(command) -> None:
    command(init, *START)
    assert command(user, "list").output == "admin@example.org\tActive\t王主任\tAdministrator\n"
    assert command(user, "list", "--language", "zh").output.startswith("admin@example.org\t")
