"""Accounts as Flask-Security reads them, and the tokens in letters that name one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from flask import current_app, g
from flask_security import UserDatastore
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventsys.accounts.models import Account, HeldRole
from eventsys.extensions import db

RESET_WITHIN = timedelta(hours=2)
INVITATION_WITHIN = timedelta(days=7)


class AccountStore(UserDatastore):
    """Accounts as Flask-Security sees them: detached copies, whose changes wait in `taken()`."""

    def __init__(self) -> None:
        super().__init__(Account, cast(Any, HeldRole))

    def find_user(self, case_insensitive: bool = False, **asked: Any) -> Account | None:
        """The account with this email, id or uniquifier as a detached row, None when there is none."""
        name, value = next(iter(asked.items()))
        if "\x00" in str(value):
            return None
        wanted = getattr(Account, name) == (str(value).lower() if name == "email" else value)
        account = db.session.scalars(select(Account).where(wanted).options(joinedload(Account.person))).one_or_none()
        if account is not None:
            db.session.expunge(account)
        return account

    def put(self, model: Account) -> Account:
        """Remember a changed account until the view that changed it is done."""
        g.changed_account = model
        return model

    def taken(self) -> Account | None:
        """The account that Flask-Security changed in this request, once."""
        return cast("Account | None", g.pop("changed_account", None))

    def commit(self) -> None:
        """Nothing: the views' wrappers write in a unit of work."""


store = AccountStore()


def token_of(account: Account, letter: str) -> str:
    """The token of a letter of this kind; it ends with its time, and with the next password."""
    return _serializer(letter).dumps(account.fs_uniquifier)


def account_of(token: str, letter: str) -> Account | None:
    """The open account of a genuine token of this kind of letter, None for anything else."""
    within = INVITATION_WITHIN if letter == "account_invitation" else RESET_WITHIN
    try:
        uniquifier = _serializer(letter).loads(token, max_age=int(within.total_seconds()))
    except BadSignature:
        return None
    account = store.find_user(fs_uniquifier=str(uniquifier))
    return account if account is not None and account.active else None


def _serializer(letter: str) -> URLSafeTimedSerializer:
    keys = list(reversed(current_app.extensions["eventsys.settings"].secret_keys))
    return URLSafeTimedSerializer(keys, salt=f"account:{letter}")
