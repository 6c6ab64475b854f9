"""Verbs of the agenda: add, change, remove, put in order, copy. Each writes the audit entry.

Letters repeat the agenda, but come later in the line of domains: `on_change` lets them follow within the verb's unit
of work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from sqlalchemy import func, insert, select, update

from eventsys.agenda.models import AgendaItem, AgendaKind
from eventsys.core.actor import Actor
from eventsys.core.audit import difference, record
from eventsys.core.columns import LINE
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.text import TextRefused, clean_block, clean_line
from eventsys.core.transaction import check_version, locked
from eventsys.directory.models import Organization, Person
from eventsys.extensions import db
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.meetings.operations import touch

LONGEST_ITEM = 24 * 60
MOST_ITEMS = 200
NOTE = 1000

_followers: list[Callable[[Meeting], object]] = []


def on_change(follower: Callable[[Meeting], object]) -> None:
    """Set what follows every change of an agenda, in the same unit of work (create_app binds it to the letters)."""
    _followers[:] = [follower]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """What an organizer decides about an agenda item. `minutes` is its length; "" stands for nothing."""

    kind: AgendaKind
    minutes: int
    title_zh: str = ""
    title_en: str = ""
    presenter_organization_id: int | None = None
    presenter_person_id: int | None = None
    presenter_zh: str = ""
    presenter_en: str = ""
    note_zh: str = ""
    note_en: str = ""

    @classmethod
    def of(cls, item: AgendaItem) -> Self:
        """The facts as the record says them."""
        return cls(**{name: getattr(item, name) for name in cls.__slots__})

    def columns(self) -> dict[str, Any]:
        """The facts by column name."""
        return asdict(self)


def problems(facts: ItemFacts) -> Iterator[tuple[str, str]]:
    """What keeps an item from being saved, as the fact's name and what to do."""
    if not facts.title_zh and not facts.title_en:
        yield "title_zh", _("Enter a title")
    if not 1 <= facts.minutes <= LONGEST_ITEM:
        yield "minutes", _("Enter a length between 1 and 1,440 minutes")
    for name, clean, limit in _texts():
        try:
            clean(getattr(facts, name), limit)
        except TextRefused as refused:
            yield name, refused.reason


def add_item(meeting: Meeting, facts: ItemFacts, *, by: Actor) -> AgendaItem:
    """A new item at the end. Raises `DomainError` with the name of the fact that cannot be."""
    row = _open_agenda(meeting)
    _check(facts)
    count, last = db.session.execute(
        select(func.count(), func.max(AgendaItem.position)).where(AgendaItem.meeting_id == row.id)
    ).one()
    if count >= MOST_ITEMS:
        raise DomainError(_("An agenda has at most 200 items."))
    item = AgendaItem(meeting_id=row.id, position=(last or 0) + 1, **facts.columns())
    db.session.add(item)
    db.session.flush()
    _changed(row)
    record("agenda.add", item, by=by, after=facts.columns(), label=item.title(), meeting_id=row.id)
    return item


def change_item(item: AgendaItem, facts: ItemFacts, version: int, *, by: Actor) -> AgendaItem:
    """Save an item again. Raises `Stale` when somebody else saved it since, `DomainError` for a fact that cannot be."""
    meeting = _open_agenda(item.meeting)
    row = _item(item.id)
    check_version(row, version)
    _check(facts)
    before, after = difference(ItemFacts.of(row).columns(), facts.columns())
    if not after:
        return row
    for name, value in after.items():
        setattr(row, name, value)
    _changed(meeting)
    record("agenda.change", row, by=by, before=before, after=after, label=row.title(), meeting_id=meeting.id)
    return row


def remove_item(item: AgendaItem, *, by: Actor) -> None:
    """Take an item off the agenda; the audit log keeps what it said."""
    meeting = _open_agenda(item.meeting)
    row = _item(item.id)
    before = {**ItemFacts.of(row).columns(), "position": row.position}
    record("agenda.remove", row, by=by, before=before, label=row.title(), meeting_id=meeting.id)
    db.session.delete(row)
    db.session.flush()
    _changed(meeting)


