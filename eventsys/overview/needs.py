"""What needs this person now: one line for each act that waits for them, each leading to where it is done.

A fixed number of queries whatever the number of meetings; every line stands for one meeting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Executable, Integer, and_, bindparam, exists, func, or_, select, true

from eventsys.accounts.queries import office_day
from eventsys.config import Settings
from eventsys.core import reading
from eventsys.core.actor import Actor, Role
from eventsys.core.clock import now
from eventsys.core.columns import UtcDateTime
from eventsys.core.formats import day, moment
from eventsys.core.language import choose, ngettext
from eventsys.core.language import gettext as _
from eventsys.core.outbox import Letter
from eventsys.delivery.queries import IN_TROUBLE
from eventsys.delivery.queries.sending import standstill
from eventsys.directory.models import Organization
from eventsys.incoming.queries.waiting import mailbox_state, waiting_below
from eventsys.incoming.reading import mailbox_name
from eventsys.invitations.models import Attendee, HeldChange, Place
from eventsys.invitations.queries.held import LATE, Waiting
from eventsys.invitations.queries.leave import is_waiting
from eventsys.invitations.queries.replies import Counts
from eventsys.invitations.queries.several import counts_of
from eventsys.meetings.facts import LONGEST
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.meetings.policy import STAFF
from eventsys.notices.models import Notice, NoticeState, NoticeVersion, VersionState
from eventsys.notices.queries.review import StaffPaths, staff_paths, waits_for
from eventsys.succession.queries.handovers import asks_at_meeting, questions
from eventsys.succession.queries.liaisons import number_without_liaison

LIMIT = 30
RECENT = timedelta(days=90)
UNREADABLE = timedelta(minutes=15)
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


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a need may lie: below tree paths (None: anywhere), or at one meeting; statements are kept by it."""

    paths: tuple[str, ...] | None = None
    one_meeting: bool = False

    def condition(self) -> ColumnElement[bool]:
        if self.one_meeting:
            return Meeting.id == bindparam("meeting_id")
        if self.paths is None:
            return true()
        return or_(*(Organization.path.startswith(path, autoescape=True) for path in self.paths))


HERE = _Scope(one_meeting=True)


def needs_of(actor: Actor) -> list[Need]:
    """Everything that waits for this actor, the most urgent first."""
    found: list[Need] = []
    if actor.is_administrator or actor.has(Role.ORGANIZER):
        mine = _scope(actor, Role.ORGANIZER)
        found += _of_meetings(mine) + _of_letters(mine) + _of_held_changes(mine) + _of_mail(mine)
    if approves := _approves_alone(actor):
        found += _of_leave(_Scope(approves))
    if actor.is_administrator:
        found += _of_sending() + _of_mailbox()
    if actor.has(*STAFF):
        found += _of_notices(actor, None)
    if actor.has(Role.EDITOR):
        found += _unwritten(_scope(actor, Role.EDITOR))
    latest = now() + timedelta(days=3650)
    return sorted(found, key=lambda need: need.due or latest)


def needs_of_meeting(actor: Actor, meeting: Meeting, counts: Counts, held: Waiting | None, mail: int) -> list[Need]:
    """What waits for this actor at one meeting: of its replies, its held change, its incoming mail, and the rest."""
    path = meeting.convener.path
    found: list[Need] = []
    if actor.is_administrator or actor.holds(Role.ORGANIZER, path):
        if meeting.state in OPEN and meeting.starts_at > now() - RECENT:
            found += _needs_of_meeting(meeting, counts)
        found += _of_letters(HERE, meeting.id)
        found += _mail_needs(meeting.id, meeting.title(), mail)
        found += [_held_need(meeting, held)] if held and held.is_stuck else []
    elif actor.holds(Role.APPROVER, path) and counts.leave_requested and meeting.state in OPEN:
        found.append(_leave_need(meeting, counts.leave_requested))
    if any(actor.holds(role, path) for role in STAFF):
        found += _of_notices(actor, meeting.id)
    if actor.holds(Role.EDITOR, path):
        found += _unwritten(HERE, meeting.id)
    return found


def _of_sending() -> list[Need]:
    """That no letter leaves: by somebody's order, or because nobody or nothing takes them."""
    found = standstill()
    if found is None:
        return []
    label = _("Letters wait and are not sent") if found.reason is None else _("Sending is paused")
    return [Need(label, "/workspace/sending/", found.reason or "", due=found.since)]


def _of_mailbox() -> list[Need]:
    """That the mailbox has not been readable for some time: answers lie there unseen."""
    settings: Settings = current_app.extensions["eventsys.settings"]
    found = mailbox_state(mailbox_name(settings)) if settings.mailbox.host else None
    if found is None or found.fault_at is None or found.fault_at > now() - UNREADABLE:
        return []
    since = moment(found.fault_at, settings.zone)
    note = _("Since %(when)s", when=since)
    return [Need(_("See why the mailbox cannot be read"), "/workspace/incoming/", note, due=found.fault_at)]


