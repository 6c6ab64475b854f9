"""Forms of the directory: shape and wording of input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from wtforms.validators import InputRequired, StopValidation
from wtforms.widgets import EmailInput, TelInput

from eventsys.core.actor import Role
from eventsys.core.errors import DomainError
from eventsys.core.language import lazy_gettext as _l
from eventsys.directory.fields import (
    ChecksField,
    ChoiceField,
    DayField,
    IdsField,
    PickField,
    RadiosField,
    VersionField,
    number_of,
)
from eventsys.directory.models import Organization, OrganizationKind
from eventsys.directory.operations import (
    AudienceFacts,
    Direction,
    LikelyDuplicate,
    OrganizationFacts,
    PersonFacts,
    PostFacts,
    PostKindFacts,
    SecondHolder,
    checked_email,
    checked_phone,
)
from eventsys.directory.operations.appointments import BOTH, REPLACE
from eventsys.directory.operations.audiences import plain_rule
from eventsys.directory.queries import (
    organization_choices,
    organization_page,
    organizations_by_id,
    people_search,
    post_kind_choices,
    post_search,
)
from eventsys.directory.queries.lists import Cursor
from eventsys.directory.words import KINDS, office_today
from eventsys.web.access import current_actor
from eventsys.web.forms import BaseForm, BlockField, LineField
from eventsys.web.once import OnceForm

OFFERED = ("organization_ids", "post_ids", "person_ids")
RULE_FIELDS = ("organization_kinds", "post_kind_ids", *OFFERED)
LANGUAGE_CHOICES = [("zh", "中文"), ("en", "English")]
BESIDE_CHOICES = [
    (REPLACE, _l("Their appointment ends the day before this one begins")),
    (BOTH, _l("Both hold the post")),
]
ZH, EN = _l("Write the Chinese name."), _l("Write the English name.")


def _in_shape(check: Callable[[str], str]) -> Callable[[Any, Any], None]:
    """The verb's own check, so that all refusals of a form are shown at once."""

    def validate(form: Any, field: Any) -> None:
        try:
            check(field.data or "")
        except DomainError as refusal:
            if not field.errors:
                raise StopValidation(refusal.message) from None

    return validate


class ActForm(BaseForm):
    """A button: its token, and the version of what it is about."""

    version = VersionField()


class OrderForm(BaseForm):
    """One step up or down."""

    direction = ChoiceField(_l("Direction"), coerce=str, choices=[(each.value, each.value) for each in Direction])


class OrganizationForm(BaseForm):
    """Names, kind and contact of an organization."""

    version = VersionField()
    kind = ChoiceField(_l("Kind"), coerce=str, choices=[(kind.value, label) for kind, label in KINDS.items()])
    name_zh = LineField(_l("Chinese name"), [InputRequired(ZH)])
    name_en = LineField(_l("English name"), [InputRequired(EN)])
    short_zh = LineField(_l("Short Chinese name"), limit=80)
    short_en = LineField(_l("Short English name"), limit=80)
    address_zh = LineField(_l("Address in Chinese"))
    address_en = LineField(_l("Address in English"))
    phone = LineField(_l("Telephone"), [_in_shape(checked_phone)], limit=40, widget=TelInput())
    email = LineField(_l("E-mail"), [_in_shape(checked_email)], limit=320, widget=EmailInput())
    language = RadiosField(_l("Language of its letters"), choices=LANGUAGE_CHOICES, default="zh")

    def facts(self) -> OrganizationFacts:
        values: dict[str, Any] = {name: self[name].data or "" for name in OrganizationFacts.__dataclass_fields__}
        values["kind"] = OrganizationKind(values["kind"])
        return OrganizationFacts(**values)


