"""Reads about one account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventsys.accounts.models import Account, SignIn
from eventsys.core.clock import now
from eventsys.extensions import db


def find_account(email: str) -> Account | None:
    """The account with this address, however it is written; None when there is none."""
    wanted = email.strip().lower()
    return db.session.scalars(
        select(Account).where(Account.email == wanted).options(joinedload(Account.person))
    ).one_or_none()


def open_sign_ins(account_id: int, within: timedelta) -> Sequence[SignIn]:
    """The sign-ins of an account that may still be in use, the newest first."""
    statement = (
        select(SignIn)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.started_at > now() - within)
        .order_by(SignIn.started_at.desc(), SignIn.id.desc())
    )
    return db.session.scalars(statement).all()
