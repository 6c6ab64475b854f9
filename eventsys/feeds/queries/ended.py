"""Addresses that work no more because what they rest on has ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from eventsys.accounts.models import Account
from eventsys.accounts.queries import office_day
from eventsys.accounts.queries.actors import answers_for
from eventsys.extensions import db
from eventsys.feeds.models import CalendarAddress


def works() -> ColumnElement[bool]:
    """The condition that what an address rests on still holds: the account, and for an organization's the role.

    The statement that it becomes part of has `CalendarAddress` and the parameter `day`.
    """
    answers: Any = answers_for(CalendarAddress.person_id, CalendarAddress.organization_id)
    return and_(has_account(), or_(CalendarAddress.organization_id.is_(None), answers))


def has_account() -> ColumnElement[bool]:
    """The condition that the holder can sign in."""
    return exists().where(Account.person_id == CalendarAddress.person_id, Account.active)


def ended() -> Sequence[CalendarAddress]:
    """Those that are not revoked but work no more."""
    statement = select(CalendarAddress).where(CalendarAddress.revoked_at.is_(None), ~works())
    return db.session.scalars(statement.order_by(CalendarAddress.id), {"day": office_day()}).all()
