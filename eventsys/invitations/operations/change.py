"""Changing a scheduled meeting: the facts, the answers that a new time resets, and one update to everybody told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.outbox import LetterBatch
from eventsys.core.transaction import check_version, locked
from eventsys.extensions import db
from eventsys.invitations import facts as words
from eventsys.invitations.facts import Invitee, Liaison
from eventsys.invitations.models import Attendee, Leave, Place, Reply, ReplyEvent
from eventsys.invitations.operations.aside import none_held
from eventsys.invitations.operations.send import INVITATION, Queued, queue_once
from eventsys.invitations.queries.change import (
    KIND_OF,
    OPEN,
    ORDER,
    Change,
    Told,
    answers_to_reset,
    change_of,
    reader_key,
    told,
)
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting
from eventsys.meetings.operations import apply_facts, raise_sequence

UPDATE = "update"
KEPT_IN_REISSUE = ("before", "reason_zh", "reason_en")


@dataclass(frozen=True, slots=True)
class Changed:
    """How many letters were queued and how many answers were reset."""

    letters: int
    reset: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a meeting is cancelled or postponed, in both languages."""

    zh: str = ""
    en: str = ""

    def facts(self) -> dict[str, str]:
        return {"reason_zh": self.zh, "reason_en": self.en}


def check_change(meeting: Meeting, facts: MeetingFacts, version: int) -> Meeting:
    """The meeting, locked, if it may be changed so. Raises `Stale` and `DomainError`; changes nothing."""
    row = locked(Meeting, meeting.id)
    check_version(row, version)
    if row.state not in OPEN:
        raise DomainError(_("Only a scheduled meeting, or one in session, can be changed here."))
    if not change_of(row, facts).kinds:
        raise DomainError(_("Nothing was changed."))
    return row


def change_meeting(
    meeting: Meeting,
    facts: MeetingFacts,
    version: int,
    *,
    by: Actor,
    tell_words: bool = False,
    reason: Reason | None = None,
) -> Changed:
    """Write the facts; for a new time, place or link raise the SEQUENCE and tell everybody who was told.

    A new start or end asks everybody who answered again; their history stays. A change of words alone is told only with
    `tell_words`. Letters still in the queue are replaced either way. Raises `Stale` and `DomainError`, also while
    another change of the meeting is held.
    """
    row = check_change(meeting, facts, version)
    none_held(row)
    change = change_of(row, facts)
    readers, before = told(row), before_facts(row)
    apply_facts(row, facts, by=by)
    if change.is_significant:
        raise_sequence(row, timed=change.resets)
    reset = _reset(row, by=by) if change.resets else []
    if change.is_significant or tell_words:
        common = {"before": before, "changes": change.shown, **(reason or Reason()).facts()}
        again = {invitee.attendee_id for invitee in reset}
        letters = _update(row, version, readers, change=change, common=common, reset=again)
    else:
        letters = _reissue(row, version, readers)
    audit.record(
        "invitation.update",
        row,
        by=by,
        after={
            "changed": list(change.kinds),
            "sequence": row.sequence,
            "letters": letters,
            "reset": [invitee.attendee_id for invitee in reset],
            **{name: text for name, text in (reason or Reason()).facts().items() if text},
        },
        label=row.title(),
        meeting_id=row.id,
    )
    return Changed(letters, len(reset))


def before_facts(meeting: Meeting) -> dict[str, Any]:
    """The facts that a change letter compares with."""
    values = {name: getattr(meeting, name) for name in KIND_OF}
    return {name: value if isinstance(value, str) else value.isoformat() for name, value in values.items()}


def _reset(meeting: Meeting, *, by: Actor) -> list[Invitee]:
    """Everybody on a place is unanswered again, by one update; each keeps a step in the history."""
    answered = answers_to_reset(meeting)
    if not answered:
        return []
    statement = (
        update(Attendee)
        .where(Attendee.meeting_id == meeting.id, Attendee.is_current, Attendee.reply != Reply.PENDING)
        .values(
            reply=Reply.PENDING,
            leave=Leave.NONE,
            comment="",
            replied_at=None,
            replied_by="",
            reply_channel=None,
            leave_decided_at=None,
            leave_decided_by="",
            leave_note="",
            reminded_at=None,
            version=Attendee.version + 1,
        )
    )
    db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.execute(insert(ReplyEvent), [_reset_event(row, meeting, by) for row in answered])
    return answered


def _reset_event(row: Invitee, meeting: Meeting, by: Actor) -> dict[str, Any]:
    return {
        "attendee_id": row.attendee_id,
        "meeting_id": meeting.id,
        "at": now(),
        "by": by.label,
        "account_id": by.account_id,
        "channel": by.channel,
        "act": "reset",
        "reply": Reply.PENDING,
        "leave": Leave.NONE,
        "comment": "",
        "source": "",
        "sequence": meeting.sequence,
    }


