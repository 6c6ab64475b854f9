"""An organization sends its answers: rows, note and answers to questions in one unit of work, or nothing at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select, update

from eventsys.answers.letters import queue_receipt
from eventsys.answers.models import AnswerDocument, AnswerSheet
from eventsys.answers.operations.answers import write_answers
from eventsys.answers.operations.draft import locked_sheet
from eventsys.answers.operations.rows import RowAnswer, carry_out, order_of, twice_named
from eventsys.core import audit
from eventsys.core.actor import Actor, Channel
from eventsys.core.audit import AuditEntry
from eventsys.core.clock import now
from eventsys.core.errors import DomainError, Stale
from eventsys.core.formats import moment
from eventsys.core.language import gettext as _
from eventsys.extensions import db
from eventsys.invitations.deadlines import closes_at, is_open, whom_to_call
from eventsys.invitations.models import Ask
from eventsys.invitations.operations.place import Closed
from eventsys.meetings.models import Meeting

MOST_A_DAY = 20


@dataclass(frozen=True, slots=True)
class Filled:
    """A sheet as it was filled in. `seen` is the number of sendings that its page knew of."""

    rows: Sequence[RowAnswer]
    seen: int
    note: str = ""
    filler: str = ""
    phone: str = ""
    answers: Mapping[int, str] = field(default_factory=dict)


class RowsRefused(DomainError):
    """Some rows, by place, could not be carried out; nothing was."""

    def __init__(self, message: object, rows: Mapping[int, DomainError], *, is_stale: bool) -> None:
        super().__init__(message)
        self.rows = rows
        self.is_stale = is_stale


def send_answers(ask: Ask, filled: Filled, *, by: Actor) -> int:
    """Carry out all rows and keep note and answers; returns the number of this sending.

    Raises `RowsRefused` (`is_stale` when somebody else answered since the page was opened), `Closed` after the
    deadline, `DomainError` when nothing is answered or too much was sent today.
    """
    # The meeting before the sheet, whose first row holds the ask: whoever changes the ask holds them in this order.
    meeting = db.session.get_one(Meeting, ask.meeting_id, with_for_update={"read": True}, populate_existing=True)
    sheet = locked_sheet(ask.id)
    _check_open(ask, meeting)
    _check_seen(sheet, filled)
    _check_pace(ask)
    before = {"note": sheet.note}
    chosen = [row for row in filled.rows if row.choice]
    _carry_out(chosen, by=by)
    answered = write_answers(ask, filled.rows, filled.answers, by=by)
    if not chosen and not answered and filled.note == sheet.note:
        raise DomainError(_("Choose at least one answer."))
    _keep(sheet, filled, by=by)
    sent = update(AnswerDocument).where(AnswerDocument.ask_id == ask.id, AnswerDocument.sent_at.is_(None))
    db.session.execute(sent.values(sent_at=now()))
    earlier, later = audit.difference(before, {"note": sheet.note})
    audit.record(
        "answer.send",
        ask,
        by=by,
        before=earlier,
        after={**later, "places": sorted(row.place_id for row in chosen)},
        label=ask.organization.name_zh or ask.organization.name_en,
        meeting_id=ask.meeting_id,
    )
    db.session.flush()
    queue_receipt(ask, sheet, [row.place_id for row in chosen], by=by)
    return sheet.sent_number


def _check_open(ask: Ask, meeting: Meeting) -> None:
    if not is_open(meeting, Channel.PORTAL, own=ask.reply_by):
        when = moment(closes_at(meeting, ask.reply_by), meeting.zone)
        raise Closed(_("Replies closed on %(when)s. %(contact)s", when=when, contact=whom_to_call(meeting)))


def _check_seen(sheet: AnswerSheet, filled: Filled) -> None:
    if filled.seen != sheet.sent_number:
        said = _("%(who)s answered while this page was open. Compare, then send again.", who=sheet.sent_by)
        raise RowsRefused(said, {}, is_stale=True)


def _check_pace(ask: Ask) -> None:
    """A link that got around must not become a way to fill other people's mailboxes."""
    since = now() - timedelta(days=1)
    number = db.session.scalar(
        select(func.count())
        .select_from(AuditEntry)
        .where(AuditEntry.subject_type == "ask", AuditEntry.subject_id == ask.id, AuditEntry.at > since)
        .where(AuditEntry.action == "answer.send")
    )
    if (number or 0) >= MOST_A_DAY:
        contact = whom_to_call(ask.meeting)
        raise DomainError(_("Answers were sent too often today. %(contact)s", contact=contact))


def _carry_out(rows: Sequence[RowAnswer], *, by: Actor) -> None:
    refused: dict[int, DomainError] = dict(twice_named(rows))
    for row in sorted(rows, key=order_of):
        if row.place_id in refused:
            continue
        try:
            carry_out(row, by=by)
        except DomainError as error:
            refused[row.place_id] = error
    if not refused:
        return
    if any(isinstance(error, Stale) for error in refused.values()):
        said = _("Somebody else answered meanwhile. Compare the marked places; nothing was sent yet.")
        raise RowsRefused(said, refused, is_stale=True)
    said = _("Some answers need a change. They are marked below; nothing was sent yet.")
    raise RowsRefused(said, refused, is_stale=False)


def _keep(sheet: AnswerSheet, filled: Filled, *, by: Actor) -> None:
    sheet.note, sheet.filler, sheet.filler_phone = filled.note, filled.filler, filled.phone
    sheet.sent_at, sheet.sent_by = now(), by.label
    sheet.sent_number += 1
    sheet.draft, sheet.draft_at, sheet.draft_by, sheet.draft_account_id = None, None, "", None
    sheet.draft_number += 1
