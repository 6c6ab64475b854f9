"""What asking would make: per organization each place, who holds the post, what stands already, who answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select

from eventsys.accounts.queries import liaisons_of
from eventsys.core.actor import Actor
from eventsys.core.language import choose
from eventsys.directory.models import Organization
from eventsys.directory.queries import Candidate, audiences_of, candidates
from eventsys.directory.queries.organizations import is_open
from eventsys.extensions import db
from eventsys.invitations.facts import is_address, mark
from eventsys.invitations.models import Ask, Place, PlaceRole
from eventsys.invitations.operations.rows import NewPlace
from eventsys.invitations.queries.prepare import Asked, asked, day_of
from eventsys.meetings.models import Meeting
from eventsys.quotas.queries.demand import Demand, Way
from eventsys.quotas.queries.pattern import find_pattern


@dataclass(frozen=True, slots=True)
class ProposedPlace:
    """A post that must come, with whoever holds it; `stands`: it is on the list already."""

    candidate: Candidate
    role: PlaceRole
    stands: bool

    @property
    def is_unnamed(self) -> bool:
        return self.candidate.person_id is None

    @property
    def lacks_address(self) -> bool:
        return not self.is_unnamed and not is_address(self.candidate.email)


@dataclass(frozen=True, slots=True)
class Proposed:
    """What one organization would be asked for. `further` and `observers` are how many it then has; it has `*_before`.

    `version` is its row's, 0 while it has none. `liaisons` are the names of those who answer for it.
    """

    organization_id: int
    name_zh: str
    name_en: str
    liaisons: tuple[str, ...]
    places: tuple[ProposedPlace, ...]
    further: int
    further_before: int
    observers: int
    observers_before: int
    version: int
    note_zh: str = ""
    note_en: str = ""

    @property
    def name(self) -> str:
        return choose(self.name_zh, self.name_en)

    @property
    def new(self) -> list[NewPlace]:
        """The places that would be made."""
        posts = [NewPlace(self.organization_id, each.role, each.candidate) for each in self.places if not each.stands]
        further = NewPlace(self.organization_id, PlaceRole.REQUIRED)
        observer = NewPlace(self.organization_id, PlaceRole.OBSERVER)
        return [
            *posts,
            *[further] * (self.further - self.further_before),
            *[observer] * (self.observers - self.observers_before),
        ]

    @property
    def to_be_named(self) -> int:
        """How many of the new places wait for the organization to name somebody."""
        return sum(each.candidate is None or each.candidate.person_id is None for each in self.new)


@dataclass(slots=True)
class _Wanted:
    """What is wanted of one organization."""

    posts: list[tuple[Candidate, PlaceRole]] = field(default_factory=list)
    further: int = 0
    observers: int = 0
    note_zh: str = ""
    note_en: str = ""


def propose(meeting: Meeting, demand: Demand, actor: Actor) -> list[Proposed]:
    """What this demand comes to for each organization, in the directory's order."""
    wanted = _wanted(meeting, demand, actor)
    if not wanted:
        return []
    rows = db.session.execute(
        select(Organization.id, Organization.path, Organization.name_zh, Organization.name_en)
        .where(Organization.id.in_(wanted), is_open(day_of(meeting)))
        .order_by(Organization.position, Organization.sort_key, Organization.id)
    ).all()
    liaisons = liaisons_of({row.id: row.path for row in rows})
    so_far = asked(meeting)
    present = {
        row.organization_id: row
        for row in db.session.execute(
            select(Ask.organization_id, Ask.further, Ask.observers, Ask.version).where(Ask.meeting_id == meeting.id)
        )
    }
    return [
        _proposed(row, wanted[row.id], present.get(row.id), so_far, [who.name() for who in liaisons[row.id]])
        for row in rows
    ]