def _of_mail(mine: _Scope) -> list[Need]:
    return [
        need
        for row in waiting_below(mine.paths)
        for need in _mail_needs(row.meeting_id, choose(row.title_zh, row.title_en), row.number)
    ]


def _mail_needs(meeting_id: int | None, title: str, number: int) -> list[Need]:
    """What came by mail and waits for a decision, at a meeting or at none."""
    if not number:
        return []
    label = ngettext("Decide on %(num)s message that came in", "Decide on %(num)s messages that came in", number)
    page = f"/workspace/meetings/{meeting_id}/incoming" if meeting_id else "/workspace/incoming/"
    return [Need(label, f"{page}?state=waiting", title or _("About no meeting"), due=now())]


def _lacking(row: Any) -> list[Need]:
    """Organizations that are to name people for the meeting though nobody answers for them (any more)."""
    if not row.without_liaison or row.starts_at < now():
        return []
    label = ngettext(
        "%(num)s organization is to name people and has no liaison",
        "%(num)s organizations are to name people and have no liaison",
        row.without_liaison,
    )
    title = choose(row.title_zh, row.title_en)
    return [Need(label, "/workspace/handovers/#liaisons", title, _by(row), row.reply_by)]


def _of_posts(mine: _Scope) -> list[Need]:
    """Places at coming meetings whose post has passed to somebody else, in one line: one change of post is many."""
    found = questions(mine.paths)
    if not found:
        return []
    label = ngettext(
        "%(num)s place: its post has passed on, decide who comes",
        "%(num)s places: their posts have passed on, decide who comes",
        len(found),
    )
    first = found[0]
    return [Need(label, "/workspace/handovers/", first.meeting, day(first.starts_at, first.zone), first.starts_at)]


def _scope(actor: Actor, *roles: Role) -> _Scope:
    """Where one of the roles is held; anywhere for an administrator."""
    return _Scope(None if actor.is_administrator else actor.paths(*roles))


def _of_meetings(mine: _Scope) -> list[Need]:
    rows = reading.rows(_open_meetings(mine), since=now() - RECENT, day=office_day())
    counts = counts_of([row.id for row in rows])
    found = [need for row in rows for need in _needs_of_meeting(row, counts[row.id]) + _lacking(row)]
    return found + (_of_posts(mine) if any(row.asks for row in rows) else [])


@lru_cache(maxsize=256)
def _open_meetings(mine: _Scope) -> Executable:
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
            asks_at_meeting(bindparam("day")).label("asks"),
            number_without_liaison(bindparam("day")).label("without_liaison"),
        )
        .join(Organization, Organization.id == Meeting.convener_id)
        .where(mine.condition(), Meeting.state.in_(OPEN), Meeting.starts_at > bindparam("since"))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(LIMIT)
    )


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


def _approves_alone(actor: Actor) -> tuple[str, ...]:
    """Where somebody decides on leave but does not invite; an organizer's lines say it already."""
    invites = ("/",) if actor.is_administrator else actor.paths(Role.ORGANIZER)
    return tuple(path for path in actor.paths(Role.APPROVER) if not path.startswith(invites))


def _of_leave(mine: _Scope) -> list[Need]:
    """Leave requests that wait at meetings still to come, for those who decide on leave and do not invite."""
    return [_leave_need(row, row.number) for row in reading.rows(_waiting_leave(mine), at=now())]


def _leave_need(row: Any, number: int) -> Need:
    label = ngettext("Decide on %(num)s leave request", "Decide on %(num)s leave requests", number)
    page = f"/workspace/meetings/{row.id}/invitations/?show=leave_requested"
    return Need(label, page, choose(row.title_zh, row.title_en), _by(row), row.reply_by)


@lru_cache(maxsize=256)
def _waiting_leave(mine: _Scope) -> Executable:
    return (
        select(
            *(Meeting.id, Meeting.title_zh, Meeting.title_en, Meeting.zone, Meeting.reply_by),
            func.count(Attendee.id).label("number"),
        )
        .join(Organization, Organization.id == Meeting.convener_id)
        .join(Attendee, Attendee.meeting_id == Meeting.id)
        .join(Place, Place.id == Attendee.place_id)
        .where(mine.condition(), *is_waiting(), Meeting.starts_at > bindparam("at"))
        .group_by(Meeting.id)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(LIMIT)
    )


def _of_letters(mine: _Scope, meeting_id: int = 0) -> list[Need]:
    return [
        Need(
            ngettext("%(num)s letter could not be delivered", "%(num)s letters could not be delivered", row.failed),
            f"/workspace/meetings/{row.id}/letters?state=trouble",
            choose(row.title_zh, row.title_en),
            due=now(),
        )
        for row in reading.rows(_failed_letters(mine), at=now(), **_where(mine, meeting_id))
    ]


