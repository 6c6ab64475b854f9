"""What needs this person now: one line for each act that waits for them, each leading to where it is done.

A fixed number of queries whatever the number of meetings; every line stands for one meeting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true

from eventsys.core.actor import Actor, Role
from eventsys.core.clock import now
from eventsys.core.formats import day, moment
from eventsys.core.language import choose, ngettext
from eventsys.core.language import gettext as _
from eventsys.core.outbox import Letter, LetterState
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.invitations.queries.replies import Counts
from eventsys.invitations.queries.several import counts_of
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.notices.models import Notice, NoticeAuthor, NoticeState, NoticeVersion, VersionState

LIMIT = 30
OPEN = (MeetingState.DRAFT, MeetingState.SCHEDULED, MeetingState.IN_SESSION)


@dataclass(frozen=True, slots=True)
class Need:
    """One line of the list: the act, where it is done, and by when (for the order)."""

    label: str
    href: str
    note: str
    when: str = ""
    due: datetime | None = None
    is_mine: bool = True


def needs_of(actor: Actor) -> list[Need]:
    """Everything that waits for this actor, the most urgent first."""
    found: list[Need] = []
    if actor.is_administrator or actor.has(Role.ORGANIZER):
        mine = _under(actor, Role.ORGANIZER)
        found += _of_meetings(mine) + _of_letters(mine)
    if actor.has(Role.APPROVER) or actor.has(Role.EDITOR):
        found += _of_notices(actor, true())
    if actor.has(Role.EDITOR):
        found += _unwritten(_under(actor, Role.EDITOR))
    latest = now() + timedelta(days=3650)
    return sorted(found, key=lambda need: need.due or latest)


def _under(actor: Actor, *roles: Role) -> ColumnElement[bool]:
    """The condition that an organization lies where one of the roles is held; everything for an administrator."""
    if actor.is_administrator:
        return true()
    return or_(*(Organization.path.startswith(path, autoescape=True) for path in actor.paths(*roles)))


def needs_of_meeting(actor: Actor, meeting: Meeting) -> list[Need]:
    """What waits for this actor at one meeting."""
    path = meeting.convener.path
    found: list[Need] = []
    here = Meeting.id == meeting.id
    if actor.is_administrator or actor.holds(Role.ORGANIZER, path):
        found += _of_meetings(here) + _of_letters(here)
    if actor.holds(Role.APPROVER, path) or actor.holds(Role.EDITOR, path):
        found += _of_notices(actor, here)
    if actor.holds(Role.EDITOR, path):
        found += _unwritten(here)
    return found


def _of_meetings(mine: ColumnElement[bool]) -> list[Need]:
    rows = db.session.execute(
        select(
            Meeting.id,
            Meeting.title_zh,
            Meeting.title_en,
            Meeting.state,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.zone,
            Meeting.reply_by,
        )
        .join(Organization, Organization.id == Meeting.convener_id)
        .where(mine, Meeting.state.in_(OPEN), Meeting.starts_at > now() - timedelta(days=90))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(LIMIT)
    ).all()
    counts = counts_of([row.id for row in rows])
    return [need for row in rows for need in _needs_of_meeting(row, counts[row.id])]


def _needs_of_meeting(row: Any, counts: Counts) -> list[Need]:
    base = f"/workspace/meetings/{row.id}"
    title = choose(row.title_zh, row.title_en)
    if row.state is MeetingState.DRAFT:
        label = _("Finish the draft and schedule it")
        return [Need(label, f"{base}/", title, day(row.starts_at, row.zone), row.starts_at)]
    if now() > row.ends_at:
        return [Need(_("Close the roll and conclude the meeting"), f"{base}/attendance", title, due=row.ends_at)]
    if row.state is MeetingState.IN_SESSION or now() > row.starts_at:
        return []
    invitations = f"{base}/invitations"
    asked: list[tuple[int, str, str]] = [
        (
            counts.leave_requested,
            ngettext("Decide on %(num)s leave request", "Decide on %(num)s leave requests", counts.leave_requested),
            f"{invitations}/?show=leave_requested",
        ),
        (
            counts.prepared,
            ngettext("Send %(num)s prepared invitation", "Send %(num)s prepared invitations", counts.prepared),
            f"{invitations}/send",
        ),
        (
            counts.no_reply if _closes_soon(row) else 0,
            ngettext(
                "Remind %(num)s invitee who has not replied",
                "Remind %(num)s invitees who have not replied",
                counts.no_reply,
            ),
            f"{invitations}/remind",
        ),
        (
            counts.to_be_named,
            ngettext("%(num)s place is still to be named", "%(num)s places are still to be named", counts.to_be_named),
            f"{invitations}/?show=to_be_named",
        ),
    ]
    return [Need(label, href, title, _by(row), row.reply_by) for number, label, href in asked if number]


def _closes_soon(row: Any) -> bool:
    return row.reply_by is None or now() > row.reply_by - timedelta(days=3)


def _by(row: Any) -> str:
    return _("by %(when)s", when=moment(row.reply_by, row.zone)) if row.reply_by else ""


def _of_letters(mine: ColumnElement[bool]) -> list[Need]:
    rows = db.session.execute(
        select(Meeting.id, Meeting.title_zh, Meeting.title_en, func.count(Letter.id).label("failed"))
        .join(Meeting, Meeting.id == Letter.meeting_id)
        .join(Organization, Organization.id == Meeting.convener_id)
        .where(mine, Letter.state == LetterState.FAILED, Meeting.ends_at > now())
        .group_by(Meeting.id)
        .limit(LIMIT)
    )
    return [
        Need(
            ngettext("%(num)s letter could not be delivered", "%(num)s letters could not be delivered", row.failed),
            f"/workspace/meetings/{row.id}/letters?state=failed",
            choose(row.title_zh, row.title_en),
            due=now(),
        )
        for row in rows
    ]


def _of_notices(actor: Actor, where: ColumnElement[bool]) -> list[Need]:
    wrote = exists().where(NoticeAuthor.version_id == NoticeVersion.id, NoticeAuthor.account_id == actor.account_id)
    approves = and_(NoticeVersion.state == VersionState.IN_REVIEW, _under(actor, Role.APPROVER), ~wrote)
    publishes = and_(NoticeVersion.state == VersionState.APPROVED, _under(actor, Role.EDITOR))
    conditions = [approves] if actor.has(Role.APPROVER) else []
    conditions += [publishes] if actor.has(Role.EDITOR) else []
    rows = db.session.execute(
        select(
            Notice.meeting_id,
            NoticeVersion.state,
            NoticeVersion.title_zh,
            NoticeVersion.title_en,
            NoticeVersion.modified_at,
        )
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .join(Organization, Organization.id == Notice.convener_id)
        .join(Meeting, Meeting.id == Notice.meeting_id)
        .where(or_(*conditions), where)
        .order_by(NoticeVersion.modified_at)
        .limit(LIMIT)
    )
    words = {
        VersionState.IN_REVIEW: _("Read and approve a summary notice"),
        VersionState.APPROVED: _("Publish an approved summary notice"),
    }
    return [
        Need(
            words[row.state],
            f"/workspace/meetings/{row.meeting_id}/notice",
            choose(row.title_zh, row.title_en),
            due=row.modified_at,
        )
        for row in rows
    ]


def _unwritten(mine: ColumnElement[bool]) -> list[Need]:
    has_notice = exists().where(Notice.meeting_id == Meeting.id, Notice.state != NoticeState.UNPUBLISHED)
    begun = exists().where(Notice.meeting_id == Meeting.id)
    rows = db.session.execute(
        select(Meeting.id, Meeting.title_zh, Meeting.title_en, Meeting.ends_at, Meeting.zone, begun.label("begun"))
        .join(Organization, Organization.id == Meeting.convener_id)
        .where(
            mine,
            Meeting.state == MeetingState.CONCLUDED,
            Meeting.ends_at > now() - timedelta(days=60),
            ~has_notice,
            ~exists().where(
                Notice.meeting_id == Meeting.id,
                NoticeVersion.notice_id == Notice.id,
                NoticeVersion.state.in_((VersionState.IN_REVIEW, VersionState.APPROVED)),
            ),
        )
        .order_by(Meeting.ends_at)
        .limit(LIMIT)
    )
    return [
        Need(
            _("Finish the summary notice") if row.begun else _("Write the summary notice"),
            f"/workspace/meetings/{row.id}/notice",
            choose(row.title_zh, row.title_en),
            day(row.ends_at, row.zone),
            row.ends_at,
        )
        for row in rows
    ]
