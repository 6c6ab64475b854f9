"""What the public reads: one row for a page, as columns of the tables, with texts prepared when they were saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Executable, Integer, Row, bindparam, case, func, select, tuple_, type_coerce
from sqlalchemy.types import NullType

from eventsys.core import reading
from eventsys.core.language import LANGUAGES, choose
from eventsys.core.language import gettext as _
from eventsys.core.stamps import OFFICES, Stamp
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.meetings.models import Meeting
from eventsys.notices.models import (
    FileForm,
    Notice,
    NoticeEntry,
    NoticeFile,
    NoticeRedaction,
    NoticeState,
    NoticeVersion,
    VersionState,
)
from eventsys.notices.queries.lists import key_of

PAGE = 20
FEED = 50
ENTRY = (
    *("code", "year", "serial", "subject_zh", "subject_en", "document_number"),
    *("disclosure_zh", "disclosure_en"),
)
YEARS = 30


@dataclass(frozen=True, slots=True)
class Listed:
    """A notice in a list, in the current language; `only` is the language of one that is in one alone, else ""."""

    id: int
    path: str
    title: str
    department: str
    published_at: datetime
    withdrawn: bool
    corrected: bool
    only: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some notices; `before` and `after` are the keys of the pages beside it, "" where there is none."""

    lines: Sequence[Listed]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A version that was public at some time, in the current language."""

    number: int
    published_at: datetime
    note: str
    is_current: bool


notice, version, meeting, office, stamps, entry, redaction = (
    model.__table__.alias()
    for model in (Notice, NoticeVersion, Meeting, Organization, Stamp, NoticeEntry, NoticeRedaction)
)
_redactions = NoticeRedaction.__table__.alias()
_LAST = select(func.max(_redactions.c.id)).where(_redactions.c.notice_id == notice.c.id).scalar_subquery()


def _page_columns(language: str) -> Any:
    """Everything on a notice's page, as columns of the tables (half the cost of the models').

    The body is in the language, in the other one where there is no text in it.
    """
    own, its = version.c[f"body_{language}"], version.c["body_zh" if language == "en" else "body_en"]
    return (
        select(
            *(notice.c[name] for name in ("id", "state", "year", "slug", "published_at", "withdrawn_at")),
            *(notice.c[name] for name in ("withdrawn_reason_zh", "withdrawn_reason_en")),
            notice.c.version.label("notice_version"),
            *(version.c[name] for name in ("number", "title_zh", "title_en", "author_zh", "author_en")),
            *(version.c[name] for name in ("department_zh", "department_en", "attended_zh", "attended_en")),
            *(version.c[name] for name in ("correction_zh", "correction_en")),
            version.c.id.label("version_id"),
            (version.c.state == VersionState.SUPERSEDED).label("is_earlier"),
            version.c.version.label("text_version"),
            version.c.published_at.label("version_published_at"),
            case((own != "", own), else_=its).label("body"),
            (version.c.body_zh != "").label("in_zh"),
            (version.c.body_en != "").label("in_en"),
            *(meeting.c[name] for name in ("visibility", "starts_at", "ends_at", "zone", "venue_zh", "venue_en")),
            *(meeting.c[name] for name in ("address_zh", "address_en")),
            meeting.c.id.label("meeting_id"),
            meeting.c.title_zh.label("meeting_title_zh"),
            meeting.c.title_en.label("meeting_title_en"),
            meeting.c.version.label("meeting_version"),
            meeting.c.modified_at.label("meeting_modified_at"),
            meeting.c.state.label("meeting_state"),
            office.c.name_zh.label("convener_zh"),
            office.c.name_en.label("convener_en"),
            select(stamps.c.number).where(stamps.c.name == OFFICES).scalar_subquery().label("offices"),
            *(entry.c[name].label(f"entry_{name}") for name in ENTRY),
            *(redaction.c[name].label(f"redacted_{name}") for name in ("at", "reason_zh", "reason_en")),
            notice.c.modified_at,
        )
        .select_from(notice)
        .join(meeting, meeting.c.id == notice.c.meeting_id)
        .join(office, office.c.id == meeting.c.convener_id)
        .outerjoin(entry, entry.c.notice_id == notice.c.id)
        .outerjoin(redaction, redaction.c.id == _LAST)
    )


def _with_files(statement: Any) -> Any:
    """The page's columns, and how large its files are where they are made ready."""
    for form in FileForm:
        file = NoticeFile.__table__.alias(f"file_{form}")
        there = (file.c.version_id == version.c.id) & (file.c.form == form)
        statement = statement.outerjoin(file, there).add_columns(
            file.c.size.label(f"{form}_size"), file.c.pages.label(f"{form}_pages")
        )
    return statement


