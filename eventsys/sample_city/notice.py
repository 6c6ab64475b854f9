"""The notice of the model meeting, written, approved and published by the end of August 2024."""

from __future__ import annotations

from sqlalchemy import select

from eventsys.core.actor import Actor, Role
from eventsys.core.clock import played_at
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.meetings.models import Meeting
from eventsys.notices.models import Subscription
from eventsys.notices.operations import approve, draft_from_record, publish, save_version, submit
from eventsys.notices.operations.register import Kept, keep_register
from eventsys.notices.operations.subscribing import confirm_subscription, subscribe
from eventsys.notices.sample import model_notice
from eventsys.notices.text import NoticeText
from eventsys.sample_city.people import Staff
from eventsys.sample_city.times import at

READERS = (("reader@example.org", "en"), ("duzhe@example.org", "zh"))


def play_notice(meeting: Meeting, staff: Staff) -> None:
    """A draft from the record, the editor's text, approval by somebody else, publication on 30 August."""
    editor, approver = staff.actor(Role.EDITOR), staff.actor(Role.APPROVER)
    with played_at(at(8, 20, 9)):
        _keep_a_register(meeting, editor)
        _find_readers(meeting)
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


def _keep_a_register(meeting: Meeting, by: Actor) -> None:
    """The office numbers what it publishes."""
    kept = Kept("210100-WSB", "外事", "Foreign affairs", "主动公开", "Published on its own initiative")
    with write():
        keep_register(meeting.convener, kept, None, by=by)


def _find_readers(meeting: Meeting) -> None:
    """Two who subscribed, in either language."""
    for email, language in READERS:
        with write():
            subscribe(email, language, meeting.convener.name_zh, meeting.convener.name_en)
        row = db.session.scalars(select(Subscription).where(Subscription.email == email)).one()
        with write():
            confirm_subscription(row)
