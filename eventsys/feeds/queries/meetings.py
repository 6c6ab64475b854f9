"""The meetings of a calendar as rows, and what tells two states of them apart.

A row says in one word how the reader stands to the meeting, and names somebody else only where that is shown: what few
rows need is asked for in branches that the database seldom enters. Enumerations and times are read as they are kept,
since converting thousands of them would cost more than the rest. The texts of the meetings come from `feeds.texts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from eventsys.core import reading
from eventsys.core.columns import UtcDateTime
from eventsys.invitations.models import Attendee, Leave, Place, Reply
from eventsys.invitations.queries.replies import state_column
from eventsys.invitations.queries.shapes import NEED_NOT_ANSWER
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.meetings.queries.feed import MOST

Other = aliased(Attendee)
Rows = Sequence[Row[*tuple[Any, ...]]]
LANGUAGES_OF = {"zh": ("zh", "en"), "en": ("en", "zh")}
OPEN = (MeetingState.SCHEDULED, MeetingState.IN_SESSION)
PLACES = 20 * MOST
BETWEEN, OTHER = "\x1f", "\x1e"
ONE_PERSON = 1000


class Standing(StrEnum):
    """How somebody stands to a meeting that they were told of; `PAST` is an ended invitation to a changed meeting."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DELEGATED = "delegated"
    LEAVE_REQUESTED = "leave_requested"
    LEAVE_GRANTED = "leave_granted"
    LEAVE_REFUSED = "leave_refused"
    DECLINED = "declined"
    FREE = "free"
    ASKED = "asked"
    SILENT = "silent"
    CANCELLED = "cancelled"
    GONE = "gone"
    PAST = "past"


class Beside(StrEnum):
    """A place that does not stand: nobody was told of it, it was withdrawn, or withdrawn before a later change."""

    UNTOLD = "untold"
    WITHDRAWN = "withdrawn"
    PAST = "past"


class State(NamedTuple):
    """What moves with everything that the rows show: how many there are, their revisions, and the latest change."""

    number: int
    revisions: int
    latest: str

    @classmethod
    def of(cls, number: Any, revisions: Any, latest: str | None) -> Self:
        """From the columns of a query, which has none where there is no meeting."""
        return cls(int(number or 0), int(revisions or 0), latest or "")


def state_of(rows: Rows) -> State:
    """The state of rows that were read; the same as the query of `of_person` or `of_organization` tells."""
    return State(len(rows), sum([row[4] for row in rows]), max([row[3] for row in rows], default=""))


def own_rows(person_id: int, since: datetime) -> Rows:
    """The meetings of which a person was told, by start.

    Id, SEQUENCE, when its text was made, stamp (when what the row shows last changed), revision; the person's standing,
    and who else is shown: whom they stand in for and who stands in for them, as `own.Named` reads them. Who is on two
    places of one meeting has two rows, the one that counts first.
    """
    return reading.rows(_OWN, person_id=person_id, since=since)


def organization_rows(organization_id: int, since: datetime, language: str) -> Rows:
    """An organization's places at its meetings, meeting by meeting and by start.

    The first five columns are those of `own_rows`; then the meeting's state, the place's (one of `PlaceState` or
    `Beside`), post and name of whoever is on it in one column.
    """
    return reading.rows(_ORGANIZATION[language], organization_id=organization_id, since=since)


def of_person(person_id: Any) -> Select[Any]:
    """The state of a person's meetings as one row, for another statement."""
    return _aggregated(_persons(), _persons_numbers()).where(*_persons_rows(person_id))


def of_organization(organization_id: Any) -> Select[Any]:
    """The state of an organization's meetings as one row, for another statement."""
    return _aggregated(_organizations(), _organizations_numbers()).where(*_organizations_rows(organization_id))


def _aggregated(source: Any, numbers: tuple[Any, Any]) -> Select[Any]:
    stamp, revision = numbers
    columns = func.count(), func.sum(revision), func.max(stamp)
    labelled = (column.label(name) for column, name in zip(columns, State._fields, strict=True))
    return select(*labelled).select_from(source)


def _plain(column: Any) -> ColumnElement[str]:
    """The column as the database keeps it."""
    return type_coerce(column, String)


def _in_window() -> tuple[ColumnElement[bool], ...]:
    since = bindparam("since", type_=UtcDateTime)
    return Meeting.state != MeetingState.DRAFT, Meeting.starts_at >= since


def _persons() -> Any:
    return Attendee.__table__.join(Meeting.__table__, Meeting.id == Attendee.meeting_id)


def _persons_rows(person_id: Any) -> tuple[ColumnElement[bool], ...]:
    return Attendee.person_id == person_id, Attendee.told_at.is_not(None), *_in_window()


def _persons_numbers() -> tuple[Any, Any]:
    """Stamp and revision. What is shown of others is shown to who is off the place: there everybody's count."""
    away, prepared = Attendee.is_current.is_(False), _plain(Meeting.prepared_at)
    changed = case((away, _of_others(func.max(_plain(Other.modified_at)))), else_=_plain(Attendee.modified_at))
    people = case((away, _of_others(func.sum(Other.version))), else_=Attendee.version)
    return _later(prepared, changed), Meeting.version + people


def _organizations() -> Any:
    current = and_(Attendee.place_id == Place.id, Attendee.is_current)
    with_meeting = Place.__table__.join(Meeting.__table__, Meeting.id == Place.meeting_id)
    return with_meeting.outerjoin(Attendee.__table__, current)


def _organizations_rows(organization_id: Any) -> tuple[ColumnElement[bool], ...]:
    return Place.organization_id == organization_id, Place.walk_in.is_(false()), *_in_window()