_HERE = (notice.c.year == bindparam("at_year"), notice.c.slug == bindparam("at_slug"))
_PUBLISHED = {
    code: _with_files(_page_columns(code).join(version, version.c.id == notice.c.published_id)).where(*_HERE)
    for code in LANGUAGES
}
_ANY = {code: _page_columns(code).join(version, version.c.notice_id == notice.c.id) for code in LANGUAGES}


def _kept(column: Any) -> Any:
    return type_coerce(column, NullType())


files = NoticeFile.__table__.alias()
# As the database keeps them: nobody reads times and states here, so none is made from its text.
_TAG: Any = (
    select(
        *(_kept(notice.c[name]) for name in ("id", "state", "version")),
        *(_kept(version.c[name]) for name in ("id", "version", "modified_at", "published_at", "title_zh", "title_en")),
        *(func.length(version.c[name]) for name in ("body_zh", "body_en")),
        *(_kept(meeting.c[name]) for name in ("version", "modified_at", "visibility", "state")),
        select(stamps.c.number).where(stamps.c.name == OFFICES).scalar_subquery(),
        select(func.sum(files.c.size)).where(files.c.version_id == version.c.id).scalar_subquery(),
    )
    .select_from(notice)
    .join(version, version.c.id == notice.c.published_id)
    .join(meeting, meeting.c.id == notice.c.meeting_id)
    .where(*_HERE)
)


def tag_parts(year: int, slug: str) -> tuple[object, ...] | None:
    """Everything that the notice's page at an address depends on beside the language, without its texts; one query.

    Titles and lengths stand with the version numbers, so that a restored database does not bring an old page back.
    """
    row = reading.row(_TAG, at_year=year, at_slug=slug)
    return None if row is None else tuple(row)


def published_row(year: int, slug: str, language: str) -> Row[Any] | None:
    """The notice at an address with the version that is public; one query."""
    return reading.row(_PUBLISHED[language], at_year=year, at_slug=slug)


def version_row(year: int, slug: str, number: int, language: str) -> Row[Any] | None:
    """A version of the notice at an address that was public at some time."""
    statement = _ANY[language].where(*_HERE, version.c.number == number, version.c.published_at.is_not(None))
    row: Row[Any] | None = db.session.execute(statement, {"at_year": year, "at_slug": slug}).one_or_none()
    return row


def preview_row(version_id: int, language: str) -> Row[Any] | None:
    """Any version as it would look in public."""
    row: Row[Any] | None = db.session.execute(_ANY[language].where(version.c.id == version_id)).one_or_none()
    return row


def published_versions(notice_id: int) -> list[PublishedVersion]:
    """The versions that were public at some time, the newest first."""
    statement = (
        select(
            NoticeVersion.number,
            NoticeVersion.published_at,
            NoticeVersion.correction_zh,
            NoticeVersion.correction_en,
            NoticeVersion.state,
        )
        .where(NoticeVersion.notice_id == notice_id, NoticeVersion.published_at.is_not(None))
        .order_by(NoticeVersion.number.desc())
    )
    return [
        PublishedVersion(
            row.number,
            row.published_at,
            choose(row.correction_zh, row.correction_en),
            row.state is VersionState.PUBLISHED,
        )
        for row in db.session.execute(statement)
    ]


def former_text(notice_id: int, number: int, language: str) -> tuple[str, str] | None:
    """Title and safe HTML of the version that was public before this one, in the language; None for the first."""
    title, body = getattr(NoticeVersion, f"title_{language}"), getattr(NoticeVersion, f"body_{language}")
    statement = (
        select(title, body)
        .where(
            NoticeVersion.notice_id == notice_id,
            NoticeVersion.published_at.is_not(None),
            NoticeVersion.number < number,
        )
        .order_by(NoticeVersion.number.desc())
        .limit(1)
    )
    row = db.session.execute(statement).one_or_none()
    return (row[0], row[1]) if row else None


def page(year: int | None, zone: str, keys: Mapping[str, str], meeting_id: int | None = None) -> Page:
    """One page of all notices, or of one meeting's, the newest first; withdrawn ones stay among them, marked."""
    after, before = key_of(keys.get("after", "")), key_of(keys.get("before", ""))
    backwards = after is None and before is not None
    start = before if backwards else after
    bounds: dict[str, object] = {}
    if year is not None:
        first = datetime(year, 1, 1, tzinfo=ZoneInfo(zone))
        bounds |= {"first": first, "last": first.replace(year=year + 1)}
    if meeting_id is not None:
        bounds["of"] = meeting_id
    if start is not None:
        bounds |= {"key_at": start[0], "key_id": start[1]}
    shape = (backwards, year is not None, meeting_id is not None, start is not None)
    rows = reading.rows(_page_statement(*shape), **bounds)
    lines = [_line(row) for row in rows[:PAGE]]
    if backwards:
        lines.reverse()
    more = len(rows) > PAGE
    has_before, has_after = (more, True) if backwards else (start is not None, more)
    return Page(lines, _key(lines[0]) if lines and has_before else "", _key(lines[-1]) if lines and has_after else "")


