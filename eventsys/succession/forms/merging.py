"""The form that makes one record of two: what stays, field by field and meeting by meeting."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, HiddenField

from eventsys.core.language import LANGUAGES
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.directory.fields import RadiosField, VersionField
from eventsys.directory.models import Person
from eventsys.directory.words import post_words
from eventsys.invitations.words import REPLIES
from eventsys.succession.operations.merging import BOTH, CHOOSABLE, GONE, STAYING, Choices
from eventsys.succession.queries.merging import Clash, Comparison, OnPlace
from eventsys.web.forms import BaseForm, Conflict

LANGUAGE_WORDS = {"zh": "中文", "en": "English"}
LABELS = {
    "name_zh": _l("Chinese name"),
    "name_en": _l("English name"),
    "email": _l("E-mail"),
    "phone": _l("Telephone"),
    "language": _l("Language of their letters"),
    "note": _l("Note"),
}
LATIN = frozenset({"name_en", "email"})


class MergeForm(BaseForm):
    """Both versions and the mark of what was shown; a radio group for each field that differs and each clash."""

    version = VersionField()
    other_version = VersionField()
    seen = HiddenField()
    one_person = BooleanField(_l("They are one person after all"))

    def choices(self) -> Choices:
        """What was chosen; a field on which both agree stays as it is."""
        chosen = {name: self[name].data for name in CHOOSABLE if name in self}
        places = {
            int(name.removeprefix("meeting_")): field.data
            for name, field in self._fields.items()
            if name.startswith("meeting_")
        }
        return Choices(chosen, places, bool(self["one_person"].data))

    def _compare(self, row: Any) -> None:
        """Somebody changed one of the records meanwhile: the page shows them anew, with what was chosen here."""
        theirs = _("Changed meanwhile; this page shows them as they are now.")
        self.conflicts.append(Conflict(_("Both records"), theirs, _("As they were when you opened this page.")))


def merge_form(found: Comparison, **options: Any) -> MergeForm:
    """The form for these two records."""
    fields: dict[str, Any] = {name: _field(name, found) for name in CHOOSABLE if differs(name, found)}
    fields |= {f"meeting_{clash.meeting_id}": _place(clash) for clash in found.to_decide}
    form: MergeForm = type("MergeForm", (MergeForm,), fields)(**options)
    return form


def renew(form: MergeForm, found: Comparison) -> None:
    """Let the form say what the page shows now."""
    values = {"version": found.pair.staying.version, "other_version": found.pair.gone.version, "seen": found.mark}
    for name, value in values.items():
        form[name].data = value
        form[name].raw_data = [str(value)]


def differs(name: str, found: Comparison) -> bool:
    return bool(getattr(found.pair.staying, name) != getattr(found.pair.gone, name))


def said(person: Person, name: str) -> str:
    """What a record says in a field, in words."""
    value = getattr(person, name)
    if name == "language":
        return LANGUAGE_WORDS[value] if value in LANGUAGES else _("That of their organization")
    return str(value or "") or _("Nothing")


def _field(name: str, found: Comparison) -> RadiosField:
    staying, gone = found.pair.staying, found.pair.gone
    choices = [(key, said(person, name), _language(person, name)) for key, person in ((STAYING, staying), (GONE, gone))]
    default = STAYING if getattr(staying, name) else GONE
    if name == "note" and staying.note and gone.note:
        choices.append((BOTH, _("Both, one below the other"), {}))
        default = BOTH
    return RadiosField(LABELS[name], choices=choices, default=default)


def _language(person: Person, name: str) -> dict[str, str]:
    """What tells a reader aloud that the words are not Chinese."""
    return {"lang": "en"} if name in LATIN and getattr(person, name) else {}


def _place(clash: Clash) -> RadiosField:
    choices = [(STAYING, _place_words(clash.staying)), (GONE, _place_words(clash.gone))]
    return RadiosField(clash.title, choices=choices)


def _place_words(place: OnPlace) -> str:
    told = "" if place.told else _("not told yet")
    alone = "" if place.is_of_post else _("a place for this person alone")
    where = post_words(place.organization, place.title) if place.title else place.organization
    return " · ".join(text for text in (where, alone, str(REPLIES[place.reply]), told) if text)
