"""Workers show signs of life, and since when they have been at work."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from eventsys.core.clock import now, played_at
from eventsys.core.sending import WorkerBeat
from eventsys.delivery.heart import Heart
from eventsys.delivery.sending import worker_name
from eventsys.extensions import db


def seen() -> list[WorkerBeat]:
    db.session.rollback()
    return list(db.session.scalars(select(WorkerBeat).order_by(WorkerBeat.name)))


def test_no_two_workers_have_one_name() -> None:
    assert worker_name() != worker_name()
    assert len(worker_name()) <= 60


def test_a_worker_is_seen_while_it_lives(app: Flask) -> None:
    heart = Heart(app, name="one", started_at=now() - timedelta(hours=1))
    heart.beat()
    heart.beat()
    (row,) = seen()
    assert (row.name, row.started_at, row.busy_since) == ("one", heart.started_at, None)
    with heart.busy():
        heart.beat()
        assert seen()[0].busy_since is not None
    heart.beat()
    assert seen()[0].busy_since is None
    heart.stop()
    assert seen() == []


def test_who_was_not_seen_for_a_day_is_forgotten(app: Flask) -> None:
    with played_at(now() - timedelta(days=2)):
        Heart(app, name="dead").beat()
    with played_at(now() - timedelta(hours=2)):
        Heart(app, name="silent").beat()
    Heart(app, name="well").beat()
    assert [row.name for row in seen()] == ["silent", "well"]


def test_a_database_that_is_away_misses_a_beat(app: Flask, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    heart = Heart(app, name="x" * 5000)
    monkeypatch.setattr(heart, "started_at", "not an instant")
    heart.beat()
    assert seen() == []