class NewOrganizationForm(OrganizationForm, OnceForm):
    """A new organization and where it stands."""

    parent_id = ChoiceField(_l("Stands below"))

    def __init__(self, choices: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(**options)
        self["parent_id"].choices = choices


class MoveForm(BaseForm):
    """A new place in the tree; 0 is its top."""

    version = VersionField()
    parent_id = ChoiceField(_l("Stands below"))

    def __init__(self, row: Organization, **options: Any) -> None:
        super().__init__(obj=row, **options)
        self["parent_id"].choices = [(0, _l("At the top of the tree")), *organization_choices(without=row.path)]

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(row, formdata=None)


class ClosingForm(BaseForm):
    """The first day on which an organization no longer exists."""

    version = VersionField()
    closed_on = DayField(_l("Closed from"), [InputRequired(_l("Choose the day."))])


class AbolishForm(BaseForm):
    """The first day on which a post no longer exists."""

    version = VersionField()
    abolished_on = DayField(_l("Abolished from"), [InputRequired(_l("Choose the day."))])


class PostKindForm(BaseForm):
    """The names of a kind of post."""

    version = VersionField()
    name_zh = LineField(_l("Chinese name"), [InputRequired(ZH)])
    name_en = LineField(_l("English name"), [InputRequired(EN)])

    def facts(self) -> PostKindFacts:
        return PostKindFacts(self["name_zh"].data, self["name_en"].data)


class PostForm(BaseForm):
    """A post's kind and titles."""

    version = VersionField()
    kind_id = ChoiceField(
        _l("Kind of post"), description=_l("Audiences find posts by their kind, whatever their titles say.")
    )
    title_zh = LineField(_l("Chinese title"))
    title_en = LineField(_l("English title"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self["kind_id"].choices = [(0, _l("No kind")), *post_kind_choices()]

    def facts(self) -> PostFacts:
        return PostFacts(self["title_zh"].data or "", self["title_en"].data or "", self["kind_id"].data or None)


class NewPostForm(PostForm, OnceForm):
    """A new post."""


class BesideFields(BaseForm):
    """The question of a second holder, which is asked only when there is one."""

    beside = RadiosField(_l("Two people on one post"), choices=BESIDE_CHOICES)
    holders: list[Any] = []

    def refuse(self, refusal: DomainError) -> None:
        """Keep whose appointments are in the way, for the page to show them."""
        if isinstance(refusal, SecondHolder):
            self.holders = refusal.holders
        super().refuse(refusal)


class PersonForm(BaseForm):
    """A person; `likely` are the records that look the same, `distinct_from` those confirmed to be other people."""

    version = VersionField()
    distinct_from = IdsField()
    name_zh = LineField(_l("Chinese name"), limit=120)
    name_en = LineField(_l("English name"), limit=120)
    email = LineField(_l("E-mail"), [_in_shape(checked_email)], limit=320, widget=EmailInput())
    phone = LineField(_l("Telephone"), [_in_shape(checked_phone)], limit=40, widget=TelInput())
    language = RadiosField(
        _l("Language of their letters"), choices=[("", _l("That of their organization")), *LANGUAGE_CHOICES], default=""
    )
    note = BlockField(_l("Note"))
    likely: list[Any] = []

    def facts(self) -> PersonFacts:
        values: dict[str, Any] = {name: self[name].data or "" for name in PersonFacts.__dataclass_fields__}
        values["language"] = values["language"] or None
        return PersonFacts(**values)

    def refuse(self, refusal: DomainError) -> None:
        """Keep the records that look the same; the next sending of the form confirms that they are other people."""
        if isinstance(refusal, LikelyDuplicate):
            self.likely = refusal.likely
            self["distinct_from"].data = {each.person.id for each in refusal.likely}
        super().refuse(refusal)


class NewPersonForm(PersonForm, BesideFields):
    """A person and, where posts are offered, the post they begin with."""

    post_id = ChoiceField(_l("Post"))
    starts_on = DayField(_l("First day"))

    def __init__(self, posts: list[tuple[int, str]], must: bool, **options: Any) -> None:
        super().__init__(**options)
        self.must = must
        self["post_id"].choices = posts if must else [(0, _l("No post yet")), *posts]

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        if self.must and not self["post_id"].data:
            self.refuse(DomainError(_l("Choose a post."), field="post_id"))
        if self["post_id"].data and not self["starts_on"].data and not self["starts_on"].errors:
            self.refuse(DomainError(_l("Choose the day."), field="starts_on"))
        return not self.errors


class AppointForm(BesideFields):
    """Somebody for a post, or a post for somebody, from one day to another."""

    chosen_id = PickField(_l("Who or what"))
    starts_on = DayField(_l("First day"), [InputRequired(_l("Choose the day."))])
    ends_on = DayField(_l("Last day"))

    def __init__(self, choices: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(**options)
        self["chosen_id"].choices = choices


class AppointmentForm(BesideFields):
    """The dates of an appointment."""

    version = VersionField()
    starts_on = DayField(_l("First day"), [InputRequired(_l("Choose the day."))])
    ends_on = DayField(_l("Last day"))


class EndForm(BaseForm):
    """The last day of an appointment."""

    version = VersionField()
    ends_on = DayField(_l("Last day"), [InputRequired(_l("Choose the day."))])


class AudienceForm(BaseForm):
    """A rule of whom to invite; what is found by `q` is offered beside what is chosen."""

    version = VersionField()
    owner_id = ChoiceField(_l("Saved for"))
    name_zh = LineField(_l("Chinese name"))
    name_en = LineField(_l("English name"))
    organization_kinds = ChecksField(_l("In all organizations of these kinds"), coerce=str)
    post_kind_ids = ChecksField(
        _l("The posts of these kinds"), coerce=str, description=_l("Choose none for every post of the organizations.")
    )
    organization_ids = ChecksField(_l("In these organizations too"), coerce=str)
    within_id = ChoiceField(_l("Only at and below"))
    post_ids = ChecksField(_l("These posts too"), coerce=str)
    person_ids = ChecksField(_l("These people too"), coerce=str)
    q = LineField(_l("Find an organization, a post or a person"), limit=100)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        paths = None if current_actor().is_administrator else current_actor().paths(Role.ORGANIZER)
        self["owner_id"].choices = organization_choices(below=paths)
        self["organization_kinds"].choices = [(kind.value, label) for kind, label in KINDS.items()]
        self["post_kind_ids"].choices = post_kind_choices()
        self["within_id"].choices = [(0, _l("Anywhere")), *organization_choices()]
        self._offer()

    @classmethod
    def of(cls, row: Any) -> Self:
        within = (row.rule.get("within_ids") or [0])[0]
        return cls(formdata=None, obj=row, data={**row.rule, "within_id": within})

    def rule(self) -> dict[str, Any]:
        chosen = {name: self[name].data for name in RULE_FIELDS}
        return plain_rule({**chosen, "within_ids": [self["within_id"].data]})

    def facts(self) -> AudienceFacts:
        return AudienceFacts(self["owner_id"].data, self["name_zh"].data or "", self["name_en"].data or "", self.rule())

    def _offer(self) -> None:
        q, on = self["q"].data or "", office_today()
        chosen = {name: {number_of(value) for value in self[name].data or ()} - {0} for name in OFFERED}
        found = organization_page(q, on, Cursor()).rows if q else []
        offices = organizations_by_id(chosen["organization_ids"])
        self["organization_ids"].choices = list({**offices, **{row.id: row.name for row in found}}.items())
        self["post_ids"].choices = [
            (row.id, " · ".join((row.organization, row.title, *(holder.name for holder in row.holders))))
            for row in post_search(q, on, ids=chosen["post_ids"])
        ]
        self["person_ids"].choices = [
            (person.id, person.label) for person in people_search(q, ids=chosen["person_ids"])
        ]
