"""What a change makes of a meeting, fact by fact: old and new words side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from eventsys.core.formats import count_days, moment, span, zone_name
from eventsys.core.language import LazyText, choose, ngettext
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.meetings.alarms import minutes_of
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.words import KINDS, VISIBILITIES

DAY = 24 * 60
LONG_AGO = datetime(1200, 1, 1, tzinfo=UTC)


class Compared(NamedTuple):
    """One fact that differs; "" where there was, or will be, none. `lang` is that of both texts, if they have one."""

    label: str
    old: str
    new: str
    lang: str = ""


TEXTS: tuple[tuple[str, LazyText], ...] = (
    ("title_zh", _l("Title in Chinese")),
    ("title_en", _l("Title in English")),
    ("venue_zh", _l("Venue")),
    ("venue_en", _l("Venue in English")),
    ("address_zh", _l("Address")),
    ("address_en", _l("Address in English")),
    ("online_url", _l("Link for joining online")),
)
LAST_TEXTS: tuple[tuple[str, LazyText], ...] = (
    ("contact_name", _l("Contact")),
    ("contact_phone", _l("Telephone")),
    ("contact_email", _l("E-mail")),
    ("notes_zh", _l("Notes for participants")),
    ("notes_en", _l("Notes in English")),
)
LANGUAGES = {"_zh": "zh-Hans", "_en": "en"}


def compared(before: MeetingFacts, after: MeetingFacts, name_of: Callable[[int], str]) -> list[Compared]:
    """Every fact that differs, the weightiest first; `name_of` gives an organization's name."""
    return [*_times(before, after), *_texts(before, after, TEXTS), *_rest(before, after, name_of)]


def _times(before: MeetingFacts, after: MeetingFacts) -> Iterator[Compared]:
    if (before.starts_at, before.ends_at, before.zone) != (after.starts_at, after.ends_at, after.zone):
        yield Compared(_("Time"), _when(before, after.zone), _when(after, before.zone))
    if before.reply_by != after.reply_by:
        yield Compared(_("Replies close"), _deadline(before), _deadline(after))


def _when(facts: MeetingFacts, other_zone: str) -> str:
    """With its year; with the zone where the other side has another."""
    words = span(facts.starts_at, facts.ends_at, facts.zone, LONG_AGO)
    return words if facts.zone == other_zone else f"{words} · {zone_name(facts.zone, facts.starts_at)}"


def _deadline(facts: MeetingFacts) -> str:
    if facts.reply_by is None:
        return _("No deadline")
    return moment(facts.reply_by, facts.zone, LONG_AGO)


def _texts(before: MeetingFacts, after: MeetingFacts, names: tuple[tuple[str, LazyText], ...]) -> Iterator[Compared]:
    for name, label in names:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Compared(str(label), old, new, LANGUAGES.get(name[-3:], ""))


def _rest(before: MeetingFacts, after: MeetingFacts, name_of: Callable[[int], str]) -> Iterator[Compared]:
    if before.visibility != after.visibility:
        old, new = (str(VISIBILITIES[each.visibility][0]) for each in (before, after))
        yield Compared(_("Who can see it"), old, new)
    if before.kind != after.kind:
        yield Compared(_("Kind of meeting"), str(KINDS[before.kind]), str(KINDS[after.kind]))
    if before.convener_id != after.convener_id:
        yield Compared(_("Convening organization"), name_of(before.convener_id), name_of(after.convener_id))
    yield from _texts(before, after, LAST_TEXTS)
    if before.alarms != after.alarms:
        yield Compared(_("Reminders"), _alarms(before), _alarms(after))
    if before.capacity != after.capacity:
        yield Compared(_("Places in all"), str(before.capacity or ""), str(after.capacity or ""))


def _alarms(facts: MeetingFacts) -> str:
    """`1 day, 30 minutes before the start`."""
    times = choose("、", ", ").join(_length(minutes) for minutes in minutes_of(facts.alarms))
    return _("%(times)s before the start", times=times) if times else _("none")


def _length(minutes: int) -> str:
    if minutes and minutes % DAY == 0:
        return count_days(minutes // DAY)
    return ngettext("%(num)s minute", "%(num)s minutes", minutes)
