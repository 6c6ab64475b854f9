"""What an organizer can do with a meeting now, as links to the pages where it is done."""

from __future__ import annotations

from eventsys.core.actor import Actor
from eventsys.core.language import gettext as _
from eventsys.meetings.models import Meeting, MeetingState, Visibility
from eventsys.meetings.policy import can_change_meeting, can_convene, is_shown
from eventsys.overview.policy import can_read_log


def acts_of(actor: Actor, meeting: Meeting) -> list[tuple[str, str]]:
    """Label and address of each act that the meeting's state allows, the usual ones first."""
    base = f"/workspace/meetings/{meeting.id}"
    found: list[tuple[str, str]] = []
    if can_change_meeting(actor, meeting):
        found += [(label, f"{base}/{page}") for label, page in _of_state(meeting)]
    if can_convene(actor):
        found.append((_("Copy as a new draft"), f"{base}/copy"))
    if is_shown(meeting.state, meeting.scheduled_at) and meeting.visibility is not Visibility.INTERNAL:
        found.append((_("Open its page for readers"), f"/meetings/{meeting.id}"))
    if can_read_log(actor, meeting):
        found.append((_("Who did what at this meeting"), f"{base}/log"))
    return found


def _of_state(meeting: Meeting) -> list[tuple[str, str]]:
    match meeting.state:
        case MeetingState.DRAFT:
            return [
                (_("Edit the draft"), "edit"),
                (_("Preview and schedule"), "preview"),
                (_("Invite people"), "invitations/add"),
                (_("Cancel the draft"), "cancel"),
            ]
        case MeetingState.SCHEDULED:
            return [
                (_("Change time, place or words"), "change"),
                (_("Invite people"), "invitations/add"),
                (_("Open the meeting"), "start"),
                (_("Postpone"), "postpone"),
                (_("Cancel"), "cancel"),
            ]
        case MeetingState.IN_SESSION:
            return [(_("Conclude the meeting"), "conclude")]
        case MeetingState.CONCLUDED:
            return [(_("Archive the record"), "archive")]
    return []
