"""Letters that have not left follow the agenda, which they repeat."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from eventsys.core.clock import now
from eventsys.core.outbox import Letter, LetterBatch, LetterState
from eventsys.extensions import db
from eventsys.invitations.facts import agenda_lines
from eventsys.meetings.models import Meeting

WAITING = (LetterState.QUEUED, LetterState.DEFERRED)


def restate_agenda(meeting: Meeting) -> int:
    """Let the letters about the meeting that wait to be sent say its agenda as it is now; returns how many.

    They stay the letters they are, under their keys and Message-IDs: nobody has any of them yet. One that a server may
    have taken already keeps its words, and so do those that were sent with the same shared facts.
    """
    waits = (
        Letter.meeting_id == meeting.id,
        Letter.state.in_(WAITING),
        Letter.unsure_since.is_(None),
    )
    batches = select(LetterBatch).where(LetterBatch.id.in_(select(Letter.batch_id).where(*waits)))
    count = 0
    for batch in db.session.scalars(batches).all():
        said = {
            **batch.common,
            "agenda": agenda_lines(meeting.id, meeting.starts_at),
            "modified": meeting.modified_at.isoformat(),
        }
        new = db.session.scalar(insert(LetterBatch).values(created_at=now(), common=said).returning(LetterBatch.id))
        moved = update(Letter).where(Letter.batch_id == batch.id, *waits).values(batch_id=new)
        count += db.session.connection().execute(moved).rowcount
    return count