def _update(
    meeting: Meeting, version: int, readers: Told, *, change: Change, common: Mapping[str, Any], reset: set[int]
) -> int:
    """One letter to each: the update to whoever knows the meeting, the invitation anew to whoever does not yet."""
    mark = words.digest(meeting)
    told_so_far = [
        _letter(UPDATE, row, meeting, version=version, mark=mark, more=_news(row, readers, change, reset))
        for row in readers.informed
    ]
    unaware = [row for row in readers.readers if readers.new_to(row)]
    new = [
        _letter(INVITATION, row, meeting, version=version, mark=mark, more=_present_reply(row, reset))
        for row in unaware
    ]
    stamp = words.next_stamp(readers.readers)
    facts = words.common_facts(meeting, stamp=stamp)
    queue_once(UPDATE, {**facts, **common}, told_so_far, meeting)
    queue_once(INVITATION, facts, new, meeting)
    _mark_told(meeting, readers, stamp)
    return len(told_so_far) + len(new)


def _news(reader: Invitee | Liaison, readers: Told, change: Change, reset: set[int]) -> dict[str, Any]:
    """What is news to this reader. Someone whose last update lies in the queue gets both in one letter."""
    news: dict[str, Any] = {}
    earlier = readers.waiting.get(reader_key(reader))
    if earlier is not None and earlier.kind == UPDATE:
        kinds = {*change.shown, *earlier.facts.get("changes", ())}
        news = {"changes": sorted(kinds, key=ORDER.index), "unseen": True}
        news |= {"reset": True} if earlier.facts.get("reset") else {}
    else:
        news = {"changes": change.shown}
    if isinstance(reader, Invitee) and reader.attendee_id in reset:
        news["reset"] = True
    return news | _present_reply(reader, reset)


def _present_reply(reader: Invitee | Liaison, reset: set[int]) -> dict[str, str]:
    """The reply of somebody whom the new time asks again; of others the letter says what their row says."""
    is_reset = isinstance(reader, Invitee) and reader.attendee_id in reset
    return {"reply": Reply.PENDING.value, "leave": ""} if is_reset else {}


def _reissue(meeting: Meeting, version: int, readers: Told) -> int:
    """Words changed and nobody is to be told: letters that have not left go out with the new words, and only they."""
    waiting = [(row, readers.waiting[reader_key(row)]) for row in readers.readers if reader_key(row) in readers.waiting]
    stamp = words.next_stamp(row for row, _letter in waiting)
    mark, facts = words.digest(meeting), words.common_facts(meeting, stamp=stamp)
    commons = _commons({letter.batch_id for _row, letter in waiting})
    count = 0
    for batch_id, kind in sorted({(letter.batch_id, letter.kind) for _row, letter in waiting}):
        kept = {name: commons[batch_id][name] for name in KEPT_IN_REISSUE if name in commons[batch_id]}
        letters = [
            _letter(kind, row, meeting, version=version, mark=mark, more=_kept_news(letter.facts))
            for row, letter in waiting
            if (letter.batch_id, letter.kind) == (batch_id, kind)
        ]
        count += queue_once(kind, {**facts, **kept}, letters, meeting)
    mark_told(meeting, [row.attendee_id for row, _letter in waiting if isinstance(row, Invitee)], set(), stamp)
    return count


def _commons(batch_ids: set[int]) -> dict[int, dict[str, Any]]:
    rows = db.session.execute(select(LetterBatch.id, LetterBatch.common).where(LetterBatch.id.in_(batch_ids)))
    return {row.id: row.common for row in rows}


def _kept_news(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: facts[name] for name in ("changes", "unseen", "reset") if name in facts}


def _letter(
    kind: str, row: Invitee | Liaison, meeting: Meeting, *, version: int, mark: str, more: Mapping[str, Any]
) -> Queued:
    """A letter whose key holds the version that the organizer changed: the same change is never told twice."""
    if isinstance(row, Invitee):
        key = f"{kind}:{row.attendee_id}:s{meeting.sequence}:v{version}"
        return key, row.recipient(), words.personal_facts(row, mark, **more)
    key = f"{kind}:place{row.places[0][0]}:p{row.person_id}:s{meeting.sequence}:v{version}"
    return key, row.recipient(), words.liaison_facts(row, mark, **more)


def _mark_told(meeting: Meeting, readers: Told, stamp: datetime) -> None:
    """Two updates: the people, and the places whose liaisons were told."""
    people = [row.attendee_id for row in readers.invitees if row.has_address]
    places = {place[0] for liaison in readers.liaisons for place in liaison.places}
    mark_told(meeting, people, places, stamp)


def mark_told(meeting: Meeting, people: Sequence[int], places: set[int], stamp: datetime) -> None:
    """Everybody named was told the meeting's present revision, by letters of this moment."""
    at = {"told_at": stamp, "told_sequence": meeting.sequence}
    unsynchronized = {"synchronize_session": False}
    if people:
        statement = update(Attendee).where(Attendee.meeting_id == meeting.id, Attendee.id.in_(people))
        statement = statement.values(**at, version=Attendee.version + 1)
        db.session.execute(statement.execution_options(**unsynchronized))
    if places:
        named = update(Place).where(Place.id.in_(places)).values(**at)
        db.session.execute(named.execution_options(**unsynchronized))
