"""Letters that a mail server returned after another one had accepted them."""

from __future__ import annotations

from sqlalchemy import or_, select

from eventsys.core.actor import Actor
from eventsys.core.audit import record
from eventsys.core.outbox import Letter, LetterEvent, LetterState, LetterStep
from eventsys.delivery.operations.history import LONGEST_IDENTITY, is_noted, note, plain
from eventsys.extensions import db

GONE_OUT = (LetterState.SENT, LetterState.SENDING, LetterState.DEFERRED, LetterState.BOUNCED)


def mark_bounced(message_id: str, recipient: str, reason: str, *, by: Actor, permanent: bool = True) -> Letter | None:
    """Note that a mail server returned the letter with this Message-ID; None when we sent no such letter.

    Only a final notice about the present life of a letter changes its state. One about an earlier life (it was sent
    again since), one about a letter that nobody accepted, and one that only speaks of a delay (`permanent` False) stand
    in its history. The same notice again changes nothing. `recipient` is whom the notice names ("" for nobody).
    """
    row = _bearing(name := _as_written(message_id))
    if row is None:
        return None
    step, words = _meaning(row, name, permanent=permanent), _words(row, recipient, reason)
    if row.state is LetterState.BOUNCED if step is LetterStep.BOUNCED else is_noted(row.id, step, words):
        return row
    note(row.id, step, words)
    if step is LetterStep.BOUNCED:
        row.state, row.lease_until, row.reason = LetterState.BOUNCED, None, words
        record("letter.bounce", row, by=by, label=row.recipient, meeting_id=row.meeting_id, after={"reason": words})
    return row


def _as_written(message_id: str) -> str:
    """A Message-ID as we write it, however the notice wrapped it."""
    return f"<{''.join(plain(message_id).split()).strip('<>')}>"[:LONGEST_IDENTITY]


def _bearing(message_id: str) -> Letter | None:
    """The letter that bears this Message-ID, or bore it in an earlier life; locked."""
    former = select(LetterEvent.letter_id).where(LetterEvent.message_id == message_id)
    statement = select(Letter).where(or_(Letter.message_id == message_id, Letter.id.in_(former)))
    return db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)).first()


def _meaning(row: Letter, message_id: str, *, permanent: bool) -> LetterStep:
    """What a notice means for the letter: only what left under this name, and is not back in the queue, was returned.

    While it is being sent or deferred, the notice tells that an earlier try, whose answer was lost, reached the relay.
    """
    if row.message_id != message_id:
        return LetterStep.BOUNCED_EARLIER
    if not permanent:
        return LetterStep.DELAYED
    may_have_left = row.state is LetterState.FAILED and row.unsure_since is not None
    return LetterStep.BOUNCED if may_have_left or row.state in GONE_OUT else LetterStep.BOUNCED_EARLIER


def _words(row: Letter, recipient: str, reason: str) -> str:
    """The reason on one line; before it whom it names, where that is not whom we wrote to (a forwarded letter)."""
    named = plain(recipient)
    return plain(reason if named.casefold() in {"", row.address.casefold()} else f"{named}: {reason}")
