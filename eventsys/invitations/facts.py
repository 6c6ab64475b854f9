"""What letters about a meeting say, frozen when they are queued.

`common` facts stand once for all letters of a sending, in both languages; personal ones are small. Instants are ISO
texts with their offset.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from eventsys.agenda.queries import item_rows, timed
from eventsys.core.clock import now
from eventsys.core.language import LANGUAGES, choose, use_language
from eventsys.core.outbox import Recipient
from eventsys.invitations.models import Leave, PlaceRole, Reply
from eventsys.mail.address import exact_address
from eventsys.meetings.alarms import USUAL
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting

WORDS = (
    "title_zh",
    "title_en",
    "zone",
    "venue_zh",
    "venue_en",
    "address_zh",
    "address_en",
    "online_url",
    "contact_name",
    "contact_phone",
    "contact_email",
    "notes_zh",
    "notes_en",
)
INSTANTS = ("starts_at", "ends_at", "reply_by")
SECOND = timedelta(seconds=1)
REQUESTS = ("invitation", "update", "resend", "delegation", "return")
"""Kinds of letters that bring the meeting's facts to a calendar (METHOD:REQUEST)."""


def common_facts(
    meeting: Meeting, facts: MeetingFacts | None = None, *, agenda: bool = True, stamp: datetime | None = None
) -> dict[str, Any]:
    """Everything that all letters of one sending say about the meeting, with its agenda in both languages.

    `facts` stand for the record's own, to show a letter before they are saved; for a subject alone the agenda need not
    be read. `stamp` is the moment of the message (`next_stamp`), now unless given.
    """
    said = facts or MeetingFacts.of(meeting)
    return {
        "meeting_id": meeting.id,
        "uid": meeting.uid,
        "sequence": meeting.sequence,
        "stamp": (stamp or now()).isoformat(),
        "modified": meeting.modified_at.isoformat(),
        "convener_zh": meeting.convener.name_zh,
        "convener_en": meeting.convener.name_en,
        **{name: getattr(said, name) for name in WORDS},
        **{name: _iso(getattr(said, name)) for name in INSTANTS},
        "alarms": said.alarms,
        "agenda": agenda_lines(meeting.id, said.starts_at) if agenda else dict.fromkeys(LANGUAGES, ()),
    }


def digest(row: Any) -> str:
    """A short mark of all facts of the meeting that a letter repeats; `row` has the columns of `Meeting`.

    The usual reminders are left out: the marks of letters that were queued before meetings had their own still hold.
    """
    values = [str(getattr(row, name)) for name in WORDS] + [str(_iso(getattr(row, name))) for name in INSTANTS]
    values += [row.alarms] if row.alarms != USUAL else []
    return mark(row.sequence, *values)


def mark(*values: object) -> str:
    """A short mark that changes with the values."""
    return hashlib.sha256("\0".join(map(repr, values)).encode()).hexdigest()[:12]


def agenda_lines(meeting_id: int, starts_at: datetime) -> dict[str, list[list[str]]]:
    """For each language the lines of the agenda: start as ISO text, title, presenter."""
    rows = item_rows(meeting_id)
    lines: dict[str, list[list[str]]] = {}
    for code in LANGUAGES:
        with use_language(code):
            items = timed(rows, starts_at)
            lines[code] = [[item.starts_at.isoformat(), item.title, item.presenter] for item in items]
    return lines


