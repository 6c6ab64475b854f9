"""A hundred people racing for ten open places: exactly ten, each on a place of their own."""

from __future__ import annotations

import time
from collections import Counter
from functools import partial
from typing import NamedTuple

from flask import Flask
from sqlalchemy import func, select

from eventsys.core.actor import Actor
from eventsys.core.errors import Stale
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.models import Ask, Attendee, Place
from eventsys.invitations.operations.substitute import Named
from eventsys.quotas.operations.adjust import adjust
from eventsys.quotas.operations.name import name_next
from eventsys.quotas.queries.leaving import Wanted
from eventsys.quotas.queries.one import find_ask
from tests.invitations.asking import office
from tests.invitations.test_held_at_once import at_the_same_moment
from tests.quotas.city import ask, by_name, director_kind, district

PLACES, RACERS = 10, 100


class Race(NamedTuple):
    """Whom the racers ask: ids, because rows belong to the session that read them."""

    meeting_id: int
    organization_id: int
    by: Actor

    def ask(self) -> Ask:
        found = find_ask(self.meeting_id, self.organization_id)
        assert found is not None
        return found


def race_of(places: int, **facts: object) -> Race:
    case, kind = office(**facts), director_kind()
    one = district("甲区", kind)
    ask(case, by_name(one, further=places))
    return Race(case.meeting.id, one.row.id, case.by)


def come(race: Race, number: int) -> int:
    with write():
        return name_next(race.ask(), Named(name=f"第{number}人"), by=race.by).place_id


def more(race: Race) -> int:
    """One more than there are, again whenever somebody else was faster."""
    while True:
        try:
            with write():
                row = race.ask()
                return adjust(row, Wanted(row.further + 1, 0), row.version, "", by=race.by).added
        except Stale:
            continue


def test_a_hundred_for_ten_places_are_exactly_ten(app: Flask) -> None:
    race = race_of(PLACES)
    started = time.monotonic()
    results = at_the_same_moment(app, *(partial(come, race, number) for number in range(RACERS)))
    seconds = time.monotonic() - started
    named = [each for each in results if isinstance(each, int)]
    kind = db.engine.dialect.name
    print(
        f"{kind}: {RACERS} people, {PLACES} places: {len(named)} named, {RACERS - len(named)} refused, {seconds:.2f} s"
    )
    assert (len(named), len(set(named))) == (PLACES, PLACES)
    refusals = Counter(str(each) for each in results if not isinstance(each, int))
    assert list(refusals.values()) == [RACERS - PLACES], refusals
    assert "10" in next(iter(refusals))
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Attendee).where(Attendee.is_current)) == PLACES


def test_many_who_raise_it_at_once_stay_within_the_capacity(app: Flask) -> None:
    race = race_of(2, capacity=6)
    results = at_the_same_moment(app, *[partial(more, race)] * 20)
    assert [each for each in results if isinstance(each, int)] == [1] * 4
    db.session.rollback()
    assert (race.ask().further, db.session.scalar(select(func.count()).select_from(Place))) == (6, 6)
