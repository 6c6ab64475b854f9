"""Asking organizations: places as rows for posts, further people and observers; nobody is told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.invitations.models import Ask
from eventsys.invitations.operations.asks import ensure_asks
from eventsys.invitations.operations.prepare import BEFORE_IT_ENDS
from eventsys.invitations.operations.rows import add_places
from eventsys.meetings.models import Meeting
from eventsys.quotas.queries.demand import Demand
from eventsys.quotas.queries.proposal import Proposed, mark_of_proposal, propose


@dataclass(frozen=True, slots=True)
class Note:
    """What kind of people are wanted, in both languages; empty leaves the note of each organization as it is."""

    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """What asking came to: organizations, places made, of them to be named, and organizations without a liaison."""

    organizations: int
    places: int
    to_be_named: int
    without_liaison: int


def ask_organizations(
    meeting: Meeting, demand: Demand, chosen: Collection[int], note: Note, shown: str, *, by: Actor
) -> Made:
    """Ask the chosen organizations of the proposal for what was shown; an organization never loses a place by this.

    `shown` is the mark of the proposal (`mark_of_proposal`); another one is refused. Raises `DomainError`, also beyond
    the meeting's capacity.
    """
    meeting = lock_meeting(meeting)
    proposed = propose(meeting, demand, by)
    asked = [each for each in proposed if each.organization_id in chosen]
    if not asked:
        raise DomainError(_("Choose at least one organization."), field="organizations")
    new = [place for each in asked for place in each.new]
    if not new and not note.zh and not note.en:
        raise DomainError(_("All of this is asked for already. Nothing was added."), field="organizations")
    if shown != mark_of_proposal(meeting, proposed):
        raise DomainError(_("What is asked for has changed since you opened this page. Look at it again."))
    places = add_places(meeting, new)
    _write_down(meeting, asked, note)
    audit.record(
        "ask.prepare",
        meeting,
        by=by,
        after={"organizations": [each.organization_id for each in asked], "places": places},
        label=meeting.title(),
        meeting_id=meeting.id,
    )
    return Made(
        organizations=len(asked),
        places=len(places),
        to_be_named=sum(each.to_be_named for each in asked),
        without_liaison=sum(not each.liaisons for each in asked),
    )


def lock_meeting(meeting: Meeting) -> Meeting:
    """The meeting, locked: places are added to it one after another. Raises `DomainError` when it is over."""
    row = locked(Meeting, meeting.id)
    if row.state not in BEFORE_IT_ENDS:
        raise DomainError(_("Nobody can be added to this meeting any more."))
    return row


def _write_down(meeting: Meeting, asked: Sequence[Proposed], note: Note) -> None:
    """The quota and the note into each organization's row."""
    wanted = {each.organization_id: each for each in asked}
    ensure_asks(meeting.id, wanted)
    statement = (
        select(Ask)
        .where(Ask.meeting_id == meeting.id, Ask.organization_id.in_(wanted))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for row in db.session.scalars(statement):
        each = wanted[row.organization_id]
        row.further, row.observers = each.further, each.observers
        row.note_zh = note.zh or row.note_zh or each.note_zh
        row.note_en = note.en or row.note_en or each.note_en
