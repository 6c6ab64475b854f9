"""Whoever sends and whoever changes what is asked for hold the same rows in the same order: neither waits for ever."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from eventsys.answers.operations.rows import ACCEPTED, RowAnswer
from eventsys.answers.operations.sending import Filled, send_answers
from eventsys.core.transaction import write
from eventsys.extensions import db
from tests.answers.conftest import Scene, ask_of


def test_the_meeting_is_held_before_the_first_row_of_the_sheet(scene: Scene) -> None:
    ask = ask_of(scene.meeting_id, scene.district)
    statements: list[str] = []

    def note(*call: Any) -> None:
        statements.append(call[2])

    engine = db.engines[None]
    event.listen(engine, "before_cursor_execute", note)
    try:
        with write():
            send_answers(ask, Filled([RowAnswer(scene.deputy_place, scene.deputy, 1, ACCEPTED)], 0), by=scene.liaison)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    meeting = next(at for at, each in enumerate(statements) if "\nFROM meeting" in each)
    sheet = next(at for at, each in enumerate(statements) if each.startswith("INSERT INTO answer_sheet"))
    assert meeting < sheet
