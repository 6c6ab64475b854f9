"""What happened to a letter, step by step; only what its own row cannot say."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from eventsys.core.clock import now
from eventsys.core.outbox import LONGEST_REASON, LetterEvent, LetterStep
from eventsys.core.text import CONTROLS, DIRECTIONS, HALVES
from eventsys.extensions import db

LONGEST_IDENTITY = 320


def note(
    letter_id: int,
    step: LetterStep,
    reason: str = "",
    *,
    at: datetime | None = None,
    message_id: str | None = None,
    address: str = "",
) -> None:
    """Add a step to the letter's history, of now unless `at` says otherwise; `reason` is plain already."""
    values = {"letter_id": letter_id, "at": at or now(), "step": step, "reason": reason}
    db.session.execute(insert(LetterEvent), {**values, "message_id": message_id, "address": address})


def is_noted(letter_id: int, step: LetterStep, reason: str) -> bool:
    """Whether the history says so already."""
    same = select(LetterEvent.id).where(
        LetterEvent.letter_id == letter_id, LetterEvent.step == step, LetterEvent.reason == reason
    )
    return db.session.scalar(same.limit(1)) is not None


def plain(words: str) -> str:
    """What a server said, on one line that every database can keep and that cannot deceive a reader."""
    for pattern in (CONTROLS, DIRECTIONS, HALVES):
        words = pattern.sub(" ", words)
    return " ".join(words.split())[:LONGEST_REASON]
