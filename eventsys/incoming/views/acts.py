"""What a reader can do with an entry now: the acts that its state and their role allow."""

from __future__ import annotations

from dataclasses import dataclass

from eventsys.core.actor import Actor
from eventsys.core.language import gettext as _
from eventsys.incoming.models import EntryState, Said
from eventsys.incoming.policy import CAN_BE_APPLIED, CAN_BE_SETTLED, can_answer_entry, can_settle_entry
from eventsys.incoming.queries.lists import Line
from eventsys.incoming.queries.people import Standing
from eventsys.incoming.words import answer_words
from eventsys.invitations.deadlines import OPEN_STATES, STAFF_STATES
from eventsys.invitations.operations.answer import ANSWERS
from eventsys.meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class Act:
    """A button (`is_post`) or a link, and what it does in one sentence."""

    text: str
    href: str
    note: str
    is_post: bool = False
    kind: str = "secondary"


def acts_of(actor: Actor, line: Line, meeting: Meeting | None, standing: Standing | None) -> list[Act]:
    """The acts, the usual one first."""
    found: list[Act] = []
    if meeting is not None and line.said is Said.ANSWER and can_answer_entry(actor, line):
        found += _of_answer(line, meeting, standing)
    if meeting is not None and can_settle_entry(actor, line):
        found += _of_proposal(line, meeting)
        found += _of_guest(line, meeting)
    if line.said is Said.WORDS and line.attendee_id is not None and can_answer_entry(actor, line):
        found += _of_words(line, meeting)
    if can_settle_entry(actor, line):
        found += _of_tray(line)
    return found


def _of_answer(line: Line, meeting: Meeting, standing: Standing | None) -> list[Act]:
    here, is_open = f"/workspace/incoming/{line.id}", meeting.state in STAFF_STATES and meeting.roll_closed_at is None
    found: list[Act] = []
    if not is_open:
        return found
    if line.state in CAN_BE_APPLIED and line.attendee_id is not None and line.reply in ANSWERS:
        note = _("The answer of %(who)s becomes: %(answer)s. It is marked as entered on behalf.", **_words(line))
        kind = "" if line.state is EntryState.WAITING else "secondary"
        found.append(Act(_("Enter this answer"), f"{here}/apply", note, is_post=True, kind=kind))
    if line.state in CAN_BE_APPLIED and line.address and line.state is not EntryState.KEPT:
        note = _("They are invited, the one they stand in for is marked as represented, and their answer is entered.")
        found.append(Act(_("Make them a substitute…"), f"{here}/substitute", note))
    if line.state is EntryState.APPLIED and line.can_be_undone:
        note = _("The answer becomes what it was before, and whoever was named by it is told. The history keeps both.")
        found.append(Act(_("Undo this answer"), f"{here}/undo", note, is_post=True, kind="warning"))
    return found


def _words(line: Line) -> dict[str, object]:
    return {"who": line.who or line.address, "answer": answer_words(line.reply)}


def _of_proposal(line: Line, meeting: Meeting) -> list[Act]:
    if line.said is not Said.PROPOSAL or line.state is not EntryState.WAITING:
        return []
    here, found = f"/workspace/incoming/{line.id}", []
    if line.starts_at is not None and meeting.state in OPEN_STATES:
        note = _("You see who is told and whose answer is reset first.")
        found.append(Act(_("Accept…"), f"{here}/accept", note, kind=""))
    note = _("Whoever proposed it is told, with your word. The meeting stays as it is.")
    return [*found, Act(_("Refuse…"), f"{here}/refuse", note)]


def _of_guest(line: Line, meeting: Meeting) -> list[Act]:
    is_open = line.said is Said.ANSWER and line.state in CAN_BE_SETTLED and meeting.state in OPEN_STATES
    if not is_open or not line.address:
        return []
    note = _("They get a place of their own and an invitation, and their answer is entered.")
    return [Act(_("Invite them…"), f"/workspace/incoming/{line.id}/invite", note)]


def _of_words(line: Line, meeting: Meeting | None) -> list[Act]:
    if meeting is None or line.state is not EntryState.WAITING:
        return []
    base = f"/workspace/meetings/{meeting.id}/attendees/{line.attendee_id}"
    note = _("What the letter says, in your words; it is marked as entered on behalf.")
    return [Act(_("Answer on behalf…"), f"{base}/answer", note, kind="")]


def _of_tray(line: Line) -> list[Act]:
    here = f"/workspace/incoming/{line.id}"
    if line.state in CAN_BE_SETTLED:
        return [Act(_("Settle it"), f"{here}/settle", _("Nothing is changed and nobody is told."), is_post=True)]
    if line.state is EntryState.SETTLED:
        return [Act(_("Put it back into the tray"), f"{here}/back", _("It waits for a decision again."), is_post=True)]
    return []
