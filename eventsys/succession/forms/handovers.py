"""The form that decides about one place."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField
from wtforms.validators import InputRequired

from eventsys.core.language import current_language
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.directory.fields import RadiosField, number_of
from eventsys.succession.models import Decision
from eventsys.succession.queries.handovers import NewHolder, Question
from eventsys.web.forms import BaseForm, Conflict


class HandOverForm(BaseForm):
    """Who comes: a holder of the post (`put-<person>`), who is on the place (`keep`), or nobody yet (`open`)."""

    seen = HiddenField()
    choice = RadiosField(_l("Who comes"), validators=[InputRequired(_l("Choose who comes."))])

    def __init__(self, question: Question, **options: Any) -> None:
        super().__init__(prefix=f"q{question.place_id}-", **options)
        self["choice"].choices = _choices(question)
        if not self.is_submitted():
            self.show(question)

    def show(self, question: Question) -> None:
        """Let the form say what the page shows now."""
        self["seen"].data = question.mark
        self["seen"].raw_data = [question.mark]

    @property
    def decision(self) -> tuple[Decision, int | None]:
        word, _dash, person_id = str(self["choice"].data).partition("-")
        return Decision(word), number_of(person_id) or None

    def _compare(self, row: Any) -> None:
        self.conflicts.append(Conflict(str(self["choice"].label.text), _("Changed meanwhile"), _("Your choice")))


def _choices(question: Question) -> list[tuple[str, str, dict[str, str]]]:
    found = [
        (
            f"{Decision.PUT.value}-{each.person_id}",
            _("%(name)s, who holds the post then", name=each.name),
            _about(each, question),
        )
        for each in question.holders
        if not each.is_expected
    ]
    if question.present is not None:
        hint = _("Nothing changes, and nobody is written to.")
        found.append((Decision.KEEP.value, _("%(name)s, as it is", name=question.present.name), {"hint": hint}))
    elif question.left is None:
        hint = _("Nothing changes, and nobody is written to.")
        found.append((Decision.KEEP.value, _("Leave the place as it is"), {"hint": hint}))
        return found
    found.append((Decision.OPEN.value, _("Nobody yet: leave it to be named"), {"hint": _leaving(question)}))
    return found


def _about(holder: NewHolder, question: Question) -> dict[str, str]:
    if not question.anybody_knows:
        return {
            "hint": _(
                "Nobody was told yet, so nobody is written to: the place is prepared for %(name)s.", name=holder.name
            )
        }
    comes = (
        _("%(name)s is invited.", name=holder.name)
        if holder.has_address
        else _("%(name)s has no e-mail address: tell them by telephone.", name=holder.name)
    )
    return {"hint": _sentences(comes, _told_off(question))}


def _leaving(question: Question) -> str:
    if question.liaisons_told:
        asks = _("The liaison was asked to name somebody before and sees the place on the organization's page.")
    else:
        asks = _("The letter that asks the liaison to name somebody goes out with the next sending.")
    return _sentences(_told_off(question), asks)


def _told_off(question: Question) -> str:
    told = [each.name for each in question.people if each.told]
    names = ("、" if current_language() == "zh" else ", ").join(told)
    return _("Told that they need not attend: %(names)s.", names=names) if told else ""


def _sentences(*texts: str) -> str:
    return ("" if current_language() == "zh" else " ").join(text for text in texts if text)
