"""Reads of incoming mail: one condition behind a list, its counts, its search and its export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import aliased

from eventsys.core.actor import Actor, Role
from eventsys.core.language import choose, current_language
from eventsys.directory.models import Organization, OrganizationKind
from eventsys.extensions import db
from eventsys.incoming.models import Door, EntryState, IncomingEntry, IncomingMessage, Said, Trust
from eventsys.invitations.models import Attendee, Place, Reply
from eventsys.meetings.models import Meeting

PAGE = 50
EXPORTED = 10_000
LONGEST_SEARCH = 100
Own = aliased(Organization)
# The office whose mailbox it is: what belongs to no meeting is for those who organize there.
OFFICE_PATH = (
    select(Organization.path)
    .order_by((Organization.kind == OrganizationKind.OFFICE).desc(), Organization.position, Organization.id)
    .limit(1)
    .scalar_subquery()
)
PATH = func.coalesce(Organization.path, OFFICE_PATH)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for: a state, words, and the key of the last line before this page."""

    state: EntryState | None = None
    q: str = ""
    before: int | None = None

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Wanted:
        """Read from an address; what cannot be read is not asked for."""
        state, before = arguments.get("state", ""), arguments.get("before", "")
        return cls(
            EntryState(state) if state in set(EntryState) else None,
            " ".join(arguments.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH],
            int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None,
        )

    def query(self, **changes: Any) -> str:
        """This question as part of an address, with changes; another filter begins at the first page."""
        asked = replace(self, **{"before": None, **changes})
        values = {"state": asked.state.value if asked.state else "", "q": asked.q, "before": asked.before}
        return urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in a list, with its message, its meeting and whom it is about. `path` says whose it is."""

    id: int
    said: Said
    state: EntryState
    reason: str
    note: str
    trust: Trust | None
    reply: Reply | None
    comment: str
    address: str
    name: str
    other_address: str
    other_name: str
    stamp: datetime | None
    sequence: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    location: str
    raw_start: str
    handled_at: datetime | None
    handled_by: str
    version: int
    letter_id: int | None
    can_be_undone: bool
    incoming_id: int
    sender: str
    subject: str
    arrived_at: datetime
    door: Door
    message_id: str
    size: int
    raw_dropped_at: datetime | None
    attendee_id: int | None
    attendee_zh: str
    attendee_en: str
    post_zh: str
    post_en: str
    email: str
    organization_zh: str
    organization_en: str
    meeting_id: int | None
    title_zh: str
    title_en: str
    zone: str
    path: str

    @property
    def meeting_title(self) -> str:
        return choose(self.title_zh, self.title_en)

    @property
    def who(self) -> str:
        """Whom it is about: the organization, and the post or the name, as the record has them."""
        post = choose(self.post_zh, self.post_en) or choose(self.attendee_zh, self.attendee_en)
        organization = choose(self.organization_zh, self.organization_en)
        parts = (organization, post) if current_language() == "zh" else (post, organization)
        return ("" if current_language() == "zh" else ", ").join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of entries, newest first; `next` is the key that the next one is asked with."""

    lines: list[Line]
    next: int | None


Scope = ColumnElement[bool]


def scope_of_meeting(meeting: Meeting) -> Scope:
    """Everything about one meeting."""
    return IncomingEntry.meeting_id == meeting.id


def scope_of(actor: Actor) -> Scope:
    """Everything that this actor may see, as `policy.can_read_entry` says."""
    if actor.is_administrator:
        return true()
    paths = actor.paths(Role.ORGANIZER)
    return or_(false(), *(PATH.startswith(path, autoescape=True) for path in paths))


def page_of(scope: Scope, wanted: Wanted, size: int = PAGE) -> Page:
    """A page of the entries asked for."""
    statement = _asked(_lines(), scope, wanted)
    if wanted.before:
        statement = statement.where(IncomingEntry.id < wanted.before)
    rows = db.session.execute(statement.order_by(IncomingEntry.id.desc()).limit(size + 1)).all()
    lines = [Line(*row) for row in rows[:size]]
    return Page(lines, lines[-1].id if len(rows) > size else None)


