"""What the verbs are given, and the refusals that need more than words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email

from eventsys.core.errors import DomainError
from eventsys.core.language import LANGUAGES
from eventsys.core.language import gettext as _
from eventsys.directory.models import OrganizationKind
from eventsys.directory.queries.people import LikelyPerson
from eventsys.directory.queries.posts import Holder

PHONE = re.compile(r"[0-9+()\-./ ,;#*转]*")
LEAST_DIGITS = 5
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)


@dataclass(frozen=True, slots=True)
class OrganizationFacts:
    """Everything about an organization but its place in the tree."""

    kind: OrganizationKind
    name_zh: str
    name_en: str
    short_zh: str = ""
    short_en: str = ""
    address_zh: str = ""
    address_en: str = ""
    phone: str = ""
    email: str = ""
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class PostKindFacts:
    """A function that posts of many organizations share."""

    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class PostFacts:
    """A post's titles; empty ones are taken from its kind."""

    title_zh: str = ""
    title_en: str = ""
    kind_id: int | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person: one of the two names is enough; `language` None means their organization's."""

    name_zh: str = ""
    name_en: str = ""
    email: str = ""
    phone: str = ""
    language: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class AudienceFacts:
    """A rule with a name, saved for an organization."""

    owner_id: int
    name_zh: str
    name_en: str
    rule: Mapping[str, Any] = field(default_factory=dict)


Facts = OrganizationFacts | PostKindFacts | PostFacts | PersonFacts | AudienceFacts


class LikelyDuplicate(DomainError):
    """Somebody on record may be the same person; `likely` are the records."""

    def __init__(self, likely: Sequence[LikelyPerson]) -> None:
        super().__init__(_("This person may already be on record. Compare the records below, then choose."))
        self.likely = list(likely)


class SecondHolder(DomainError):
    """Somebody else holds the post at that time; `holders` are the appointments in the way."""

    def __init__(self, holders: Sequence[Holder]) -> None:
        super().__init__(
            _("Somebody else holds this post at that time. Choose what happens to their appointment."), field="beside"
        )
        self.holders = list(holders)


def values_of(facts: Facts) -> dict[str, Any]:
    """The facts by column name."""
    return asdict(facts)


def checked_email(email: str, field: str = "email") -> str:
    """The address in small letters, "" for none; no name server is asked. Raises `DomainError` at the field."""
    if not email:
        return ""
    try:
        valid = validate_email(email, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise DomainError(_("Write the e-mail address like name@example.org."), field=field) from None
    return valid.normalized.lower()


def checked_phone(phone: str, field: str = "phone") -> str:
    """The number as typed, "" for none. Raises `DomainError` at the field when it is none."""
    if phone and (not PHONE.fullmatch(phone) or sum(map(str.isdigit, phone)) < LEAST_DIGITS):
        raise DomainError(_("Write the phone number in digits, like 024 1234 5678."), field=field)
    return phone


def checked_language(language: str | None) -> str | None:
    """One of the product's languages or None. Raises `DomainError` at the field."""
    if language and language not in LANGUAGES:
        raise DomainError(_("Choose a language from the list."), field="language")
    return language or None


def checked_day(day: date, field: str) -> date:
    """The day, if it is one that an appointment can have. Raises `DomainError` at the field."""
    if not EARLIEST <= day <= LATEST:
        raise DomainError(_("Choose a day between 1900 and 2200."), field=field)
    return day


def required(**texts: str) -> None:
    """Raise `DomainError` at the first of the named fields that is empty."""
    for name, text in texts.items():
        if not text:
            english = name.endswith("_en")
            raise DomainError(_("Write the English name.") if english else _("Write the Chinese name."), field=name)
