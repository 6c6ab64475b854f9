"""The shapes of what was asked and answered: a place's state, counts, filters, one row of the list."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum

from eventsys.core.actor import Channel
from eventsys.core.language import choose
from eventsys.invitations.models import Leave, PlaceRole, Reply


class PlaceState(StrEnum):
    """The state of a place as every list, count and picture says it."""

    ACCEPTED = "accepted"
    SUBSTITUTE = "substitute"
    TENTATIVE = "tentative"
    LEAVE_REQUESTED = "leave_requested"
    ON_LEAVE = "on_leave"
    DECLINED = "declined"
    NO_REPLY = "no_reply"
    TO_BE_NAMED = "to_be_named"
    PREPARED = "prepared"
    OPTIONAL = "optional"


NEED_NOT_ANSWER = frozenset({PlaceRole.OPTIONAL, PlaceRole.OBSERVER})
ANSWERED = frozenset(
    {
        PlaceState.ACCEPTED,
        PlaceState.SUBSTITUTE,
        PlaceState.TENTATIVE,
        PlaceState.LEAVE_REQUESTED,
        PlaceState.ON_LEAVE,
        PlaceState.DECLINED,
    }
)
OTHER_POSTS, FURTHER, OBSERVERS = 0, -1, -2
NEEDS_ORGANIZER = (PlaceState.LEAVE_REQUESTED, PlaceState.TO_BE_NAMED)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many places are in each state; `optional` are those told that need not answer and have not."""

    accepted: int = 0
    substitute: int = 0
    tentative: int = 0
    leave_requested: int = 0
    on_leave: int = 0
    declined: int = 0
    no_reply: int = 0
    to_be_named: int = 0
    prepared: int = 0
    optional: int = 0

    @property
    def places(self) -> int:
        """All places asked for and not withdrawn."""
        return sum(getattr(self, each.name) for each in fields(self))

    @property
    def answered(self) -> int:
        """Places whose current attendee answered; leave asked for is an answer."""
        return sum(getattr(self, state.value) for state in ANSWERED)

    def of(self, state: PlaceState) -> int:
        return int(getattr(self, state.value))


@dataclass(frozen=True, slots=True)
class OrganizationCounts:
    """The counts of one organization's places; id None stands for places of no organization."""

    organization_id: int | None
    name_zh: str
    name_en: str
    counts: Counts

    def name(self, language: str | None = None) -> str:
        return choose(self.name_zh, self.name_en, language)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of places is narrowed to; 0 as `organization_id` asks for places that have none.

    `kind_id` is a column of the matrix: a kind of post, `OTHER_POSTS`, `FURTHER` or `OBSERVERS`. `place_ids` are the
    places that conflict, where only those are asked for.
    """

    show: frozenset[PlaceState] = frozenset()
    organization_id: int | None = None
    kind_id: int | None = None
    q: str = ""
    needs_me: bool = False
    place_ids: frozenset[int] | None = None

    def without_state(self) -> Filters:
        """The same without its states: what the counts beside a filtered list are of."""
        return replace(self, show=frozenset())


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """One place with its current attendee; attendee's columns are None or empty for a place to be named."""

    place_id: int
    role: PlaceRole
    organization_id: int | None
    organization_zh: str
    organization_en: str
    post_id: int | None
    kind_id: int | None
    post_zh: str
    post_en: str
    attendee_id: int | None
    version: int | None
    person_id: int | None
    name_zh: str
    name_en: str
    title_zh: str
    title_en: str
    email: str
    phone: str
    state: PlaceState
    reply: Reply | None
    leave: Leave | None
    comment: str
    channel: Channel | None
    replied_at: datetime | None
    replied_by: str
    told_at: datetime | None
    reminded_at: datetime | None
    leave_decided_at: datetime | None
    stands_in_for_zh: str
    stands_in_for_en: str
    is_substitute: bool
    mail_returned: bool

    def name(self, language: str | None = None) -> str:
        return choose(self.name_zh, self.name_en, language)

    def organization(self, language: str | None = None) -> str:
        return choose(self.organization_zh, self.organization_en, language)

    def title(self, language: str | None = None) -> str:
        """The post's words: the attendee's own at that time, else those of the place's post."""
        return choose(self.title_zh, self.title_en, language) or choose(self.post_zh, self.post_en, language)

    def post(self, language: str | None = None) -> str:
        return choose(self.post_zh, self.post_en, language)

    def stands_in_for(self, language: str | None = None) -> str:
        """The post of whom a substitute stands in for."""
        return choose(self.stands_in_for_zh, self.stands_in_for_en, language)
