"""Another reviewer for a step that is open: put on record, and written to."""

from __future__ import annotations

from sqlalchemy import select

from eventsys.core.actor import Actor
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.extensions import db
from eventsys.notices.letters import ask_reviewers
from eventsys.notices.models import NoticeAuthor, NoticeReviewer, NoticeVersion, StepState, VersionState
from eventsys.notices.operations.recording import Versioned, expect, held, put_down
from eventsys.notices.queries.review import Reviewer, candidates, open_steps, staff_of, steps_of


def assign_reviewer(
    version: Versioned, position: int, account_id: int, reason: str = "", *, by: Actor
) -> NoticeVersion:
    """Let one more of the office's staff take the open step at this position, and write to them.

    Those who could take it still can: whoever decides first has decided. Raises `DomainError` when the step is not
    open, and for somebody who cannot take it or can already.
    """
    notice, row = held(version, None)
    expect(row, VersionState.IN_REVIEW, _("This text does not wait for review any more."))
    steps, staff = steps_of(row), staff_of(notice.meeting.convener.path)
    authors = set(db.session.scalars(select(NoticeAuthor.account_id).where(NoticeAuthor.version_id == row.id)))
    step = next((each for each in open_steps(steps, staff, authors) if each.row.position == position), None)
    if step is None or step.row.state is not StepState.OPEN:
        raise DomainError(_("This step does not wait for anybody any more."))
    chosen = next((each for each in candidates(step, steps, staff, authors) if each.account_id == account_id), None)
    if chosen is None:
        raise DomainError(_("Choose somebody of the office who did not write on the text."), field="account_id")
    _put(step.row.id, chosen)
    words = "\n".join(part for part in (f"{step.row.name()}: {chosen.name}", reason) if part)
    put_down(notice, row, "assign", by, reason=words, after={"step": position, "account": chosen.name})
    ask_reviewers(row, step, [chosen])
    return row


def _put(review_id: int, chosen: Reviewer) -> None:
    """A substitute who was named before becomes one of the first."""
    known = db.session.scalar(
        select(NoticeReviewer).where(
            NoticeReviewer.review_id == review_id, NoticeReviewer.account_id == chosen.account_id
        )
    )
    if known is None:
        known = NoticeReviewer(review_id=review_id, account_id=chosen.account_id)
        db.session.add(known)
    known.is_substitute = False
