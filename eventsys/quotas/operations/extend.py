"""More time for one organization: a later instant before the start, told to its liaisons."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.formats import moment
from eventsys.core.language import gettext as _
from eventsys.core.transaction import check_version
from eventsys.invitations import facts
from eventsys.invitations.deadlines import OPEN_STATES, closes_at
from eventsys.invitations.models import Ask
from eventsys.invitations.operations.send import queue_once
from eventsys.meetings.models import Meeting
from eventsys.quotas.operations.ask import lock_meeting
from eventsys.quotas.operations.lock import lock_ask
from eventsys.quotas.queries.one import mark_of_readers, readers_of_extension

EXTENSION = "extension"


def extend(ask: Ask, until: datetime, version: int, shown: str, *, by: Actor) -> int:
    """Give the organization until this instant; its liaisons are told if anybody was told of its places.

    `shown` is the mark of the readers that the organizer saw. Returns how many letters were queued. Raises `Stale`, and
    `DomainError` for an instant that is not later than its deadline, has passed, or is not before the start.
    """
    meeting = lock_meeting(ask.meeting)
    row = lock_ask(ask.id)
    check_version(row, version)
    _check(meeting, row, until)
    readers = readers_of_extension(row) if meeting.state in OPEN_STATES else []
    if shown != mark_of_readers(row, readers):
        raise DomainError(_("Who would be told has changed since you opened this page. Look at it again."))
    before, row.reply_by = row.reply_by, until
    mark = facts.digest(meeting)
    letters = [
        (
            f"{EXTENSION}:{row.id}:p{reader.person_id}:{until.isoformat()}",
            reader.recipient(),
            facts.liaison_facts(replace(reader, reply_by=until), mark),
        )
        for reader in readers
    ]
    if letters:
        queue_once(EXTENSION, facts.common_facts(meeting), letters, meeting)
    audit.record(
        "ask.extend",
        row,
        by=by,
        before={"reply_by": before},
        after={"reply_by": until, "letters": len(letters)},
        label=row.organization.name(),
        meeting_id=meeting.id,
    )
    return len(letters)


def _check(meeting: Meeting, row: Ask, until: datetime) -> None:
    present = closes_at(meeting, row.reply_by)
    if until <= present:
        words = _("Set a later time: this organization has until %(when)s.", when=moment(present, meeting.zone))
        raise DomainError(words, field="day")
    if until <= now():
        raise DomainError(_("Set a time that has not passed yet."), field="day")
    if until >= meeting.starts_at:
        words = _(
            "Set a time before the start of the meeting (%(when)s).", when=moment(meeting.starts_at, meeting.zone)
        )
        raise DomainError(words, field="day")