def _organizations_numbers() -> tuple[Any, Any]:
    """Stamp and revision: of the meeting, the place, and whoever is on it; where nobody is any more, of who was."""
    were = select(func.max(_plain(Other.modified_at))).where(Other.place_id == Place.id).correlate(Place)
    prepared, place, person = (_plain(each) for each in (Meeting.prepared_at, Place.modified_at, Attendee.modified_at))
    person = case((Attendee.id.is_(None), were.scalar_subquery()), else_=person)
    revision = Meeting.version + func.coalesce(Attendee.version + ONE_PERSON * Attendee.id, 0)
    return _later(person, _later(prepared, place)), revision


def _later(one: ColumnElement[str], other: ColumnElement[str]) -> ColumnElement[str]:
    """The later of two stamps; the other where the first is NULL."""
    return case((one > other, one), else_=other)


def _of_others(column: Any, *conditions: Any) -> Any:
    """A column of all who are or were on the attendee's place."""
    return select(column).where(Other.place_id == Attendee.place_id, *conditions).correlate(Attendee).scalar_subquery()


def _named(whom: Any) -> ColumnElement[str]:
    """Post, name and reply of an attendee in one column."""
    first, *others = (whom.title_zh, whom.title_en, whom.name_zh, whom.name_en, _plain(whom.reply))
    text: ColumnElement[str] = first
    for each in others:
        text = text + BETWEEN + each
    return text


def _gone_at() -> ColumnElement[Any]:
    """When the invitation ended: the link was closed (a withdrawn place closes all), or somebody else was named."""
    replaced = and_(Attendee.is_current.is_(False), Attendee.reply != Reply.DELEGATED)
    return case(
        (Attendee.link_revoked_at.is_not(None), Attendee.link_revoked_at),
        (replaced, _of_others(func.max(Other.created_at), Other.is_current)),
    )


def _standing() -> ColumnElement[str]:
    reply, leave, gone_at = Attendee.reply, Attendee.leave, _gone_at()
    stands = and_(Attendee.is_current, Attendee.link_revoked_at.is_(None), Meeting.state != MeetingState.CANCELLED)
    role = select(Place.role).where(Place.id == Attendee.place_id).correlate(Attendee).scalar_subquery()
    return case(
        (and_(reply == Reply.ACCEPTED, stands), Standing.ACCEPTED.value),
        (gone_at < Meeting.modified_at, Standing.PAST.value),
        (gone_at.is_not(None), Standing.GONE.value),
        (Meeting.state == MeetingState.CANCELLED, Standing.CANCELLED.value),
        (reply == Reply.ACCEPTED, Standing.ACCEPTED.value),
        (reply == Reply.TENTATIVE, Standing.TENTATIVE.value),
        (reply == Reply.DELEGATED, Standing.DELEGATED.value),
        (leave == Leave.REQUESTED, Standing.LEAVE_REQUESTED.value),
        (leave == Leave.GRANTED, Standing.LEAVE_GRANTED.value),
        (leave == Leave.REFUSED, Standing.LEAVE_REFUSED.value),
        (reply == Reply.DECLINED, Standing.DECLINED.value),
        (role.in_(NEED_NOT_ANSWER), Standing.FREE.value),
        (Meeting.state.in_(OPEN), Standing.ASKED.value),
        else_=Standing.SILENT.value,
    )


def _own() -> Select[Any]:
    original = select(_named(Other)).where(Other.id == Attendee.stands_in_for_id).correlate(Attendee).scalar_subquery()
    instead = _of_others(_named(Other), Other.is_current)
    statement: Select[Any] = (
        select(
            *(Meeting.id, Meeting.sequence + Attendee.sequence_ahead, _plain(Meeting.prepared_at)),
            *_persons_numbers(),
            _standing(),
            case(
                (Attendee.reply == Reply.DELEGATED, func.coalesce(original, "") + OTHER + func.coalesce(instead, "")),
                (Attendee.stands_in_for_id.is_not(None), original + OTHER),
            ),
        )
        .select_from(_persons())
        .where(*_persons_rows(bindparam("person_id")))
        .order_by(Meeting.starts_at, Meeting.id, Attendee.is_current.desc(), Attendee.id.desc())
        .limit(MOST)
    )
    return statement


def _organization(language: str) -> Select[Any]:
    person = _in_language(language, "title") + BETWEEN + _in_language(language, "name")
    statement: Select[Any] = (
        select(
            *(Meeting.id, Meeting.sequence, _plain(Meeting.prepared_at)),
            *_organizations_numbers(),
            *(_plain(Meeting.state), _place_state(), person),
        )
        .select_from(_organizations())
        .where(*_organizations_rows(bindparam("organization_id")))
        .order_by(Meeting.starts_at, Meeting.id, Place.position, Place.id)
        .limit(PLACES)
    )
    return statement


def _in_language(language: str, part: str) -> ColumnElement[str]:
    """A text of the attendee's in the language, in the other one where it has none."""
    mine, other = (getattr(Attendee, f"{part}_{each}") for each in LANGUAGES_OF[language])
    return case((mine != "", mine), else_=other)


def _place_state() -> ColumnElement[str]:
    told = exists().where(Other.place_id == Place.id, Other.told_at.is_not(None))
    return case(
        (and_(Attendee.told_at.is_(None), Place.told_at.is_(None), ~told), Beside.UNTOLD.value),
        (Place.withdrawn_at >= Meeting.modified_at, Beside.WITHDRAWN.value),
        (Place.withdrawn_at.is_not(None), Beside.PAST.value),
        else_=state_column(),
    )


_OWN = _own()
_ORGANIZATION = {language: _organization(language) for language in LANGUAGES_OF}
