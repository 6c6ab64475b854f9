"""The base of every form: shape and wording of input, and where a refusal lands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Self

from babel.support import Translations
from flask import current_app
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.i18n import messages_path
from wtforms.validators import Length, StopValidation

from eventsys.core.columns import BLOCK, LINE
from eventsys.core.errors import DomainError, Stale
from eventsys.core.language import LANGUAGES, LOCALES, current_language
from eventsys.core.language import gettext as _
from eventsys.core.text import clean_block, clean_line
from eventsys.core.transaction import write


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field that two people changed: what stands there now, and what this person typed."""

    label: str
    theirs: str
    mine: str


class LibraryWords:
    """WTForms' own messages; its catalogues are read once (Flask-WTF's way reads them from disk for every request)."""

    def gettext(self, text: str) -> str:
        return str(_library_words(current_language()).ugettext(text))

    def ngettext(self, one: str, many: str, n: int) -> str:
        return str(_library_words(current_language()).ungettext(one, many, n))


LIBRARY_WORDS = LibraryWords()


@lru_cache(maxsize=len(LANGUAGES))
def _library_words(language: str) -> Any:
    return Translations.load(messages_path(), [LOCALES[language]], domain="wtforms")


class BaseForm(FlaskForm):  # type: ignore[misc]
    """A form with a refusal's way back.

    An edit form has a hidden `version` and `of(row)`, which fills it from the row; then a stale save shows both texts.
    """

    conflicts: list[Conflict]
    result: Any

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        locales: ClassVar[list[str]] = []

        def get_translations(self, form: Any) -> Any:
            return LIBRARY_WORDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.conflicts = []
        self.result = None
        super().__init__(*args, **kwargs)

    @classmethod
    def of(cls, row: Any) -> Self:
        """The form filled from a row, ignoring what was posted."""
        return cls(formdata=None, obj=row)

    def carries_out(self, verb: Callable[[], Any]) -> bool:
        """Whether the form was sent, is in shape, and the verb went through (in one unit of work).

        A refusal is rolled back and lands on its field; `result` holds what the verb returned. Where two people did
        at the same moment what only one can, the database refuses the second.
        """
        if not self.validate_on_submit():
            return False
        try:
            with write():
                self.result = verb()
        except Stale as stale:
            self._compare(stale.current)
            self.form_errors.append(stale.message)
            return False
        except DomainError as refusal:
            self.refuse(refusal)
            return False
        except IntegrityError:
            current_app.logger.exception("the database refused what a form asked for")
            self.form_errors.append(_("Somebody else was faster, and this does not go with it. Look at it again."))
            return False
        return True

    def refuse(self, refusal: DomainError) -> None:
        """Put the refusal's words at its field, or above the form."""
        field = self._fields.get(refusal.field or "")
        if field is None:
            self.form_errors.append(refusal.message)
        else:
            field.errors = [*field.errors, refusal.message]

    def _compare(self, row: Any) -> None:
        theirs = type(self).of(row)
        for name, field in self._fields.items():
            other = theirs._fields.get(name)
            if other is None or isinstance(field, HiddenField) or shown_value(field) == shown_value(other):
                continue
            self.conflicts.append(Conflict(str(field.label.text), shown_value(other), shown_value(field)))
        self["version"].data = row.version
        self["version"].raw_data = [str(row.version)]


def shown_value(field: Any) -> str:
    """What a field holds, as a person reads it."""
    if hasattr(field, "choices"):
        chosen = field.data if isinstance(field.data, list) else [field.data]
        wanted = {str(value) for value in chosen}
        return ", ".join(str(label) for value, label, *_rest in field.iter_choices() if str(value) in wanted)
    return str(field._value()) if hasattr(field, "_value") else str(field.data)


class CleanText:
    """A text that was refused while it was read needs no further complaint; `Length` only tells the browser."""

    process_errors: list[str]

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation


class LineField(CleanText, StringField):  # type: ignore[misc]
    """One line of clean text: no control or bidirectional characters, at most `limit` characters."""

    def __init__(self, label: Any = None, validators: Any = (), limit: int = LINE, **options: Any) -> None:
        self.limit = limit
        super().__init__(label, [*validators, Length(max=limit)], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = valuelist[0]
            self.data = clean_line(valuelist[0], self.limit)


class BlockField(CleanText, TextAreaField):  # type: ignore[misc]
    """Some lines of clean text."""

    def __init__(self, label: Any = None, validators: Any = (), limit: int = BLOCK, **options: Any) -> None:
        self.limit = limit
        super().__init__(label, [*validators, Length(max=limit)], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = valuelist[0]
            self.data = clean_block(valuelist[0], self.limit)
