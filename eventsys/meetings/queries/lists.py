"""The lists of meetings: one statement behind the page, the count and the export.

Every list walks an index in its order and is paged by key, so its cost does not grow with the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Self, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Executable, Integer, Row, and_, bindparam, func, or_, select, true, tuple_

from eventsys.core import reading, search
from eventsys.core.actor import Actor
from eventsys.core.language import choose
from eventsys.core.search_text import query_terms
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.meetings.facts import LONGEST
from eventsys.meetings.models import Meeting, MeetingKind, MeetingState
from eventsys.meetings.policy import STAFF
from eventsys.meetings.queries.one import shown_to_public

SHOWS = ("coming", "past", "draft", "cancelled", "all")
ASCENDING = ("coming", "draft")
COUNT_TO = 1000
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for. `year` is one of the zone's years; `q` is what was typed into the search."""

    show: str = "coming"
    kind: MeetingKind | None = None
    year: int | None = None
    q: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Self:
        """From the query of an address; what is no filter is left out."""
        show, kind, year = values.get("show", ""), values.get("kind", ""), values.get("year", "")
        return cls(
            show if show in SHOWS else "coming",
            MeetingKind(kind) if kind in set(MeetingKind) else None,
            int(year) if year.isascii() and year.isdigit() and len(year) == 4 and year > "1900" else None,
            values.get("q", "").strip()[:100],
        )

    def query(self, **changes: Any) -> str:
        """The query of an address that asks for this list, with some parts changed."""
        kind = self.kind.value if self.kind else None
        values = {"show": self.show, "kind": kind, "year": self.year, "q": self.q or None, **changes}
        return urlencode({name: value for name, value in values.items() if value is not None})


@dataclass(frozen=True, slots=True)
class Line:
    """One meeting of a list, in the current language."""

    id: int
    title: str
    kind: MeetingKind
    state: MeetingState
    postponed: bool
    starts_at: datetime
    ends_at: datetime
    zone: str
    venue: str
    convener: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines of a list; `before` and `after` are the keys of the pages beside it, "" where there is none."""

    lines: Sequence[Line]
    before: str
    after: str


Key = tuple[datetime, int]


def key_of(text: str) -> Key | None:
    """A key from an address, None for anything else."""
    seconds, _, number = text.partition("-")
    if not (seconds.isascii() and seconds.isdigit() and number.isascii() and number.isdigit() and len(text) < 30):
        return None
    return datetime.fromtimestamp(min(int(seconds), 9_999_999_999), UTC), min(int(number), LARGEST_ID)


Offices = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a working list is made: their offices (None: all), when, and the zone of its years."""

    scope: Offices | None
    at: datetime
    zone: str


def scope_of(actor: Actor) -> Offices | None:
    """The offices whose meetings the actor lists, from one query; None for an administrator, who sees all."""
    if actor.is_administrator:
        return None
    return tuple(row[0] for row in reading.rows(_offices(actor.paths(*STAFF))))


@lru_cache(maxsize=256)
def _offices(paths: tuple[str, ...]) -> Executable:
    below = or_(Organization.id < 0, *(Organization.path.startswith(path, autoescape=True) for path in paths))
    return select(Organization.id).where(below).order_by(Organization.id)


def within(scope: Offices | None) -> ColumnElement[bool]:
    """The condition that a meeting is one of the offices'.

    One office asks its own index. Several are compared row by row along the order of time (the sum hides the column
    from the planner), for an index of each would have to be sorted together.
    """
    if scope is None:
        return true()
    if len(scope) == 1:
        return Meeting.convener_id == scope[0]
    return (Meeting.convener_id + 0).in_(scope)


def staff_page(wanted: Wanted, reader: Reader, size: int, keys: Mapping[str, str]) -> Page:
    """One page of the working list; `keys` may hold `after` or `before`."""
    return _page(_Asked(wanted, reader.scope, reader.zone), reader.at, size, keys)


def staff_count(wanted: Wanted, reader: Reader) -> int:
    """How many lines the working list has, counted up to one more than `COUNT_TO`."""
    asked = _Asked(wanted, reader.scope, reader.zone)
    return int(reading.rows(_count_statement(asked), **_times(asked, reader.at))[0][0])


def staff_export(wanted: Wanted, reader: Reader) -> Iterator[Line]:
    """Every line of the working list."""
    asked = _Asked(wanted, reader.scope, reader.zone)
    statement = _lines().where(*asked.conditions()).order_by(*_order(asked.ascending))
    options = statement.execution_options(yield_per=500)
    for row in db.session.execute(options, _times(asked, reader.at)):
        yield _line(row)


def public_page(show: str, at: datetime, size: int, keys: Mapping[str, str]) -> Page:
    """One page of the public meetings, `coming` or `past`; cancelled ones stand among them."""
    return _page(_Asked(Wanted("coming" if show == "coming" else "past"), None, "", public=True), at, size, keys)


def years() -> list[int]:
    """The years that have meetings, newest first; one query, from both ends of an index."""
    first, last = reading.rows(_ENDS)[0]
    return list(range(last.year + 1, first.year - 1, -1))[1:] if first else []


