"""What the organizer wants of which organizations, as an address says it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from werkzeug.datastructures import MultiDict

from eventsys.directory.fields import number_of
from eventsys.directory.models import OrganizationKind

MOST_EACH = 200
"""How many further places, or observers, one organization can be asked for."""
MOST_CHOSEN = 2000


class Way(StrEnum):
    """How organizations are chosen."""

    KINDS = "kinds"
    AUDIENCE = "audience"
    NAMED = "named"
    PATTERN = "pattern"


@dataclass(frozen=True, slots=True)
class Demand:
    """Organizations chosen one `way`, and what each of them is asked for.

    By the pattern of an earlier meeting (`pattern_id`) each is asked for what it was asked for there. An audience
    without `post_kind_ids` asks for the posts of its own rule.
    """

    way: Way = Way.KINDS
    organization_kinds: tuple[str, ...] = ()
    audience_id: int = 0
    organization_ids: tuple[int, ...] = ()
    pattern_id: int = 0
    post_kind_ids: tuple[int, ...] = ()
    further: int = 0
    observers: int = 0

    @classmethod
    def of(cls, values: MultiDict[str, str]) -> Self:
        """From the query of an address; what is no choice is left out, and numbers stay within their bounds."""
        way = values.get("way", "")
        kinds = set(OrganizationKind)
        return cls(
            Way(way) if way in set(Way) else Way.KINDS,
            tuple(kind for kind in values.getlist("organization_kinds") if kind in kinds),
            number_of(values.get("audience", "")),
            _ids(values.getlist("organizations")),
            number_of(values.get("pattern", "")),
            _ids(values.getlist("post_kinds")),
            min(number_of(values.get("further", "")), MOST_EACH),
            min(number_of(values.get("observers", "")), MOST_EACH),
        )

    @property
    def chooses(self) -> bool:
        """Whether organizations were chosen at all."""
        return bool(
            {
                Way.KINDS: self.organization_kinds,
                Way.AUDIENCE: self.audience_id,
                Way.NAMED: self.organization_ids,
                Way.PATTERN: self.pattern_id,
            }[self.way]
        )

    @property
    def asks(self) -> bool:
        """Whether they are asked for anything."""
        own = self.way in (Way.AUDIENCE, Way.PATTERN)
        return own or bool(self.post_kind_ids or self.further or self.observers)


def _ids(texts: list[str]) -> tuple[int, ...]:
    return tuple(sorted({number_of(text) for text in texts[:MOST_CHOSEN]} - {0}))
