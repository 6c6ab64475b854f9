"""What an organizer decides about a meeting, as one value, and what can be wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from eventsys.calendar.zones import is_zone
from eventsys.core.columns import BLOCK, LINE
from eventsys.core.formats import moment
from eventsys.core.language import gettext as _
from eventsys.core.text import TextRefused, clean_block, clean_line
from eventsys.mail.address import exact_address
from eventsys.meetings.alarms import LONGEST as LONGEST_ALARM
from eventsys.meetings.alarms import MOST, USUAL, are_alarms
from eventsys.meetings.models import Meeting, MeetingKind, Visibility

LONGEST = timedelta(days=31)
LARGEST = 100_000
LINES: Mapping[str, int] = MappingProxyType(
    {
        "title_zh": LINE,
        "title_en": LINE,
        "venue_zh": LINE,
        "venue_en": LINE,
        "address_zh": LINE,
        "address_en": LINE,
        "online_url": 500,
        "contact_name": 120,
        "contact_phone": 40,
        "contact_email": 320,
    }
)
BLOCKS: Mapping[str, int] = MappingProxyType({"notes_zh": BLOCK, "notes_en": BLOCK})


class Problem(NamedTuple):
    """What is wrong with one fact: the name of the fact, and what to do in words."""

    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFacts:
    """Every column that an organizer edits. Times are aware instants, `zone` an IANA name, "" stands for nothing."""

    kind: MeetingKind
    convener_id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    visibility: Visibility
    title_zh: str = ""
    title_en: str = ""
    venue_zh: str = ""
    venue_en: str = ""
    address_zh: str = ""
    address_en: str = ""
    online_url: str = ""
    reply_by: datetime | None = None
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    notes_zh: str = ""
    notes_en: str = ""
    alarms: str = USUAL
    capacity: int | None = None

    @classmethod
    def of(cls, meeting: Meeting) -> Self:
        """The facts as the record says them."""
        return cls(**{name: getattr(meeting, name) for name in cls.__slots__})

    def columns(self) -> dict[str, Any]:
        """The facts by column name."""
        return {name: getattr(self, name) for name in self.__slots__}


def problems(facts: MeetingFacts) -> list[Problem]:
    """Everything that keeps these facts from being saved, in the order of the form; [] when all is well."""
    return [
        *_titles(facts),
        *_texts(facts),
        *_times(facts),
        *_reply(facts),
        *_contact(facts),
        *_reminders(facts),
        *_room(facts),
    ]


def _titles(facts: MeetingFacts) -> Iterator[Problem]:
    if facts.visibility is Visibility.PUBLIC:
        if not facts.title_zh:
            yield Problem("title_zh", _("Enter the Chinese title: a public meeting needs a Chinese and an English one"))
        if not facts.title_en:
            yield Problem("title_en", _("Enter the English title: a public meeting needs a Chinese and an English one"))
    elif not facts.title_zh and not facts.title_en:
        yield Problem("title_zh", _("Enter a title"))


def _texts(facts: MeetingFacts) -> Iterator[Problem]:
    for limits, clean in ((LINES, clean_line), (BLOCKS, clean_block)):
        for name, limit in limits.items():
            try:
                clean(getattr(facts, name), limit)
            except TextRefused as refused:
                yield Problem(name, refused.reason)


def _times(facts: MeetingFacts) -> Iterator[Problem]:
    if not is_zone(facts.zone):
        yield Problem("zone", _("Choose a time zone from the list"))
    if facts.ends_at <= facts.starts_at:
        yield Problem("ends_at", _("Set the end to a time after the start"))
    elif facts.ends_at - facts.starts_at > LONGEST:
        yield Problem("ends_at", _("Set an earlier end: a meeting lasts 31 days at most"))


def _reply(facts: MeetingFacts) -> Iterator[Problem]:
    if facts.reply_by is not None and facts.reply_by > facts.starts_at:
        zone = facts.zone if is_zone(facts.zone) else "UTC"
        start = moment(facts.starts_at, zone)
        yield Problem("reply_by", _("Set the reply deadline before the start of the meeting (%(start)s)", start=start))


def _contact(facts: MeetingFacts) -> Iterator[Problem]:
    if facts.online_url and not _is_https(facts.online_url):
        yield Problem("online_url", _("Enter a link that begins with https://"))
    if facts.contact_email and not _is_address(facts.contact_email):
        yield Problem("contact_email", _("Enter one e-mail address, such as name@example.org"))


def _reminders(facts: MeetingFacts) -> Iterator[Problem]:
    if not are_alarms(facts.alarms):
        yield Problem(
            "alarms",
            _(
                "Enter whole minutes before the start, such as 60, 15: at most %(most)s, none over %(longest)s",
                most=MOST,
                longest=LONGEST_ALARM,
            ),
        )


def _room(facts: MeetingFacts) -> Iterator[Problem]:
    if facts.capacity is not None and not 0 < facts.capacity <= LARGEST:
        yield Problem(
            "capacity",
            _("Enter how many places there are as a whole number from 1 to %(most)s, or leave it empty", most=LARGEST),
        )


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname) and not any(letter.isspace() for letter in url)
    except ValueError:
        return False


def _is_address(text: str) -> bool:
    try:
        return bool(exact_address(text))
    except ValueError:
        return False
