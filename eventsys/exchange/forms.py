"""Forms of imports and exports."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms.validators import InputRequired, ValidationError

from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.directory.fields import ChecksField, RadiosField, VersionField
from eventsys.exchange.columns import SHEET_NAMES, Sheet
from eventsys.exchange.models import Import, ImportWay, RowState
from eventsys.exchange.operations.beginning import checked_file
from eventsys.exchange.operations.deciding import BOTH, OTHERS, fits_at_once
from eventsys.exchange.reading.packages import LARGEST_FILE
from eventsys.web.forms import BaseForm

ALL_SHEETS = "all"
CHOOSE = _l("Choose one.")


class UploadForm(BaseForm):
    """A file and what it holds. The file is looked at while the form is checked, outside of any unit of work."""

    sheet = RadiosField(_l("What the file holds"), [InputRequired(CHOOSE)])
    file = FileField(
        _l("The file"),
        description=_l("XLSX or CSV, at most %(size)s MB and 50,000 rows.", size=LARGEST_FILE // 1024 // 1024),
    )
    content: bytes = b""
    name: str = ""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self["sheet"].choices = [
            *((sheet.value, label) for sheet, label in SHEET_NAMES.items()),
            (ALL_SHEETS, _("Several of these, each on a sheet of its own name (XLSX)")),
        ]

    def validate_file(self, field: Any) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError(_("Choose a file."))
        self.name = field.data.filename.rpartition("/")[2].rpartition("\\")[2]
        try:
            self.content = checked_file(field.data.read(LARGEST_FILE + 1))
        except DomainError as refusal:
            raise ValidationError(refusal.message) from None

    @property
    def wanted(self) -> Sheet | None:
        """The kind of rows, None for a workbook of several."""
        chosen = str(self["sheet"].data)
        return None if chosen == ALL_SHEETS else Sheet(chosen)


class ExportForm(BaseForm):
    """What to take out, and in which form."""

    sheet = RadiosField(_l("What to export"), [InputRequired(CHOOSE)], default=Sheet.PEOPLE.value)
    ending = RadiosField(_l("As"), [InputRequired(CHOOSE)], choices=[("xlsx", "XLSX"), ("csv", "CSV")], default="xlsx")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self["sheet"].choices = [
            *((sheet.value, label) for sheet, label in SHEET_NAMES.items()),
            (ALL_SHEETS, _("All of these as one workbook (XLSX)")),
        ]

    def validate_ending(self, field: Any) -> None:
        if self["sheet"].data == ALL_SHEETS and field.data == "csv":
            raise ValidationError(_("Several kinds go into one workbook only. Choose XLSX, or one kind."))

    @property
    def sheets(self) -> list[Sheet]:
        chosen = str(self["sheet"].data)
        return list(Sheet) if chosen == ALL_SHEETS else [Sheet(chosen)]


class ConfirmForm(BaseForm):
    """What of an import is written."""

    version = VersionField()
    way = RadiosField(_l("What is written"), [InputRequired(CHOOSE)])
    accepted = ChecksField(_l("Rows to be asked about"), coerce=str)

    def __init__(self, brought: Import, **options: Any) -> None:
        super().__init__(obj=brought, **options)
        asked = {sheet for sheet, counts in brought.counts.items() if counts.get(RowState.ASKED)}
        stopped = bool(brought.count(RowState.REFUSED, RowState.ASKED))
        at_once = fits_at_once(brought)
        self["way"].choices = [
            *([(ImportWay.ALL.value, _("All rows, or nothing"))] if at_once else []),
            (ImportWay.GOOD.value, _("The good rows; the others are left out")),
        ]
        if not self["way"].data:
            self["way"].data = (ImportWay.GOOD if stopped or not at_once else ImportWay.ALL).value
        questions = []
        if asked - {Sheet.APPOINTMENTS.value}:
            questions.append((OTHERS, _("Those who look the same are others: write them")))
        if Sheet.APPOINTMENTS.value in asked:
            questions.append((BOTH, _("Where somebody else holds the post, both hold it: write them")))
        self["accepted"].choices = questions

    @classmethod
    def of(cls, row: Any) -> ConfirmForm:
        return cls(row, formdata=None)


class CancelForm(BaseForm):
    """Call an import off."""
