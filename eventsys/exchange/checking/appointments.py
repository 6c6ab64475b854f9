"""Rows of appointments: who holds which post from when to when, and who else does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from eventsys.core.language import choose
from eventsys.core.language import gettext as _
from eventsys.directory.models import Appointment, Organization, Person, Post
from eventsys.exchange.checking.checked import Checked, begun, compare, in_steps, refuse_twice, unknown_number
from eventsys.exchange.checking.references import Marks, Referred, check_name, referred, unknown_record
from eventsys.exchange.columns import Sheet
from eventsys.exchange.findings import Finding, asked, refused
from eventsys.exchange.queries.exports import appointments_with_names
from eventsys.exchange.reading.opened import Row
from eventsys.exchange.texts import appointment_texts
from eventsys.extensions import db

Key = int | str


@dataclass(slots=True)
class Span:
    """Somebody on a post from one day to another; of the record by number, or of a row of the file."""

    who: Key
    starts_on: date
    ends_on: date | None
    number: int | None
    name: str
    row: Checked | None = None

    def overlaps(self, other: Span) -> bool:
        """Whether both hold on some day."""
        return (self.ends_on is None or other.starts_on <= self.ends_on) and (
            other.ends_on is None or self.starts_on <= other.ends_on
        )


def check_appointments(rows: Sequence[Row], step: Callable[[int], None], marks: Marks) -> list[Checked]:
    """All rows of appointments with their meaning."""
    found = [begun(row) for row in rows]
    refuse_twice(found, lambda each: each.mark, "number")
    posts: dict[Key, list[Span]] = {}
    for part in in_steps(found):
        _check_part(part, marks, posts)
        step(len(part))
    refuse_twice(found, lambda each: each.subject_id, "number")
    _look_for_others(found, posts)
    return found


def _check_part(part: Sequence[Checked], marks: Marks, posts: dict[Key, list[Span]]) -> None:
    who = {id(each): referred(each, "person", Sheet.PEOPLE, marks) for each in part}
    where = {id(each): referred(each, "post", Sheet.POSTS, marks) for each in part}
    people = people_named(_numbers(who.values()))
    known = posts_named(_numbers(where.values()))
    on_record = _on_record(set(known) - posts.keys())
    posts.update(on_record.items())
    records = _records(part)
    for each in part:
        person, post = who[id(each)], where[id(each)]
        _check_names(each, person, post, people, known)
        if isinstance(person, int) and isinstance(post, int) and each.subject_id is None:
            _recognize(each, person, posts.get(post, ()))
    records.update(_records([each for each in part if each.subject_id and each.subject_id not in records]))
    for each in part:
        _compare(each, records)
        post = where[id(each)]
        _check_days(each, records, known.get(post) if isinstance(post, int) else None)
        if not each.is_refused:
            _put(each, who[id(each)], where[id(each)], posts, (people, records))


def _numbers(found: Iterable[Referred]) -> set[int]:
    return {number for number in found if isinstance(number, int)}


def people_named(numbers: set[int]) -> dict[int, Any]:
    """Names of people by number, of those who are not merged away."""
    statement = select(Person.id, Person.name_zh, Person.name_en).where(
        Person.id.in_(numbers), Person.merged_into_id.is_(None)
    )
    return {row.id: row for row in db.session.execute(statement)}


def posts_named(numbers: set[int]) -> dict[int, Any]:
    """Titles of posts with their organization's names, by number."""
    statement = (
        select(Post.id, Post.title_zh, Post.title_en, Post.abolished_on, Organization.name_zh.label("organization_zh"))
        .join(Organization, Organization.id == Post.organization_id)
        .where(Post.id.in_(numbers))
    )
    return {row.id: row for row in db.session.execute(statement)}


def _on_record(posts: set[int]) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = {post: [] for post in posts}
    table = Appointment.__table__
    statement = (
        select(
            table.c.id,
            table.c.person_id,
            table.c.post_id,
            table.c.starts_on,
            table.c.ends_on,
            Person.name_zh,
            Person.name_en,
        )
        .join(Person, Person.id == table.c.person_id)
        .where(table.c.post_id.in_(posts))
    )
    for row in db.session.execute(statement):
        found[row.post_id].append(
            Span(row.person_id, row.starts_on, row.ends_on, row.id, choose(row.name_zh, row.name_en))
        )
    return found


def _records(part: Sequence[Checked]) -> dict[int, Any]:
    statement, number = appointments_with_names()
    subjects = [each.subject_id for each in part if each.subject_id]
    return {row.id: row for row in db.session.execute(statement.where(number.in_(subjects)))} if subjects else {}