def _iso(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


@dataclass(frozen=True, slots=True)
class Invitee:
    """A person on a place, as letters address them. `for_*` is whom they stand in for, `to_*` who stands in.

    `reply_by` is the deadline of their organization alone, None without one.
    """

    attendee_id: int
    place_id: int
    organization_id: int | None
    organization_zh: str
    organization_en: str
    title_zh: str
    title_en: str
    name_zh: str
    name_en: str
    email: str
    language: str
    role: PlaceRole
    link_id: str
    reply: Reply
    told_sequence: int | None
    is_current: bool
    reminded_at: datetime | None
    for_name_zh: str | None = None
    for_name_en: str | None = None
    for_title_zh: str | None = None
    for_title_en: str | None = None
    for_email: str | None = None
    to_name_zh: str | None = None
    to_name_en: str | None = None
    to_title_zh: str | None = None
    to_title_en: str | None = None
    to_email: str | None = None
    to_reply: Reply | None = None
    told_at: datetime | None = None
    sequence_ahead: int = 0
    leave: Leave = Leave.NONE
    reply_by: datetime | None = None

    @property
    def has_address(self) -> bool:
        """Whether a letter can reach them."""
        return is_address(self.email)

    def name(self, language: str | None = None) -> str:
        return choose(self.name_zh, self.name_en, language)

    def title(self, language: str | None = None) -> str:
        return choose(self.title_zh, self.title_en, language)

    def organization(self, language: str | None = None) -> str:
        return choose(self.organization_zh, self.organization_en, language)

    def recipient(self) -> Recipient:
        return Recipient(
            name=self.name(self.language),
            address=self.email,
            language=self.language,
            attendee_id=self.attendee_id,
            organization_id=self.organization_id,
        )


@dataclass(frozen=True, slots=True)
class Liaison:
    """A liaison of an organization, with the places for which somebody is still to be named.

    `reply_by` is the deadline of the organization alone, `note_*` says what kind of people are wanted.
    `answer_link` is the public half of the link at which they answer, "" without one.
    """

    person_id: int
    organization_id: int
    organization_zh: str
    organization_en: str
    name_zh: str
    name_en: str
    email: str
    language: str
    places: tuple[tuple[int, str, str], ...]
    reply_by: datetime | None = None
    note_zh: str = ""
    note_en: str = ""
    answer_link: str = ""

    def recipient(self) -> Recipient:
        return Recipient(
            name=choose(self.name_zh, self.name_en, self.language),
            address=self.email,
            language=self.language,
            organization_id=self.organization_id,
        )


def next_stamp(readers: Iterable[Invitee | Liaison]) -> datetime:
    """The moment of a message to these readers: now, but later than that of any they had (RFC 5546 2.1.5).

    DTSTAMP has whole seconds, and of two messages of one revision with one DTSTAMP a calendar takes the first.
    """
    told = [row.told_at + SECOND for row in readers if isinstance(row, Invitee) and row.told_at]
    return max([now(), *told])


def personal_facts(invitee: Invitee, mark: str, **more: Any) -> dict[str, Any]:
    """One invitee's own facts; `mark` is the digest of the meeting that the letter repeats. Empty ones are left out."""
    facts = {
        "mark": mark,
        "link": invitee.link_id,
        "email": invitee.email,
        "role": invitee.role.value,
        "organization_zh": invitee.organization_zh,
        "organization_en": invitee.organization_en,
        "title_zh": invitee.title_zh,
        "title_en": invitee.title_en,
        "name_zh": invitee.name_zh,
        "name_en": invitee.name_en,
        "for_zh": _post_and_name(invitee.for_title_zh, invitee.for_name_zh, ""),
        "for_en": _post_and_name(invitee.for_name_en, invitee.for_title_en, ", "),
        "for_email": invitee.for_email,
        **_standing_in(invitee),
        "reply": invitee.reply.value,
        "leave": "" if invitee.leave is Leave.NONE else invitee.leave.value,
        "ahead": invitee.sequence_ahead,
        "reply_by": _iso(invitee.reply_by),
        **more,
    }
    return {name: value for name, value in facts.items() if value}


def _standing_in(invitee: Invitee) -> dict[str, Any]:
    """Who stands in for them, while somebody does."""
    if invitee.reply is not Reply.DELEGATED or invitee.to_reply is None:
        return {}
    return {
        "to_zh": _post_and_name(invitee.to_title_zh, invitee.to_name_zh, ""),
        "to_en": _post_and_name(invitee.to_name_en, invitee.to_title_en, ", "),
        "to_email": invitee.to_email,
        "to_reply": invitee.to_reply.value,
    }


def liaison_facts(liaison: Liaison, mark: str, **more: Any) -> dict[str, Any]:
    """A liaison's own facts: the places to be named, as id, Chinese and English post."""
    own = {
        "reply_by": _iso(liaison.reply_by),
        "wanted_zh": liaison.note_zh,
        "wanted_en": liaison.note_en,
        "answer_link": liaison.answer_link,
    }
    return {
        **{name: value for name, value in own.items() if value},
        "mark": mark,
        "organization_zh": liaison.organization_zh,
        "organization_en": liaison.organization_en,
        "name_zh": liaison.name_zh,
        "name_en": liaison.name_en,
        "places": [list(place) for place in liaison.places],
        **more,
    }


@lru_cache(maxsize=16384)
def is_address(email: str) -> bool:
    """Whether this is one plain address that a letter can go to; remembered, because looking closely is dear."""
    try:
        exact_address(email)
    except ValueError:
        return False
    return True


def called(row: Any) -> dict[str, str]:
    """Somebody in a letter to others, post and name in both languages; a name that says the post stands alone."""
    zh = row.name_zh if row.title_zh in row.name_zh else row.title_zh + row.name_zh
    en = row.name_en if row.title_en in row.name_en else _post_and_name(row.name_en, row.title_en, ", ")
    return {"who_zh": zh or row.name_en, "who_en": en or row.name_zh}


def _post_and_name(first: str | None, second: str | None, between: str) -> str:
    return between.join(part for part in (first, second) if part)


def text_of(facts: Mapping[str, Any], name: str, language: str) -> str:
    """A fact in the language, the other language's where it has none."""
    return choose(facts.get(f"{name}_zh"), facts.get(f"{name}_en"), language)


def instant_of(facts: Mapping[str, Any], name: str) -> datetime | None:
    """A fact that is an instant."""
    value = facts.get(name)
    return datetime.fromisoformat(value) if value else None