def move_item(item: AgendaItem, step: int, *, by: Actor) -> bool:
    """One place up (-1) or down (+1); whether there was one."""
    meeting = _open_agenda(item.meeting)
    order = _order(meeting.id)
    if item.id not in order:
        raise _gone()
    at = order.index(item.id)
    to = at + step
    if not 0 <= to < len(order):
        return False
    wanted = list(order)
    wanted.insert(to, wanted.pop(at))
    _put_in_order(meeting, order, wanted, by)
    return True


def reorder(meeting: Meeting, wanted: Sequence[int], *, by: Actor) -> None:
    """Put the items in this order of ids. Raises `DomainError` when they are not exactly the present ones."""
    row = _open_agenda(meeting)
    order = _order(row.id)
    if sorted(wanted) != sorted(order):
        raise DomainError(_("Somebody else changed the agenda meanwhile. Look at it again, then put it in order."))
    _put_in_order(row, order, list(wanted), by)


def copy_agenda(source: Meeting, target: Meeting, *, by: Actor) -> int:
    """Copy all items to a meeting whose agenda is empty; returns how many."""
    row = _open_agenda(target)
    names = ("position", *ItemFacts.__slots__)
    found = db.session.execute(
        select(*(getattr(AgendaItem, name) for name in names))
        .where(AgendaItem.meeting_id == source.id)
        .order_by(AgendaItem.position, AgendaItem.id)
    ).all()
    if not found:
        return 0
    rows = [{"meeting_id": row.id, "version": 1, **dict(zip(names, values, strict=True))} for values in found]
    db.session.execute(insert(AgendaItem), rows)
    _changed(row)
    record(
        "agenda.copy", row, by=by, after={"from": source.id, "items": len(rows)}, label=row.title(), meeting_id=row.id
    )
    return len(rows)


def _changed(meeting: Meeting) -> None:
    touch(meeting)
    for follower in _followers:
        follower(meeting)


def _texts() -> Iterator[tuple[str, Any, int]]:
    for name in ("title_zh", "title_en", "presenter_zh", "presenter_en"):
        yield name, clean_line, LINE
    for name in ("note_zh", "note_en"):
        yield name, clean_block, NOTE


def _check(facts: ItemFacts) -> None:
    for field, message in problems(facts):
        raise DomainError(message, field=field)
    organization, person = facts.presenter_organization_id, facts.presenter_person_id
    if organization is not None and db.session.get(Organization, organization) is None:
        raise DomainError(_("Choose an organization from the list"), field="presenter_organization_id")
    presenter = db.session.get(Person, person) if person is not None else None
    if person is not None and (presenter is None or presenter.merged_into_id is not None):
        raise DomainError(_("Choose a person from the search's results"), field="presenter_person_id")


def _open_agenda(meeting: Meeting) -> Meeting:
    """The meeting, locked, so that two people who change its agenda come one after the other."""
    row = locked(Meeting, meeting.id)
    if row.state in {MeetingState.CANCELLED, MeetingState.ARCHIVED}:
        raise DomainError(_("The agenda of a cancelled or archived meeting stays as it is."))
    return row


def _item(item_id: int) -> AgendaItem:
    try:
        return locked(AgendaItem, item_id)
    except LookupError:
        raise _gone() from None


def _gone() -> DomainError:
    return DomainError(_("Somebody else removed this item meanwhile."))


def _order(meeting_id: int) -> list[int]:
    statement = (
        select(AgendaItem.id).where(AgendaItem.meeting_id == meeting_id).order_by(AgendaItem.position, AgendaItem.id)
    )
    return list(db.session.scalars(statement))


def _put_in_order(meeting: Meeting, before: Sequence[int], after: Sequence[int], by: Actor) -> None:
    if list(before) == list(after):
        return
    for position, item_id in _moved(before, after):
        db.session.execute(update(AgendaItem).where(AgendaItem.id == item_id).values(position=position))
    _changed(meeting)
    record(
        "agenda.reorder",
        meeting,
        by=by,
        before={"order": list(before)},
        after={"order": list(after)},
        label=meeting.title(),
        meeting_id=meeting.id,
    )


def _moved(before: Sequence[int], after: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Every position that has to be written; positions run from 1, gaps from removed items close on the way."""
    return list(enumerate(after, 1))
