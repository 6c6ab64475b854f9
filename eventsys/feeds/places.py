"""An organization's calendar: who of it goes to each meeting, and how many places wait.

It blocks nobody's time: whoever subscribes to it is seldom the one who goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from eventsys.calendar.feed import Busy, Part, bare, joined, part
from eventsys.calendar.model import Status
from eventsys.core.language import gettext as _
from eventsys.core.language import ngettext
from eventsys.feeds.own import Contents, whole_name
from eventsys.feeds.queries.meetings import BETWEEN, OPEN, Beside, State, organization_rows, state_of
from eventsys.feeds.texts import Texts, texts_of
from eventsys.invitations.queries.shapes import PlaceState
from eventsys.invitations.words import STATES
from eventsys.meetings.models import MeetingState

NAMED = 12
OWED = frozenset({PlaceState.NO_REPLY.value, PlaceState.TO_BE_NAMED.value})
WITHDRAWN, HIDDEN = Beside.WITHDRAWN.value, (Beside.UNTOLD.value, Beside.PAST.value)
Line = tuple[str, str | None]


class _Meeting:
    """One meeting while its places are read: those that stand, and when what is told of it last changed."""

    __slots__ = ("lines", "sequence", "stamp", "state")

    def __init__(self, sequence: int, state: str) -> None:
        self.sequence, self.state, self.stamp = sequence, state, ""
        self.lines: tuple[Line, ...] = ()


def contents(organization_id: int, since: datetime, language: str) -> Contents:
    """What stands in an organization's calendar. The language is also the current one.

    A meeting at which no place stands any more is told as cancelled until it changes again, then not at all.
    """
    rows = organization_rows(organization_id, since, language)
    texts = texts_of([(row[0], row[2]) for row in rows], language)
    meetings: dict[int, _Meeting] = {}
    for meeting_id, sequence, _prepared, stamp, _revision, state, place, person in rows:
        if place in HIDDEN or meeting_id not in texts:
            continue
        meeting = meetings.get(meeting_id)
        if meeting is None:
            meeting = meetings[meeting_id] = _Meeting(sequence, state)
        meeting.stamp = max(meeting.stamp, stamp)
        if place != WITHDRAWN:
            meeting.lines += ((place, person),)
    return _contents(meetings, texts, state_of(rows))


def _contents(meetings: Mapping[int, _Meeting], texts: Texts, state: State) -> Contents:
    octets: list[bytes] = []
    zones: set[str] = set()
    parts: dict[tuple[str, tuple[Line, ...]], Part] = {}
    for meeting_id, meeting in meetings.items():
        text, lines = texts[meeting_id], meeting.lines
        own = parts.get(key := (meeting.state, lines))
        if own is None:
            own = parts[key] = part_of(*key)
        zones.add(text.zone)
        octets += joined(text.octets if lines else bare(text.octets), own, meeting.sequence, meeting.stamp)
    return Contents(octets, zones, state)


def part_of(state: str, lines: Sequence[Line]) -> Part:
    """The organization's part of a VEVENT, in the current language; without lines all its places were withdrawn."""
    if not lines:
        words = _("Your organization is no longer asked to come to this meeting.")
        return part(_marked(_("No longer asked")), (words,), Status.CANCELLED, Busy.FREE)
    if state == MeetingState.CANCELLED:
        return part("", (), Status.CANCELLED, Busy.FREE)
    owed = sum(place in OWED for place, _person in lines) if state in OPEN else 0
    mark = _marked(ngettext("%(num)s place open", "%(num)s places open", owed)) if owed else ""
    return part(mark, tuple(_words(lines)), Status.TENTATIVE if owed else Status.CONFIRMED, Busy.FREE)


def _marked(word: str) -> str:
    return _("[%(state)s] %(title)s", state=word, title="")


def _words(lines: Sequence[Line]) -> Iterator[str]:
    """One line for each place, in the order of the list; of very many only the first."""
    for place, person in islice(lines, NAMED):
        who = whole_name(*(person or BETWEEN).split(BETWEEN))
        word = str(STATES[PlaceState(place)])
        yield _("%(label)s: %(value)s", label=who, value=word) if who else word
    if len(lines) > NAMED:
        yield _("and %(num)s more", num=len(lines) - NAMED)
