"""The people whom an entry may be about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from eventsys.core.language import choose
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.incoming.queries.lists import Line
from eventsys.incoming.seat import is_same
from eventsys.invitations.models import Attendee, Leave, Place, Reply

OFFERED = 2000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a place of the meeting."""

    id: int
    email: str
    name_zh: str
    name_en: str
    title_zh: str
    title_en: str
    organization_zh: str
    organization_en: str

    def words(self) -> str:
        """Organization, post and name, as a choice shows them."""
        organization = choose(self.organization_zh, self.organization_en)
        post, name = choose(self.title_zh, self.title_en), choose(self.name_zh, self.name_en)
        parts = dict.fromkeys(text for text in (organization, post, name) if text)
        return choose(" ", ", ").join(parts)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the attendee's answer stands now, and who holds the place where they do not."""

    reply: Reply
    leave: Leave
    is_current: bool
    substitute_zh: str
    substitute_en: str

    def substitute(self) -> str:
        return choose(self.substitute_zh, self.substitute_en)


def people_at(meeting_id: int) -> list[Person]:
    """Those on places of the meeting, by organization; 2,000 at most."""
    rows = db.session.execute(
        select(
            Attendee.id,
            Attendee.email,
            Attendee.name_zh,
            Attendee.name_en,
            Attendee.title_zh,
            Attendee.title_en,
            func.coalesce(Organization.name_zh, ""),
            func.coalesce(Organization.name_en, ""),
        )
        .join(Place, Place.id == Attendee.place_id)
        .outerjoin(Organization, Organization.id == Place.organization_id)
        .where(Attendee.meeting_id == meeting_id, Attendee.is_current, Place.withdrawn_at.is_(None))
        .order_by(Organization.position, Organization.sort_key, Place.position, Place.id)
        .limit(OFFERED)
    )
    return [Person(*row) for row in rows]


def suggested(line: Line, people: Sequence[Person]) -> int | None:
    """For whom they stand in, where the mail says so: the attendee it was sent to, or DELEGATED-FROM."""
    known = {person.id for person in people}
    hands_on = line.reply is Reply.DELEGATED or not is_same(line.email, line.address)
    if line.attendee_id in known and hands_on:
        return line.attendee_id
    return next((person.id for person in people if is_same(person.email, line.other_address)), None)


def standing_of(attendee_id: int) -> Standing | None:
    """How the attendee's answer stands now."""
    other = aliased(Attendee)
    row: Any = db.session.execute(
        select(Attendee.reply, Attendee.leave, Attendee.is_current, other.name_zh, other.name_en)
        .outerjoin(other, and_(other.stands_in_for_id == Attendee.id, other.is_current))
        .where(Attendee.id == attendee_id)
    ).one_or_none()
    if row is None:
        return None
    return Standing(row[0], row[1], row[2], row[3] or "", row[4] or "")
