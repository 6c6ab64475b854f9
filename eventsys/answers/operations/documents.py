"""Papers handed in beside an answer: kept with what is typed, and the office's once the answers are sent."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, func, select

from eventsys.answers.models import AnswerDocument
from eventsys.answers.operations.draft import locked_sheet
from eventsys.answers.papers import Paper
from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.extensions import db
from eventsys.invitations.models import Ask

MOST = 20
MOST_BYTES = 30 * 1024 * 1024


def keep_papers(ask: Ask, papers: Mapping[int, Paper], *, by: Actor) -> int:
    """Keep papers, by place; the same one twice is kept once. Returns how many. Raises `DomainError` without room."""
    if not papers:
        return 0
    locked_sheet(ask.id)
    known = db.session.execute(
        select(AnswerDocument.place_id, AnswerDocument.name, AnswerDocument.size).where(AnswerDocument.ask_id == ask.id)
    ).all()
    new = {
        place_id: paper
        for place_id, paper in papers.items()
        if (place_id, paper.name, len(paper.content)) not in {tuple(row) for row in known}
    }
    size = db.session.scalar(select(func.sum(AnswerDocument.size)).where(AnswerDocument.ask_id == ask.id)) or 0
    if len(known) + len(new) > MOST or size + sum(len(paper.content) for paper in new.values()) > MOST_BYTES:
        raise DomainError(
            _(
                "An organization hands in %(number)s files and %(size)s MB at most.",
                number=MOST,
                size=MOST_BYTES // 1024**2,
            )
        )
    for place_id, paper in new.items():
        db.session.add(
            AnswerDocument(
                ask_id=ask.id,
                place_id=place_id,
                name=paper.name,
                ending=paper.ending,
                size=len(paper.content),
                content=paper.content,
                created_at=now(),
                account_id=by.account_id,
                by=by.label,
            )
        )
    return len(new)


def drop_paper(ask: Ask, document_id: int, *, by: Actor) -> None:
    """Throw away a paper that was not sent yet; one that was sent stays on record."""
    locked_sheet(ask.id)
    unsent = AnswerDocument.sent_at.is_(None)
    db.session.execute(
        delete(AnswerDocument).where(AnswerDocument.id == document_id, AnswerDocument.ask_id == ask.id, unsent)
    )
