"""No domain gets more at a time than it bears, and none waits for another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from eventsys.config import ConfigurationError, from_environment
from eventsys.core.clock import now
from eventsys.core.outbox import Letter, LetterState, domain_of
from eventsys.core.transaction import write
from eventsys.delivery.operations import claim
from tests.conftest import SECRET
from tests.delivery.kinds import letter, queue, states, way


def claimed(worker: str, limit: int = 50, **rules: object) -> list[int]:
    with write():
        return [each.id for each in claim(worker, way(**rules), limit).letters]


def as_if_tried(*ids: int, ago: timedelta) -> None:
    with write() as session:
        session.execute(update(Letter).where(Letter.id.in_(ids)).values(state=LetterState.SENT, tried_at=now() - ago))


def test_a_letter_knows_its_domain(app: Flask) -> None:
    (letter_id,) = queue(1, address="Wang.Li@QQ.com")
    assert letter(letter_id).domain == "qq.com"
    assert domain_of("no address") == "no address"


def test_a_third_worker_leaves_a_domain_alone(app: Flask) -> None:
    ids = queue(6, address="p{}@qq.com")
    elsewhere = queue(1, address="p{}@163.com")
    assert claimed("one", 2, domain_workers=2) == ids[:2]
    assert claimed("two", 2, domain_workers=2) == ids[2:4]
    assert claimed("three", 2, domain_workers=2) == elsewhere
    assert claimed("one", 2, domain_workers=2) == ids[4:]


def test_a_dead_worker_counts_no_longer(app: Flask) -> None:
    ids = queue(2, address="p{}@qq.com")
    claimed("one", 1, domain_workers=1)
    assert claimed("two", domain_workers=1) == []
    with write() as session:
        session.execute(update(Letter).where(Letter.id == ids[0]).values(lease_until=now() - timedelta(seconds=1)))
    assert claimed("two", domain_workers=1) == ids


def test_any_number_of_workers_where_that_is_wanted(app: Flask) -> None:
    ids = queue(3, address="p{}@qq.com")
    assert [claimed(name, 1) for name in ("one", "two", "three")] == [[each] for each in ids]


def test_a_domain_with_a_rate_gets_so_many_a_minute(app: Flask) -> None:
    slow, quick = queue(5, address="p{}@qq.com"), queue(2, address="p{}@163.com")
    rates = {"qq.com": 3}
    assert claimed("one", domain_rates=rates) == slow[:3] + quick
    assert claimed("two", domain_rates=rates) == []
    as_if_tried(slow[0], ago=timedelta(seconds=61))
    assert claimed("two", domain_rates=rates) == slow[3:4]


def test_what_waits_for_its_minute_holds_up_nobody(app: Flask) -> None:
    """More letters than one claim takes wait for a slow domain, and were due first."""
    slow = queue(60, address="p{}@qq.com")
    as_if_tried(slow[0], ago=timedelta(seconds=1))
    quick = queue(3, address="p{}@163.com")
    assert claimed("one", domain_rates={"qq.com": 1}) == quick
    assert states()[LetterState.QUEUED] == 59


def environment(**more: str) -> dict[str, str]:
    return {"EVENTSYS_MODE": "test", "EVENTSYS_SECRET_KEYS": SECRET, **more}


def test_the_settings_name_domains_and_rates(tmp_path: object) -> None:
    found = from_environment(
        environment(
            EVENTSYS_DATA=str(tmp_path), EVENTSYS_DOMAIN_RATES="QQ.com=20, 163.com=30,", EVENTSYS_DOMAIN_WORKERS="4"
        )
    )
    assert (found.mail.domain_rates, found.mail.domain_workers) == ((("qq.com", 20), ("163.com", 30)), 4)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("EVENTSYS_DOMAIN_RATES", "qq.com"),
        ("EVENTSYS_DOMAIN_RATES", "qq.com=0"),
        ("EVENTSYS_DOMAIN_RATES", "=5"),
        ("EVENTSYS_DOMAIN_RATES", "qq.com=many"),
        ("EVENTSYS_RELAY_QUERY", "exchange"),
        ("EVENTSYS_SMTP_SECONDS", "0"),
        ("EVENTSYS_SMTP_SECONDS", "61"),
    ],
)
def test_settings_that_say_nothing_are_refused(tmp_path: object, name: str, text: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        from_environment(environment(EVENTSYS_DATA=str(tmp_path), **{name: text}))
