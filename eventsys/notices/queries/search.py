"""The archive of published notices by words and filters; one statement behind page, count and export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html import unescape
from re import compile as pattern
from typing import Any, Self, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Executable, Integer, Row, bindparam, exists, func, select, tuple_

from eventsys.core import reading, search
from eventsys.core.hits import Shown, marked, shown
from eventsys.core.language import LANGUAGES, choose, current_language
from eventsys.core.search_text import query_terms
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.meetings.models import Meeting, MeetingKind
from eventsys.notices.models import Notice, NoticeState, NoticeVersion
from eventsys.notices.queries.lists import LARGEST_ID, key_of

PAGE = 20
COUNT_TO = 1000
EXPORTED = 5000
ASKED = 100
_TAGS = pattern(r"</?(?:p|h2|h3|li|td|th|tr|caption|figcaption|blockquote)\b[^>]*>|<br>")
_OTHER_TAGS = pattern(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: words, and filters that are 0 or "" when they are not set. `language` is one it must be in."""

    q: str = ""
    year: int = 0
    office: int = 0
    kind: str = ""
    language: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Self:
        """From the query of an address; what is no filter is left out."""
        kind, language = values.get("kind", ""), values.get("in", "")
        year = _number(values.get("year", ""))
        return cls(
            q=" ".join(values.get("q", "").split())[:ASKED],
            year=year if 1900 < year < 2200 else 0,
            office=_number(values.get("office", "")),
            kind=kind if kind in set(MeetingKind) else "",
            language=language if language in LANGUAGES else "",
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (query_terms(self.q) or self.year or self.office or self.kind or self.language)

    @property
    def is_unreadable(self) -> bool:
        """Whether words were typed that hold no letter and no digit."""
        return bool(self.q) and not query_terms(self.q)

    def query(self, **changes: str) -> str:
        """The query of an address that asks for this, with some parts changed."""
        values = {
            "q": self.q,
            "year": self.year,
            "office": self.office,
            "kind": self.kind,
            "in": self.language,
            **changes,
        }
        return urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True, slots=True)
class Found:
    """A notice that was found, in the current language; `only` is the language of one that is in one alone, else ""."""

    id: int
    path: str
    title: tuple[tuple[str, bool], ...]
    sentence: Shown | None
    lang: str
    only: str
    published_at: datetime
    convener: str
    department: str
    corrected: bool

    @property
    def plain_title(self) -> str:
        return "".join(words for words, _is_hit in self.title)


@dataclass(frozen=True, slots=True)
class Page:
    """Some notices, the newest first; `before` and `after` are the keys of the pages beside it, "" where none is."""

    lines: Sequence[Found]
    before: str = ""
    after: str = ""


def page(wanted: Wanted, zone: str, keys: Mapping[str, str], size: int = PAGE) -> Page:
    """One page; nothing when nothing is asked for."""
    if wanted.is_empty or wanted.is_unreadable:
        return Page([])
    after, before = key_of(keys.get("after", "")), key_of(keys.get("before", ""))
    backwards = after is None and before is not None
    start = before if backwards else after
    values = _values(wanted, zone)
    if start is not None:
        values |= {"key_at": start[0], "key_id": start[1]}
    rows = reading.rows(_page(_shape(wanted), backwards, start is not None), **values, rows=size + 1)
    found = [_found(row, wanted.q) for row in rows[:size]]
    if backwards:
        found.reverse()
    more = len(rows) > size
    has_before, has_after = (more, True) if backwards else (start is not None, more)
    return Page(found, _key(found[0]) if found and has_before else "", _key(found[-1]) if found and has_after else "")


def count(wanted: Wanted, zone: str) -> int:
    """How many there are, up to `COUNT_TO` + 1."""
    if wanted.is_empty or wanted.is_unreadable:
        return 0
    return cast(int, reading.rows(_counted(_shape(wanted)), **_values(wanted, zone))[0][0])


def export(wanted: Wanted, zone: str) -> Iterator[Found]:
    """The whole list, up to 5,000 notices."""
    if wanted.is_empty or wanted.is_unreadable:
        return
    for row in reading.rows(_page(_shape(wanted), False, False), **_values(wanted, zone), rows=EXPORTED):
        yield _found(row, "")


def offices() -> list[tuple[int, str]]:
    """The organizations that have published a notice, by name in the current language."""
    names = [(row.id, choose(row.name_zh, row.name_en)) for row in reading.rows(_OFFICES)]
    return sorted(names, key=lambda each: each[1])


Shape = tuple[str, ...]
_PUBLIC = Notice.published_id == NoticeVersion.id


def _shape(wanted: Wanted) -> Shape:
    """Which conditions the statement has: statements are made once for each."""
    given = {
        "words": query_terms(wanted.q),
        "year": wanted.year,
        "office": wanted.office,
        "kind": wanted.kind,
        wanted.language: wanted.language,
    }
    return (db.engines[None].dialect.name, *(name for name, value in given.items() if value))


