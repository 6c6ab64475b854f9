"""After the deadline an organization asks, in words, to change its answer; the office closes that with a word."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from eventsys.answers.letters import queue_closed, queue_request
from eventsys.answers.models import ChangeRequest
from eventsys.answers.operations.draft import locked_sheet
from eventsys.core import audit
from eventsys.core.actor import Actor, Channel
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.invitations.deadlines import OPEN_STATES, is_open, whom_to_call
from eventsys.invitations.models import Ask
from eventsys.meetings.models import Meeting

MOST_A_DAY = 5


def ask_for_change(ask: Ask, words: str, *, by: Actor, phone: str = "") -> int:
    """Ask the office to change the answers, one request at a time; returns the request's id.

    Raises `DomainError` while the organization can still answer by itself, while an earlier request waits, after the
    meeting, and for more requests than a day takes.
    """
    locked_sheet(ask.id)
    meeting = db.session.get_one(Meeting, ask.meeting_id)
    if is_open(meeting, Channel.PORTAL, own=ask.reply_by):
        raise DomainError(_("You can still change the answers yourself."))
    if meeting.state not in OPEN_STATES or meeting.ends_at < now():
        raise DomainError(_("The meeting is over. %(contact)s", contact=whom_to_call(meeting)))
    earlier = db.session.scalars(select(ChangeRequest).where(ChangeRequest.ask_id == ask.id)).all()
    if any(row.closed_at is None for row in earlier):
        raise DomainError(
            _("An earlier request still waits for the office. %(contact)s", contact=whom_to_call(meeting))
        )
    if sum(row.asked_at > now() - timedelta(days=1) for row in earlier) >= MOST_A_DAY:
        raise DomainError(_("There were too many requests today. %(contact)s", contact=whom_to_call(meeting)))
    row = ChangeRequest(
        ask_id=ask.id,
        number=len(earlier) + 1,
        words=words,
        by=by.label,
        phone=phone,
        account_id=by.account_id,
        asked_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    _record("answer.ask_change", ask, words, by=by)
    queue_request(ask, row)
    return row.id


def close_request(request: ChangeRequest, reply: str, *, by: Actor) -> ChangeRequest:
    """Close a request with a word, which its organization is told. Raises `DomainError` when it is closed already."""
    row = locked(ChangeRequest, request.id)
    if row.closed_at is not None:
        raise DomainError(_("This request is closed already."))
    row.closed_at, row.closed_by, row.reply = now(), by.label, reply
    ask = db.session.get_one(Ask, row.ask_id)
    _record("answer.close_request", ask, reply, by=by)
    db.session.flush()
    queue_closed(ask, row)
    return row


def _record(action: str, ask: Ask, words: str, *, by: Actor) -> None:
    label = ask.organization.name_zh or ask.organization.name_en
    audit.record(action, ask, by=by, after={"note": words}, label=label, meeting_id=ask.meeting_id)
