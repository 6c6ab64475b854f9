"""Rows for tests, with sensible facts; each call opens its own unit of work and returns the row.

office = organization(name_zh="沈阳市外事办公室", kind=OrganizationKind.OFFICE)
director = person(name_zh="测试主任", post=post(office, "主任"))
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from eventsys.accounts.models import Account, HeldRole
from eventsys.accounts.security import hashed
from eventsys.core.actor import Actor, Held, Role
from eventsys.core.clock import now
from eventsys.core.tokens import new_link_id
from eventsys.core.transaction import write
from eventsys.directory.models import Appointment, Organization, OrganizationKind, Person, Post, PostKind
from eventsys.directory.words import refresh_organization, refresh_person, refresh_post
from eventsys.invitations.models import Attendee, Place, PlaceRole
from eventsys.meetings.models import Meeting, MeetingKind, MeetingState, Visibility

_numbers = count(1)


def organization(
    name_zh: str = "",
    *,
    kind: OrganizationKind = OrganizationKind.DISTRICT,
    parent: Organization | None = None,
    **facts: Any,
) -> Organization:
    """An organization, at the top of the tree unless a parent is given."""
    number = next(_numbers)
    name_zh = name_zh or f"第{number}区"
    with write() as session:
        row = Organization(
            kind=kind,
            name_zh=name_zh,
            name_en=facts.pop("name_en", f"District {number}"),
            parent_id=parent.id if parent else None,
            **facts,
        )
        refresh_organization(row)
        session.add(row)
        session.flush()
        row.path = f"{parent.path if parent else '/'}{row.id}/"
    return row


def post_kind(name_zh: str = "外办主任", name_en: str = "Foreign affairs director") -> PostKind:
    """A function that posts of many organizations share."""
    with write() as session:
        row = PostKind(name_zh=name_zh, name_en=name_en)
        session.add(row)
    return row


def post(of: Organization, title_zh: str = "主任", title_en: str = "Director", kind: PostKind | None = None) -> Post:
    """A post in an organization."""
    with write() as session:
        row = Post(organization_id=of.id, title_zh=title_zh, title_en=title_en, kind_id=kind.id if kind else None)
        refresh_post(row, of, kind)
        session.add(row)
    return row


def person(name_zh: str = "", *, post: Post | None = None, **facts: Any) -> Person:
    """A person, appointed since 2020 when a post is given."""
    number = next(_numbers)
    name_zh = name_zh or f"测试{number}"
    with write() as session:
        row = Person(
            name_zh=name_zh,
            name_en=facts.pop("name_en", f"Person {number}"),
            email=facts.pop("email", f"person{number}@example.org"),
            **facts,
        )
        refresh_person(row)
        session.add(row)
        session.flush()
        if post is not None:
            session.add(Appointment(person_id=row.id, post_id=post.id, starts_on=date(2020, 1, 1)))
    return row


def meeting(convener: Organization, **facts: Any) -> Meeting:
    """A scheduled meeting in a week, unless facts say otherwise."""
    starts_at: datetime = facts.pop("starts_at", now() + timedelta(days=7))
    values = {
        "uid": f"{uuid4()}@localhost",
        "state": MeetingState.SCHEDULED,
        "kind": MeetingKind.CONFERENCE,
        "title_zh": "全市外办主任会议",
        "title_en": "Municipal conference",
        "ends_at": starts_at + timedelta(hours=2),
        "zone": "Asia/Shanghai",
        "venue_zh": "301会议室",
        "venue_en": "Room 301",
        "visibility": Visibility.PARTICIPANTS,
        "reply_by": starts_at - timedelta(days=2),
        "created_at": now(),
        "modified_at": now(),
        **facts,
    }
    with write() as session:
        row = Meeting(convener_id=convener.id, starts_at=starts_at, **values)
        session.add(row)
    return row


def attendee(meeting: Meeting, who: Person, *, post: Post | None = None, told: bool = True, **facts: Any) -> Attendee:
    """A person on a place of their own at the meeting."""
    with write() as session:
        place = Place(
            meeting_id=meeting.id,
            organization_id=facts.pop("organization_id", post.organization_id if post else None),
            post_id=post.id if post else None,
            role=facts.pop("role", PlaceRole.REQUIRED),
            created_at=now(),
        )
        session.add(place)
        session.flush()
        row = Attendee(
            meeting_id=meeting.id,
            place_id=place.id,
            person_id=who.id,
            name_zh=who.name_zh,
            name_en=who.name_en,
            title_zh=post.title_zh if post else "",
            title_en=post.title_en if post else "",
            email=who.email,
            phone=who.phone,
            link_id=new_link_id(),
            told_at=now() if told else None,
            told_sequence=meeting.sequence if told else None,
            created_at=now(),
            **facts,
        )
        session.add(row)
    return row


def account(who: Person, password: str | None = None, **facts: Any) -> Account:
    """An account of a person; without a password nobody can sign in to it but a test's `browse_account`."""
    password_hash = hashed(password) if password else None
    with write() as session:
        row = Account(
            person_id=who.id,
            email=facts.pop("email", who.email.lower()),
            password=password_hash,
            fs_uniquifier=new_link_id(),
            created_at=now(),
            **facts,
        )
        session.add(row)
    return row


def holds(who: Person, role: Role, of: Organization | None = None, **facts: Any) -> HeldRole:
    """A role that a person holds, for an organization unless it is the administrator's or one for a meeting."""
    with write() as session:
        row = HeldRole(person_id=who.id, role=role, organization_id=of.id if of else None, **facts)
        session.add(row)
    return row


def actor(*roles: tuple[Role, Organization | None], person: Person | None = None, label: str = "tester") -> Actor:
    """An actor for operations and policies, holding roles for organizations; no account stands behind it."""
    held = tuple(Held(role, of.id, of.path) if of else Held(role) for role, of in roles)
    liaison = frozenset(of.id for role, of in roles if role is Role.LIAISON and of)
    return Actor(label=label, account_id=1, person_id=person.id if person else None, held=held, liaison_for=liaison)
