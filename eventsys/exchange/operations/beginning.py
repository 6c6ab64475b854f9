"""A file is brought, an import is called off, the directory is taken out."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import delete, select

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import current_language
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.exchange.columns import Sheet
from eventsys.exchange.models import IN_WORK, Import, ImportFile, ImportRow, ImportState, RowState
from eventsys.exchange.queries.imports import counted
from eventsys.exchange.reading.opened import looked_at
from eventsys.exchange.reading.packages import LARGEST_FILE
from eventsys.exchange.reading.rows import Unreadable
from eventsys.exchange.values import kept
from eventsys.extensions import db

UNDECIDED = (ImportState.WAITING, ImportState.READING, ImportState.READY)
LONGEST_NAME = 200


def checked_file(data: bytes) -> bytes:
    """The file, if it may be opened at all. Call it outside of a unit of work; raises `DomainError` at `file`."""
    if len(data) > LARGEST_FILE:
        raise DomainError(
            _(
                "The file is larger than %(number)s MB. Import it in parts, or save it as .xlsx.",
                number=LARGEST_FILE // 1024 // 1024,
            ),
            field="file",
        )
    try:
        looked_at(data)
    except Unreadable as reason:
        raise DomainError(reason.texts[current_language()], field="file") from reason
    return data


def begin_import(data: bytes, name: str, sheet: Sheet | None, *, by: Actor) -> Import:
    """Keep a checked file for the worker. Brought twice by one person before it is decided, it is one import."""
    digest = sha256(data).hexdigest()
    same = db.session.scalars(
        select(Import).where(
            Import.account_id == by.account_id,
            Import.digest == digest,
            Import.sheet == (sheet or ""),
            Import.state.in_(UNDECIDED),
        )
    ).first()
    if same is not None:
        return same
    row = Import(
        created_at=now(),
        account_id=by.account_id,
        actor=by.label,
        channel=by.channel.value,
        address=by.address,
        name=kept(name)[:LONGEST_NAME] or "–",
        size=len(data),
        digest=digest,
        sheet=sheet or "",
        state=ImportState.WAITING,
    )
    db.session.add(row)
    db.session.flush()
    db.session.add(ImportFile(import_id=row.id, content=data))
    db.session.flush()
    return row


def cancel_import(brought: Import, *, by: Actor) -> Import:
    """Call it off. While it is being written, the worker stops after the rows at hand; what is written stays."""
    row = locked(Import, brought.id)
    if row.state not in {*IN_WORK, ImportState.READY}:
        return row
    row.state = ImportState.STOPPED if row.state is ImportState.WRITING else ImportState.CANCELLED
    row.finished_at, row.lease_until, row.lease_by = now(), None, None
    facts: dict[str, object] = {"file": row.name}
    if row.state is ImportState.CANCELLED:
        forget_content(row.id)
    else:
        row.counts = counted(row.id)
        facts["written"] = row.count(RowState.WRITTEN)
    db.session.flush()
    audit.record("import.cancel", row, by=by, after=facts, label=row.name)
    return row


def forget_content(import_id: int) -> None:
    """Delete the file and the rows of an import; its counts stay."""
    db.session.execute(delete(ImportFile).where(ImportFile.import_id == import_id))
    db.session.execute(delete(ImportRow).where(ImportRow.import_id == import_id))


class Taken:
    """What an export's entry in the audit log is about: no row, the directory as it stands."""

    __tablename__ = "export"
    id = None


def record_export(sheets: list[Sheet], ending: str, *, by: Actor) -> None:
    """Leave a trace of who took what out, in which form."""
    facts = {"sheets": ", ".join(sheets), "form": ending.upper()}
    audit.record("export.take", Taken(), by=by, after=facts, label=", ".join(sheets))