_ENDS = select(
    select(func.min(Meeting.starts_at)).scalar_subquery(),
    select(func.max(Meeting.starts_at)).scalar_subquery(),
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a list is of: its statements are kept by it. The public's has coming and past, cancelled ones among them."""

    wanted: Wanted
    scope: Offices | None
    zone: str
    public: bool = False

    @property
    def ascending(self) -> bool:
        return self.wanted.show in ASCENDING

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filters as SQL; the parameters `begin` and `at` are its times."""
        if self.public:
            return [shown_to_public(), *(_ahead() if self.wanted.show == "coming" else _behind())]
        return _conditions(self.wanted, self.scope, self.zone)


def _page(asked: _Asked, at: datetime, size: int, keys: Mapping[str, str]) -> Page:
    after, before = key_of(keys.get("after", "")), key_of(keys.get("before", ""))
    backwards = after is None and before is not None
    start = before if backwards else after
    key = {"key_at": start[0], "key_id": start[1]} if start else {}
    statement = _page_statement(asked, asked.ascending is not backwards, size, start is not None)
    lines = [_line(row) for row in reading.rows(statement, **_times(asked, at), **key)]
    more = len(lines) > size
    lines = lines[:size]
    if backwards:
        lines.reverse()
    has_before, has_after = (more, True) if backwards else (start is not None, more)
    return Page(lines, _key(lines[0]) if lines and has_before else "", _key(lines[-1]) if lines and has_after else "")


@lru_cache(maxsize=256)
def _page_statement(asked: _Asked, forward: bool, size: int, has_key: bool) -> Executable:
    statement = _lines().where(*asked.conditions()).order_by(*_order(forward)).limit(size + 1)
    if has_key:
        place = tuple_(Meeting.starts_at, Meeting.id)
        there = tuple_(bindparam("key_at", type_=Meeting.starts_at.type), bindparam("key_id", type_=Integer))
        statement = statement.where(place > there if forward else place < there)
    return cast(Executable, statement)


@lru_cache(maxsize=256)
def _count_statement(asked: _Asked) -> Executable:
    found = _rows(Meeting.id).where(*asked.conditions()).limit(COUNT_TO + 1).subquery()
    return select(func.count()).select_from(found)


def _times(asked: _Asked, at: datetime) -> dict[str, datetime]:
    """The parameters of `_ahead` and `_behind`, where the list has them."""
    match asked.wanted.show:
        case "coming":
            return {"at": at, "begin": at - LONGEST - timedelta(days=1)}
        case "past":
            return {"at": at}
    return {}


def _key(line: Line) -> str:
    return f"{int(line.starts_at.timestamp())}-{line.id}"


def _order(ascending: bool) -> tuple[Any, Any]:
    return (Meeting.starts_at, Meeting.id) if ascending else (Meeting.starts_at.desc(), Meeting.id.desc())


def _conditions(wanted: Wanted, scope: Offices | None, zone: str) -> list[ColumnElement[bool]]:
    found = [within(scope)] if scope is not None else []
    stands = and_(Meeting.state != MeetingState.DRAFT, Meeting.state != MeetingState.CANCELLED)
    match wanted.show:
        case "coming":
            found += [stands, *_ahead()]
        case "past":
            found += [stands, *_behind()]
        case "draft" | "cancelled":
            found.append(Meeting.state == MeetingState(wanted.show))
    if wanted.kind is not None:
        found.append(Meeting.kind == wanted.kind)
    if wanted.year is not None:
        found += _within(wanted.year, zone)
    terms = query_terms(wanted.q)
    return [*found, search.holds(Meeting, terms)] if terms else found


def _ahead() -> list[ColumnElement[bool]]:
    """Not over yet. No meeting is longer than `LONGEST`, which bounds the walk along the index."""
    return [Meeting.starts_at > bindparam("begin"), Meeting.ends_at > bindparam("at")]


def _behind() -> list[ColumnElement[bool]]:
    return [Meeting.starts_at <= bindparam("at"), Meeting.ends_at <= bindparam("at")]


def _within(year: int, zone: str) -> list[ColumnElement[bool]]:
    first = datetime(year, 1, 1, tzinfo=ZoneInfo(zone))
    return [Meeting.starts_at >= first, Meeting.starts_at < first.replace(year=year + 1)]


def _rows(*columns: Any) -> Any:
    return select(*columns)


def _lines() -> Any:
    """The outer join keeps the meetings in front: their index gives the order, and nothing is sorted."""
    return _rows(
        Meeting.id,
        Meeting.title_zh,
        Meeting.title_en,
        Meeting.kind,
        Meeting.state,
        Meeting.postponed,
        Meeting.starts_at,
        Meeting.ends_at,
        Meeting.zone,
        Meeting.venue_zh,
        Meeting.venue_en,
        Organization.name_zh,
        Organization.name_en,
        Organization.short_zh,
        Organization.short_en,
    ).outerjoin(Organization, Organization.id == Meeting.convener_id)


def _line(row: Row[Any]) -> Line:
    return Line(
        row.id,
        choose(row.title_zh, row.title_en),
        row.kind,
        row.state,
        row.postponed,
        row.starts_at,
        row.ends_at,
        row.zone,
        choose(row.venue_zh, row.venue_en),
        choose(row.short_zh or row.name_zh, row.short_en or row.name_en),
    )
