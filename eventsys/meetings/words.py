"""Words for states, kinds and visibilities."""

from __future__ import annotations

from typing import Protocol

from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.meetings.models import MeetingKind, MeetingState, Visibility

STATES = {
    MeetingState.DRAFT: (_l("Draft"), "dashed"),
    MeetingState.SCHEDULED: (_l("Scheduled"), "ink"),
    MeetingState.IN_SESSION: (_l("In session"), "pine"),
    MeetingState.CONCLUDED: (_l("Concluded"), "tint"),
    MeetingState.ARCHIVED: (_l("Archived"), "outline"),
    MeetingState.CANCELLED: (_l("Cancelled"), "grey"),
}
KINDS = {
    MeetingKind.CONFERENCE: _l("Conference"),
    MeetingKind.INFORMATION_SESSION: _l("Information session"),
    MeetingKind.WORKING_MEETING: _l("Working meeting"),
    MeetingKind.SYMPOSIUM: _l("Symposium"),
    MeetingKind.TRAINING: _l("Training"),
    MeetingKind.OTHER: _l("Other"),
}
VISIBILITIES = {
    Visibility.INTERNAL: (_l("Internal"), _l("Staff of the convening organization")),
    Visibility.PARTICIPANTS: (_l("Participants"), _l("Those invited and their liaisons")),
    Visibility.PUBLIC: (_l("Public"), _l("Anybody; needs a Chinese and an English title")),
}


class HasState(Protocol):
    """What has a meeting's state: the meeting, or a row of a list."""

    @property
    def state(self) -> MeetingState: ...

    @property
    def postponed(self) -> bool: ...


def state_tag(meeting: HasState) -> tuple[str, str]:
    """The state as a word, and the tone of its tag."""
    word, tone = STATES[meeting.state]
    if meeting.state is MeetingState.CANCELLED and meeting.postponed:
        return _("Postponed"), tone
    return str(word), tone


def kind_word(kind: MeetingKind) -> str:
    """The kind in the current language."""
    return str(KINDS[kind])
