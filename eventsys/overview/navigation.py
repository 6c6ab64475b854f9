"""The staff pages' left column and the office's names in the head of every page."""

from __future__ import annotations

import time
from dataclasses import dataclass

from flask import g, request
from sqlalchemy import select

from eventsys.core.actor import Role
from eventsys.core.language import gettext as _
from eventsys.delivery.policy import can_list_letters
from eventsys.directory.models import Organization, OrganizationKind
from eventsys.extensions import db
from eventsys.incoming.policy import can_list_incoming
from eventsys.invitations.policy import can_list_leave
from eventsys.web.access import current_actor

KEEP_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Site:
    """The office whose pages these are."""

    name_zh: str = ""
    name_en: str = ""
    address_zh: str = ""
    address_en: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One line of the left column."""

    label: str
    href: str
    current: bool
    count: int | None = None
    needs_me: bool = False


_site: tuple[float, Site] = (float("-inf"), Site())


def site() -> Site:
    """The first office of the directory, looked up at most twice a minute in each process."""
    global _site  # noqa: PLW0603 - one small value a process, so a page costs no query for its head
    if time.monotonic() - _site[0] > KEEP_SECONDS:
        _site = (time.monotonic(), _site[1] if g.get("without_database") else _read_site())
    return _site[1]


def forget_site() -> None:
    """Look the office up again at the next page."""
    global _site  # noqa: PLW0603
    _site = (float("-inf"), Site())


def for_staff() -> list[NavigationItem]:
    """The pages that this actor's roles lead to."""
    actor = current_actor()
    staff = actor.has(Role.ORGANIZER, Role.APPROVER, Role.EDITOR) or actor.is_administrator
    items = [
        (_("Home"), "/workspace/", True),
        (_("Meetings"), "/workspace/meetings/", staff),
        (_("Leave requests"), "/workspace/leave/", can_list_leave(actor)),
        (_("Directory"), "/workspace/directory/", staff),
        (_("Summary notices"), "/workspace/notices/", staff),
        (_("Messages sent"), "/workspace/letters/", can_list_letters(actor)),
        (_("Incoming mail"), "/workspace/incoming/", can_list_incoming(actor)),
        (_("Statistics"), "/workspace/statistics/", staff),
        (_("My organization"), "/portal/", actor.has(Role.LIAISON)),
        (_("Check-in"), "/checkin/", actor.has(Role.CHECK_IN) or actor.has(Role.ORGANIZER)),
        (_("Accounts and roles"), "/workspace/accounts/", actor.is_administrator),
        (_("Audit log"), "/workspace/audit/", actor.is_administrator),
    ]
    return [NavigationItem(label, href, _is_current(href)) for label, href, shown in items if shown]


def _is_current(href: str) -> bool:
    return request.path == href if href == "/workspace/" else request.path.startswith(href)


def _read_site() -> Site:
    row = db.session.execute(
        select(
            Organization.name_zh,
            Organization.name_en,
            Organization.address_zh,
            Organization.address_en,
            Organization.phone,
        )
        .order_by((Organization.kind == OrganizationKind.OFFICE).desc(), Organization.position, Organization.id)
        .limit(1)
    ).first()
    return Site(*row) if row else Site()