def _check_names(
    each: Checked, person: Referred, post: Referred, people: dict[int, Any], known: dict[int, Any]
) -> None:
    cells = each.row.cells
    if isinstance(person, int):
        cells["person"] = str(person)
        if person not in people:
            each.find(unknown_record("person"))
        else:
            check_name(each, "person_name", (people[person].name_zh, people[person].name_en))
    elif person is not None:
        check_name(each, "person_name", tuple(person.row.cells.get(key, "") for key in ("name_zh", "name_en")))
    if isinstance(post, int):
        cells["post"] = str(post)
        if post not in known:
            each.find(unknown_record("post"))
        else:
            row = known[post]
            check_name(each, "post_name", (row.title_zh, row.title_en, row.organization_zh + row.title_zh))
    elif post is not None:
        check_name(each, "post_name", tuple(post.row.cells.get(key, "") for key in ("title_zh", "title_en")))


def _recognize(each: Checked, person: int, spans: Iterable[Span]) -> None:
    """The same person on the same post from the same day on is the same appointment."""
    day = each.row.cells.get("starts_on", "")
    same = [span.number for span in spans if span.who == person and span.starts_on.isoformat() == day and span.number]
    if len(same) == 1:
        each.subject_id = same[0]


def _compare(each: Checked, records: dict[int, Any]) -> None:
    if each.subject_id is None:
        return
    record = records.get(each.subject_id)
    if record is None:
        each.find(unknown_number(Sheet.APPOINTMENTS))
        each.subject_id = None
        return
    each.basis = record.version
    compare(each, appointment_texts(record))
    for column in ("person", "post"):
        if column in each.changes:
            each.find(_fixed(column))


def _fixed(column: str) -> Finding:
    return refused(
        column, lambda: _("An appointment keeps its person and its post. End it, and add a new one in another row.")
    )


def _check_days(each: Checked, records: dict[int, Any], post: Any) -> None:
    starts_on, ends_on = days_of(each, records)
    if starts_on is None:
        return
    if ends_on is not None and ends_on < starts_on:
        each.find(refused("ends_on", lambda: _("The last day is before the first day. Choose a later last day.")))
    abolished = post.abolished_on if post is not None else None
    is_changed = each.subject_id is None or bool(each.changes)
    if abolished is not None and is_changed and (ends_on is None or ends_on >= abolished or starts_on >= abolished):
        each.find(_gone(abolished))


def _gone(day: date) -> Finding:
    return refused(
        "post", lambda: _("This post is abolished from %(day)s on. Choose an earlier day.", day=day.isoformat())
    )


def days_of(each: Checked, records: dict[int, Any]) -> tuple[date | None, date | None]:
    """First and last day as the row has them; a column that the file lacks keeps what is on record."""
    record = records.get(each.subject_id or 0)
    days = []
    for column in ("starts_on", "ends_on"):
        if column in each.row.cells:
            text = each.row.cells[column]
            is_bad = any(finding["column"] == column for finding in each.row.findings)
            days.append(date.fromisoformat(text) if text and not is_bad else None)
        else:
            days.append(getattr(record, column) if record is not None else None)
    return days[0], days[1]


def _put(
    each: Checked, person: Referred, post: Referred, posts: dict[Key, list[Span]], known: tuple[dict[int, Any], ...]
) -> None:
    """Put the row's days among those of its post, in the place of what is on record."""
    people, records = known
    starts_on, ends_on = days_of(each, records)
    if person is None or post is None or starts_on is None:
        return
    row = people.get(person) if isinstance(person, int) else None
    name = choose(row.name_zh, row.name_en) if row is not None else ""
    if isinstance(person, Checked):
        name = person.row.cells.get("name_zh") or person.row.cells.get("name_en", "")
    spans = posts.setdefault(_key(post), [])
    if each.subject_id is not None:
        spans[:] = [span for span in spans if span.number != each.subject_id]
    spans.append(Span(_key(person), starts_on, ends_on, each.subject_id, name, each))


def _key(found: Referred) -> Key:
    return f"row {found.row.number}" if isinstance(found, Checked) else found or 0


def _look_for_others(found: Sequence[Checked], posts: dict[Key, list[Span]]) -> None:
    for spans in posts.values():
        for span in spans:
            each = span.row
            if each is None or each.is_refused or (each.subject_id is not None and not each.changes):
                continue
            _ask_about([other for other in spans if other is not span and span.overlaps(other)], span, each)


def _ask_about(others: Sequence[Span], span: Span, each: Checked) -> None:
    each.likely = sorted(other.number for other in others if other.number is not None)
    same = [other for other in others if other.who == span.who]
    if same:
        each.find(_twice(same))
    elif others:
        each.find(_held(others))


def _named(spans: Sequence[Span]) -> str:
    return ", ".join(
        f"{span.name} ({_('row %(number)s', number=span.row.row.number) if span.row else span.number})"
        for span in spans[:5]
    )


def _twice(others: Sequence[Span]) -> Finding:
    return refused(
        "starts_on", lambda: _("This person already holds this post at that time: %(others)s.", others=_named(others))
    )


def _held(others: Sequence[Span]) -> Finding:
    return asked(
        "post",
        lambda: _(
            "Somebody else holds this post at that time: %(others)s. End that appointment in the file, or say that "
            "both hold the post.",
            others=_named(others),
        ),
    )
