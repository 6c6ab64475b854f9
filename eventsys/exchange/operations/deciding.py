"""Somebody decides what is written of an import that was read."""

from __future__ import annotations

from collections.abc import Collection

from eventsys.core.actor import Actor
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import check_version, locked
from eventsys.exchange.columns import Sheet
from eventsys.exchange.models import Import, ImportState, ImportWay, RowState
from eventsys.extensions import db

MOST_AT_ONCE = 6_000
WEIGHT_OF_A_VERB = 12
OTHERS, BOTH = "others", "both"
QUESTIONS = (OTHERS, BOTH)


def question_of(sheet: Sheet) -> str:
    """Which question is asked about rows of the sheet: whether they are others, or whether both hold the post."""
    return BOTH if sheet is Sheet.APPOINTMENTS else OTHERS


def fits_at_once(brought: Import) -> bool:
    """Whether all of it can be written in one unit of work that lasts about a second; larger ones go in steps."""
    weight = 0
    for sheet, counts in brought.counts.items():
        rows = sum(counts.get(state, 0) for state in (RowState.NEW, RowState.CHANGED, RowState.ASKED))
        weight += rows * (WEIGHT_OF_A_VERB if Sheet(sheet) in {Sheet.ORGANIZATIONS, Sheet.POSTS} else 1)
    return weight <= MOST_AT_ONCE


def confirm_import(brought: Import, way: ImportWay, accepted: Collection[str], version: int, *, by: Actor) -> Import:
    """Let the worker write it. Confirmed a second time it stays as it was confirmed first.

    Raises `DomainError` when there is nothing to write, or when all is wanted and rows are refused; `Stale`.
    """
    row = locked(Import, brought.id)
    if row.state is not ImportState.READY:
        return row
    check_version(row, version)
    yes = sorted(set(accepted) & set(QUESTIONS))
    open_questions = sum(
        of_sheet.get(RowState.ASKED, 0)
        for sheet, of_sheet in row.counts.items()
        if question_of(Sheet(sheet)) not in yes
    )
    stopped = row.count(RowState.REFUSED) + open_questions
    if way is ImportWay.ALL and stopped:
        raise DomainError(
            _(
                "%(number)s rows cannot be written. Mend the file and bring it again, or write the good rows only.",
                number=stopped,
            ),
            field="way",
        )
    if way is ImportWay.ALL and not fits_at_once(row):
        raise DomainError(_("So many rows are written in steps, not all at once. Choose the good rows."), field="way")
    writable = row.count(RowState.NEW, RowState.CHANGED, RowState.ASKED) - open_questions
    if not writable:
        raise DomainError(_("There is nothing to write."))
    row.state, row.way, row.accepted = ImportState.CONFIRMED, way.value, yes
    row.done, row.total, row.reason = 0, writable, {}
    row.lease_until, row.lease_by, row.attempts = None, None, 0
    row.account_id, row.actor, row.channel, row.address = by.account_id, by.label, by.channel.value, by.address
    db.session.flush()
    return row
