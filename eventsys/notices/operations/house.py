"""What an office keeps for its notices: words to avoid, sentences of the first draft, steps of review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from eventsys.core.actor import Actor
from eventsys.core.audit import record
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import check_version, locked
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.meetings.policy import STAFF
from eventsys.notices.models import AvoidedWord, NoticeSentence, ReviewPlan, ReviewPlanReviewer, ReviewPlanStep
from eventsys.notices.models.house import MOST_STEPS
from eventsys.notices.queries.house import plan_of
from eventsys.notices.queries.review import PlannedStep, as_plan, staff_of
from eventsys.notices.sentences import BY_KEY, Part, unknown

MOST_WORDS = 500
LONGEST_DAYS = 90
Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class WordFacts:
    """A word to avoid, what to write instead, why, and whether it stops a notice."""

    words: str
    instead: str = ""
    note: str = ""
    blocks: bool = False


def add_word(office: Organization, facts: WordFacts, *, by: Actor) -> AvoidedWord:
    """Put words on the office's list. Raises `DomainError` for words that stand there already, or too many."""
    locked(Organization, office.id)
    if not facts.words:
        raise DomainError(_("Write the words to avoid."), field="words")
    listed = db.session.scalars(select(AvoidedWord.words).where(AvoidedWord.organization_id == office.id)).all()
    if facts.words.casefold() in {each.casefold() for each in listed}:
        raise DomainError(_("These words stand on the list already."), field="words")
    if len(listed) >= MOST_WORDS:
        raise DomainError(_("The list is full. Remove what nobody needs."), field="words")
    row = AvoidedWord(
        organization_id=office.id,
        words=facts.words,
        instead=facts.instead,
        note=facts.note,
        blocks=facts.blocks,
        created_at=now(),
        by=by.label,
    )
    db.session.add(row)
    _put_down("organization.add_word", office, by, after={"words": facts.words, "instead": facts.instead})
    return row


def remove_word(office: Organization, word_id: int, *, by: Actor) -> None:
    """Take words off the office's list; words that are gone already stay so."""
    locked(Organization, office.id)
    row = db.session.get(AvoidedWord, word_id)
    if row is not None and row.organization_id == office.id:
        db.session.delete(row)
        _put_down("organization.remove_word", office, by, before={"words": row.words})


def set_sentence(
    office: Organization, key: str, language: str, words: str, seen: int, *, by: Actor
) -> NoticeSentence | None:
    """Keep the office's own wording of a sentence; the product's own words end it (None).

    `seen` is the version that the form was opened with, 0 when there was none. Raises `Stale` when somebody saved in
    between, `DomainError` for a placeholder that means nothing.
    """
    locked(Organization, office.id)
    sentence = BY_KEY[key]
    strange = unknown(words, language, each=sentence.part is Part.EACH)
    if strange:
        raise DomainError(
            _("This is no placeholder of this sentence: %(what)s", what=" ".join(strange)), field=f"words_{language}"
        )
    row = db.session.scalars(
        select(NoticeSentence).where(
            NoticeSentence.organization_id == office.id,
            NoticeSentence.key == key,
            NoticeSentence.language == language,
        )
    ).one_or_none()
    if row is not None:
        check_version(row, seen)
    before = {"words": row.words} if row else None
    if words == sentence.words[language]:
        if row is not None:
            db.session.delete(row)
            _put_down("organization.set_sentence", office, by, before=before, after={"words": ""})
        return None
    if row is None:
        row = NoticeSentence(organization_id=office.id, key=key, language=language, words=words, modified_at=now())
        db.session.add(row)
    elif row.words == words:
        return row
    row.words, row.modified_at = words, now()
    _put_down("organization.set_sentence", office, by, before=before, after={"words": words})
    return row


