"""What is about to go out, grouped as the organizer looks at it before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from eventsys.core.language import choose
from eventsys.invitations.facts import Invitee, Liaison

OWN, LIAISONS, NO_ADDRESS, NO_LIAISON = "own", "liaisons", "no_address", "no_liaison"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: who, in which language, to which address, and why not if nothing goes out."""

    group: str
    id: int
    organization: str
    title: str
    name: str
    language: str
    email: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Everybody concerned by one sending: who gets a letter, and who would but cannot."""

    invitees: Sequence[Invitee]
    liaisons: Sequence[Liaison] = ()
    unnamed: Sequence[tuple[int, int | None, str, str]] = ()
    names: dict[int, tuple[str, str]] = field(default_factory=dict)

    @property
    def reachable(self) -> list[Invitee]:
        return [row for row in self.invitees if row.has_address]

    @property
    def letters(self) -> int:
        """How many letters go out."""
        return len(self.reachable) + len(self.liaisons)

    def in_language(self, language: str) -> int:
        """How many of the letters are in the language."""
        people = sum(row.language == language for row in self.reachable)
        return people + sum(row.language == language for row in self.liaisons)

    @property
    def without_liaison(self) -> list[tuple[int, int | None, str, str]]:
        """Places to be named for which nobody can be written to; they wait."""
        asked = {row.organization_id for row in self.liaisons}
        return [place for place in self.unnamed if place[1] not in asked]

    def lines(self, show: str = "") -> list[Line]:
        """The lines in order; `show` keeps one language ("zh", "en") or one group."""
        lines = [*map(_line, self.invitees), *map(_liaison_line, self.liaisons)]
        lines += map(self._waiting, self.without_liaison)
        if show in ("zh", "en"):
            return [line for line in lines if line.language == show and line.group in (OWN, LIAISONS)]
        return [line for line in lines if show in ("", line.group)]

    def count(self, group: str) -> int:
        return sum(line.group == group for line in self.lines())

    def _waiting(self, place: tuple[int, int | None, str, str]) -> Line:
        zh, en = self.names.get(place[1] or 0, ("", ""))
        return Line(NO_LIAISON, place[0], choose(zh, en), choose(place[2], place[3]), "", "", "")


def _line(row: Invitee) -> Line:
    group = OWN if row.has_address else NO_ADDRESS
    return Line(group, row.attendee_id, row.organization(), row.title(), row.name(), row.language, row.email)


def _liaison_line(row: Liaison) -> Line:
    posts = choose("、", ", ").join(choose(zh, en) for _place_id, zh, en in row.places)
    name, organization = choose(row.name_zh, row.name_en), choose(row.organization_zh, row.organization_en)
    return Line(LIAISONS, row.person_id, organization, posts, name, row.language, row.email)