def mark_of_proposal(meeting: Meeting, proposed: Sequence[Proposed]) -> str:
    """A mark of all that was shown: it changes with holders, with what stands already, and with what is wanted."""
    return mark(
        meeting.id,
        [
            (
                *(each.organization_id, each.version, each.further, each.observers),
                [(place.candidate.post_id, place.candidate.person_id, place.stands) for place in each.places],
            )
            for each in proposed
        ],
    )


def _proposed(row: Any, wanted: _Wanted, present: Any, so_far: Asked, liaisons: Iterable[str]) -> Proposed:
    further, observers = (present.further, present.observers) if present else (0, 0)
    return Proposed(
        organization_id=row.id,
        name_zh=row.name_zh,
        name_en=row.name_en,
        liaisons=tuple(liaisons),
        places=tuple(ProposedPlace(who, role, _stands(who, so_far)) for who, role in wanted.posts),
        further=max(further, wanted.further),
        further_before=further,
        observers=max(observers, wanted.observers),
        observers_before=observers,
        version=present.version if present else 0,
        note_zh=wanted.note_zh,
        note_en=wanted.note_en,
    )


def _stands(who: Candidate, so_far: Asked) -> bool:
    """The post has its place already, whoever was named for it; or its holder has one."""
    return who.post_id in so_far.post_ids or who.person_id in so_far.person_ids


def _wanted(meeting: Meeting, demand: Demand, actor: Actor) -> dict[int, _Wanted]:
    on = day_of(meeting)
    if demand.way is Way.PATTERN:
        return _as_before(meeting, demand.pattern_id, on)
    if demand.way is Way.AUDIENCE:
        found = audiences_of(actor, {demand.audience_id}) if demand.audience_id else []
        own = [who for who in candidates(found[0].rule, on) if who.organization_id] if found else []
        ids = {who.organization_id for who in own if who.organization_id}
        posts = _posts(ids, demand, on) if demand.post_kind_ids else [who for who in own if who.post_id]
    else:
        ids = set(db.session.scalars(select(Organization.id).where(_chosen(demand), is_open(on))))
        posts = _posts(ids, demand, on)
    wanted = {each: _Wanted(further=demand.further, observers=demand.observers) for each in ids}
    for who in posts:
        wanted[who.organization_id or 0].posts.append((who, PlaceRole.REQUIRED))
    return wanted


def _chosen(demand: Demand) -> ColumnElement[bool]:
    if demand.way is Way.KINDS:
        return Organization.kind.in_(demand.organization_kinds)
    return or_(false(), Organization.id.in_(demand.organization_ids))


def _posts(ids: Collection[int], demand: Demand, on: date) -> list[Candidate]:
    """Whoever holds posts of the kinds in these organizations, and those that nobody holds."""
    if not ids or not demand.post_kind_ids:
        return []
    return candidates({"organization_ids": sorted(ids), "post_kind_ids": demand.post_kind_ids}, on)


def _as_before(meeting: Meeting, pattern_id: int, on: date) -> dict[int, _Wanted]:
    """What each organization was asked for at an earlier meeting: posts with their role, quota and note."""
    if find_pattern(meeting, pattern_id) is None:
        return {}
    asks = select(Ask).where(Ask.meeting_id == pattern_id)
    wanted = {
        row.organization_id: _Wanted([], row.further, row.observers, row.note_zh, row.note_en)
        for row in db.session.scalars(asks)
    }
    roles = _roles_of_posts(pattern_id)
    for who in candidates({"post_ids": sorted(roles)}, on) if roles else []:
        if who.organization_id in wanted and who.post_id is not None:
            wanted[who.organization_id].posts.append((who, roles[who.post_id]))
    return wanted


def _roles_of_posts(meeting_id: int) -> Mapping[int, PlaceRole]:
    statement = select(Place.post_id, Place.role).where(
        Place.meeting_id == meeting_id, Place.withdrawn_at.is_(None), Place.post_id.is_not(None)
    )
    return {row.post_id: row.role for row in db.session.execute(statement)}
