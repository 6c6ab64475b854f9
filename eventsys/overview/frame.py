"""The frame of a meeting's workspace: header with when, where and replies, the next step, and the tabs."""

from __future__ import annotations

from dataclasses import dataclass

from eventsys.core.actor import Actor, Role
from eventsys.core.clock import now
from eventsys.core.formats import due_in, moment, month, span, zone_name
from eventsys.core.language import gettext as _
from eventsys.core.language import ngettext
from eventsys.delivery.policy import can_see_letters
from eventsys.incoming.policy import can_see_incoming
from eventsys.invitations.queries.held import Waiting
from eventsys.invitations.queries.replies import Counts, counts
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.meetings.policy import can_change_meeting
from eventsys.meetings.words import state_tag
from eventsys.overview.queries import beside
from eventsys.web.access import current_actor
from eventsys.web.workspace import ASK


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next, and whether it is this reader's turn."""

    label: str
    note: str = ""
    button_text: str = ""
    href: str = ""
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around each page of a meeting. Columns are label, value, note; tabs label, address, current, dot.

    `mail` is how much incoming mail waits for this reader.
    """

    meeting_title: str
    state_tag: tuple[str, str]
    breadcrumb: list[tuple[str, str | None]]
    columns: list[tuple[str, str, str]]
    next_step: Step | None
    tabs: list[tuple[str, str, bool, bool]]
    mail: int = 0


def workspace(meeting: Meeting, tab: str, replies: Counts | None = None, held: Waiting | None = ASK) -> Frame:
    """The frame of this meeting's pages, with `tab` as the current one; one query, two without the counts."""
    actor = current_actor()
    replies, near = replies or counts(meeting.id), beside(meeting.id)
    mail = near.mail if can_see_incoming(actor, meeting) else 0
    step = next_step(actor, meeting, replies, near.held if held is ASK else held, mail, has_notice=near.has_notice)
    return Frame(
        meeting_title=meeting.title(),
        state_tag=state_tag(meeting),
        breadcrumb=[(_("Meetings"), "/workspace/meetings/"), (_month(meeting), None)],
        columns=[_when(meeting), _where(meeting), _reply_by(meeting)],
        next_step=step,
        tabs=_tabs(actor, meeting, tab, replies, mail),
        mail=mail,
    )


def next_step(
    actor: Actor,
    meeting: Meeting,
    replies: Counts,
    held: Waiting | None = None,
    mail: int = 0,
    *,
    has_notice: bool = False,
) -> Step | None:
    """The one thing that moves the meeting on; only an organizer's own turn has a button. A held change comes first.

    `mail` is how much incoming mail waits for this reader, `has_notice` says that a notice is published.
    """
    step = _held_step(meeting, held) if held else _next_step(meeting, replies, mail, has_notice)
    if step is None:
        return None
    turn = Role.EDITOR if meeting.state is MeetingState.CONCLUDED and not held else Role.ORGANIZER
    if not (actor.is_administrator or actor.holds(turn, meeting.convener.path)):
        return Step(step.label, step.note)
    return Step(step.label, step.note, step.button_text, step.href, is_mine=held is None or held.is_stuck)


def _next_step(meeting: Meeting, replies: Counts, mail: int, has_notice: bool) -> Step | None:
    base = f"/workspace/meetings/{meeting.id}"
    invitations = f"{base}/invitations"
    match meeting.state:
        case MeetingState.DRAFT:
            return Step(_("Look at it and schedule it"), _("Nothing is sent by this"), _("Preview…"), f"{base}/preview")
        case MeetingState.SCHEDULED if now() < meeting.starts_at:
            mine = _to_send_or_decide(replies, invitations)
            return mine or _mail_step(mail, base) or _to_wait_for(replies, invitations)
        case MeetingState.SCHEDULED | MeetingState.IN_SESSION:
            if meeting.roll_closed_at is None:
                return Step(
                    _("Record who is here"), _("The roll is closed by a person"), _("Check-in"), f"{base}/attendance"
                )
            return Step(_("Conclude the meeting"), "", _("Conclude…"), f"{base}/attendance")
        case MeetingState.CONCLUDED if not has_notice:
            return Step(_("Summary notice"), _("Written from the record"), _("Open it"), f"{base}/notice")
    return None


