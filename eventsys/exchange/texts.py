"""A record as the cells of a row: what an export writes and what an import compares, so that both say the same."""

from __future__ import annotations

from datetime import date
from typing import Any

from eventsys.exchange.columns import Sheet


def person_texts(row: Any) -> dict[str, str]:
    """The cells of a person (an object or row with the columns of `Person`), by column key."""
    return {
        "number": str(row.id),
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "email": row.email,
        "phone": row.phone,
        "language": row.language or "",
        "note": row.note,
        "distinct_from": "",
    }


def organization_texts(row: Any) -> dict[str, str]:
    """The cells of an organization, by column key."""
    return {
        "number": str(row.id),
        "parent": _number(row.parent_id),
        "kind": row.kind.value,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "short_zh": row.short_zh,
        "short_en": row.short_en,
        "address_zh": row.address_zh,
        "address_en": row.address_en,
        "phone": row.phone,
        "email": row.email,
        "language": row.language,
        "closed_on": _day(row.closed_on),
    }


def post_texts(row: Any) -> dict[str, str]:
    """The cells of a post; the row has its columns, its organization's names and its kind's Chinese name."""
    return {
        "number": str(row.id),
        "organization": str(row.organization_id),
        "organization_name": row.organization_zh or row.organization_en,
        "kind": row.kind_zh or "",
        "title_zh": row.title_zh,
        "title_en": row.title_en,
        "abolished_on": _day(row.abolished_on),
    }


def appointment_texts(row: Any) -> dict[str, str]:
    """The cells of an appointment; the row has its columns, the person's names and the post's titles."""
    return {
        "number": str(row.id),
        "person": str(row.person_id),
        "person_name": row.person_zh or row.person_en,
        "post": str(row.post_id),
        "post_name": row.title_zh or row.title_en,
        "starts_on": _day(row.starts_on),
        "ends_on": _day(row.ends_on),
    }


TEXTS = {
    Sheet.ORGANIZATIONS: organization_texts,
    Sheet.POSTS: post_texts,
    Sheet.PEOPLE: person_texts,
    Sheet.APPOINTMENTS: appointment_texts,
}


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _day(value: date | None) -> str:
    return "" if value is None else value.isoformat()
