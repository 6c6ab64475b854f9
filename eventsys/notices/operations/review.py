"""Review: sent on its way through the office's steps, passed by those who did not write it, or returned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.extensions import db
from eventsys.notices.checks import Finding
from eventsys.notices.letters import ask_reviewers
from eventsys.notices.models import (
    Notice,
    NoticeAuthor,
    NoticeReview,
    NoticeReviewer,
    NoticeRevision,
    NoticeVersion,
    RevisionKind,
    StepState,
    VersionState,
)
from eventsys.notices.operations.checking import pass_check, told
from eventsys.notices.operations.recording import Versioned, expect, held, put_down
from eventsys.notices.operations.writing import keep_revision
from eventsys.notices.queries.lacking import lacking
from eventsys.notices.queries.review import (
    Plan,
    Step,
    due,
    lacking_reviewer,
    open_steps,
    plan_for,
    staff_of,
    steps_of,
)

NO_REASONS: Mapping[str, str] = {}


def submit(
    version: Versioned,
    seen: int | None = None,
    found: Sequence[Finding] | None = None,
    reasons: Mapping[str, str] = NO_REASONS,
    *,
    by: Actor,
) -> NoticeVersion:
    """Send a draft through the office's steps. `found` is what the check showed, `reasons` the words why it may stand.

    Raises `DomainError` when it is no draft, when something is missing or stops it, and when a step has nobody who
    could take it.
    """
    notice, row = held(version, seen)
    expect(row, VersionState.DRAFT, _("Only a draft can be sent for review."))
    for refusal in lacking(row):
        raise DomainError(refusal)
    passed = pass_check(row, found, reasons, by=by)
    keep_revision(row, RevisionKind.SAVED if row.number == 1 else RevisionKind.CORRECTION, by=by)
    plan = plan_for(notice.meeting.convener.path)
    _refuse_unmanned(plan, notice, row)
    row.state, row.round = VersionState.IN_REVIEW, row.round + 1
    row.submitted_at = row.modified_at = now()
    steps = _lay_out(plan, row)
    put_down(notice, row, "submit", by, after={"findings": told(passed), "steps": len(steps)})
    _tell(notice, row, steps)
    return row


def approve(
    version: Versioned,
    seen: int | None = None,
    found: Sequence[Finding] | None = None,
    reasons: Mapping[str, str] = NO_REASONS,
    remarks: str = "",
    *,
    by: Actor,
) -> NoticeVersion:
    """Pass the step that waits for the actor; after the last one the text is approved.

    Raises `DomainError` when it is not in review, and when no step waits for the actor: who wrote on the text, passed
    another step of the round, or lost the role, passes none.
    """
    notice, row = held(version, seen)
    expect(row, VersionState.IN_REVIEW, _("This text does not wait for review any more."))
    step = _step_for(notice, row, by)
    passed = pass_check(row, found, reasons, by=by)
    _decide(step, StepState.PASSED, remarks, by)
    rows = steps_of(row)
    opened = _open_next(rows)
    done = all(each.state is StepState.PASSED for each in rows)
    if done:
        row.state, row.approved_at = VersionState.APPROVED, now()
    row.modified_at = now()
    act = "approve" if done else "pass"
    after = {"findings": told(passed), "step": step.row.position, "stood_in": step.row.stood_in}
    put_down(notice, row, act, by, reason=_words(step.row, len(rows), remarks), after=after)
    _tell(notice, row, opened)
    return row


def return_version(version: Versioned, reason: str, seen: int | None = None, *, by: Actor) -> NoticeVersion:
    """Send a text back to its authors. Raises `DomainError` without a reason, or when it is not under review."""
    notice, row = held(version, seen)
    if row.state not in {VersionState.IN_REVIEW, VersionState.APPROVED}:
        raise DomainError(_("Only a text that waits for review or publication can be returned."))
    if not reason:
        raise DomainError(_("Say what has to be changed"), field="reason")
    before = {"state": row.state.value}
    mine = next((step for step in _open(notice, row) if step.takes(by.account_id)), None)
    if mine is not None:
        _decide(mine, StepState.RETURNED, reason, by)
    for each in steps_of(row):
        if each.state in {StepState.OPEN, StepState.WAITING}:
            each.state = StepState.ENDED
    row.state = VersionState.DRAFT
    row.submitted_at = row.approved_at = None
    row.modified_at = now()
    put_down(notice, row, "return", by, reason=reason, before=before, after={"state": row.state.value})
    return row


def _refuse_unmanned(plan: Plan, notice: Notice, row: NoticeVersion) -> None:
    step = lacking_reviewer(plan, staff_of(notice.meeting.convener.path), _authors(row))
    if step is not None:
        raise DomainError(
            _(
                "Nobody could take the step “%(step)s”: everybody who may wrote on the text, takes another step, or "
                "has no such role any more. Change the office's steps of review.",
                step=step.name,
            )
        )


def _lay_out(plan: Plan, row: NoticeVersion) -> list[NoticeReview]:
    """The steps of a new round, and which of them are open."""
    at = now()
    steps = []
    for position, planned in enumerate(plan.steps, 1):
        step = NoticeReview(
            version_id=row.id,
            round=row.round,
            position=position,
            name_zh=planned.name_zh,
            name_en=planned.name_en,
            role=planned.role,
            days=planned.days,
            in_order=plan.in_order,
            state=StepState.WAITING,
        )
        named = [(each, False) for each in planned.named] + [(each, True) for each in planned.substitutes]
        step.reviewers = [NoticeReviewer(account_id=each, is_substitute=substitute) for each, substitute in named]
        db.session.add(step)
        steps.append(step)
    opened = steps[:1] if plan.in_order else steps
    for step in opened:
        _open_step(step, at)
    db.session.flush()
    return opened


def _open_next(rows: Sequence[NoticeReview]) -> list[NoticeReview]:
    """The next step, where they go in order and none is open."""
    waiting = [row for row in rows if row.state is StepState.WAITING]
    if not waiting or any(row.state is StepState.OPEN for row in rows):
        return []
    _open_step(waiting[0], now())
    return waiting[:1]


def _open_step(step: NoticeReview, at: datetime) -> None:
    step.state, step.opened_at, step.due_at = StepState.OPEN, at, due(step.days, at)


def _step_for(notice: Notice, row: NoticeVersion, by: Actor) -> Step:
    for step in _open(notice, row):
        if step.takes(by.account_id):
            return step
    if by.account_id in _authors(row):
        raise DomainError(_("You wrote on this text yourself. Somebody else has to review it."))
    raise DomainError(_("No step of this review waits for you."))


def _open(notice: Notice, row: NoticeVersion) -> list[Step]:
    return open_steps(steps_of(row), staff_of(notice.meeting.convener.path), _authors(row))


def _authors(row: NoticeVersion) -> set[int]:
    return set(db.session.scalars(select(NoticeAuthor.account_id).where(NoticeAuthor.version_id == row.id)))


def _decide(step: Step, state: StepState, remarks: str, by: Actor) -> None:
    newest = (
        select(NoticeRevision.id)
        .where(NoticeRevision.version_id == step.row.version_id)
        .order_by(NoticeRevision.number.desc())
        .limit(1)
    )
    step.row.state, step.row.decided_at = state, now()
    step.row.account_id, step.row.by, step.row.remarks = by.account_id, by.label, remarks
    step.row.stood_in = step.stands_in(by.account_id)
    step.row.revision_id = db.session.scalar(newest)
    db.session.flush()


def _words(step: NoticeReview, number: int, remarks: str) -> str:
    """Which step it was, where there are several, and the remarks."""
    name = step.name() if number > 1 else ""
    return "\n".join(part for part in (name, remarks) if part)


def _tell(notice: Notice, row: NoticeVersion, steps: Sequence[NoticeReview]) -> None:
    """A letter to everybody who can take a step that has just opened."""
    opened = {step.id for step in steps}
    for step in _open(notice, row):
        if step.row.id in opened:
            ask_reviewers(row, step, step.takers)
