"""Two records that are one person become one: everything that refers to the one moves to the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.columns import BLOCK
from eventsys.core.errors import DomainError, Stale
from eventsys.core.language import gettext as _
from eventsys.core.transaction import check_version
from eventsys.directory.models import Person
from eventsys.directory.operations import locked_person
from eventsys.directory.operations.recording import snapshot
from eventsys.directory.words import refresh_person
from eventsys.extensions import db
from eventsys.succession.operations import moving
from eventsys.succession.operations.clashes import settle_clashes
from eventsys.succession.queries.merging import Comparison, PersonPair, comparison

STAYING, GONE, BOTH = "staying", "gone", "both"
CHOOSABLE = ("name_zh", "name_en", "email", "phone", "language", "note")


@dataclass(frozen=True, slots=True)
class Choices:
    """What stays: for each field of `CHOOSABLE` "staying", "gone" or (the note) "both"; and, by the meeting's id, whose
    place stays at a meeting where both are expected ("staying" or "gone"). `one_person` takes it back that the two
    were confirmed to be two people."""

    fields: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[int, str] = field(default_factory=dict)
    one_person: bool = False


def merge(pair: PersonPair, choices: Choices, versions: tuple[int, int], seen: str, *, by: Actor) -> Person:
    """Make one record of the two; `pair.gone` becomes a pointer to `pair.staying`. There is no way back.

    `versions` are those of the staying and of the other record, `seen` the mark of all that was shown
    (`Comparison.mark`). Raises `Stale` when anything of it changed, `DomainError` at `meeting_<id>` for a meeting
    where nobody chose, and when a record was merged before or the last administrator could not sign in any more.
    """
    staying, gone = _both(pair)
    found = comparison(PersonPair(staying, gone))
    check_version(staying, versions[0])
    check_version(gone, versions[1])
    if found.mark != seen:
        raise Stale(_("Something about these records has changed. Look at both again."), current=staying)
    if found.are_confirmed_two and not choices.one_person:
        raise DomainError(_("Somebody confirmed that these are two people. Say that they are one."), field="one_person")
    before, was = snapshot(staying), snapshot(gone)
    settle_clashes(found, choices.places, by=by)
    moved = moving.move_all(found, by=by)
    _take(staying, gone, choices.fields)
    _point(gone, staying)
    db.session.flush()
    _record(staying, gone, before, was, moved, by=by)
    return staying


def _both(pair: PersonPair) -> tuple[Person, Person]:
    """Both records, locked in the order of their ids: two who merge them both ways come one after the other."""
    rows = {each: locked_person(each) for each in sorted((pair.staying.id, pair.gone.id))}
    return rows[pair.staying.id], rows[pair.gone.id]


def _take(staying: Person, gone: Person, chosen: Mapping[str, str]) -> None:
    for name in CHOOSABLE:
        if chosen.get(name, STAYING) == GONE:
            setattr(staying, name, getattr(gone, name))
    if chosen.get("note") == BOTH:
        staying.note = both_notes(staying, gone)
        if len(staying.note) > BLOCK:
            raise DomainError(_("Both notes together are too long. Choose one of them."), field="note")
    if not (staying.name_zh or staying.name_en):
        raise DomainError(_("Write the name in Chinese or in English."), field="name_zh")
    if staying.calendar_link_id is None and gone.calendar_link_id is not None:
        link, gone.calendar_link_id = gone.calendar_link_id, None
        db.session.flush()
        staying.calendar_link_id = link
    refresh_person(staying)


def both_notes(staying: Person, gone: Person) -> str:
    return "\n\n".join(text for text in (staying.note, gone.note) if text)


def _point(gone: Person, staying: Person) -> None:
    """The record keeps its names and leads to the other; nothing finds it by address, number or search any more."""
    gone.merged_into_id = staying.id
    gone.email = gone.phone = gone.phone_key = gone.note = gone.search_text = ""
    gone.calendar_link_id = None


def _record(
    staying: Person,
    gone: Person,
    before: Mapping[str, Any],
    was: Mapping[str, Any],
    moved: Mapping[str, Any],
    *,
    by: Actor,
) -> None:
    """Both sides stand in the log: what the staying record said and says, and all that the other one said."""
    label = staying.name("zh")
    old, new = audit.difference(before, snapshot(staying))
    audit.record("person.merge", staying, by=by, before=old, after={**new, **moved, "merged": was}, label=label)
    now = {"merged_into": f"{label} ({staying.id})"}
    audit.record("person.merge_away", gone, by=by, before=was, after=now, label=gone.name("zh"))


def conflicts_of(found: Comparison, chosen: Mapping[int, str]) -> list[int]:
    """The meetings to come where nobody chose yet whose place stays."""
    return [each.meeting_id for each in found.to_decide if chosen.get(each.meeting_id) not in {STAYING, GONE}]
