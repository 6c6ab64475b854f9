"""Who may take which step of a version's review, now: roles and accounts of today, never the author's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, literal, or_, select
from sqlalchemy.orm import aliased, joinedload

from eventsys.accounts.models import Account, HeldRole
from eventsys.accounts.queries.actors import holds_on, office_day
from eventsys.core.actor import Actor, Role
from eventsys.core.clock import now
from eventsys.core.language import choose
from eventsys.directory.models import Organization, Person
from eventsys.extensions import db
from eventsys.meetings.policy import STAFF
from eventsys.notices.models import (
    NoticeAuthor,
    NoticeReview,
    NoticeReviewer,
    NoticeRevision,
    NoticeVersion,
    ReviewPlan,
    StepState,
)
from eventsys.notices.queries.house import plan_of

StaffPaths = tuple[tuple[Role, str], ...]


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody with an account and a role for the convening organization."""

    account_id: int
    name_zh: str
    name_en: str
    email: str
    language: str
    roles: frozenset[Role]

    @property
    def name(self) -> str:
        return choose(self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step as the office set it."""

    name_zh: str
    name_en: str
    role: Role | None
    days: int | None
    named: tuple[int, ...] = ()
    substitutes: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        return choose(self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of an office; `owner_id` is the organization that set them, None for the product's own."""

    steps: tuple[PlannedStep, ...]
    in_order: bool = True
    owner_id: int | None = None


DEFAULT = Plan((PlannedStep("审核", "Approval", Role.APPROVER, None),))


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the present round with those who can take it: the first reviewers, and who may stand in now."""

    row: NoticeReview
    first: tuple[Reviewer, ...]
    substitutes: tuple[Reviewer, ...]
    overdue: bool

    @property
    def takers(self) -> tuple[Reviewer, ...]:
        """Substitutes count when nobody else can take it, when it is overdue, or when it has no deadline."""
        stand_in = not self.first or self.overdue or self.row.due_at is None
        return self.first + (self.substitutes if stand_in else ())

    def takes(self, account_id: int | None) -> bool:
        return any(each.account_id == account_id for each in self.takers)

    def stands_in(self, account_id: int | None) -> bool:
        return not any(each.account_id == account_id for each in self.first)


def plan_for(path: str) -> Plan:
    """The steps that count for the office at this path."""
    return as_plan(plan_of(path))


def as_plan(row: ReviewPlan | None) -> Plan:
    """A kept plan, or the product's own: one approver."""
    if row is None or not row.steps:
        return DEFAULT
    steps = tuple(
        PlannedStep(
            step.name_zh,
            step.name_en,
            step.role,
            step.days,
            tuple(each.account_id for each in step.reviewers if not each.is_substitute),
            tuple(each.account_id for each in step.reviewers if each.is_substitute),
        )
        for step in row.steps
    )
    return Plan(steps, row.in_order, row.organization_id)


def staff_of(path: str) -> list[Reviewer]:
    """Everybody with an open account who is organizer, approver or editor for the organization, by name."""
    statement = (
        select(Account.id, Account.email, Person.name_zh, Person.name_en, Person.language, HeldRole.role)
        .join(Person, Person.id == Account.person_id)
        .join(HeldRole, HeldRole.person_id == Person.id)
        .join(Organization, Organization.id == HeldRole.organization_id)
        .where(
            Account.active,
            HeldRole.role.in_(STAFF),
            holds_on(office_day()),
            Organization.path != "",
            literal(path).startswith(Organization.path),
        )
        .order_by(Person.sort_key, Account.id)
    )
    found: dict[int, Reviewer] = {}
    for row in db.session.execute(statement):
        former = found.get(row.id)
        roles = (former.roles if former else frozenset()) | {row.role}
        language = row.language or "zh"
        found[row.id] = Reviewer(row.id, row.name_zh, row.name_en, row.email, language, frozenset(roles))
    return list(found.values())


def steps_of(version: NoticeVersion, *, every_round: bool = False) -> list[NoticeReview]:
    """The steps of the present round, or of all, in order."""
    statement = select(NoticeReview).options(joinedload(NoticeReview.reviewers))
    statement = statement.where(NoticeReview.version_id == version.id)
    if not every_round:
        statement = statement.where(NoticeReview.round == version.round)
    return list(db.session.scalars(statement.order_by(NoticeReview.round, NoticeReview.position)).unique())


def open_steps(
    rows: Sequence[NoticeReview], staff: Sequence[Reviewer], authors: Iterable[int], at: datetime | None = None
) -> list[Step]:
    """The steps that wait for somebody. Whoever wrote on the text, or passed another step of the round, takes none."""
    barred = set(authors) | {row.account_id for row in rows if row.state is StepState.PASSED}
    at = at or now()
    return [_step(row, staff, barred, at) for row in rows if row.state is StepState.OPEN]


def candidates(
    step: Step, rows: Sequence[NoticeReview], staff: Sequence[Reviewer], authors: Iterable[int]
) -> list[Reviewer]:
    """Who else of the staff could take an open step; `rows` are all steps of its round."""
    barred = set(authors) | {row.account_id for row in rows if row.state is StepState.PASSED}
    return [each for each in staff if each.account_id not in barred and not step.takes(each.account_id)]


def lacking_reviewer(plan: Plan, staff: Sequence[Reviewer], authors: Iterable[int]) -> PlannedStep | None:
    """A step that nobody could take, if each takes one at most and no author takes any; None when all find somebody."""
    barred = set(authors)
    wanted = [
        [each.account_id for each in staff if each.account_id not in barred and _may(step, each)] for step in plan.steps
    ]
    taken: dict[int, int] = {}
    for number, step in enumerate(plan.steps):
        if not _assign(number, wanted, taken, set()):
            return step
    return None


def staff_paths(actor: Actor) -> StaffPaths:
    """Where the actor is staff, by role: what `waits_for` needs to know of them."""
    return tuple((role, path) for role in STAFF for path in actor.paths(role))


def waits_for(paths: StaffPaths, account_id: Any, at: Any) -> ColumnElement[bool]:
    """The condition that a version in review has a step that waits for the account; needs the joined `Organization`.

    A substitute is asked once the step is overdue. `account_id` and `at` may be bound later.
    """
    under = [Organization.path.startswith(path, autoescape=True) for path in dict.fromkeys(path for _, path in paths)]
    named = exists().where(
        NoticeReviewer.review_id == NoticeReview.id,
        NoticeReviewer.account_id == account_id,
        or_(~NoticeReviewer.is_substitute, NoticeReview.due_at <= at),
    )
    mine = and_(named, or_(false(), *under))
    by_role = [
        and_(NoticeReview.role == role, Organization.path.startswith(path, autoescape=True)) for role, path in paths
    ]
    other = aliased(NoticeReview)
    wrote = exists().where(NoticeAuthor.version_id == NoticeVersion.id, NoticeAuthor.account_id == account_id)
    passed = exists().where(
        other.version_id == NoticeVersion.id,
        other.round == NoticeVersion.round,
        other.state == StepState.PASSED,
        other.account_id == account_id,
    )
    opened = exists().where(
        NoticeReview.version_id == NoticeVersion.id,
        NoticeReview.round == NoticeVersion.round,
        NoticeReview.state == StepState.OPEN,
        or_(mine, *by_role),
    )
    return and_(opened, ~wrote, ~passed)


def last_look(notice_id: int, account_id: int | None) -> NoticeRevision | None:
    """The saved text that this account passed or returned last, None at the first look."""
    if account_id is None:
        return None
    statement = (
        select(NoticeRevision)
        .join(NoticeReview, NoticeReview.revision_id == NoticeRevision.id)
        .join(NoticeVersion, NoticeVersion.id == NoticeReview.version_id)
        .where(
            NoticeVersion.notice_id == notice_id,
            NoticeReview.account_id == account_id,
        )
        .order_by(NoticeReview.decided_at.desc())
        .limit(1)
    )
    return db.session.scalar(statement)


def due(days: int | None, at: datetime) -> datetime | None:
    """When a step that opens now is due: whole days later, at the same hour."""
    return at + timedelta(days=days) if days else None


def _step(row: NoticeReview, staff: Sequence[Reviewer], barred: set[int | None], at: datetime) -> Step:
    named: Mapping[int, bool] = {each.account_id: each.is_substitute for each in row.reviewers}
    free = [each for each in staff if each.account_id not in barred]
    first = tuple(each for each in free if row.role in each.roles or named.get(each.account_id) is False)
    substitutes = tuple(each for each in free if each not in first and named.get(each.account_id) is True)
    return Step(row, first, substitutes, row.due_at is not None and row.due_at <= at)


def _may(step: PlannedStep, who: Reviewer) -> bool:
    return step.role in who.roles or who.account_id in step.named + step.substitutes


def _assign(number: int, wanted: Sequence[Sequence[int]], taken: dict[int, int], tried: set[int]) -> bool:
    """Find somebody for the step, if need be by giving somebody else another one (augmenting paths)."""
    for account_id in wanted[number]:
        if account_id in tried:
            continue
        tried.add(account_id)
        if account_id not in taken or _assign(taken[account_id], wanted, taken, tried):
            taken[account_id] = number
            return True
    return False
