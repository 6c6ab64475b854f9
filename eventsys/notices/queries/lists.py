"""The workspace's list: one statement behind the page, its counts and the export.

A line is a version that is not superseded: a published notice whose correction is being written has two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Row, and_, exists, false, func, or_, select, tuple_

from eventsys.core import search
from eventsys.core.actor import Actor, Role
from eventsys.core.clock import now
from eventsys.core.language import choose
from eventsys.core.search_text import query_terms
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.meetings.models import Meeting
from eventsys.meetings.policy import STAFF
from eventsys.notices.models import Notice, NoticeAuthor, NoticeState, NoticeVersion, ReviewEvent, VersionState
from eventsys.notices.queries.review import staff_paths, waits_for

SHOWS = ("all", "mine", "draft", "in_review", "approved", "published", "withdrawn")
OPEN = ("mine", "draft", "in_review", "approved")
COUNT_TO = 1000
LARGEST_ID = 2**31 - 1
PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is asked for; `q` is what was typed into the search."""

    show: str = "all"
    q: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Self:
        """From the query of an address; what is no filter is left out."""
        show = values.get("show", "")
        return cls(show if show in SHOWS else "all", values.get("q", "").strip()[:100])

    def query(self, **changes: str) -> str:
        """The query of an address that asks for this list, with some parts changed."""
        return urlencode({name: text for name, text in {"show": self.show, "q": self.q, **changes}.items() if text})


@dataclass(frozen=True, slots=True)
class Line:
    """One version in the current language."""

    id: int
    meeting_id: int
    number: int
    title: str
    notice_state: NoticeState
    state: VersionState
    convener: str
    meeting_starts_at: datetime
    zone: str
    modified_at: datetime
    published_at: datetime | None
    address: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines; `before` and `after` are the keys of the pages beside it, "" where there is none."""

    lines: Sequence[Line]
    before: str
    after: str


def page(actor: Actor, wanted: Wanted, keys: Mapping[str, str]) -> Page:
    """One page, the latest change first; `keys` may hold `after` or `before`."""
    after, before = key_of(keys.get("after", "")), key_of(keys.get("before", ""))
    backwards = after is None and before is not None
    start = before if backwards else after
    place = tuple_(NoticeVersion.modified_at, NoticeVersion.id)
    statement = _lines().where(*_conditions(actor, wanted)).order_by(*_order(backwards)).limit(PAGE + 1)
    if start is not None:
        statement = statement.where(place > tuple_(*start) if backwards else place < tuple_(*start))
    rows = db.session.execute(statement).all()
    lines = [_line(row) for row in rows[:PAGE]]
    if backwards:
        lines.reverse()
    more = len(rows) > PAGE
    has_before, has_after = (more, True) if backwards else (start is not None, more)
    return Page(lines, _key(lines[0]) if lines and has_before else "", _key(lines[-1]) if lines and has_after else "")


def counts(actor: Actor, wanted: Wanted) -> dict[str, int]:
    """How many lines each filter of unfinished work has, and the list that is asked for; up to `COUNT_TO` + 1."""
    return {show: _count(actor, Wanted(show, wanted.q)) for show in dict.fromkeys((*OPEN, wanted.show))}


def export(actor: Actor, wanted: Wanted) -> Iterator[Line]:
    """Every line of the list."""
    statement = _lines().where(*_conditions(actor, wanted)).order_by(*_order(False))
    for row in db.session.execute(statement.execution_options(yield_per=500)):
        yield _line(row)


def key_of(text: str) -> tuple[datetime, int] | None:
    """A key from an address, None for anything else."""
    seconds, _, number = text.partition("-")
    if not (text.isascii() and seconds.isdigit() and number.isdigit() and len(text) < 30):
        return None
    return datetime.fromtimestamp(min(int(seconds), 9_999_999_999), UTC), min(int(number), LARGEST_ID)


def _key(line: Line) -> str:
    return f"{int(line.modified_at.timestamp())}-{line.id}"


def _count(actor: Actor, wanted: Wanted) -> int:
    found = _from(select(NoticeVersion.id)).where(*_conditions(actor, wanted)).limit(COUNT_TO + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def _order(ascending: bool) -> tuple[Any, Any]:
    if ascending:
        return (NoticeVersion.modified_at, NoticeVersion.id)
    return (NoticeVersion.modified_at.desc(), NoticeVersion.id.desc())


def _conditions(actor: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [_readable(actor), _showing(actor, wanted.show)]
    terms = query_terms(wanted.q)
    return [*found, search.holds(NoticeVersion, terms)] if terms else found


def _readable(actor: Actor) -> ColumnElement[bool]:
    if actor.is_administrator:
        return NoticeVersion.id > 0
    return _under(actor, *STAFF)


def _under(actor: Actor, *roles: Role) -> ColumnElement[bool]:
    """The condition that the convening organization lies where the actor holds one of the roles."""
    paths = actor.paths(*roles)
    return or_(false(), *(Organization.path.startswith(path, autoescape=True) for path in paths))


def _showing(actor: Actor, show: str) -> ColumnElement[bool]:
    match show:
        case "mine":
            return _waits_for(actor)
        case "withdrawn":
            return and_(NoticeVersion.state == VersionState.PUBLISHED, Notice.state == NoticeState.WITHDRAWN)
        case "published":
            return and_(NoticeVersion.state == VersionState.PUBLISHED, Notice.state == NoticeState.PUBLISHED)
        case "all":
            return NoticeVersion.state != VersionState.SUPERSEDED
    return NoticeVersion.state == VersionState(show)


def _waits_for(actor: Actor) -> ColumnElement[bool]:
    """To be reviewed by me, to be published by me, or returned to me."""
    wrote = exists().where(NoticeAuthor.version_id == NoticeVersion.id, NoticeAuthor.account_id == actor.account_id)
    returned = exists().where(ReviewEvent.version_id == NoticeVersion.id, ReviewEvent.act == "return")
    return or_(
        and_(NoticeVersion.state == VersionState.IN_REVIEW, waits_for(staff_paths(actor), actor.account_id, now())),
        and_(NoticeVersion.state == VersionState.APPROVED, _under(actor, Role.EDITOR)),
        and_(NoticeVersion.state == VersionState.DRAFT, wrote, returned),
    )


def _from(statement: Any) -> Any:
    return (
        statement.select_from(NoticeVersion)
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .join(Meeting, Meeting.id == Notice.meeting_id)
        .join(Organization, Organization.id == Meeting.convener_id)
    )


def _lines() -> Any:
    return _from(
        select(
            NoticeVersion.id,
            Notice.meeting_id,
            NoticeVersion.number,
            NoticeVersion.title_zh,
            NoticeVersion.title_en,
            Notice.state.label("notice_state"),
            NoticeVersion.state,
            Organization.name_zh,
            Organization.name_en,
            Organization.short_zh,
            Organization.short_en,
            Meeting.starts_at,
            Meeting.zone,
            NoticeVersion.modified_at,
            NoticeVersion.published_at,
            Notice.year,
            Notice.slug,
        )
    )


def _line(row: Row[Any]) -> Line:
    return Line(
        row.id,
        row.meeting_id,
        row.number,
        choose(row.title_zh, row.title_en),
        row.notice_state,
        row.state,
        choose(row.short_zh or row.name_zh, row.short_en or row.name_en),
        row.starts_at,
        row.zone,
        row.modified_at,
        row.published_at,
        f"/notices/{row.year}/{row.slug}" if row.slug else "",
    )
