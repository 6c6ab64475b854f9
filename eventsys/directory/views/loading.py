"""What guards load: the subject of a page by the ids of its address, None for 404."""

from __future__ import annotations

from eventsys.directory import queries
from eventsys.directory.models import Appointment, Audience, Organization, Post, PostKind
from eventsys.directory.queries import PersonFile
from eventsys.directory.words import office_today

MOST = 2**31


def organization(organization_id: int) -> Organization | None:
    return queries.find_organization(organization_id) if organization_id < MOST else None


def post(post_id: int) -> Post | None:
    return queries.find_post(post_id) if post_id < MOST else None


def post_kind(kind_id: int) -> PostKind | None:
    return queries.find_post_kind(kind_id) if kind_id < MOST else None


def person(person_id: int) -> PersonFile | None:
    return queries.person_file(person_id, office_today()) if person_id < MOST else None


def appointment(appointment_id: int) -> Appointment | None:
    return queries.find_appointment(appointment_id) if appointment_id < MOST else None


def audience(audience_id: int) -> Audience | None:
    return queries.find_audience(audience_id) if audience_id < MOST else None
