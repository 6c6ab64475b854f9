"""The notice of the model meeting, written, approved and published by the end of August 2024."""

from __future__ import annotations

from eventsys.core.actor import Role
from eventsys.core.clock import played_at
from eventsys.core.transaction import write
from eventsys.meetings.models import Meeting
from eventsys.notices.operations import approve, draft_from_record, publish, save_version, submit
from eventsys.notices.sample import model_notice
from eventsys.notices.text import NoticeText
from eventsys.sample_city.people import Staff
from eventsys.sample_city.times import at


def play_notice(meeting: Meeting, staff: Staff) -> None:
    """A draft from the record, the editor's text, approval by somebody else, publication on 30 August."""
    editor, approver = staff.actor(Role.EDITOR), staff.actor(Role.APPROVER)
    with played_at(at(8, 26, 10)), write():
        version = draft_from_record(meeting, by=editor)
    attended = {"attended_zh": version.attended_zh, "attended_en": version.attended_en}
    text = NoticeText(**{**attended, **model_notice()})
    with played_at(at(8, 27, 15, 30)), write():
        save_version(version, text, by=editor)
    with played_at(at(8, 28, 9, 5)), write():
        submit(version, by=editor)
    with played_at(at(8, 29, 16, 40)), write():
        approve(version, by=approver)
    with played_at(at(8, 30, 9)), write():
        publish(version, by=editor)
