"""Districts with directors, for tests of asking organizations."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from eventsys.core.actor import Role
from eventsys.core.transaction import write
from eventsys.directory.models import Organization, Person, Post, PostKind
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Place
from eventsys.quotas.operations.ask import Made, Note, ask_organizations
from eventsys.quotas.queries.demand import Demand, Way
from eventsys.quotas.queries.proposal import mark_of_proposal, propose
from tests import factories
from tests.invitations.asking import Office


@dataclass
class District:
    """A district with the post of a director, held by somebody or by nobody, and its liaison if it has one."""

    row: Organization
    post: Post
    director: Person | None
    liaison: Person | None


def director_kind() -> PostKind:
    return factories.post_kind()


def district(name: str, kind: PostKind, *, held: bool = True, liaison: bool = True) -> District:
    row = factories.organization(name)
    post = factories.post(row, "外办主任", "Foreign affairs director", kind)
    director = factories.person(f"{name}主任", post=post) if held else None
    who = factories.person(f"{name}联络员") if liaison else None
    if who is not None:
        factories.holds(who, Role.LIAISON, row)
    return District(row, post, director, who)


def by_name(*districts: District, kinds: tuple[PostKind, ...] = (), further: int = 0, observers: int = 0) -> Demand:
    return Demand(
        way=Way.NAMED,
        organization_ids=tuple(each.row.id for each in districts),
        post_kind_ids=tuple(kind.id for kind in kinds),
        further=further,
        observers=observers,
    )


def ask(case: Office, demand: Demand, note: Note | None = None, only: tuple[District, ...] = ()) -> Made:
    """Ask every organization of the demand, or `only` these."""
    with write():
        proposed = propose(case.meeting, demand, case.by)
        chosen = [each.row.id for each in only] or [each.organization_id for each in proposed]
        shown = mark_of_proposal(case.meeting, proposed)
        return ask_organizations(case.meeting, demand, chosen, note or Note(), shown, by=case.by)


def rows(case: Office) -> list[tuple[int | None, int | None, str, bool, str | None]]:
    """The places in their order: organization, post, role, whether of the quota, and who is on it."""
    db.session.rollback()
    statement = (
        select(Place.organization_id, Place.post_id, Place.role, Place.is_further, Attendee.name_zh)
        .outerjoin(Attendee, (Attendee.place_id == Place.id) & Attendee.is_current)
        .where(Place.meeting_id == case.meeting.id, Place.withdrawn_at.is_(None))
        .order_by(Place.position)
    )
    return [(row[0], row[1], row[2].value, row[3], row[4]) for row in db.session.execute(statement)]