@lru_cache(maxsize=256)
def _failed_letters(mine: _Scope) -> Executable:
    return (
        select(Meeting.id, Meeting.title_zh, Meeting.title_en, func.count(Letter.id).label("failed"))
        .join(Meeting, Meeting.id == Letter.meeting_id)
        .join(Organization, Organization.id == Meeting.convener_id)
        .where(mine.condition(), IN_TROUBLE, Meeting.ends_at > bindparam("at"))
        .group_by(Meeting.id)
        .limit(LIMIT)
    )


def _of_held_changes(mine: _Scope) -> list[Need]:
    """Changes that were stopped, or should have taken effect by now."""
    return [_held_need(row, row) for row in reading.rows(_stuck_changes(mine), late=now() - LATE)]


def _held_need(meeting: Any, held: Any) -> Need:
    label = _("A held change could not go out") if held.obstacle else _("A held change is late")
    title = choose(meeting.title_zh, meeting.title_en)
    return Need(label, f"/workspace/meetings/{meeting.id}/held", title, due=held.release_at)


@lru_cache(maxsize=256)
def _stuck_changes(mine: _Scope) -> Executable:
    return (
        select(Meeting.id, Meeting.title_zh, Meeting.title_en, HeldChange.obstacle, HeldChange.release_at)
        .join(HeldChange, HeldChange.meeting_id == Meeting.id)
        .join(Organization, Organization.id == Meeting.convener_id)
        .where(mine.condition(), or_(HeldChange.obstacle.is_not(None), HeldChange.release_at < bindparam("late")))
        .order_by(HeldChange.release_at)
        .limit(LIMIT)
    )


def _where(mine: _Scope, meeting_id: int) -> dict[str, int]:
    return {"meeting_id": meeting_id} if mine.one_meeting else {}


def _of_notices(actor: Actor, meeting_id: int | None) -> list[Need]:
    editors = _scope(actor, Role.EDITOR) if actor.has(Role.EDITOR) else None
    where = HERE if meeting_id is not None else _Scope()
    rows = reading.rows(
        _waiting_notices(staff_paths(actor), editors, where),
        account_id=actor.account_id,
        at=now(),
        **_where(where, meeting_id or 0),
    )
    words = {
        VersionState.IN_REVIEW: _("Review a summary notice"),
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


@lru_cache(maxsize=256)
def _waiting_notices(staff: StaffPaths, editors: _Scope | None, where: _Scope) -> Executable:
    mine = waits_for(staff, bindparam("account_id", type_=Integer), bindparam("at", type_=UtcDateTime))
    conditions = [and_(NoticeVersion.state == VersionState.IN_REVIEW, mine)]
    if editors is not None:
        conditions.append(and_(NoticeVersion.state == VersionState.APPROVED, editors.condition()))
    return (
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
        .where(or_(*conditions), where.condition())
        .order_by(NoticeVersion.modified_at)
        .limit(LIMIT)
    )


def _unwritten(mine: _Scope, meeting_id: int = 0) -> list[Need]:
    since = now() - timedelta(days=60)
    return [
        Need(
            _("Finish the summary notice") if row.begun else _("Write the summary notice"),
            f"/workspace/meetings/{row.id}/notice",
            choose(row.title_zh, row.title_en),
            day(row.ends_at, row.zone),
            row.ends_at,
        )
        for row in reading.rows(_without_notice(mine), since=since, begin=since - LONGEST, **_where(mine, meeting_id))
    ]


@lru_cache(maxsize=256)
def _without_notice(mine: _Scope) -> Executable:
    """Concluded meetings without a notice; `begin` bounds the walk along the index, for none is longer than that."""
    of_meeting = Notice.meeting_id == Meeting.id
    passing = NoticeVersion.state.in_((VersionState.IN_REVIEW, VersionState.APPROVED))
    return (
        select(
            Meeting.id,
            Meeting.title_zh,
            Meeting.title_en,
            Meeting.ends_at,
            Meeting.zone,
            exists().where(of_meeting).label("begun"),
        )
        .join(Organization, Organization.id == Meeting.convener_id)
        .where(
            mine.condition(),
            Meeting.state == MeetingState.CONCLUDED,
            Meeting.starts_at > bindparam("begin"),
            Meeting.ends_at > bindparam("since"),
            ~exists().where(of_meeting, Notice.state != NoticeState.UNPUBLISHED),
            ~exists().where(of_meeting, NoticeVersion.notice_id == Notice.id, passing),
        )
        .order_by(Meeting.ends_at)
        .limit(LIMIT)
    )
