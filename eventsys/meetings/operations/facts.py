"""Drafting a meeting, revising the draft, and writing changed facts on a meeting in any state."""

from __future__ import annotations

from eventsys.core.actor import Actor
from eventsys.core.audit import difference, record
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import check_version, locked
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.meetings.calendar import new_uid
from eventsys.meetings.facts import MeetingFacts, problems
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.meetings.operations.visible import prepare, refresh
from eventsys.meetings.policy import can_convene_for


def draft_meeting(facts: MeetingFacts, *, by: Actor, replaces: Meeting | None = None) -> Meeting:
    """A new draft; nobody is told. `replaces` is the postponed meeting whose place it takes.

    Raises `DomainError` with the name of the fact that cannot be.
    """
    convener = check_facts(facts, by)
    at = now()
    meeting = Meeting(
        **facts.columns(),
        convener=convener,
        uid=new_uid(),
        sequence=0,
        state=MeetingState.DRAFT,
        created_at=at,
        modified_at=at,
        replaces_id=replaces.id if replaces else None,
    )
    prepare(meeting)
    db.session.add(meeting)
    db.session.flush()
    after = {**facts.columns(), "replaces_id": meeting.replaces_id}
    record("meeting.draft", meeting, by=by, after=after, label=meeting.title(), meeting_id=meeting.id)
    return meeting


def revise_draft(meeting: Meeting, facts: MeetingFacts, version: int, *, by: Actor) -> Meeting:
    """Save a draft again.

    Raises `Stale` when somebody else saved it since, `DomainError` when it is no draft any more or a fact cannot be.
    """
    row = locked(Meeting, meeting.id)
    check_version(row, version)
    if row.state is not MeetingState.DRAFT:
        raise DomainError(_("This meeting is scheduled. Change it on its own page, which shows who will be told."))
    return _write(row, facts, "meeting.revise", by)


def apply_facts(meeting: Meeting, facts: MeetingFacts, *, by: Actor) -> Meeting:
    """Write changed facts on a meeting in any state; neither the sequence nor anybody's reply moves.

    Raises `DomainError` with the name of the fact that cannot be.
    """
    return _write(locked(Meeting, meeting.id), facts, "meeting.change", by)


def _write(row: Meeting, facts: MeetingFacts, action: str, by: Actor) -> Meeting:
    check_facts(facts, by, present=row.convener_id)
    before, after = difference(MeetingFacts.of(row).columns(), facts.columns())
    if not after:
        return row
    for name, value in after.items():
        setattr(row, name, value)
    if "convener_id" in after:
        db.session.flush()
        db.session.refresh(row, ["convener"])
    refresh(row)
    record(action, row, by=by, before=before, after=after, label=row.title(), meeting_id=row.id)
    return row


def check_facts(facts: MeetingFacts, by: Actor, present: int | None = None) -> Organization:
    """The convener, if a meeting may have these facts; `present` is the one it has, which may stay in any case.

    Raises `DomainError` with the name of the first fact that cannot be.
    """
    convener = db.session.get(Organization, facts.convener_id)
    if convener is None or (facts.convener_id != present and not can_convene_for(by, convener.path)):
        raise DomainError(_("Choose an organization for which you are an organizer"), field="convener_id")
    for problem in problems(facts):
        raise DomainError(problem.message, field=problem.field)
    return convener