@lru_cache(maxsize=16)
def _page_statement(backwards: bool, of_year: bool, of_meeting: bool, has_key: bool) -> Executable:
    """The list, of the year from `first` to `last`, of the meeting `of`, beyond the key (`key_at`, `key_id`)."""
    order = (Notice.published_at, Notice.id) if backwards else (Notice.published_at.desc(), Notice.id.desc())
    statement = _listed().order_by(*order).limit(PAGE + 1)
    if of_year:
        statement = statement.where(Notice.published_at >= bindparam("first"), Notice.published_at < bindparam("last"))
    if of_meeting:
        statement = statement.where(Notice.meeting_id == bindparam("of", type_=Integer))
    if has_key:
        place = tuple_(Notice.published_at, Notice.id)
        there = tuple_(bindparam("key_at", type_=Notice.published_at.type), bindparam("key_id", type_=Integer))
        statement = statement.where(place > there if backwards else place < there)
    return cast(Executable, statement)


_ENDS = select(
    select(func.min(Notice.published_at)).scalar_subquery(), select(func.max(Notice.published_at)).scalar_subquery()
)


def years(zone: str) -> list[int]:
    """The years that have notices, newest first, as far as the first and the last one tell; both ends of an index."""
    first, last = reading.rows(_ENDS)[0]
    if first is None or last is None:
        return []
    there = ZoneInfo(zone)
    return list(range(last.astimezone(there).year, first.astimezone(there).year - 1, -1))[:YEARS]


def feed_rows() -> Sequence[Row[Any]]:
    """The notices of the feed, the latest change first, withdrawn ones too; one query."""
    statement: Any = (
        select(
            Notice.year,
            Notice.slug,
            Notice.state,
            Notice.published_at,
            Notice.modified_at,
            Notice.withdrawn_reason_zh,
            Notice.withdrawn_reason_en,
            NoticeVersion.title_zh,
            NoticeVersion.title_en,
            NoticeVersion.body_zh,
            NoticeVersion.body_en,
            NoticeVersion.department_zh,
            NoticeVersion.department_en,
            NoticeVersion.correction_zh,
            NoticeVersion.correction_en,
            Organization.name_zh.label("convener_zh"),
            Organization.name_en.label("convener_en"),
        )
        .select_from(Notice)
        .join(NoticeVersion, NoticeVersion.id == Notice.published_id)
        .join(Meeting, Meeting.id == Notice.meeting_id)
        .join(Organization, Organization.id == Meeting.convener_id)
        .where(Notice.published_at.is_not(None))
        .order_by(Notice.modified_at.desc(), Notice.id.desc())
        .limit(FEED)
    )
    return db.session.execute(statement).all()


def published_of(meeting_id: int) -> list[tuple[str, str]]:
    """Title and address of the published notices of a meeting, in the current language.

    Where others were withdrawn, the list that names them all stands at the end.
    """
    statement = (
        select(NoticeVersion.title_zh, NoticeVersion.title_en, Notice.year, Notice.slug, Notice.state)
        .select_from(Notice)
        .join(NoticeVersion, NoticeVersion.id == Notice.published_id)
        .where(Notice.meeting_id == meeting_id)
        .order_by(Notice.published_at, Notice.id)
    )
    rows = db.session.execute(statement).all()
    there = [row for row in rows if row.state is NoticeState.PUBLISHED]
    found = [(choose(row.title_zh, row.title_en), f"/notices/{row.year}/{row.slug}") for row in there]
    every = [(_("All notices of this meeting"), f"/notices/?meeting={meeting_id}")] if len(rows) > len(there) else []
    return found + every


def _listed() -> Any:
    """The outer join keeps the notices in front: their index gives the order, and nothing is sorted."""
    return (
        select(
            Notice.id,
            Notice.year,
            Notice.slug,
            Notice.state,
            Notice.published_at,
            NoticeVersion.number,
            NoticeVersion.title_zh,
            NoticeVersion.title_en,
            NoticeVersion.department_zh,
            NoticeVersion.department_en,
            (NoticeVersion.body_zh != "").label("in_zh"),
            (NoticeVersion.body_en != "").label("in_en"),
        )
        .select_from(Notice)
        .outerjoin(NoticeVersion, NoticeVersion.id == Notice.published_id)
        .where(Notice.published_at.is_not(None))
    )


def _line(row: Row[Any]) -> Listed:
    return Listed(
        row.id,
        f"/notices/{row.year}/{row.slug}",
        choose(row.title_zh, row.title_en),
        choose(row.department_zh, row.department_en),
        row.published_at,
        row.state is NoticeState.WITHDRAWN,
        row.number > 1,
        "" if row.in_zh and row.in_en else "zh" if row.in_zh else "en",
    )


def _key(line: Listed) -> str:
    return f"{int(line.published_at.timestamp())}-{line.id}"
