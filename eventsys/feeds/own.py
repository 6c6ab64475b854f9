"""A person's own calendar: their answer beside each meeting.

A published calendar names no attendees (RFC 5546 3.2.1), so the answer is said in what every programme shows: a mark
before the title, a line of the description, STATUS and TRANSP.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple, Self

from eventsys.calendar.feed import Busy, Part, bare, joined, part
from eventsys.calendar.model import Status
from eventsys.core.language import LazyText, choose, current_language
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.feeds.queries.meetings import BETWEEN, OTHER, Standing, State, own_rows, state_of
from eventsys.feeds.texts import texts_of
from eventsys.invitations.models import Leave, Reply
from eventsys.invitations.words import LEAVES, REPLIES

GONE, PAST = Standing.GONE.value, Standing.PAST.value


def whole_name(title: str, name: str) -> str:
    """Post and name as the current language joins them."""
    return ("" if current_language() == "zh" else " ").join(each for each in (title, name) if each)


class Contents(NamedTuple):
    """The octets of all VEVENTs in order, the zones that they are in, and what tells them from another time's."""

    octets: list[bytes]
    zones: set[str]
    state: State


class Shown(NamedTuple):
    """How a standing is shown: the answer in words, whether it is marked at the title, and the reader's time."""

    answer: LazyText | None
    is_marked: bool
    status: Status
    busy: Busy


SHOWN: Mapping[Standing, Shown] = {
    Standing.GONE: Shown(_l("No longer asked"), True, Status.CANCELLED, Busy.FREE),
    Standing.CANCELLED: Shown(None, False, Status.CANCELLED, Busy.FREE),
    Standing.ACCEPTED: Shown(REPLIES[Reply.ACCEPTED], False, Status.CONFIRMED, Busy.BUSY),
    Standing.TENTATIVE: Shown(REPLIES[Reply.TENTATIVE], True, Status.TENTATIVE, Busy.TENTATIVE),
    Standing.DELEGATED: Shown(REPLIES[Reply.DELEGATED], True, Status.CONFIRMED, Busy.FREE),
    Standing.LEAVE_REQUESTED: Shown(LEAVES[Leave.REQUESTED], True, Status.CONFIRMED, Busy.FREE),
    Standing.LEAVE_GRANTED: Shown(LEAVES[Leave.GRANTED], True, Status.CONFIRMED, Busy.FREE),
    Standing.LEAVE_REFUSED: Shown(LEAVES[Leave.REFUSED], True, Status.CONFIRMED, Busy.BUSY),
    Standing.DECLINED: Shown(REPLIES[Reply.DECLINED], True, Status.CONFIRMED, Busy.FREE),
    Standing.FREE: Shown(None, False, Status.CONFIRMED, Busy.FREE),
    Standing.ASKED: Shown(REPLIES[Reply.PENDING], True, Status.TENTATIVE, Busy.TENTATIVE),
    Standing.SILENT: Shown(None, False, Status.CONFIRMED, Busy.BUSY),
}


class Named(NamedTuple):
    """Somebody else on the place, as the rows name them in one column."""

    title_zh: str
    title_en: str
    name_zh: str
    name_en: str
    reply: str

    @classmethod
    def both(cls, column: str | None) -> tuple[Self | None, ...]:
        """Whom somebody stands in for and who stands in for them, from one column."""
        return tuple(cls(*each.split(BETWEEN)) if each else None for each in (column or OTHER).split(OTHER))

    def title(self) -> str:
        return choose(self.title_zh, self.title_en)

    def name(self) -> str:
        return choose(self.name_zh, self.name_en)

    def whole(self) -> str:
        """Post and name as each language joins them."""
        return whole_name(self.title(), self.name())


def contents(person_id: int, since: datetime, language: str) -> Contents:
    """What stands in a person's own calendar. The language is also the current one."""
    rows = own_rows(person_id, since)
    texts = texts_of([(row[0], row[2]) for row in rows], language)
    octets: list[bytes] = []
    zones: set[str] = set()
    parts: dict[tuple[str, str | None], Part] = {}
    last = None
    for meeting_id, sequence, _prepared, stamp, _revision, standing, others in rows:
        text = texts.get(meeting_id)
        if meeting_id == last or text is None or standing == PAST:
            continue
        last, key = meeting_id, (standing, others)
        own = parts.get(key)
        if own is None:
            own = parts[key] = part_of(Standing(standing), *Named.both(others))
        zones.add(text.zone)
        octets += joined(bare(text.octets) if standing == GONE else text.octets, own, sequence, stamp)
    return Contents(octets, zones, state_of(rows))


def part_of(standing: Standing, original: Named | None = None, present: Named | None = None) -> Part:
    """The reader's part of a VEVENT, in the current language."""
    shown = SHOWN[standing]
    mark = _("[%(state)s] %(title)s", state=shown.answer, title="") if shown.is_marked else ""
    return part(mark, tuple(_words(standing, original, present)), shown.status, shown.busy)


def _words(standing: Standing, original: Named | None, present: Named | None) -> Iterator[str]:
    """The lines at the end of the description."""
    match standing:
        case Standing.GONE:
            yield _("You are no longer asked to come to this meeting. You need not do anything.")
            return
        case Standing.CANCELLED:
            return
        case Standing.ASKED:
            yield _("You have not answered yet. The link in your invitation takes your answer.")
        case _ if SHOWN[standing].answer is not None:
            yield _("%(label)s: %(value)s", label=_("Your answer"), value=SHOWN[standing].answer)
    if original is not None:
        yield _("You are asked to come instead of %(whom)s.", whom=original.title() or original.name())
    if present is not None:
        yield _("%(name)s comes instead.", name=present.whole())
        if present.reply == Reply.ACCEPTED:
            yield _("The answer from there: yes.")
