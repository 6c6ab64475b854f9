"""Who owes an answer: people who were told and are silent, liaisons of places that nobody is named for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Integer, and_, bindparam, case, func, select

from eventsys.core import reading
from eventsys.core.clock import now, to_local
from eventsys.core.columns import UtcDateTime
from eventsys.core.outbox import Letter, LetterState
from eventsys.directory.models import Organization, Post
from eventsys.invitations.deadlines import closes_at
from eventsys.invitations.facts import Invitee, Liaison
from eventsys.invitations.models import Ask, Attendee, Place, Reply
from eventsys.invitations.queries.send import POST_WORDS, invitees, liaisons_of_offices
from eventsys.invitations.queries.shapes import NEED_NOT_ANSWER
from eventsys.meetings.models import Meeting, MeetingState

REMINDER = "reminder"
QUIET = timedelta(hours=1)
FURTHER = ("其他名额", "further place")
IS_SILENT = and_(
    Attendee.is_current,
    Attendee.told_at.is_not(None),
    Attendee.reply == Reply.PENDING,
    Place.role.not_in(NEED_NOT_ANSWER),
    Place.walk_in.is_(False),
)

_MEETING = bindparam("meeting_id", type_=Integer)
_UNNAMED = (
    select(
        Place.id,
        Place.organization_id,
        *POST_WORDS,
        Place.told_at,
        Organization.id.label("office_id"),
        Organization.path,
        Organization.name_zh,
        Organization.name_en,
        Organization.language,
        Ask.reply_by,
        Ask.note_zh,
        Ask.note_en,
        Ask.link_id,
        Ask.link_revoked_at,
    )
    .join(Organization, Organization.id == Place.organization_id)
    .outerjoin(Post, Post.id == Place.post_id)
    .outerjoin(Ask, and_(Ask.meeting_id == Place.meeting_id, Ask.organization_id == Place.organization_id))
    .where(
        Place.meeting_id == _MEETING,
        Place.withdrawn_at.is_(None),
        Place.told_at.is_not(None),
        Place.role.not_in(NEED_NOT_ANSWER),
        ~select(Attendee.id).where(Attendee.place_id == Place.id, Attendee.is_current).exists(),
    )
    .order_by(Organization.position, Organization.sort_key, Organization.id, Place.position, Place.id)
)
_GOT = (
    select(
        Letter.attendee_id,
        Letter.organization_id,
        func.lower(Letter.address),
        func.sum(case((Letter.state != LetterState.SUPERSEDED, 1), else_=0)),
        func.max(Letter.queued_at, type_=UtcDateTime),
    )
    .where(Letter.meeting_id == _MEETING, Letter.kind == REMINDER)
    .group_by(Letter.attendee_id, Letter.organization_id, func.lower(Letter.address))
)


@dataclass(frozen=True, slots=True)
class Got:
    """How many reminders somebody got, and when the last one was queued, whatever became of it."""

    number: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reminders:
    """What everybody got so far, by attendee or by the organization and address of a liaison."""

    people: dict[int, Got]
    liaisons: dict[tuple[int | None, str], Got]

    def of(self, reader: Invitee | Liaison) -> Got:
        if isinstance(reader, Invitee):
            return self.people.get(reader.attendee_id, Got())
        return self.liaisons.get((reader.organization_id, reader.email.lower()), Got())

    def of_organization(self, organization_id: int) -> Got:
        """What that one of its liaisons got who got most."""
        mine = [got for (key, _address), got in self.liaisons.items() if key == organization_id]
        return max(mine, key=lambda got: got.number, default=Got())


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whom an answer is awaited from, until when, and what they heard so far.

    `key` tells them from all others: `a7` an attendee, `l3-9` a liaison (9) of an organization (3).
    """

    reader: Invitee | Liaison
    deadline: datetime
    told_at: datetime
    got: Got

    @property
    def key(self) -> str:
        if isinstance(self.reader, Invitee):
            return f"a{self.reader.attendee_id}"
        return f"l{self.reader.organization_id}-{self.reader.person_id}"

    @property
    def organization_id(self) -> int:
        """0 for those of no organization."""
        return self.reader.organization_id or 0

    @property
    def has_address(self) -> bool:
        return not isinstance(self.reader, Invitee) or self.reader.has_address

    def is_open(self) -> bool:
        """Whether they can still answer by themselves."""
        return now() < self.deadline

    def is_quiet(self) -> bool:
        """Whether they were left alone for a while: nobody is reminded twice within an hour."""
        return self.got.last_at is None or now() - self.got.last_at >= QUIET


def silent(meeting: Meeting) -> list[Invitee]:
    """Those told who owe an answer; optional and observing places owe none."""
    return invitees(meeting, IS_SILENT)


def waiting(meeting: Meeting, *, with_reminders: bool = True) -> list[Waiting]:
    """Everybody whom an answer is awaited from: the silent, then liaisons who have to name somebody; four queries.

    Without reminders, a query less, nobody has got any.
    """
    got = reminders(meeting.id) if with_reminders else Reminders({}, {})
    people = [_waiting(meeting, row, row.told_at or meeting.created_at, got) for row in silent(meeting)]
    places = reading.rows(_UNNAMED, meeting_id=meeting.id)
    told: dict[int | None, datetime] = {}
    for row in places:
        told[row.organization_id] = max(row.told_at, told.get(row.organization_id, row.told_at))
    named = [(row[0], row[1], row[2] or FURTHER[0], row[3] or FURTHER[1]) for row in places]
    others = liaisons_of_offices(named, places) if places else []
    return people + [_waiting(meeting, row, told[row.organization_id], got) for row in others]


def reminders(meeting_id: int) -> Reminders:
    """Every reminder of the meeting, counted by who got it; one query."""
    people: dict[int, Got] = {}
    others: dict[tuple[int | None, str], Got] = {}
    for attendee_id, organization_id, address, number, last_at in reading.rows(_GOT, meeting_id=meeting_id):
        if attendee_id is not None:
            earlier = people.get(attendee_id, Got())
            last = max(filter(None, (earlier.last_at, last_at)))
            people[attendee_id] = Got(earlier.number + number, last)
        else:
            others[organization_id, address] = Got(number, last_at)
    return Reminders(people, others)


def day_of(at: datetime, zone: str) -> date:
    """The day of an instant where the meeting is."""
    return to_local(at, zone).date()


def awaits_answers(meeting: Meeting) -> bool:
    """Whether an answer still helps: scheduled, and not begun."""
    return meeting.state is MeetingState.SCHEDULED and now() < meeting.starts_at


def due_today(meeting: Meeting, found: Iterable[Waiting]) -> list[Waiting]:
    """Of those who wait the ones who may be reminded by hand now.

    They have an address, may still answer, and were reminded neither today, where the meeting is, nor within the hour.
    """
    today = day_of(now(), meeting.zone)
    return [
        row
        for row in found
        if row.has_address
        and row.is_open()
        and row.is_quiet()
        and not (row.got.last_at and day_of(row.got.last_at, meeting.zone) == today)
    ]


def _waiting(meeting: Meeting, reader: Invitee | Liaison, told_at: datetime, got: Reminders) -> Waiting:
    return Waiting(reader, closes_at(meeting, reader.reply_by), told_at, got.of(reader))
