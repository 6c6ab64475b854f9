"""How letters are shown: rows of lists, and words in a frame that can do nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, make_response

from eventsys.core.actor import Actor
from eventsys.core.formats import moment
from eventsys.core.language import gettext as _
from eventsys.core.outbox import UNDELIVERED, LetterState, LetterStep
from eventsys.core.reasons import reason_words
from eventsys.delivery.policy import can_see_address, can_send_again
from eventsys.delivery.queries import LOCAL_KEY, Line, Step
from eventsys.delivery.words import LANGUAGES, STATES, STEPS, kind_words
from eventsys.invitations.models import Leave, Reply
from eventsys.invitations.words import LEAVES, REPLIES

ANSWER_TONES = {
    Reply.PENDING: "dashed",
    Reply.ACCEPTED: "tint",
    Reply.TENTATIVE: "ochre",
    Reply.DECLINED: "grey",
    Reply.DELEGATED: "outline",
}
SANDBOX = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A letter as one reader sees it. `address` is empty where they may not see it."""

    id: int
    kind: str
    recipient: str
    address: str
    language: str
    state: tuple[str, str]
    when: str
    note: str
    meeting_id: int | None
    meeting_title: str
    may_send_again: bool
    attendee_id: int | None
    answer: tuple[str, str] | None
    queued: str
    sent: str
    attempts: int


def row_of(line: Line, actor: Actor, zone: str, at: datetime) -> Row:
    """A line of a list for this reader."""
    with_address = can_see_address(actor, line)
    words, tone = STATES[line.state]
    return Row(
        line.id,
        kind_words(line.kind),
        line.recipient,
        line.address if with_address else "",
        str(LANGUAGES.get(line.language, line.language)),
        (str(words), tone),
        moment(line.sent_at or line.queued_at, zone, at),
        note_of(line, zone, at, with_address=with_address),
        line.meeting_id,
        line.meeting_title,
        line.state in UNDELIVERED and can_send_again(actor, line),
        line.attendee_id,
        answer_of(line),
        moment(line.queued_at, zone, at),
        moment(line.sent_at, zone, at) if line.sent_at else "",
        line.attempts,
    )


def answer_of(line: Line) -> tuple[str, str] | None:
    """What whom the letter went to has answered by now, in words and tone; None for a letter to nobody asked."""
    if line.reply is None or line.leave is None:
        return None
    if line.leave is not Leave.NONE:
        return str(LEAVES[line.leave]), "vermilion" if line.leave is Leave.REQUESTED else "grey"
    return str(REPLIES[line.reply]), ANSWER_TONES[line.reply]


def note_of(line: Line, zone: str, at: datetime, *, with_address: bool) -> str:
    """What stands beside the state: why it waits or failed, and when it is tried again."""
    reason = reason_words(line.reason, with_address=with_address)
    if line.state is LetterState.DEFERRED:
        return _("Next try %(when)s. %(reason)s", when=moment(line.due_at, zone, at), reason=reason)
    if line.state in UNDELIVERED:
        return reason
    if line.state is LetterState.SUPERSEDED:
        return _("Not sent: the record says something else now.")
    return ""


def story_of(
    line: Line, steps: Sequence[Step], zone: str, at: datetime, *, with_address: bool, is_mine: bool
) -> list[dict[str, object]]:
    """The letter's life as entries of a story, oldest first; `is_mine` where this reader can send it again."""
    entries = [_of_step(step, line, zone, at, with_address=with_address) for step in steps]
    if line.state in UNDELIVERED and entries:
        entries[-1]["is_mine"] = is_mine
    place = _place_of_row(line, steps)
    present = _present(line, zone, at, with_address=with_address, known=bool(steps), is_mine=is_mine)
    return [_entry(moment(line.queued_at, zone, at), _("Queued")), *entries[:place], *present, *entries[place:]]


def _place_of_row(line: Line, steps: Sequence[Step]) -> int:
    """Where in the history stands what the row itself says: before the last return, after what came earlier."""
    if line.state is LetterState.BOUNCED:
        returns = [place for place, step in enumerate(steps) if step.step is LetterStep.BOUNCED]
        return returns[-1] if returns else len(steps)
    return sum(line.sent_at is None or step.at <= line.sent_at for step in steps)


def _of_step(step: Step, line: Line, zone: str, at: datetime, *, with_address: bool) -> dict[str, object]:
    """A step of the history; a letter that went to another address before says to which."""
    when, words = moment(step.at, zone, at), str(STEPS[step.step])
    if step.step is LetterStep.AGAIN:
        moved = with_address and step.address != line.address
        before = _("Before, it went to %(address)s.", address=step.address) if moved else ""
        return _entry(when, _("Sent again by %(name)s", name=step.reason), before)
    return _entry(when, words, reason_words(step.reason, with_address=with_address))


def _present(
    line: Line, zone: str, at: datetime, *, with_address: bool, known: bool, is_mine: bool
) -> list[dict[str, object]]:
    """How the letter stands now, as far as its history does not say so already."""
    words = str(STATES[line.state][0])
    began = [_entry(moment(line.tried_at, zone, at), _("Taken by a worker"))] if line.tried_at else []
    if line.sent_at and line.state in (LetterState.SENT, LetterState.BOUNCED):
        answer = _answer(line, with_address=with_address) if line.state is LetterState.SENT else ""
        return [*began, _entry(moment(line.sent_at, zone, at), str(STATES[LetterState.SENT][0]), answer)]
    if line.state is LetterState.SENDING:
        return began or [_entry("", words)]
    if line.state is LetterState.DEFERRED:
        return [_entry(moment(line.due_at, zone, at), _("Next try"))]
    if known or line.state is LetterState.QUEUED:
        return []
    note = note_of(line, zone, at, with_address=with_address)
    return [_entry("", words, note, is_mine=is_mine and line.state in UNDELIVERED)]


def _answer(line: Line, *, with_address: bool) -> str:
    """What the next server said when it took the letter."""
    if line.reason.endswith(LOCAL_KEY):
        return _("Into the local mailbox")
    return reason_words(line.reason, with_address=with_address)


def sandboxed(html: str) -> Response:
    """HTML that was made for mail, in a document of its own that runs nothing, loads nothing and leads nowhere."""
    answer = make_response(html)
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _entry(when: str, what: str, note: str = "", *, is_mine: bool = False) -> dict[str, object]:
    return {"when": when, "what": what, "note": note, "is_mine": is_mine}
