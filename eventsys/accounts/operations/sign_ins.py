"""Sign-ins begin and end, and passwords are set. Hashing happens before: these verbs only write."""

from __future__ import annotations

import hashlib
from uuid import uuid4

from sqlalchemy import update

from eventsys.accounts.models import Account, SignIn
from eventsys.accounts.operations.letters import send_letter
from eventsys.core.actor import Actor
from eventsys.core.audit import record
from eventsys.core.clock import now
from eventsys.core.transaction import locked
from eventsys.extensions import db


def secret_hash(secret: str) -> str:
    """What the database keeps of a sign-in's secret; a stolen database signs nobody in."""
    return hashlib.sha256(secret.encode()).hexdigest()


def begin_sign_in(account_id: int, secret: str, *, browser: str, by: Actor) -> SignIn:
    """Write down a new sign-in of the account; `by` carries the address it comes from."""
    account = locked(Account, account_id)
    at = now()
    row = SignIn(
        account_id=account.id,
        secret_hash=secret_hash(secret),
        started_at=at,
        address=by.address,
        browser=browser[:300],
    )
    db.session.add(row)
    db.session.flush()
    account.last_sign_in_at = at
    record("account.sign_in", account, by=by, label=account.email)
    return row


def end_sign_in(account: Account, sign_in_id: int, *, by: Actor) -> None:
    """End one of the account's sign-ins; the cookie dies wherever it is. Ending it twice changes nothing."""
    _end(SignIn.account_id == account.id, SignIn.id == sign_in_id)
    record("account.sign_out", account, by=by, label=account.email)


def end_other_sign_ins(account: Account, keep: int | None, *, by: Actor) -> int:
    """End every sign-in of the account but one; returns how many were ended."""
    ended = _end(SignIn.account_id == account.id, SignIn.id != (keep or 0))
    if ended:
        record("account.sign_out_others", account, by=by, label=account.email, after={"sign_ins": ended})
    return ended


def end_all_sign_ins(account: Account) -> int:
    """End every sign-in of an account that is closed in the same act; returns how many."""
    return _end(SignIn.account_id == account.id)


def _end(*which: object) -> int:
    statement = update(SignIn).where(SignIn.ended_at.is_(None), *which)  # type: ignore[arg-type]
    return db.session.execute(statement.values(ended_at=now())).rowcount  # type: ignore[attr-defined, no-any-return]


def set_password(account: Account, password_hash: str, *, by: Actor, keep: int | None = None) -> None:
    """Replace the password. Links in letters and all sign-ins but `keep` end with the old one; its owner is told."""
    account = locked(Account, account.id)
    first = account.password is None
    account.password = password_hash
    account.fs_uniquifier = uuid4().hex
    ended = _end(SignIn.account_id == account.id, SignIn.id != (keep or 0))
    record("account.password", account, by=by, label=account.email, after={"first": first, "sign_ins_ended": ended})
    if not first:
        send_letter("password_changed", account)


def send_reset(account: Account, *, by: Actor) -> None:
    """Queue the letter with which a new password can be set."""
    send_letter("password_reset", account)
    record("account.reset_asked", account, by=by, label=account.email)
