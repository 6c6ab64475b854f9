"""What a liaison types is kept as it grows; it tells nobody and answers nothing."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from eventsys.answers.models import AnswerSheet
from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.formats import moment
from eventsys.core.language import gettext as _
from eventsys.extensions import db
from eventsys.invitations.models import Ask

MOST_FIELDS = 2000
MOST_CHARACTERS = 200_000


class DraftSavedMeanwhile(DomainError):
    """Somebody else saved a draft since this page was opened; theirs is not overwritten unseen."""


def locked_sheet(ask_id: int) -> AnswerSheet:
    """The sheet of an ask, made when it is first needed, locked until the unit of work ends: one sends at a time."""
    values = {
        "ask_id": ask_id,
        "note": "",
        "filler": "",
        "filler_phone": "",
        "sent_by": "",
        "sent_number": 0,
        "draft_by": "",
        "draft_number": 0,
    }
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    db.session.execute(dialect.insert(AnswerSheet).on_conflict_do_nothing(), [values])
    statement = select(AnswerSheet).where(AnswerSheet.ask_id == ask_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def save_draft(
    ask: Ask, fields: Mapping[str, str], *, by: Actor, seen: int | None, zone: str = "UTC", over: bool = False
) -> AnswerSheet:
    """Keep what is typed, by field name; nothing typed keeps nothing. Returns the sheet.

    `seen` is the number of the draft that the page showed. Raises `DraftSavedMeanwhile` when there is a later one and
    `over` does not say that this one is to stand instead, `DomainError` for more than can be kept.
    """
    sheet = locked_sheet(ask.id)
    typed = {name: value for name, value in fields.items() if value}
    if len(typed) > MOST_FIELDS or sum(len(name) + len(value) for name, value in typed.items()) > MOST_CHARACTERS:
        raise DomainError(_("This is more than can be kept. Shorten it."))
    if sheet.draft == typed:
        return sheet
    if seen != sheet.draft_number and sheet.draft and not over:
        when = moment(sheet.draft_at or now(), zone)
        raise DraftSavedMeanwhile(
            _("%(who)s saved something else here on %(when)s. Yours is not saved yet.", who=sheet.draft_by, when=when)
        )
    sheet.draft, sheet.draft_at = typed or None, now()
    sheet.draft_by, sheet.draft_account_id = by.label, by.account_id
    sheet.draft_number += 1
    return sheet


def discard_draft(ask: Ask, *, by: Actor) -> None:
    """Throw away what is typed and not sent."""
    sheet = locked_sheet(ask.id)
    sheet.draft, sheet.draft_at, sheet.draft_by, sheet.draft_account_id = None, None, "", None
    sheet.draft_number += 1
