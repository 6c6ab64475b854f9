"""What needs this person now: one line for each act that waits for them, each leading to where it is done.

A fixed number of queries whatever the number of meetings; every line stands for one meeting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, or_, select, true

from eventsys.core.actor import Actor, Role
from eventsys.core.clock import now
from eventsys.core.formats import day, moment
from eventsys.core.language import choose, ngettext
from eventsys.core.language import gettext as _
from eventsys.core.outbox import Letter, LetterState
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Leave, Place, Reply
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.notices.models import Notice, NoticeAuthor, NoticeState, NoticeVersion, VersionState

LIMIT = 30


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
        found += _of_notices(actor)
    if actor.has(Role.EDITOR):
        found += _unwritten(_under(actor, Role.EDITOR))
    latest = now() + timedelta(days=3650)
    return sorted(found, key=lambda need: need.due or latest)


def _under(actor: Actor, *roles: Role) -> ColumnElement[bool]:
    """The condition that an organization lies where one of the roles is held; everything for an administrator."""
    if actor.is_administrator:
        return true()
    return or_(*(Organization.path.startswith(path, autoescape=True) for path in actor.paths(*roles)))


def _of_meetings(mine: ColumnElement[bool]) -> list[Need]:
    rows = db.session.execute(_meeting_counts(mine)).all()
    return [need for row in rows for need in _needs_of_meeting(row)]


def _meeting_counts(mine: ColumnElement[bool]) -> Select[Any]:
    open_states = (MeetingState.DRAFT, MeetingState.SCHEDULED, MeetingState.IN_SESSION)
    current = and_(Attendee.place_id == Place.id, Attendee.is_current)

    def total(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    silent = and_(Attendee.reply == Reply.PENDING, Attendee.told_at.is_not(None))
    return (
        select(
            Meeting.id,
            Meeting.title_zh,
            Meeting.title_en,
            Meeting.state,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.zone,
            Meeting.reply_by,
            total(Attendee.leave == Leave.REQUESTED).label("leave"),
            total(and_(Attendee.id.is_not(None), Attendee.told_at.is_(None))).label("prepared"),
            total(silent).label("silent"),
            total(and_(Place.id.is_not(None), Attendee.id.is_(None))).label("unnamed"),
        )
        .join(Organization, Organization.id == Meeting.convener_id)
        .outerjoin(Place, and_(Place.meeting_id == Meeting.id, Place.withdrawn_at.is_(None)))
        .outerjoin(Attendee, current)
        .where(mine, Meeting.state.in_(open_states), Meeting.starts_at > now() - timedelta(days=90))
        .group_by(Meeting.id)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(LIMIT)
    )


def _needs_of_meeting(row: Row[Any]) -> list[Need]:
    base = f"/workspace/meetings/{row.id}"
    title = choose(row.title_zh, row.title_en)
    at = now()
    if row.state is MeetingState.DRAFT:
        return [Need(_("Finish the draft and schedule it"), f"{base}/", title, day(row.starts_at, row.zone), row.starts_at)]
    found = []
    if row.leave:
        label = ngettext("Decide on %(num)s leave request", "Decide on %(num)s leave requests", row.leave)
        found.append(Need(label, f"{base}/invitations/?show=leave_requested", title, due=row.reply_by))
    if row.state is MeetingState.SCHEDULED and row.prepared:
        label = ngettext("Send %(num)s prepared invitation", "Send %(num)s prepared invitations", row.prepared)
        found.append(Need(label, f"{base}/invitations/send", title, _by(row), row.reply_by))
    if row.state is MeetingState.SCHEDULED and row.silent and at < row.starts_at and _closes_soon(row):
        label = ngettext("Remind %(num)s invitee who has not replied", "Remind %(num)s invitees who have not replied", row.silent)
        found.append(Need(label, f"{base}/invitations/remind", title, _by(row), row.reply_by))
    if row.state is MeetingState.SCHEDULED and row.unnamed and at < row.starts_at:
        label = ngettext("%(num)s place is still to be named", "%(num)s places are still to be named", row.unnamed)
        found.append(Need(label, f"{base}/invitations/?show=to_be_named", title, _by(row), row.reply_by))
    if at > row.ends_at:
        found.append(Need(_("Close the roll and conclude the meeting"), f"{base}/attendance", title, due=row.ends_at))
    return found


def _closes_soon(row: Row[Any]) -> bool:
    return row.reply_by is None or now() > row.reply_by - timedelta(days=3)


def _by(row: Row[Any]) -> str:
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


def _of_notices(actor: Actor) -> list[Need]:
    wrote = exists().where(NoticeAuthor.version_id == NoticeVersion.id, NoticeAuthor.account_id == actor.account_id)
    approves = and_(NoticeVersion.state == VersionState.IN_REVIEW, _under(actor, Role.APPROVER), ~wrote)
    publishes = and_(NoticeVersion.state == VersionState.APPROVED, _under(actor, Role.EDITOR))
    conditions = [approves] if actor.has(Role.APPROVER) else []
    conditions += [publishes] if actor.has(Role.EDITOR) else []
    rows = db.session.execute(
        select(Notice.meeting_id, NoticeVersion.state, NoticeVersion.title_zh, NoticeVersion.title_en, NoticeVersion.modified_at)
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .join(Organization, Organization.id == Notice.convener_id)
        .where(or_(*conditions))
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
