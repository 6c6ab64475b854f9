"""Not too much at once for one domain: some providers turn away who knocks too often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, text

from eventsys.core.outbox import Letter, LetterState
from eventsys.delivery.way import Way
from eventsys.extensions import db

MINUTE = timedelta(minutes=1)
ONE_CLAIM_AT_A_TIME = text("SELECT pg_advisory_xact_lock(6047, 5321)")


@dataclass(frozen=True, slots=True)
class Allowance:
    """Domains that get nothing now, and how many letters some others may still get in this minute."""

    closed: frozenset[str]
    left: Mapping[str, int]

    def condition(self) -> ColumnElement[bool]:
        """Of letters to domains that are open."""
        return Letter.domain.not_in(sorted(self.closed))

    def within(self, rows: Sequence[Letter]) -> list[Letter]:
        """The rows without those beyond what their domain may still get."""
        taken: Counter[str] = Counter()
        kept = []
        for row in rows:
            taken[row.domain] += 1
            if taken[row.domain] <= self.left.get(row.domain, len(rows)):
                kept.append(row)
        return kept


def allowance(worker: str, way: Way, at: datetime) -> Allowance:
    """What this worker may send now. Claims that count come one after the other, also on PostgreSQL."""
    if (way.domain_workers or way.domain_rates) and db.session.connection().dialect.name == "postgresql":
        db.session.execute(ONE_CLAIM_AT_A_TIME)
    left = _left(way.domain_rates, at)
    exhausted = {domain for domain, number in left.items() if number <= 0}
    return Allowance(frozenset(exhausted | _crowded(worker, way.domain_workers, at)), left)


def _crowded(worker: str, most: int, at: datetime) -> set[str]:
    """Domains to which as many other workers as may are writing."""
    if not most:
        return set()
    statement = (
        select(Letter.domain)
        .where(Letter.state == LetterState.SENDING, Letter.lease_until >= at, Letter.lease_by != worker)
        .group_by(Letter.domain)
        .having(func.count(Letter.lease_by.distinct()) >= most)
    )
    return set(db.session.scalars(statement))


def _left(rates: Mapping[str, int], at: datetime) -> dict[str, int]:
    """What the domains with a rate may still get: less what they were given within the last minute."""
    if not rates:
        return {}
    statement = (
        select(Letter.domain, func.count().label("number"))
        .where(Letter.tried_at > at - MINUTE, Letter.domain.in_(list(rates)))
        .group_by(Letter.domain)
    )
    given = {row.domain: row.number for row in db.session.execute(statement)}
    return {domain: rate - given.get(domain, 0) for domain, rate in rates.items()}
