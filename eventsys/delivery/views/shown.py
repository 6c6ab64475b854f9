"""How letters are shown: rows of lists, and words in a frame that can do nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Response, make_response

from eventsys.core.actor import Actor
from eventsys.core.formats import moment
from eventsys.core.language import gettext as _
from eventsys.core.outbox import LetterState
from eventsys.delivery.policy import can_see_address, can_send_again
from eventsys.delivery.queries import LOCAL_KEY, Line
from eventsys.delivery.words import LANGUAGES, STATES, kind_words, reason_words

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
        line.state is LetterState.FAILED and can_send_again(actor, line),
    )


def note_of(line: Line, zone: str, at: datetime, *, with_address: bool) -> str:
    """What stands beside the state: why it waits or failed, and when it is tried again."""
    reason = reason_words(line.reason, with_address=with_address)
    if line.state is LetterState.DEFERRED:
        return _("Next try %(when)s. %(reason)s", when=moment(line.due_at, zone, at), reason=reason)
    if line.state is LetterState.FAILED:
        return reason
    if line.state is LetterState.SUPERSEDED:
        return _("Not sent: the record says something else now.")
    return ""


def story_of(line: Line, zone: str, at: datetime, *, with_address: bool, is_mine: bool) -> list[dict[str, object]]:
    """The letter's life as entries of a story, oldest first; `is_mine` where this reader can send it again."""
    entries = [_entry(moment(line.queued_at, zone, at), _("Queued"))]
    note = note_of(line, zone, at, with_address=with_address)
    words = str(STATES[line.state][0])
    if line.state is LetterState.SENT and line.sent_at:
        local = line.reason.endswith(LOCAL_KEY)
        answer = _("Into the local mailbox") if local else reason_words(line.reason, with_address=with_address)
        entries.append(_entry(moment(line.sent_at, zone, at), words, answer))
    elif line.state is not LetterState.QUEUED:
        entries.append(_entry("", words, note, is_mine=is_mine and line.state is LetterState.FAILED))
    return entries


def sandboxed(html: str) -> Response:
    """HTML that was made for mail, in a document of its own that runs nothing, loads nothing and leads nowhere."""
    answer = make_response(html)
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _entry(when: str, what: str, note: str = "", *, is_mine: bool = False) -> dict[str, object]:
    return {"when": when, "what": what, "note": note, "is_mine": is_mine}
