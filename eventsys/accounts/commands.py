"""Commands of accounts: the first office and administrator, and accounts by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import click
from flask import Flask
from sqlalchemy import select

from eventsys.accounts import words
from eventsys.accounts.models import Account, HeldRole
from eventsys.accounts.operations import create_account, end_role, grant_role, invite_person, set_password
from eventsys.accounts.queries import find_account
from eventsys.accounts.queries.actors import holds_on
from eventsys.accounts.queries.people import Filters, member_export
from eventsys.accounts.security import SHORTEST, hashed
from eventsys.core.actor import COMMAND, Role
from eventsys.core.errors import DomainError
from eventsys.core.language import LANGUAGES, use_language
from eventsys.core.language import gettext as _
from eventsys.core.names import HAN
from eventsys.core.transaction import write
from eventsys.directory.models import Organization, OrganizationKind, Person
from eventsys.directory.operations import OrganizationFacts, PersonFacts, add_organization, add_person
from eventsys.directory.queries import find_organization, find_person
from eventsys.directory.words import office_today
from eventsys.extensions import db

Command = TypeVar("Command", bound=Callable[..., Any])


def in_application(command: Command) -> Command:
    """Run a command inside the application that the command line made, in the language asked for.

    A refusal is one line and exit status 1.
    """

    @click.option("--language", type=click.Choice(LANGUAGES), default="en", help="Language of what is printed.")
    @wraps(command)
    def run(*args: Any, language: str, **options: Any) -> Any:
        application: Callable[[], Flask] = click.get_current_context().obj
        with application().app_context(), use_language(language):
            try:
                return command(*args, **options)
            except DomainError as refusal:
                raise click.ClickException(refusal.message) from refusal

    return cast(Command, run)


@click.command()
@click.option("--office-zh", prompt="Name of the first office in Chinese", help="Name of the first office in Chinese.")
@click.option("--office-en", prompt="Name of the first office in English", help="Name of the first office in English.")
@click.option("--name", prompt="Name of the administrator", help="Name of the administrator.")
@click.option("--email", prompt="E-mail address of the administrator", help="E-mail address to sign in with.")
@click.password_option(help=f"Password, at least {SHORTEST} characters.")
@in_application
def init(office_zh: str, office_en: str, name: str, email: str, password: str) -> None:
    """Make the first office and its administrator; nothing else, no samples."""
    _refuse_second_start()
    password_hash = hashed(password)
    with write():
        add_organization(OrganizationFacts(OrganizationKind.OFFICE, office_zh, office_en), by=COMMAND)
        person = add_person(PersonFacts(**_named(name), email=email), by=COMMAND)
        address = create_account(person, email, password_hash=password_hash, by=COMMAND).email
        grant_role(person, Role.ADMINISTRATOR, by=COMMAND)
    click.echo(_("Ready. Sign in as %(email)s.", email=address))


def _named(name: str) -> dict[str, str]:
    return {"name_zh" if re.search(f"[{HAN}]", name) else "name_en": name}


def _refuse_second_start() -> None:
    held = select(HeldRole.id).where(HeldRole.role == Role.ADMINISTRATOR, holds_on(office_today())).limit(1)
    if db.session.scalar(held) is not None:
        raise DomainError(_("There is an administrator already. Add others in the workspace, or with “eventsys user”."))


@click.group()
def user() -> None:
    """Accounts by hand: make one, set its password, grant and end roles, list them."""


@user.command("create")
@click.argument("email")
@click.option("--name-zh", default="", help="Name in Chinese of a person who is not in the directory yet.")
@click.option("--name-en", default="", help="Name in English of a person who is not in the directory yet.")
@click.option("--person", "person_id", type=int, help="Number of a person of the directory.")
@click.option("--password", help="Password; without one the person is invited by mail.")
@in_application
def create(email: str, name_zh: str, name_en: str, person_id: int | None, password: str | None) -> None:
    """Make an account for a person, who is invited by mail unless a password is given."""
    password_hash = hashed(password) if password else None
    with write():
        person = _person(person_id, PersonFacts(name_zh=name_zh, name_en=name_en, email=email))
        if password_hash:
            account = create_account(person, email, password_hash=password_hash, by=COMMAND)
        else:
            account = invite_person(person, email, by=COMMAND)
        address = account.email
    click.echo(address)


def _person(person_id: int | None, facts: PersonFacts) -> Person:
    if person_id is None:
        return add_person(facts, by=COMMAND)
    person = find_person(person_id)
    if person is None:
        raise DomainError(_("The directory has no person with this number."))
    return person


@user.command("password")
@click.argument("email")
@click.password_option(help=f"Password, at least {SHORTEST} characters.")
@in_application
def change_password(email: str, password: str) -> None:
    """Set the password of an account; all its sign-ins end."""
    account = _account(email)
    password_hash = hashed(password, account)
    with write():
        set_password(account, password_hash, by=COMMAND)
    click.echo(_("The password is set; all sign-ins of the account have ended."))


@user.command("role")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--organization", "organization_id", type=int, help="Number of the organization it is held for.")
@click.option("--end", is_flag=True, help="End the role instead of granting it.")
@in_application
def change_role(email: str, role: str, organization_id: int | None, end: bool) -> None:
    """Grant a role to the person of an account, or end it."""
    account = _account(email)
    with write():
        organization = _organization(organization_id)
        if end:
            end_role(_held(account, Role(role), organization), by=COMMAND)
        else:
            grant_role(account.person, Role(role), organization, by=COMMAND)
    click.echo(_("The role has ended.") if end else _("The role is granted."))


def _held(account: Account, role: Role, organization: Organization | None) -> HeldRole:
    wanted = {
        "person_id": account.person_id,
        "role": role,
        "organization_id": organization.id if organization else None,
    }
    held = db.session.scalars(select(HeldRole).filter_by(**wanted)).first()
    if held is None:
        raise DomainError(_("This person does not hold this role."))
    return held


def _organization(organization_id: int | None) -> Organization | None:
    if organization_id is None:
        return None
    organization = find_organization(organization_id)
    if organization is None:
        raise DomainError(_("The directory has no organization with this number."))
    return organization


def _account(email: str) -> Account:
    account = find_account(email)
    if account is None:
        raise DomainError(_("No account has this address."))
    return account


@user.command("list")
@in_application
def list_members() -> None:
    """Everybody with an account or a role, one a line: address, state, name, roles."""
    for member in member_export(Filters()):
        roles = ", ".join(f"{words.ROLES[held.role]} {held.scope}".strip() for held in member.roles)
        click.echo("\t".join((member.email or "-", str(words.STATES[member.state][0]), member.name, roles)))
