"""Two records side by side, and everything that follows when they become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from eventsys.accounts.models import Account, HeldRole
from eventsys.agenda.models import AgendaItem
from eventsys.core.outbox import Letter
from eventsys.directory.models import Appointment, Audience, DistinctPeople, Organization, Person, Post
from eventsys.extensions import db
from eventsys.feeds.models import CalendarAddress
from eventsys.invitations import facts
from eventsys.invitations.models import Attendee, Place, Reply
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.succession.days import Span, joined

COMING = (MeetingState.DRAFT, MeetingState.SCHEDULED, MeetingState.IN_SESSION)


@dataclass(frozen=True, slots=True)
class PersonPair:
    """Two present records: the one that stays, and the one that is merged into it."""

    staying: Person
    gone: Person


@dataclass(frozen=True, slots=True)
class Held:
    """One appointment with the words of its post."""

    appointment_id: int
    person_id: int
    post_id: int
    title: str
    organization: str
    starts_on: date
    ends_on: date | None
    version: int

    @property
    def span(self) -> Span:
        return Span(self.starts_on, self.ends_on)


@dataclass(frozen=True, slots=True)
class Join:
    """Appointments of both people that overlap on one post: the one that stays takes the days of all."""

    stays: Held
    others: tuple[Held, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class OnPlace:
    """One of the two people on a place of a meeting, with their answer."""

    attendee_id: int
    version: int
    place_id: int
    is_of_post: bool
    organization: str
    title: str
    reply: Reply
    told: bool


@dataclass(frozen=True, slots=True)
class Clash:
    """A meeting at which both are expected. Only one place can be one person's; `is_over` ones stay as they were."""

    meeting_id: int
    title: str
    starts_at: Any
    zone: str
    is_over: bool
    staying: OnPlace
    gone: OnPlace


@dataclass(frozen=True, slots=True)
class Counts:
    """What refers to the record that is merged away."""

    invitations: int
    answers: int
    letters: int
    presents: int
    own_links: int
    links: int
    kept_apart: int


@dataclass(frozen=True)
class Comparison:
    """Both records with all that hangs on them; `of(person)` narrows to one."""

    pair: PersonPair
    appointments: tuple[Held, ...]
    roles: tuple[HeldRole, ...]
    accounts: tuple[Account, ...]
    clashes: tuple[Clash, ...]
    counts: Counts
    staying_has_link: bool
    audiences: tuple[Audience, ...]
    are_confirmed_two: bool

    def appointments_of(self, person: Person) -> list[Held]:
        return [each for each in self.appointments if each.person_id == person.id]

    def roles_of(self, person: Person) -> list[HeldRole]:
        return [each for each in self.roles if each.person_id == person.id]

    def account_of(self, person: Person) -> Account | None:
        return next((each for each in self.accounts if each.person_id == person.id), None)

    @property
    def to_decide(self) -> list[Clash]:
        """The meetings to come at which somebody chooses the place that stays."""
        return [each for each in self.clashes if not each.is_over]

    @property
    def over(self) -> list[Clash]:
        return [each for each in self.clashes if each.is_over]

    @cached_property
    def joins(self) -> list[Join]:
        """Where appointments of both overlap on one post."""
        found = []
        for post_id in sorted({each.post_id for each in self.appointments}):
            of_post = [each for each in self.appointments if each.post_id == post_id]
            for span in joined(each.span for each in of_post):
                within = [each for each in of_post if span.holds(each.starts_on)]
                mine = [each for each in within if each.person_id == self.pair.staying.id]
                if mine and len(mine) < len(within):
                    found.append(Join(mine[0], tuple(each for each in within if each != mine[0]), span))
        return found

    @property
    def both_own_links(self) -> bool:
        """Whether each has a secret address of their own calendar: one person can have one."""
        return self.staying_has_link and self.counts.own_links > 0

    @property
    def mark(self) -> str:
        """What somebody saw when they decided; anything that changes the consequences changes it."""
        return facts.mark(
            *((each.id, each.version) for each in (self.pair.staying, self.pair.gone)),
            [(each.appointment_id, each.version, each.person_id) for each in self.appointments],
            [(each.id, each.person_id, str(each.ends_on)) for each in self.roles],
            [(each.id, each.person_id, each.active) for each in self.accounts],
            [(each.meeting_id, each.staying.attendee_id, each.gone.attendee_id) for each in self.clashes],
            [(each.staying.version, each.gone.version) for each in self.clashes],
            self.counts.own_links,
            self.are_confirmed_two,
        )


def find_pair(person_id: int, other_id: int) -> PersonPair | None:
    """The two records; None unless both are present and not the same."""
    found = {row.id: row for row in db.session.scalars(select(Person).where(Person.id.in_((person_id, other_id))))}
    if len(found) != 2 or any(row.merged_into_id is not None for row in found.values()):
        return None
    return PersonPair(found[person_id], found[other_id])