def set_step(office: Organization, position: int, step: PlannedStep, seen: int, *, by: Actor) -> ReviewPlan:
    """Set one of the office's steps, or add one at the end. `seen` is the plan's version, 0 where it had none.

    Raises `Stale` when somebody changed the steps in between, `DomainError` for a step that nobody may take.
    """
    plan = _own(office, seen)
    if not step.name_zh and not step.name_en:
        raise DomainError(_("Name the step."), field="name_zh")
    if not 1 <= position <= min(len(plan.steps) + 1, MOST_STEPS):
        raise DomainError(_("There are five steps at most."))
    if step.role is not None and step.role not in STAFF:
        raise DomainError(_("This role reviews no notices."), field="who")
    if step.days is not None and not 0 < step.days <= LONGEST_DAYS:
        raise DomainError(_("Give from 1 to %(days)s days, or none.", days=LONGEST_DAYS), field="days")
    _refuse_strangers(office, step)
    row = plan.steps[position - 1] if position <= len(plan.steps) else ReviewPlanStep(position=position)
    if row not in plan.steps:
        plan.steps.append(row)
    _fill(row, step)
    return _saved(plan, office, by, step.name_zh or step.name_en)


def remove_step(office: Organization, position: int, seen: int, *, by: Actor) -> ReviewPlan:
    """Take a step away. Raises `DomainError` for the last one: somebody has to look at a notice."""
    plan = _own(office, seen)
    if len(plan.steps) < 2:
        raise DomainError(_("One step stays: somebody who did not write it has to look at a notice."))
    if not 1 <= position <= len(plan.steps):
        raise DomainError(_("There is no such step any more."))
    steps = [_planned(row) for row in plan.steps]
    gone = steps.pop(position - 1)
    plan.steps.clear()
    db.session.flush()
    for number, step in enumerate(steps, 1):
        row = ReviewPlanStep(position=number)
        _fill(row, step)
        plan.steps.append(row)
    return _saved(plan, office, by, gone.name_zh or gone.name_en)


def set_order(office: Organization, in_order: bool, seen: int, *, by: Actor) -> ReviewPlan:
    """Say whether the steps are taken one after the other, or all at once."""
    plan = _own(office, seen)
    plan.in_order = in_order
    return _saved(plan, office, by, "")


def _own(office: Organization, seen: int) -> ReviewPlan:
    """The office's own plan, begun with the steps that have counted for it so far."""
    locked(Organization, office.id)
    row = db.session.scalars(select(ReviewPlan).where(ReviewPlan.organization_id == office.id)).one_or_none()
    if row is not None:
        check_version(row, seen)
        return row
    former = as_plan(plan_of(office.path))
    row = ReviewPlan(organization_id=office.id, in_order=former.in_order, modified_at=now())
    for position, step in enumerate(former.steps, 1):
        kept = ReviewPlanStep(position=position)
        _fill(kept, step)
        row.steps.append(kept)
    db.session.add(row)
    return row


def _fill(row: ReviewPlanStep, step: PlannedStep) -> None:
    row.name_zh, row.name_en, row.role, row.days = step.name_zh, step.name_en, step.role, step.days
    wanted = dict.fromkeys(step.substitutes, True) | dict.fromkeys(step.named, False)
    kept = {each.account_id: each for each in row.reviewers}
    row.reviewers = [kept.get(each) or ReviewPlanReviewer(account_id=each) for each in wanted]
    for each in row.reviewers:
        each.is_substitute = wanted[each.account_id]


def _planned(row: ReviewPlanStep) -> PlannedStep:
    return PlannedStep(
        row.name_zh,
        row.name_en,
        row.role,
        row.days,
        tuple(each.account_id for each in row.reviewers if not each.is_substitute),
        tuple(each.account_id for each in row.reviewers if each.is_substitute),
    )


def _refuse_strangers(office: Organization, step: PlannedStep) -> None:
    staff = staff_of(office.path)
    known = {each.account_id for each in staff}
    if not set(step.named) | set(step.substitutes) <= known:
        raise DomainError(_("Only the office's staff review its notices."), field="named")
    if step.role is None and not step.named:
        raise DomainError(_("Name at least one reviewer."), field="named")
    if step.role is not None and not any(step.role in each.roles for each in staff) and not step.named:
        raise DomainError(_("Nobody holds this role."), field="who")


def _saved(plan: ReviewPlan, office: Organization, by: Actor, name: str) -> ReviewPlan:
    plan.modified_at = now()
    after = {"steps": len(plan.steps), "in_order": plan.in_order, "name": name}
    _put_down("organization.set_review", office, by, after=after)
    return plan


def _put_down(
    action: str, office: Organization, by: Actor, *, before: Values | None = None, after: Values | None = None
) -> None:
    db.session.flush()
    record(action, office, by=by, label=office.name_zh or office.name_en, before=before, after=after)
