"""To answer an invitation: accept, answer tentatively, decline, ask for leave."""

from __future__ import annotations

from datetime import datetime

from eventsys.core.actor import Actor, Channel
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import check_version
from eventsys.invitations.models import Attendee, Leave, Reply
from eventsys.invitations.operations.place import (
    Answering,
    Closed,
    Identified,
    answer_of,
    check_open,
    lock_attendee,
    put_down,
    set_answer,
)
from eventsys.invitations.operations.succession import give_back, take_back
from eventsys.invitations.operations.tell import tell_return

__all__ = ["Closed", "answer", "check_seen"]

ANSWERS = frozenset({Reply.ACCEPTED, Reply.TENTATIVE, Reply.DECLINED})


def answer(
    attendee: Identified,
    reply: Reply,
    comment: str = "",
    leave: bool = False,
    *,
    by: Actor,
    channel: Channel | None = None,
    source: str = "",
    caller: str = "",
    version: int | None = None,
    seen: int | None = None,
    at: datetime | None = None,
) -> Attendee:
    """Write down an answer; the last one stands, every one stays in the history.

    `leave` asks for leave beside a decline. `version` is that of the form's row (staff and liaisons), `seen` the
    meeting's sequence that the page showed (invitees), `at` when the answer arrived, where that was earlier. Raises
    `Closed` after the deadline (of staff: when the roll is closed), `Stale` when somebody answered since the form was
    opened, `DomainError` for an answer that cannot be.
    """
    channel = channel or by.channel
    found = lock_attendee(attendee.id)
    if version is not None:
        check_version(found.attendee, version)
    check_open(found.meeting, found.place, channel, at)
    check_seen(found, seen)
    _check_answer(found.attendee, reply, comment, leave)
    before = answer_of(found.attendee)
    substitute = None if found.attendee.is_current else take_back(found, by=by, channel=channel)
    asked = Leave.REQUESTED if leave else Leave.NONE
    set_answer(found.attendee, reply, asked, comment, by=by, channel=channel, at=at)
    put_down("leave" if leave else reply.value, found, before, by=by, channel=channel, source=source, caller=caller)
    if reply is Reply.DECLINED and found.attendee.stands_in_for_id is not None:
        give_back(found, by=by, channel=channel)
    if substitute is not None:
        tell_return(found.attendee, substitute, by=by)
    return found.attendee


def check_seen(found: Answering, seen: int | None) -> None:
    """Refuse an answer to facts that have changed since the page was opened."""
    if seen is not None and seen != found.meeting.sequence:
        raise DomainError(_("The meeting was changed while this page was open. Read it again, then answer."))


def _check_answer(attendee: Attendee, reply: Reply, comment: str, leave: bool) -> None:
    if reply not in ANSWERS:
        raise ValueError(f"not an answer: {reply}")
    if not leave:
        return
    if reply is not Reply.DECLINED:
        raise ValueError("leave is asked beside a decline")
    if attendee.stands_in_for_id is not None:
        raise DomainError(_("A substitute does not ask for leave. Decline, and the place goes back."), field="reply")
    if not comment.strip():
        raise DomainError(_("Say why you ask for leave."), field="comment")