def comparison(pair: PersonPair) -> Comparison:
    """Everything about the two, in eight questions however much there is."""
    ids = (pair.staying.id, pair.gone.id)
    numbers = _numbers(pair)
    return Comparison(
        pair=pair,
        appointments=_appointments(ids),
        roles=_roles(ids),
        accounts=tuple(db.session.scalars(select(Account).where(Account.person_id.in_(ids)).order_by(Account.id))),
        clashes=_clashes(pair),
        counts=Counts(*numbers[:7]),
        staying_has_link=bool(numbers[7]),
        audiences=_audiences(pair.gone),
        are_confirmed_two=bool(numbers[8]),
    )


def named_in(rule: dict[str, Any], person_id: int) -> bool:
    return person_id in rule.get("person_ids", ())


def _appointments(ids: Sequence[int]) -> tuple[Held, ...]:
    rows = db.session.execute(
        select(Appointment, Post, Organization)
        .join(Post, Post.id == Appointment.post_id)
        .join(Organization, Organization.id == Post.organization_id)
        .where(Appointment.person_id.in_(ids))
        .order_by(Appointment.starts_on.desc(), Appointment.id.desc())
    )
    return tuple(
        Held(row.id, row.person_id, row.post_id, post.title(), office.name(), row.starts_on, row.ends_on, row.version)
        for row, post, office in rows
    )


def _roles(ids: Sequence[int]) -> tuple[HeldRole, ...]:
    statement = select(HeldRole).where(HeldRole.person_id.in_(ids)).options(joinedload(HeldRole.organization))
    return tuple(db.session.scalars(statement.order_by(HeldRole.role, HeldRole.id)))


def _clashes(pair: PersonPair) -> tuple[Clash, ...]:
    """The meetings where both are on a place now, the next ones last."""
    mine, theirs = aliased(Attendee), aliased(Attendee)
    my_place, their_place = aliased(Place), aliased(Place)
    my_office, their_office = aliased(Organization), aliased(Organization)
    statement = (
        select(mine, theirs, my_place, their_place, my_office, their_office, Meeting)
        .join(theirs, theirs.meeting_id == mine.meeting_id)
        .join(my_place, my_place.id == mine.place_id)
        .join(their_place, their_place.id == theirs.place_id)
        .join(Meeting, Meeting.id == mine.meeting_id)
        .outerjoin(my_office, my_office.id == my_place.organization_id)
        .outerjoin(their_office, their_office.id == their_place.organization_id)
        .where(mine.person_id == pair.staying.id, theirs.person_id == pair.gone.id)
        .where(mine.is_current, theirs.is_current)
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return tuple(
        Clash(
            row.id,
            row.title(),
            row.starts_at,
            row.zone,
            row.state not in COMING,
            _on_place(first, at, of),
            _on_place(second, there, of_other),
        )
        for first, second, at, there, of, of_other, row in db.session.execute(statement)
    )


def _on_place(row: Attendee, place: Place, office: Organization | None) -> OnPlace:
    return OnPlace(
        attendee_id=row.id,
        version=row.version,
        place_id=place.id,
        is_of_post=stays_asked_for(place),
        organization=office.name() if office else "",
        title=row.title(),
        reply=row.reply,
        told=row.told_at is not None,
    )


def stays_asked_for(place: Place) -> bool:
    """Whether the place is an organization's, which then names somebody else; one for a person goes with the person."""
    return place.post_id is not None or place.is_further


def _numbers(pair: PersonPair) -> Any:
    """The counts, whether the staying record has a calendar link of its own, and whether they were kept apart."""
    gone, low, high = pair.gone.id, *sorted((pair.staying.id, pair.gone.id))
    theirs = select(Attendee.id).where(Attendee.person_id == gone)
    own = select(func.count()).select_from(CalendarAddress)
    own = own.where(CalendarAddress.revoked_at.is_(None), CalendarAddress.organization_id.is_(None))
    apart = select(func.count()).select_from(DistinctPeople)
    numbers = (
        select(func.count()).select_from(theirs.subquery()),
        select(func.count()).select_from(theirs.where(Attendee.reply != Reply.PENDING).subquery()),
        select(func.count()).select_from(Letter).where(Letter.attendee_id.in_(theirs)),
        select(func.count()).select_from(AgendaItem).where(AgendaItem.presenter_person_id == gone),
        own.where(CalendarAddress.person_id == gone),
        select(func.count())
        .select_from(CalendarAddress)
        .where(CalendarAddress.person_id == gone, CalendarAddress.revoked_at.is_(None)),
        apart.where((DistinctPeople.one_id == gone) | (DistinctPeople.other_id == gone)),
        own.where(CalendarAddress.person_id == pair.staying.id),
        apart.where(DistinctPeople.one_id == low, DistinctPeople.other_id == high),
    )
    return db.session.execute(select(*(each.scalar_subquery() for each in numbers))).one()


def _audiences(gone: Person) -> tuple[Audience, ...]:
    """The saved rules that name the person; rules are few, and JSON is searched differently by each database."""
    return tuple(
        row for row in db.session.scalars(select(Audience).order_by(Audience.id)) if named_in(row.rule, gone.id)
    )
