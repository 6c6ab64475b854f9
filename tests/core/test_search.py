"""The engine: the same words find the same rows on both databases, within the transaction that changes them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, text

from eventsys.core import search
from eventsys.core.search_text import index_text, query_terms
from eventsys.core.transaction import write
from eventsys.directory.models import Person
from eventsys.extensions import db
from tests import factories


def person(*texts: str) -> int:
    row = factories.person()
    with write() as session:
        session.merge(row).search_text = index_text(*texts)
    return row.id


def found(asked: str) -> list[int]:
    statement = select(Person.id).where(search.holds(Person, query_terms(asked))).order_by(Person.id)
    ids = list(db.session.scalars(statement))
    db.session.rollback()
    return ids


@pytest.mark.parametrize(
    ("words", "asked", "hit"),
    [
        ("沈阳市外事办公室", "外事", True),
        ("沈阳市外事办公室", "事", True),
        ("沈阳市外事办公室", "事外", False),
        ("陈双伟同志讲话", "双伟", True),
        ("Zoë Šimůnek reported", "simunek", True),
        ("Zoë Šimůnek reported", "repor", True),
        ("Zoë Šimůnek reported", "eported", False),
        ("Zoë Šimůnek reported", "zoe rep", True),
        ("Zoë Šimůnek reported", "zoe nobody", False),
        ("䶮、㛃、𬭎三位", "𬭎", True),
        ("䶮、㛃、𬭎三位", "㛃", True),
        ("党的二十届三中全会", "二十届", True),
        ("ＡＢＣ１２３", "abc123", True),
        ("NEAR AND OR NOT", "near", True),
        ("NEAR AND OR NOT", "and or", True),
        ("x' OR 1=1 --", "x'", True),
        ("x' OR 1=1 --", 'x" *', True),
    ],
)
def test_words_find_rows(app: Flask, words: str, asked: str, hit: bool) -> None:
    row_id = person(words)
    person("another one", "其他人")
    assert found(asked) == ([row_id] if hit else [])


def test_the_index_follows_its_rows(app: Flask) -> None:
    row_id = person("旧词")
    with write() as session:
        session.get_one(Person, row_id).search_text = index_text("新词")
    assert (found("旧词"), found("新词")) == ([], [row_id])
    with write() as session:
        session.execute(text("DELETE FROM person WHERE id = :id"), {"id": row_id})
    assert found("新词") == []


def test_a_change_that_is_rolled_back_leaves_nothing(app: Flask) -> None:
    row_id = person("旧词")
    with pytest.raises(RuntimeError), write() as session:
        session.get_one(Person, row_id).search_text = index_text("新词")
        session.flush()
        inside = session.scalars(select(Person.id).where(search.holds(Person, ["新词"]))).all()
        assert inside == [row_id]
        raise RuntimeError
    assert (found("旧词"), found("新词")) == ([row_id], [])


def test_a_search_for_nothing_is_refused(app: Flask) -> None:
    with pytest.raises(ValueError, match="nothing"):
        search.holds(Person, [])


def test_an_index_is_made_anew(app: Flask) -> None:
    row_id = person("词语")
    with write() as session:
        if session.get_bind().dialect.name == "sqlite":
            session.execute(text("INSERT INTO person_words(person_words) VALUES ('delete-all')"))
            assert session.scalars(select(Person.id).where(search.holds(Person, ["词语"]))).all() == []
    with write() as session:
        search.rebuild(session.connection(), "person")
    assert found("词语") == [row_id]


def test_triggers_that_a_migration_dropped_come_back(app: Flask) -> None:
    if db.engines[None].dialect.name != "sqlite":
        with write() as session:
            assert search.mend(session.connection()) == []
        return
    with write() as session:
        for act in ("put", "gone", "new"):
            session.execute(text(f"DROP TRIGGER person_words_{act}"))
    row_id = person("补")
    assert found("补") == []
    with write() as session:
        assert search.mend(session.connection()) == ["person"]
    with write() as session:
        assert search.mend(session.connection()) == []
    assert found("补") == [row_id]
    later = person("补")
    assert found("补") == [row_id, later]


def test_words_that_every_row_has_are_found_by_the_index_too(app: Flask) -> None:
    """PostgreSQL's planner would make the words of each row anew, a thousand times slower."""
    if db.engines[None].dialect.name == "sqlite":
        pytest.skip("FTS5 has no other way")
    ids = sorted(person("会议") for _ in range(3))
    assert found("会议") == ids
    with write() as session:
        session.execute(text("ANALYZE person"))
        session.execute(text("SET LOCAL enable_seqscan TO off"))
        plan = session.execute(
            text(f"EXPLAIN SELECT id FROM person WHERE {search.VECTOR} @@ CAST('会议:*' AS tsquery)")
        ).all()
    assert any("ix_person_words" in row[0] for row in plan)
    setting = db.session.scalar(text("SELECT proconfig FROM pg_proc WHERE proname = 'person_words'"))
    assert setting == ["enable_seqscan=off"]
