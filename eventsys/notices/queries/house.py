"""What an office keeps for its notices: the nearest organization's own, its own first."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from eventsys.core.actor import Actor
from eventsys.directory.models import Organization, OrganizationKind
from eventsys.extensions import db
from eventsys.meetings.policy import STAFF
from eventsys.notices.models import AvoidedWord, NoticeSentence, ReviewPlan

MOST_OFFICES = 100


def chain(path: str) -> list[int]:
    """The organizations of a tree path, the nearest first: `/1/5/` -> [5, 1]."""
    return [int(part) for part in reversed(path.split("/")) if part]


def find_office(organization_id: int) -> Organization | None:
    """The organization whose notices are kept."""
    return db.session.get(Organization, organization_id)


def sentences_of(path: str) -> dict[tuple[str, str], str]:
    """The offices' own wordings by key and language; of several the nearest one's."""
    ids = chain(path)
    rows = db.session.scalars(select(NoticeSentence).where(NoticeSentence.organization_id.in_(ids)))
    ordered = sorted(rows, key=lambda row: ids.index(row.organization_id), reverse=True)
    return {(row.key, row.language): row.words for row in ordered}


def own_sentences(organization_id: int) -> dict[tuple[str, str], NoticeSentence]:
    """The office's own wordings."""
    rows = db.session.scalars(select(NoticeSentence).where(NoticeSentence.organization_id == organization_id))
    return {(row.key, row.language): row for row in rows}


def words_of(path: str) -> Sequence[AvoidedWord]:
    """The words to avoid of the office and of those above it; where two say the same words, the nearest one's."""
    ids = chain(path)
    rows = db.session.scalars(select(AvoidedWord).where(AvoidedWord.organization_id.in_(ids)).order_by(AvoidedWord.id))
    ordered = sorted(rows, key=lambda row: ids.index(row.organization_id), reverse=True)
    return list({row.words: row for row in ordered}.values())


def own_words(organization_id: int) -> Sequence[AvoidedWord]:
    """The office's own list, in the order in which it grew."""
    statement = select(AvoidedWord).where(AvoidedWord.organization_id == organization_id).order_by(AvoidedWord.id)
    return db.session.scalars(statement).all()


def plan_of(path: str) -> ReviewPlan | None:
    """The steps of review that count for the office: the nearest plan, None where nobody set one."""
    ids = chain(path)
    rows = db.session.scalars(select(ReviewPlan).where(ReviewPlan.organization_id.in_(ids))).all()
    return min(rows, key=lambda row: ids.index(row.organization_id), default=None)


def own_plan(organization_id: int) -> ReviewPlan | None:
    """The office's own steps of review."""
    return db.session.scalars(select(ReviewPlan).where(ReviewPlan.organization_id == organization_id)).one_or_none()


def offices_of(actor: Actor) -> Sequence[Organization]:
    """The organizations for which the actor is staff; every office for an administrator."""
    held = {each.organization_id for each in actor.held if each.role in STAFF and each.organization_id}
    kinds = [OrganizationKind.OFFICE] if actor.is_administrator else []
    wanted = or_(Organization.id.in_(held), Organization.kind.in_(kinds))
    statement = select(Organization).where(wanted).order_by(Organization.position, Organization.id).limit(MOST_OFFICES)
    return db.session.scalars(statement).all()
