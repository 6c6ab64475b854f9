"""Drafting, revising, scheduling, holding and cancelling meetings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.core.actor import Actor, Role
from eventsys.core.audit import AuditEntry
from eventsys.core.errors import DomainError, Stale
from eventsys.core.outbox import Letter
from eventsys.core.stamps import MEETINGS, stamps
from eventsys.core.transaction import write
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.meetings import operations
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting, MeetingState, Visibility
from tests import factories
from tests.meetings.samples import facts, office, organizer


@pytest.fixture
def by(app: Flask) -> Actor:
    return organizer(office())


def drafted(by: Actor, **changes: Any) -> Meeting:
    with write() as session:
        convener = session.get_one(Organization, by.held[0].organization_id)
        return operations.draft_meeting(facts(convener, **changes), by=by)


def entries() -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def test_a_draft_keeps_its_facts_and_sends_nothing(by: Actor) -> None:
    meeting = drafted(by)
    assert (meeting.state, meeting.sequence, meeting.scheduled_at) == (MeetingState.DRAFT, 0, None)
    assert MeetingFacts.of(meeting) == facts(meeting.convener)
    assert meeting.uid.endswith("@localhost")
    assert db.session.scalars(select(Letter)).all() == []


def test_drafting_is_audited_with_every_fact(by: Actor) -> None:
    meeting = drafted(by)
    entry = entries()[-1]
    assert (entry.action, entry.subject_id, entry.meeting_id, entry.actor) == (
        "meeting.draft",
        meeting.id,
        meeting.id,
        "organizer",
    )
    assert entry.before == {}
    assert entry.after["starts_at"] == "2030-08-22T01:00:00+00:00"
    assert entry.after["title_zh"] == "全市外办主任会议"


def test_an_organizer_convenes_only_for_their_own_offices(by: Actor) -> None:
    foreign = facts(factories.organization())
    with pytest.raises(DomainError) as refused, write():
        operations.draft_meeting(foreign, by=by)
    assert refused.value.field == "convener_id"


def test_facts_that_cannot_be_are_refused_by_name(by: Actor) -> None:
    with pytest.raises(DomainError) as refused:
        drafted(by, title_en="")
    assert refused.value.field == "title_en"
    assert db.session.scalars(select(Meeting)).all() == []


def test_a_revision_audits_only_what_changed(by: Actor) -> None:
    meeting = drafted(by)
    changed = replace(MeetingFacts.of(meeting), venue_zh="302会议室")
    with write():
        operations.revise_draft(meeting, changed, meeting.version, by=by)
    entry = entries()[-1]
    assert (entry.action, entry.before, entry.after) == (
        "meeting.revise",
        {"venue_zh": "301会议室"},
        {"venue_zh": "302会议室"},
    )


def test_a_revision_without_a_change_is_none(by: Actor) -> None:
    meeting = drafted(by)
    version, count = meeting.version, len(entries())
    with write():
        operations.revise_draft(meeting, MeetingFacts.of(meeting), version, by=by)
    assert (meeting.version, len(entries())) == (version, count)


def test_the_second_of_two_revisions_is_stale(by: Actor) -> None:
    meeting = drafted(by)
    version, given = meeting.version, MeetingFacts.of(meeting)
    with write():
        operations.revise_draft(meeting, replace(given, title_zh="甲"), version, by=by)
    with pytest.raises(Stale), write():
        operations.revise_draft(meeting, replace(given, title_zh="乙"), version, by=by)
    assert meeting.title_zh == "甲"


def test_a_scheduled_meeting_is_no_draft(by: Actor) -> None:
    meeting = drafted(by)
    with write():
        operations.schedule_meeting(meeting, by=by)
    with pytest.raises(DomainError), write():
        operations.revise_draft(meeting, MeetingFacts.of(meeting), meeting.version, by=by)


def test_changed_facts_of_a_scheduled_meeting_leave_the_sequence(by: Actor) -> None:
    meeting = drafted(by)
    with write():
        operations.schedule_meeting(meeting, by=by)
    with write():
        operations.apply_facts(meeting, replace(MeetingFacts.of(meeting), venue_en="Hall 2"), by=by)
    assert (meeting.venue_en, meeting.sequence, entries()[-1].action) == ("Hall 2", 0, "meeting.change")


def test_a_convener_that_stays_may_stay(by: Actor) -> None:
    meeting = drafted(by)
    other = organizer(factories.organization())
    with write():
        operations.apply_facts(meeting, replace(MeetingFacts.of(meeting), title_zh="新题"), by=other)
    assert meeting.title_zh == "新题"


WAY = [
    (operations.schedule_meeting, MeetingState.SCHEDULED, "scheduled_at"),
    (operations.start_meeting, MeetingState.IN_SESSION, "started_at"),
    (operations.conclude_meeting, MeetingState.CONCLUDED, "concluded_at"),
    (operations.archive_meeting, MeetingState.ARCHIVED, None),
]


def test_the_way_from_draft_to_archive(by: Actor) -> None:
    meeting = drafted(by)
    for verb, state, moment in WAY:
        with write():
            verb(meeting, by=by)
        assert meeting.state is state
        assert moment is None or getattr(meeting, moment) is not None
    assert [entry.action for entry in entries()] == [
        "meeting.draft",
        "meeting.schedule",
        "meeting.start",
        "meeting.conclude",
        "meeting.archive",
    ]
    assert (entries()[2].before["state"], entries()[2].after["state"]) == ("scheduled", "in_session")


ALLOWED: dict[Callable[..., Meeting], set[MeetingState]] = {
    operations.schedule_meeting: {MeetingState.DRAFT},
    operations.start_meeting: {MeetingState.SCHEDULED},
    operations.conclude_meeting: {MeetingState.SCHEDULED, MeetingState.IN_SESSION},
    operations.archive_meeting: {MeetingState.CONCLUDED},
}


@pytest.mark.parametrize("verb", ALLOWED)
def test_verbs_refuse_every_other_state(by: Actor, verb: Callable[..., Meeting]) -> None:
    convener = db.session.get_one(Organization, by.held[0].organization_id)
    went_through = set()
    for state in MeetingState:
        meeting = factories.meeting(convener, state=state)
        try:
            with write():
                verb(meeting, by=by)
            went_through.add(state)
        except DomainError:
            assert meeting.state is state
    assert went_through == ALLOWED[verb]


@pytest.mark.parametrize(("postponed", "action"), [(False, "meeting.cancel"), (True, "meeting.postpone")])
def test_cancelling_keeps_the_reason(by: Actor, postponed: bool, action: str) -> None:
    meeting = drafted(by)
    with write():
        operations.mark_cancelled(meeting, reason_zh="台风", reason_en="", postponed=postponed, by=by)
    assert (meeting.state, meeting.postponed, meeting.reason_zh) == (MeetingState.CANCELLED, postponed, "台风")
    assert meeting.sequence == 0
    assert (entries()[-1].action, entries()[-1].after["reason_zh"]) == (action, "台风")


def test_cancelling_needs_a_reason(by: Actor) -> None:
    meeting = drafted(by)
    with pytest.raises(DomainError) as refused, write():
        operations.mark_cancelled(meeting, reason_zh="", reason_en="", postponed=False, by=by)
    assert (refused.value.field, meeting.state) == ("reason_zh", MeetingState.DRAFT)


def test_what_is_held_is_not_cancelled(by: Actor) -> None:
    convener = db.session.get_one(Organization, by.held[0].organization_id)
    for state in (MeetingState.IN_SESSION, MeetingState.CONCLUDED, MeetingState.ARCHIVED, MeetingState.CANCELLED):
        meeting = factories.meeting(convener, state=state)
        with pytest.raises(DomainError), write():
            operations.mark_cancelled(meeting, reason_zh="台风", reason_en="", postponed=False, by=by)


def test_every_change_is_a_later_revision(by: Actor) -> None:
    meeting = drafted(by)
    moments = [meeting.modified_at]
    for verb in (operations.schedule_meeting, operations.start_meeting, operations.conclude_meeting):
        with write():
            verb(meeting, by=by)
        moments.append(meeting.modified_at)
    with write():
        operations.touch(meeting)
    db.session.refresh(meeting)
    moments.append(meeting.modified_at)
    assert moments == sorted(set(moments))


def test_touching_moves_the_time_and_not_the_version(by: Actor) -> None:
    meeting = drafted(by)
    version, modified, number = meeting.version, meeting.modified_at, stamps(MEETINGS)
    with write():
        operations.touch(meeting)
    db.session.refresh(meeting)
    assert (meeting.version, stamps(MEETINGS)[0]) == (version, number[0] + 1)
    assert meeting.modified_at > modified


def test_scheduling_the_successor_moves_the_page_of_the_postponed(by: Actor) -> None:
    old = drafted(by)
    with write():
        operations.schedule_meeting(old, by=by)
    with write():
        operations.mark_cancelled(old, reason_zh="台风", reason_en="", postponed=True, by=by)
    before = old.modified_at
    with write():
        new = operations.draft_meeting(MeetingFacts.of(old), by=by, replaces=old)
    assert (new.replaces_id, old.modified_at) == (old.id, before)
    with write():
        operations.schedule_meeting(new, by=by)
    db.session.refresh(old)
    assert old.modified_at > before


def test_the_sequence_rises_by_one(by: Actor) -> None:
    meeting = drafted(by)
    assert meeting.calendar_zh == ""
    with write():
        operations.schedule_meeting(meeting, by=by)
    for expected in (1, 2):
        with write():
            operations.raise_sequence(meeting)
        assert meeting.sequence == expected
        assert f"SEQUENCE:{expected}\r\n" in meeting.calendar_zh


def test_search_text_follows_the_titles(by: Actor) -> None:
    meeting = drafted(by, visibility=Visibility.INTERNAL)
    assert " 外办 " in meeting.search_text
    assert " municipal " in meeting.search_text
    with write():
        operations.apply_facts(meeting, replace(MeetingFacts.of(meeting), title_en="Quarterly"), by=by)
    assert " municipal " not in meeting.search_text
    assert " quarterly " in meeting.search_text


def test_the_longest_texts_fit_the_search_column(by: Actor) -> None:
    words = "".join(chr(0x4E00 + number) for number in range(300))
    meeting = drafted(by, title_zh=words, title_en=words, venue_zh=words[::-1], venue_en=words)
    assert len(meeting.search_text) <= 8000
    assert meeting.search_text.endswith(" ")


def test_an_approver_is_no_organizer(app: Flask) -> None:
    of = office()
    with pytest.raises(DomainError), write():
        operations.draft_meeting(facts(of), by=factories.actor((Role.APPROVER, of)))
