"""Rows of people: who is meant, what would change, and who looks the same.

Somebody is known by number; without one by e-mail address and name, or by name and phone number together. A name alone
never says who it is: whoever looks like somebody on record is asked about, and two rows that nothing tells apart are
refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eventsys.core.language import gettext as _
from eventsys.core.names import fold
from eventsys.exchange.checking.checked import (
    Checked,
    begun,
    compare,
    in_steps,
    numbers,
    refuse_twice,
    unknown_number,
)
from eventsys.exchange.checking.references import Marks
from eventsys.exchange.columns import Sheet
from eventsys.exchange.findings import Finding, asked, refused
from eventsys.exchange.queries.lookalikes import Alike, Known, Sign, alike, distinct_pairs, people_by_id, sign_of
from eventsys.exchange.reading.opened import Row
from eventsys.exchange.texts import person_texts

COMPARED = {"name_zh", "name_en", "email", "phone"}


def check_people(rows: Sequence[Row], step: Callable[[int], None], _marks: Marks) -> list[Checked]:
    """All rows of people with their meaning; `step` is told how many are done, between the questions."""
    found = [begun(row) for row in rows]
    refuse_twice(found, lambda each: each.mark, "number")
    refuse_twice(found, lambda each: each.row.cells.get("email"), "email")
    for part in in_steps(found):
        _check_part(part)
        step(len(part))
    refuse_twice(found, lambda each: each.subject_id, "number")
    _refuse_indistinct(found)
    return found


def _check_part(part: Sequence[Checked]) -> None:
    signs = {id(each): sign_of(each.row.cells) for each in part}
    same = alike(list(signs.values()))
    for each in part:
        if each.subject_id is None:
            _recognize(each, signs[id(each)], same)
    records = people_by_id(each.subject_id for each in part if each.subject_id)
    for each in part:
        _compare(each, records)
    pairs = distinct_pairs(each.subject_id for each in part if each.subject_id)
    for each in part:
        if not each.is_refused:
            _look_for_others(each, signs[id(each)], same, pairs)


def _recognize(each: Checked, sign: Sign, same: Alike) -> None:
    """Who on record the row means, if address and name, or name and phone number, say it."""
    owners = same.by_email.get(sign.email, []) if sign.email else []
    named = [known for known in owners if _has_name(known, each)]
    if not owners and sign.phone:
        named = [known for known in same.by_phone.get(sign.phone, []) if _has_name(known, each)]
    if len(named) == 1:
        each.subject_id = named[0].id


def _has_name(known: Known, each: Checked) -> bool:
    """Whether a name that both have is the same."""
    pairs = ((known.name_zh, each.row.cells.get("name_zh")), (known.name_en, each.row.cells.get("name_en")))
    return any(ours and theirs and fold(ours) == fold(theirs) for ours, theirs in pairs)


def _compare(each: Checked, records: dict[int, object]) -> None:
    if each.subject_id is not None:
        record = records.get(each.subject_id)
        if record is None:
            each.find(unknown_number(Sheet.PEOPLE))
            each.subject_id = None
            return
        before = person_texts(record)
        each.basis = record.version  # type: ignore[attr-defined]
        compare(each, before)
        after = before | each.row.cells
    else:
        after = each.row.cells
    if not (after.get("name_zh") or after.get("name_en")):
        column = "name_zh" if "name_zh" in each.row.cells else "name_en"
        each.find(refused(column, lambda: _("Write the name in Chinese or in English.")))


def _look_for_others(each: Checked, sign: Sign, same: Alike, pairs: set[tuple[int, int]]) -> None:
    """Refuse an address of somebody else; ask about everybody else who looks the same."""
    if each.subject_id is not None and not COMPARED & each.changes.keys():
        return
    others = same.of(sign, [each.subject_id or 0])
    owners = [known for known in others.values() if sign.email and known.email == sign.email]
    for owner in owners:
        each.find(owned(owner))
    each.likely = sorted(others)
    said = {int(part) for part in each.row.cells.get("distinct_from", "").split(", ") if part}
    unsaid = [
        known for known in others.values() if known.id not in said and _pair(known.id, each.subject_id) not in pairs
    ]
    if unsaid and not owners:
        each.find(asked("name_zh" if "name_zh" in each.row.cells else "name_en", lambda: _alike(unsaid)))


def _pair(one: int, other: int | None) -> tuple[int, int]:
    return (min(one, other or 0), max(one, other or 0))


def owned(owner: Known) -> Finding:
    """The e-mail address belongs to somebody else."""
    return refused(
        "email",
        lambda: _("This address belongs to %(name)s, number %(number)s.", name=owner.name, number=owner.id),
    )


def _alike(others: Sequence[Known]) -> str:
    names = ", ".join(f"{known.name} ({known.id})" for known in others[:5])
    return _(
        "Looks like %(names)s on record. Write the number into “Record number” if it is the same person, "
        "or into “Not the same as” if it is another one.",
        names=names,
    )


def _refuse_indistinct(found: Sequence[Checked]) -> None:
    """Two rows of one name, new or renamed, that neither number, address nor phone tells apart are refused."""
    by_name: dict[str, list[Checked]] = {}
    for each in found:
        if not each.is_refused and (each.subject_id is None or {"name_zh", "name_en"} & each.changes.keys()):
            by_name.setdefault(sign_of(each.row.cells).key, []).append(each)
    for same in by_name.values():
        if len(same) > 1:
            _refuse_same_name(same)


def _refuse_same_name(same: Sequence[Checked]) -> None:
    refusals = []
    for each in same:
        others = [other for other in same if other is not each and not _told_apart(each, other)]
        if others:
            refusals.append((each, numbers(other.row.number for other in others)))
    for each, rows in refusals:
        each.find(_indistinct("name_zh" if "name_zh" in each.row.cells else "name_en", rows))


def _indistinct(column: str, rows: str) -> Finding:
    return refused(
        column,
        lambda: _(
            "Row %(rows)s has the same name, and neither e-mail address nor phone number tells them apart.", rows=rows
        ),
    )


def _told_apart(one: Checked, other: Checked) -> bool:
    """Whether both have an address, or both a number, and these differ; or both have marks of their own."""
    if (one.mark and other.mark) or (one.subject_id and other.subject_id):
        return True
    pairs = [(one.row.cells.get(key, ""), other.row.cells.get(key, "")) for key in ("email", "phone")]
    return any(ours and theirs and ours != theirs for ours, theirs in pairs)
