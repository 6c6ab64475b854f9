"""What rows of the directory are called, sorted by and found by; who calls a verb never fills these columns."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from flask import current_app

from eventsys.core.clock import today
from eventsys.core.formats import date_short
from eventsys.core.language import current_language
from eventsys.core.language import lazy_gettext as _l
from eventsys.core.names import sort_key
from eventsys.core.search_text import index_text
from eventsys.directory.models import Organization, OrganizationKind, Person, Post, PostKind

SEARCH_LENGTH = 4000
KEY_LENGTH = 40
NOON = time(12)
COUNTRY = re.compile(r"^(?:\+|00)86")

KINDS = {
    OrganizationKind.CITY: _l("City"),
    OrganizationKind.OFFICE: _l("Government office"),
    OrganizationKind.DISTRICT: _l("District"),
    OrganizationKind.COUNTY: _l("County"),
    OrganizationKind.COUNTY_CITY: _l("County-level city"),
    OrganizationKind.ASSOCIATION: _l("Association"),
    OrganizationKind.OTHER: _l("Other organization"),
}


def office_today() -> date:
    """Today's date where the installation stands."""
    return today(current_app.extensions["eventsys.settings"].zone)


def day_words(day: date) -> str:
    """`2024年8月30日`, `30 August 2024`."""
    return date_short(datetime.combine(day, NOON, UTC), "UTC")


def post_words(organization: str, title: str) -> str:
    """A post with its organization: `和平区外办主任`, `Foreign affairs director, Heping District`."""
    return organization + title if current_language() == "zh" else f"{title}, {organization}"


def refresh_organization(row: Organization) -> None:
    """Fill the columns by which an organization is sorted and found."""
    row.sort_key = sort_key(row.name_zh, row.name_en, person=False)
    row.sort_key_en = sort_key(row.name_en, row.name_zh, person=False)
    row.search_text = _bounded(index_text(names=(row.name_zh, row.name_en, row.short_zh, row.short_en)))


def refresh_person(row: Person) -> None:
    """Fill the columns by which a person is sorted, found and compared."""
    row.sort_key = sort_key(row.name_zh, row.name_en, person=True)
    row.sort_key_en = sort_key(row.name_en, row.name_zh, person=True)
    row.search_text = _bounded(index_text(names=(row.name_zh, row.name_en)))
    row.phone_key = phone_key(row.phone or "")


def refresh_post(row: Post, organization: Organization, kind: PostKind | None) -> None:
    """Fill the column by which a post is found: its titles, its kind's, and its organization's names."""
    titles = (row.title_zh, row.title_en, *((kind.name_zh, kind.name_en) if kind else ()))
    offices = (organization.name_zh, organization.name_en, organization.short_zh, organization.short_en)
    row.search_text = _bounded(index_text(names=(*titles, *offices)))


def phone_key(phone: str) -> str:
    """The digits that make a number the same however it is written: no country code of China, no leading zero."""
    plain = re.sub(r"[^0-9+]", "", phone)
    return re.sub(r"\D", "", COUNTRY.sub("", plain)).lstrip("0")[:KEY_LENGTH]


def _bounded(text: str) -> str:
    """At most what the column holds, cut between two terms."""
    return text if len(text) <= SEARCH_LENGTH else text[: text.rindex(" ", 0, SEARCH_LENGTH)] + " "