def _mail_step(mail: int, base: str) -> Step | None:
    """What came by mail and waits: it may be the answer of whoever would be reminded."""
    if not mail:
        return None
    label = ngettext("Decide on %(num)s message that came in", "Decide on %(num)s messages that came in", mail)
    return Step(label, "", _("Look at it…"), f"{base}/incoming?state=waiting")


def _held_step(meeting: Meeting, held: Waiting) -> Step:
    """What is held at the meeting, and when it takes effect."""
    page = f"/workspace/meetings/{meeting.id}/held"
    if held.is_stuck:
        return Step(_("A held change could not go out"), _("It waits for a decision"), _("Look at it…"), page)
    when = moment(held.release_at, meeting.zone, now())
    return Step(_("A change is held"), _("Takes effect on %(when)s", when=when), _("Look at it…"), page)


def _to_send_or_decide(replies: Counts, invitations: str) -> Step | None:
    """Before the day: what only the organizer can do."""
    if not replies.places:
        choose = f"{invitations}/organizations/choose"
        return Step(_("Choose whom to invite"), _("Nothing is sent by this"), _("Invite…"), choose)
    if replies.prepared:
        label = ngettext("Send %(num)s prepared invitation", "Send %(num)s prepared invitations", replies.prepared)
        return Step(label, _("You see recipients and text first"), _("Send…"), f"{invitations}/send")
    if replies.leave_requested:
        label = ngettext("Decide on %(num)s leave request", "Decide on %(num)s leave requests", replies.leave_requested)
        return Step(label, "", _("Decide…"), f"{invitations}/?show=leave_requested")
    return None


def _to_wait_for(replies: Counts, invitations: str) -> Step | None:
    """Before the day: what others have still to do."""
    if replies.no_reply:
        label = ngettext(
            "Remind %(num)s place without a reply", "Remind %(num)s places without a reply", replies.no_reply
        )
        return Step(label, _("You see recipients and text first"), _("Remind…"), f"{invitations}/remind")
    if replies.to_be_named:
        label = ngettext(
            "%(num)s place is still to be named", "%(num)s places are still to be named", replies.to_be_named
        )
        return Step(label, "", _("Show them"), f"{invitations}/?show=to_be_named")
    return None


def _month(meeting: Meeting) -> str:
    return month(meeting.starts_at, meeting.zone)


def _when(meeting: Meeting) -> tuple[str, str, str]:
    value = span(meeting.starts_at, meeting.ends_at, meeting.zone, now())
    return _("When"), value, zone_name(meeting.zone, meeting.starts_at)


def _where(meeting: Meeting) -> tuple[str, str, str]:
    if not meeting.venue() and meeting.online_url:
        return _("Where"), _("Online"), ""
    return _("Where"), meeting.venue() or _("Not set yet"), meeting.address()


def _reply_by(meeting: Meeting) -> tuple[str, str, str]:
    if meeting.reply_by is None:
        return _("Replies close"), _("No deadline"), ""
    open_yet = meeting.reply_by > now() and meeting.state is MeetingState.SCHEDULED
    note = _("Same zone, %(due)s", due=due_in(meeting.reply_by, now())) if open_yet else ""
    return _("Replies close"), moment(meeting.reply_by, meeting.zone, now()), note


def _tabs(actor: Actor, meeting: Meeting, tab: str, replies: Counts, mail: int) -> list[tuple[str, str, bool, bool]]:
    base = f"/workspace/meetings/{meeting.id}"
    waits = bool(
        can_change_meeting(actor, meeting) and (replies.leave_requested or replies.to_be_named or replies.prepared)
    )
    pages = [
        ("overview", _("Overview"), f"{base}/", False),
        ("invitations", _("Invitations"), f"{base}/invitations/", waits),
        ("agenda", _("Agenda"), f"{base}/agenda/", False),
        ("attendance", _("Check-in"), f"{base}/attendance", False),
        ("notice", _("Summary notice"), f"{base}/notice", False),
        *([("letters", _("Letters"), f"{base}/letters", False)] if can_see_letters(actor, meeting) else []),
        *([("incoming", _("Incoming mail"), f"{base}/incoming", mail > 0)] if can_see_incoming(actor, meeting) else []),
    ]
    return [(label, href, key == tab, dot) for key, label, href, dot in pages]
