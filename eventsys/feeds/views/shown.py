"""An address as its pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eventsys.accounts.queries import office_zone
from eventsys.core.language import gettext as _
from eventsys.feeds.address import url_of, webcal
from eventsys.feeds.models import CalendarAddress
from eventsys.feeds.queries.addresses import noon
from eventsys.rendering.qr import qr_picture
from eventsys.web.access import current_actor


@dataclass(frozen=True, slots=True)
class Subscribable:
    """An address to subscribe to: for copying, for this device, and as a code for a phone."""

    url: str
    webcal: str
    picture: str
    in_chinese: str
    in_english: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An address in use with what its owner wants to know of it; times in the office's zone."""

    id: int
    links: Subscribable
    created_at: datetime
    used: datetime | None
    zone: str


def subscribable(url: str, in_chinese: str, in_english: str) -> Subscribable:
    """The address in the forms in which programmes take it."""
    return Subscribable(url, webcal(url), qr_picture(webcal(url)), in_chinese, in_english)


def shown(address: CalendarAddress) -> Shown:
    """The address in words and pictures; only for its holder, since it is a key."""
    link_id = address.link_id
    links = subscribable(url_of(link_id), url_of(link_id, "zh"), url_of(link_id, "en"))
    return Shown(address.id, links, address.created_at, noon(address.used_on), office_zone())


def page_of(address: CalendarAddress) -> str:
    """Where one comes from and returns to: one's own page, the organization's as its liaison, else the whole list."""
    actor = current_actor()
    if address.organization_id is not None and address.organization_id in actor.liaison_for:
        return f"/portal/organizations/{address.organization_id}/calendar"
    if address.organization_id is None and address.person_id == actor.person_id:
        return "/account/calendar"
    return "/workspace/calendars/"


def own_texts() -> list[str]:
    """What stands in one's own calendar."""
    return [
        _(
            "All meetings to which you are asked, with your answer, the place and the online link. What is moved,"
            " cancelled or withdrawn follows by itself."
        ),
        _("From a year back to everything that is coming. No other people's replies, no links with which one answers."),
        _reminders(),
    ]


def organization_texts() -> list[str]:
    """What stands in an organization's calendar."""
    return [
        _(
            "All meetings to which your organization is asked, with the online link, who of it goes, and how many"
            " places wait for an answer. What is moved, cancelled or withdrawn follows by itself."
        ),
        _(
            "From a year back to everything that is coming. No other organizations' replies, no links with which one"
            " answers."
        ),
        _reminders(),
    ]


def _reminders() -> str:
    return _("It does not remind: invitations by mail bring reminders with them.")
