"""How far a mailbox was read, kept together with what was taken in from it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from eventsys.core.clock import now
from eventsys.extensions import db
from eventsys.incoming.models import MailboxPosition

LONGEST_NAME = 500
LONGEST_FAULT = 300


def remember(mailbox: str, uidvalidity: int, uid: int) -> None:
    """Everything up to `uid` is taken in; call it inside the unit of work that takes the message in.

    Another UIDVALIDITY begins anew. Of two processes that read one mailbox the one that is ahead counts.
    """
    row = _locked(mailbox)
    if row.uidvalidity != uidvalidity or uid > row.uid:
        row.uidvalidity, row.uid = uidvalidity, uid


def mark_answered(mailbox: str) -> None:
    """The mailbox answers; a fault is over."""
    row = _locked(mailbox)
    row.seen_at, row.fault, row.fault_at = now(), "", None


def mark_fault(mailbox: str, reason: str) -> None:
    """The mailbox cannot be read; the time of the first fault in a row is kept."""
    row = _locked(mailbox)
    row.fault, row.fault_at = reason[:LONGEST_FAULT], row.fault_at or now()


def _locked(mailbox: str) -> MailboxPosition:
    name = mailbox[:LONGEST_NAME]
    statement = select(MailboxPosition).where(MailboxPosition.mailbox == name).with_for_update()
    row = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if row is not None:
        return row
    try:
        with db.session.begin_nested():
            db.session.add(MailboxPosition(mailbox=name, uidvalidity=0, uid=0, fault=""))
    except IntegrityError:
        pass
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()
