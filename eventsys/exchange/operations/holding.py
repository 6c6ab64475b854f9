"""Who works on an import: one worker at a time, for a while that is prolonged by every step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, update

from eventsys.core.actor import Actor, Channel, Held, Role
from eventsys.core.clock import now
from eventsys.core.transaction import write
from eventsys.exchange.models import IN_WORK, Import, ImportState
from eventsys.extensions import db

LEASE = timedelta(seconds=90)
BEGUN = {ImportState.WAITING: ImportState.READING, ImportState.CONFIRMED: ImportState.WRITING}


Tell = Callable[[int, int], None]


def unheard(done: int, total: int) -> None:
    """Nobody listens but the page, which looks at the row."""


class Lost(Exception):
    """The import is no longer this worker's: it was called off, or another one has taken it over."""


@dataclass(frozen=True, slots=True)
class Hold:
    """An import that a worker holds, and what it is about; facts that do not change while it is held."""

    import_id: int
    worker: str
    state: ImportState
    sheet: str
    way: str
    accepted: frozenset[str]
    actor: Actor
    attempts: int = 1
    total: int = 0
    told: Tell = unheard

    def step(self, **values: Any) -> None:
        """Prolong the hold and write values; call inside a unit of work. Raises `Lost`."""
        statement = (
            update(Import)
            .where(Import.id == self.import_id, Import.lease_by == self.worker, Import.state == self.state)
            .values(lease_until=now() + LEASE, **values)
            .execution_options(synchronize_session=False)
        )
        if not db.session.connection().execute(statement).rowcount:
            raise Lost

    def let_go(self) -> None:
        """Leave it to whoever comes next, unless it is somebody else's already."""
        with write():
            statement = update(Import).where(Import.id == self.import_id, Import.lease_by == self.worker)
            db.session.execute(
                statement.values(lease_until=None, lease_by=None, attempts=Import.attempts - 1).execution_options(
                    synchronize_session=False
                )
            )

    def tell(self, done: int, total: int) -> None:
        """Let others see how far it is. Raises `Lost`."""
        with write():
            self.step(done=done, total=total)
        self.told(done, total)


def claim(worker: str, told: Tell = unheard) -> Hold | None:
    """Take the oldest import that waits for work and that nobody holds; None when there is none.

    `told` hears how far the work is.
    """
    db.session.rollback()
    free = or_(Import.lease_until.is_(None), Import.lease_until < now())
    waiting = select(Import.id).where(Import.state.in_(IN_WORK), free).order_by(Import.id).limit(1)
    found = db.session.scalar(waiting)
    db.session.rollback()
    if found is None:
        return None
    with write():
        row = db.session.scalars(
            select(Import).where(Import.id == found, Import.state.in_(IN_WORK), free).with_for_update()
        ).one_or_none()
        if row is None:
            return None
        row.state = BEGUN.get(row.state, row.state)
        row.lease_until, row.lease_by, row.attempts = now() + LEASE, worker, row.attempts + 1
        db.session.flush()
        return Hold(
            row.id,
            worker,
            ImportState(row.state),
            row.sheet,
            row.way,
            frozenset(row.accepted),
            Actor(
                label=row.actor,
                account_id=row.account_id,
                held=(Held(Role.ADMINISTRATOR),),
                channel=Channel(row.channel),
                address=row.address,
            ),
            row.attempts,
            row.total,
            told,
        )
