"""Imports: a file somebody brought, its rows as they were understood, and what became of each."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.core.columns import Json, enum, instant, line, refers_to
from eventsys.exchange.columns import Sheet
from eventsys.extensions import Model


class ImportState(StrEnum):
    """The life of an import; see the room's table."""

    WAITING = "waiting"
    READING = "reading"
    UNREADABLE = "unreadable"
    READY = "ready"
    CONFIRMED = "confirmed"
    WRITING = "writing"
    DONE = "done"
    CANCELLED = "cancelled"
    STOPPED = "stopped"


class ImportWay(StrEnum):
    """What is written: everything or nothing, or the rows that can be."""

    ALL = "all"
    GOOD = "good"


class RowState(StrEnum):
    """What a row means for the record, and what became of it.

    `asked`: taken only if somebody says so. `left`: it was to be written and was not, its findings say why.
    """

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ASKED = "asked"
    REFUSED = "refused"
    WRITTEN = "written"
    LEFT = "left"


IN_WORK = (ImportState.WAITING, ImportState.READING, ImportState.CONFIRMED, ImportState.WRITING)


class Import(Model):
    """One file. `done` of `total` steps; `counts` are rows by sheet and state; texts are kept in both languages.

    `sheet` is "" for a workbook of all kinds. `accepted` are the questions answered with yes.
    """

    __tablename__ = "import"
    __table_args__ = (Index("ix_import_state", "state"), Index("ix_import_made", "account_id", "digest"))

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = instant()
    account_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(300))
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(60), default="")
    name: Mapped[str] = line()
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    sheet: Mapped[str] = mapped_column(String(20), default="")
    state: Mapped[ImportState] = enum(ImportState, default=ImportState.WAITING)
    way: Mapped[str] = mapped_column(String(10), default="")
    accepted: Mapped[list[str]] = mapped_column(Json, default=list)
    reason: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    remarks: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)
    columns: Mapped[dict[str, list[str]]] = mapped_column(Json, default=dict)
    counts: Mapped[dict[str, dict[str, int]]] = mapped_column(Json, default=dict)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = instant()
    lease_by: Mapped[str | None] = mapped_column(String(60))
    attempts: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = instant()
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    def count(self, *states: RowState) -> int:
        """How many rows of all sheets are in one of the states."""
        return sum(of_sheet.get(state, 0) for of_sheet in self.counts.values() for state in states)


class ImportFile(Model):
    """The file itself, kept only until its rows are read."""

    __tablename__ = "import_file"

    import_id: Mapped[int] = refers_to("import.id", index=False, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportRow(Model):
    """One row. `subject_id` and `basis` are the record it changes and that record's version when it was compared.

    `number` is the row in the file, `mark` what it calls itself for other rows. `changes` are old and new texts by
    column, `likely` the records that were looked at and may not become more until it is written.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        Index("ix_import_row_place", "import_id", "sheet", "number"),
        Index("ix_import_row_state", "import_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = refers_to("import.id", index=False)
    sheet: Mapped[Sheet] = enum(Sheet)
    number: Mapped[int]
    state: Mapped[RowState] = enum(RowState)
    mark: Mapped[str] = mapped_column(String(40), default="")
    label: Mapped[str] = line()
    subject_id: Mapped[int | None]
    basis: Mapped[int | None]
    cells: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    changes: Mapped[dict[str, list[str]]] = mapped_column(Json, default=dict)
    findings: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)
    likely: Mapped[list[int]] = mapped_column(Json, default=list)