def _values(wanted: Wanted, zone: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    terms = query_terms(wanted.q)
    if terms:
        values["query"] = search.query_of(terms)
    if wanted.year:
        first = datetime(wanted.year, 1, 1, tzinfo=ZoneInfo(zone))
        values |= {"first": first, "last": first.replace(year=wanted.year + 1)}
    if wanted.office:
        values["office"] = wanted.office
    if wanted.kind:
        values["kind"] = MeetingKind(wanted.kind)
    return values


def _conditions(shape: Shape) -> Iterator[ColumnElement[bool]]:
    state, published_at, office = _columns(shape)
    yield state == NoticeState.PUBLISHED
    if "words" in shape:
        yield search.held("notice_version", NoticeVersion.id, bindparam("query"))
    if "year" in shape:
        yield published_at >= bindparam("first", type_=Notice.published_at.type)
        yield published_at < bindparam("last", type_=Notice.published_at.type)
    if "office" in shape:
        yield office == bindparam("office")
    if "kind" in shape:
        yield Meeting.kind == bindparam("kind", type_=Meeting.kind.type)
    for language in LANGUAGES:
        if language in shape:
            yield getattr(NoticeVersion, f"body_{language}") != ""


def _columns(shape: Shape) -> tuple[Any, Any, Any]:
    """The columns that have indexes of their own; beside words these do not count."""
    columns = Notice.state, Notice.published_at, Notice.convener_id
    state, published_at, office = map(search.aside, columns) if "words" in shape else columns
    return state, published_at, office


def _from(statement: Any, shape: Shape) -> Any:
    joined = statement.select_from(NoticeVersion).join(Notice, (Notice.id == NoticeVersion.notice_id) & _PUBLIC)
    if "kind" in shape:
        joined = joined.join(Meeting, Meeting.id == Notice.meeting_id)
    return joined.where(*_conditions(shape))


@lru_cache(maxsize=128)
def _page(shape: Shape, backwards: bool, has_key: bool) -> Executable:
    columns = (
        *(Notice.id, Notice.year, Notice.slug, Notice.published_at),
        *(NoticeVersion.number, NoticeVersion.title_zh, NoticeVersion.title_en),
        *(NoticeVersion.body_zh, NoticeVersion.body_en, NoticeVersion.department_zh, NoticeVersion.department_en),
        *(Organization.name_zh, Organization.name_en),
    )
    statement = _from(select(*columns), shape).join(Organization, Organization.id == Notice.convener_id)
    if has_key:
        place = tuple_(_columns(shape)[1], Notice.id)
        there = tuple_(bindparam("key_at", type_=Notice.published_at.type), bindparam("key_id", type_=Integer))
        statement = statement.where(place > there if backwards else place < there)
    order = (Notice.published_at, Notice.id) if backwards else (Notice.published_at.desc(), Notice.id.desc())
    return cast(Executable, statement.order_by(*order).limit(bindparam("rows", type_=Integer)))


@lru_cache(maxsize=64)
def _counted(shape: Shape) -> Executable:
    return select(func.count()).select_from(_from(select(Notice.id), shape).limit(COUNT_TO + 1).subquery())


_OFFICES = (
    select(Organization.id, Organization.name_zh, Organization.name_en)
    .where(exists().where(Notice.convener_id == Organization.id, Notice.published_at.is_not(None)))
    .limit(200)
)


def _found(row: Row[Any], asked: str) -> Found:
    """In the current language, unless only the other one holds the words."""
    own = current_language()
    tried = [code for code in (own, *(code for code in LANGUAGES if code != own)) if getattr(row, f"body_{code}")]
    sentences = ((code, shown(bare(getattr(row, f"body_{code}")), asked)) for code in tried)
    language, sentence = next(((code, each) for code, each in sentences if each), (tried[0] if tried else own, None))
    return Found(
        row.id,
        f"/notices/{row.year}/{row.slug}",
        marked(choose(row.title_zh, row.title_en, language), asked),
        sentence,
        "zh-Hans" if language == "zh" else "en",
        "" if row.body_zh and row.body_en else "zh" if row.body_zh else "en",
        row.published_at,
        choose(row.name_zh, row.name_en),
        choose(row.department_zh, row.department_en),
        row.number > 1,
    )


def bare(html: str) -> str:
    """What safe HTML of ours says, a line for each paragraph, item and cell: quicker than reading it anew."""
    return unescape(_OTHER_TAGS.sub("", _TAGS.sub("\n", html)))


def _number(text: str) -> int:
    return min(int(text), LARGEST_ID) if text.isascii() and text.isdigit() and len(text) < 11 else 0


def _key(line: Found) -> str:
    return f"{int(line.published_at.timestamp())}-{line.id}"
