"""Letters to reviewers: a text waits for you, and it is (almost) due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from eventsys.accounts.models import Account
from eventsys.accounts.queries import office_zone
from eventsys.core.clock import now
from eventsys.core.formats import moment
from eventsys.core.language import choose, use_language
from eventsys.core.language import gettext as _
from eventsys.core.letters import Facts, Kind, Rendered
from eventsys.core.outbox import Letter, Recipient, enqueue
from eventsys.core.text import clean_line
from eventsys.extensions import db
from eventsys.notices import announcements
from eventsys.notices.models import NoticeReview, NoticeVersion, StepState
from eventsys.notices.queries.review import Reviewer, Step
from eventsys.web.pages import render_plain

ASKED, REMINDED = "review_asked", "review_reminder"


def ask_reviewers(version: NoticeVersion, step: Step, to: Sequence[Reviewer]) -> int:
    """Queue the letter that a step has opened; once for each step and reviewer."""
    return _queue(ASKED, "open", version, step.row, to)


def remind(version: NoticeVersion, step: NoticeReview, to: Sequence[Reviewer], mark: str) -> int:
    """Queue a reminder; `mark` names the occasion, so that none goes out twice for it."""
    return _queue(REMINDED, mark, version, step, to)


def asked(common: Facts, facts: Facts, language: str) -> Rendered:
    """A text waits for your review."""
    with use_language(language):
        return _words(
            common, facts, _("A summary notice waits for your review"), _("a summary notice waits for your review:")
        )


def reminded(common: Facts, facts: Facts, language: str) -> Rendered:
    """It still waits."""
    with use_language(language):
        return _words(
            common,
            facts,
            _("Reminder: a summary notice waits for your review"),
            _("we remind you of a summary notice that waits for your review:"),
        )


def stale(letters: Sequence[Letter]) -> set[int]:
    """Letters about a step that is not open any more, or to an account that is closed."""
    steps = {letter.facts["review_id"] for letter in letters}
    accounts = {letter.facts["account_id"] for letter in letters}
    opened = set(
        db.session.scalars(
            select(NoticeReview.id).where(NoticeReview.id.in_(steps), NoticeReview.state == StepState.OPEN)
        )
    )
    active = set(db.session.scalars(select(Account.id).where(Account.id.in_(accounts), Account.active)))
    return {
        letter.id
        for letter in letters
        if letter.facts["review_id"] not in opened or letter.facts["account_id"] not in active
    }


def _queue(kind: str, mark: str, version: NoticeVersion, step: NoticeReview, to: Sequence[Reviewer]) -> int:
    notice = version.notice
    common = {
        "meeting_id": notice.meeting_id,
        "title_zh": version.title_zh or notice.meeting.title_zh,
        "title_en": version.title_en or notice.meeting.title_en,
        "step_zh": step.name_zh,
        "step_en": step.name_en,
        "due_at": step.due_at.isoformat() if step.due_at else "",
        "office_zh": notice.meeting.convener.name_zh,
        "office_en": notice.meeting.convener.name_en,
    }
    letters = [
        (
            f"{kind}:{step.id}:{mark}:{reviewer.account_id}",
            Recipient(reviewer.name_zh or reviewer.name_en, reviewer.email, reviewer.language),
            {
                "review_id": step.id,
                "account_id": reviewer.account_id,
                "name_zh": reviewer.name_zh,
                "name_en": reviewer.name_en,
            },
        )
        for reviewer in to
        if reviewer.email
    ]
    return enqueue(kind, common, letters, meeting_id=notice.meeting_id)


def _words(common: Facts, facts: Facts, subject: str, opening: str) -> Rendered:
    office = choose(common["office_zh"], common["office_en"]) or _("Meetings")
    parts: dict[str, Any] = {
        "before": [
            _("Dear %(name)s,", name=choose(facts["name_zh"], facts["name_en"])),
            opening,
            _("“%(title)s”, step: %(step)s", title=_both(common, "title"), step=_both(common, "step")),
        ],
        "link": f"{_public_url()}/workspace/meetings/{common['meeting_id']}/notice",
        "button": _("Open the text"),
        "after": [],
    }
    if common["due_at"]:
        at = datetime.fromisoformat(common["due_at"])
        parts["before"].append(_("Please decide by %(when)s.", when=moment(at, office_zone(), now())))
    text, html = (
        render_plain(f"letters/accounts_letter.{ending}", subject=subject, office=office, **parts)
        for ending in ("txt", "html")
    )
    return Rendered(subject, text, html, sender_name=office)


def _both(common: Facts, name: str) -> str:
    return clean_line(choose(common[f"{name}_zh"], common[f"{name}_en"]), 300)


def _public_url() -> str:
    return str(current_app.extensions["eventsys.settings"].public_url)


KINDS: tuple[Kind, ...] = (Kind(ASKED, asked, stale), Kind(REMINDED, reminded, stale), *announcements.KINDS)
