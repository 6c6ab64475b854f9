"""Forms of what an office keeps for its notices."""

from __future__ import annotations

from typing import Any, Self

from wtforms import BooleanField, IntegerField
from wtforms.validators import Optional

from eventsys.accounts.words import ROLES
from eventsys.core.actor import Role
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.directory.fields import ChecksField, RadiosField, VersionField, number_of
from eventsys.meetings.policy import STAFF
from eventsys.notices.models import ReviewPlan
from eventsys.notices.operations.house import WordFacts
from eventsys.notices.queries.review import PlannedStep, Reviewer, as_plan
from eventsys.web.forms import BaseForm, BlockField, Conflict, LineField, shown_value

NAMED = "named"


class WordForm(BaseForm):
    """Words to avoid, what to write instead, and whether they stop a notice."""

    words = LineField(_l("Words to avoid"), limit=80)
    instead = LineField(_l("Write instead"), limit=80)
    note = LineField(_l("Why"), limit=300)
    blocks = BooleanField(_l("They stop a notice"))

    def facts(self) -> WordFacts:
        """What was typed."""
        words, instead, note = (self[name].data or "" for name in ("words", "instead", "note"))
        return WordFacts(words, instead, note, bool(self.blocks.data))


class SentenceForm(BaseForm):
    """The office's wording of one sentence in both languages; `version_*` are 0 while it is the product's own."""

    version_zh = VersionField(default=0)
    version_en = VersionField(default=0)
    version = VersionField(default=0)
    words_zh = BlockField(_l("In Chinese"), limit=1000)
    words_en = BlockField(_l("In English"), limit=1000)

    @classmethod
    def of(cls, row: Any) -> Self:
        """The form filled from one language's kept wording, for comparing."""
        return cls(formdata=None, data={f"words_{row.language}": row.words, f"version_{row.language}": row.version})

    def _compare(self, row: Any) -> None:
        others = "en" if row.language == "zh" else "zh"
        super()._compare(row)
        self.conflicts = [each for each in self.conflicts if each.label != str(self[f"words_{others}"].label.text)]
        field = self[f"version_{row.language}"]
        field.data, field.raw_data = row.version, [str(row.version)]


class ReviewerForm(BaseForm):
    """Who else may take a step, and why."""

    account_id = RadiosField(_l("Who reviews it"), choices=[])
    reason = LineField(_l("Why"), limit=300)

    @classmethod
    def offering(cls, people: list[Reviewer]) -> Self:
        """The form with those who could take it."""
        form = cls()
        form.account_id.choices = [(str(each.account_id), each.name) for each in people]
        return form

    def chosen(self) -> int:
        """The account that was chosen; 0 for none."""
        return number_of(self.account_id.data or "") or 0


class StepForm(BaseForm):
    """One step of review: its name, who may take it, who may stand in, and how many days there are for it."""

    version = VersionField(default=0)
    name_zh = LineField(_l("Name in Chinese"), limit=80)
    name_en = LineField(_l("Name in English"), limit=80)
    who = RadiosField(_l("Who may take it"), choices=[])
    named = ChecksField(_l("Named reviewers"))
    substitutes = ChecksField(_l("Substitutes"))
    days = IntegerField(_l("Days for it"), validators=[Optional()])
    position = 1

    def offer(self, staff: list[Reviewer], position: int) -> None:
        """Offer the office's staff."""
        self.position = position
        roles = [(role.value, str(ROLES[role])) for role in (Role.APPROVER, Role.EDITOR, Role.ORGANIZER)]
        self.who.choices = [*roles, (NAMED, _("Named reviewers only"))]
        people = [(each.account_id, each.name) for each in staff]
        self.named.choices = people
        self.substitutes.choices = people

    def step(self) -> PlannedStep:
        """What was chosen; an account that is named twice is no substitute."""
        named = _ids(self.named.data)
        return PlannedStep(
            name_zh=self.name_zh.data or "",
            name_en=self.name_en.data or "",
            role=Role(self.who.data) if self.who.data in {role.value for role in STAFF} else None,
            days=self.days.data,
            named=named,
            substitutes=tuple(each for each in _ids(self.substitutes.data) if each not in named),
        )

    @staticmethod
    def values(step: PlannedStep, version: int) -> dict[str, Any]:
        """The fields' values for a step that stands."""
        return {
            "version": version,
            "name_zh": step.name_zh,
            "name_en": step.name_en,
            "who": step.role.value if step.role else NAMED,
            "named": list(step.named),
            "substitutes": list(step.substitutes),
            "days": step.days,
        }

    def _compare(self, row: ReviewPlan) -> None:
        steps = as_plan(row).steps
        step = steps[self.position - 1] if self.position <= len(steps) else PlannedStep("", "", None, None)
        theirs = StepForm(formdata=None, data=self.values(step, row.version))
        for field in ("who", "named", "substitutes"):
            theirs[field].choices = self[field].choices
        for name in ("name_zh", "name_en", "who", "named", "substitutes", "days"):
            mine, other = shown_value(self[name]), shown_value(theirs[name])
            if mine != other:
                self.conflicts.append(Conflict(str(self[name].label.text), other, mine))
        self.version.data, self.version.raw_data = row.version, [str(row.version)]


class OrderForm(BaseForm):
    """Whether the steps go in order."""

    version = VersionField(default=0)
    in_order = RadiosField(
        _l("How the steps are taken"),
        choices=[("yes", _l("One after the other")), ("no", _l("All at once"))],
    )


class PositionForm(BaseForm):
    """Taking a step away."""

    version = VersionField(default=0)


def _ids(values: Any) -> tuple[int, ...]:
    return tuple(dict.fromkeys(each for each in (number_of(str(value)) for value in values or ()) if each))
