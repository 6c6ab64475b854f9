"""Those who owe an answer as pages show them: by organization, one line a letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eventsys.chasing.queries.waiting import Waiting
from eventsys.core.language import choose
from eventsys.invitations.facts import Invitee


@dataclass(frozen=True, slots=True)
class Line:
    """One reader of a reminder: whom, for which posts, in which language, and what they got so far."""

    key: str
    organization_id: int
    organization: str
    title: str
    name: str
    language: str
    email: str
    is_liaison: bool
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Group:
    """The readers of one organization."""

    organization_id: int
    name: str
    lines: tuple[Line, ...]


def line(row: Waiting) -> Line:
    reader = row.reader
    is_liaison = not isinstance(reader, Invitee)
    if isinstance(reader, Invitee):
        title = reader.title()
    else:
        title = choose("、", ", ").join(choose(zh, en) for _place_id, zh, en in reader.places)
    return Line(
        key=row.key,
        organization_id=row.organization_id,
        organization=choose(reader.organization_zh, reader.organization_en),
        title=title,
        name=choose(reader.name_zh, reader.name_en),
        language=reader.language,
        email=reader.email,
        is_liaison=is_liaison,
        waiting=row,
    )


def grouped(found: Iterable[Waiting]) -> list[Group]:
    """The readers by organization, in the order in which organizations come first."""
    groups: dict[int, list[Line]] = {}
    for row in found:
        groups.setdefault(row.organization_id, []).append(line(row))
    return [Group(key, lines[0].organization, tuple(lines)) for key, lines in groups.items()]


def in_language(found: Sequence[Waiting], language: str) -> int:
    """How many of the letters are in the language."""
    return sum(row.reader.language == language for row in found)