def exported(scope: Scope, wanted: Wanted) -> Iterator[Line]:
    """All entries asked for, newest first, ten thousand at most."""
    statement = _asked(_lines(), scope, wanted).order_by(IncomingEntry.id.desc()).limit(EXPORTED)
    return (Line(*row) for row in db.session.execute(statement))


def counts(scope: Scope, wanted: Wanted) -> dict[EntryState, int]:
    """How many entries are in each state, under the same condition as the list."""
    statement = _joined(select(IncomingEntry.state, func.count().label("number")))
    rows = db.session.execute(statement.where(_condition(scope, wanted)).group_by(IncomingEntry.state))
    found = {row.state: row.number for row in rows}
    return {state: found.get(state, 0) for state in EntryState}


def find_entry(incoming_id: int) -> Line | None:
    """One entry, None when there is none."""
    row = db.session.execute(_lines().where(IncomingEntry.id == incoming_id)).one_or_none()
    return Line(*row) if row else None


def raw_of(incoming_id: int) -> bytes | None:
    """The message as it came, None when its time is over."""
    raw: bytes | None = db.session.scalar(select(IncomingMessage.raw).where(IncomingMessage.id == incoming_id))
    return raw


def _asked(statement: Select[*tuple[Any, ...]], scope: Scope, wanted: Wanted) -> Select[*tuple[Any, ...]]:
    statement = statement.where(_condition(scope, wanted))
    return statement.where(IncomingEntry.state == wanted.state) if wanted.state else statement


def _condition(scope: Scope, wanted: Wanted) -> ColumnElement[bool]:
    """Visible, and each word in the sender, the subject, the answerer, the comment, or in whom it is about."""
    columns = (
        IncomingMessage.sender,
        IncomingMessage.subject,
        IncomingEntry.address,
        IncomingEntry.comment,
        Attendee.name_zh,
        Attendee.name_en,
        Attendee.title_zh,
        Attendee.title_en,
        Own.name_zh,
        Own.name_en,
    )
    found = [or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in wanted.q.split()]
    return and_(scope, *found)


def _joined(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        statement.select_from(IncomingEntry)
        .join(IncomingMessage, IncomingMessage.id == IncomingEntry.incoming_id)
        .outerjoin(Attendee, Attendee.id == IncomingEntry.attendee_id)
        .outerjoin(Place, Place.id == Attendee.place_id)
        .outerjoin(Own, Own.id == Place.organization_id)
        .outerjoin(Meeting, Meeting.id == IncomingEntry.meeting_id)
        .outerjoin(Organization, Organization.id == Meeting.convener_id)
    )


def _lines() -> Select[*tuple[Any, ...]]:
    entry, message = IncomingEntry, IncomingMessage
    return _joined(
        select(
            entry.id,
            entry.said,
            entry.state,
            entry.reason,
            entry.note,
            entry.trust,
            entry.reply,
            entry.comment,
            entry.address,
            entry.name,
            entry.other_address,
            entry.other_name,
            entry.stamp,
            entry.sequence,
            entry.starts_at,
            entry.ends_at,
            entry.location,
            entry.raw_start,
            entry.handled_at,
            entry.handled_by,
            entry.version,
            entry.letter_id,
            entry.event_id.is_not(None),
            message.id,
            message.sender,
            message.subject,
            message.arrived_at,
            message.door,
            message.message_id,
            message.size,
            message.raw_dropped_at,
            entry.attendee_id,
            func.coalesce(Attendee.name_zh, ""),
            func.coalesce(Attendee.name_en, ""),
            func.coalesce(Attendee.title_zh, ""),
            func.coalesce(Attendee.title_en, ""),
            func.coalesce(Attendee.email, ""),
            func.coalesce(Own.name_zh, ""),
            func.coalesce(Own.name_en, ""),
            entry.meeting_id,
            func.coalesce(Meeting.title_zh, ""),
            func.coalesce(Meeting.title_en, ""),
            func.coalesce(Meeting.zone, ""),
            func.coalesce(PATH, ""),
        )
    )
