"""Accounts are made, invited by letter, closed and opened again; never deleted."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from eventsys.accounts.models import Account
from eventsys.accounts.operations.letters import send_letter
from eventsys.accounts.operations.roles import refuse_last_administrator
from eventsys.accounts.operations.sign_ins import end_all_sign_ins
from eventsys.core.actor import Actor
from eventsys.core.audit import record
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.directory.models import Person
from eventsys.directory.operations import checked_email, locked_person
from eventsys.extensions import db


def create_account(person: Person, email: str, *, password_hash: str | None = None, by: Actor) -> Account:
    """Give a person the right to sign in; without a password they are invited first.

    Raises `DomainError` for a person who has an account, and for an address that is none or belongs to another account.
    """
    person = locked_person(person.id)
    if _of(person) is not None:
        raise DomainError(_("This person has an account already."), field="person")
    row = Account(
        person_id=person.id,
        email=_free_address(email, None),
        password=password_hash,
        active=True,
        fs_uniquifier=uuid4().hex,
        created_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    record("account.add", row, by=by, label=person.name("zh"), after={"email": row.email})
    return row


def invite_person(person: Person, email: str, *, by: Actor) -> Account:
    """Send the invitation to set a first password, for the first time or again; makes the account where there is none.

    Another address than before closes the way in that went to the first one.
    Raises `DomainError` for an account that is closed or has a password, and as `create_account` does.
    """
    account = _of(locked_person(person.id)) or create_account(person, email, by=by)
    if not account.active:
        raise DomainError(_("This account is closed. Open it again first."))
    if account.password is not None:
        raise DomainError(_("This person has set a password already. They can ask for a new one on the sign-in page."))
    address = _free_address(email, account.id)
    if address != account.email:
        account.email, account.fs_uniquifier = address, uuid4().hex
    account.invited_at = now()
    db.session.flush()
    send_letter("account_invitation", account)
    record("account.invite", account, by=by, label=person.name("zh"), after={"email": account.email})
    return account


def close_account(account: Account, *, by: Actor) -> Account:
    """Nobody signs in with it any more; its sign-ins and the links in its letters end now.

    Raises `DomainError` for the last administrator's.
    """
    row = locked(Account, account.id)
    if not row.active:
        return row
    refuse_last_administrator(row.person_id)
    row.active = False
    row.fs_uniquifier = uuid4().hex
    end_all_sign_ins(row)
    record("account.close", row, by=by, label=row.person.name("zh"), before={"active": True}, after={"active": False})
    return row


def reopen_account(account: Account, *, by: Actor) -> Account:
    """Let its owner sign in again, with the password they had.

    Raises `DomainError` when the owner's record was merged into another, which has an account of its own.
    """
    row = locked(Account, account.id)
    if row.active:
        return row
    locked_person(row.person_id)
    row.active = True
    record("account.reopen", row, by=by, label=row.person.name("zh"), before={"active": False}, after={"active": True})
    return row


def _of(person: Person) -> Account | None:
    return db.session.scalars(select(Account).where(Account.person_id == person.id).with_for_update()).one_or_none()


def _free_address(email: str, account_id: int | None) -> str:
    """The address as accounts keep it. Raises `DomainError` when it is none, or another account's."""
    address = checked_email(email).lower()
    if not address:
        raise DomainError(_("Enter an e-mail address like name@example.org."), field="email")
    owner = db.session.scalar(select(Account.id).where(Account.email == address))
    if owner not in {None, account_id}:
        raise DomainError(_("Another account signs in with this address. Enter a different one."), field="email")
    return address
