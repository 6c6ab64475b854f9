"""The calendar part of a letter (RFC 5546): REQUEST for those asked, CANCEL for those no longer asked."""

from __future__ import annotations

from typing import Any

from flask import current_app

from eventsys.calendar import write
from eventsys.calendar.model import Attendee, Event, PartStat, Party, Role, Status
from eventsys.config import Settings
from eventsys.core.letters import Facts
from eventsys.invitations.facts import instant_of, text_of
from eventsys.invitations.letters.words import place

METHODS = {"invitation": "REQUEST", "update": "REQUEST", "cancellation": "CANCEL", "withdrawal": "CANCEL"}
ROLES = {"chair": Role.CHAIR, "required": Role.REQUIRED, "optional": Role.OPTIONAL, "observer": Role.OBSERVER}
STATUS = {
    "accepted": PartStat.ACCEPTED,
    "tentative": PartStat.TENTATIVE,
    "declined": PartStat.DECLINED,
    "delegated": PartStat.DELEGATED,
}
DAY_BEFORE, HALF_HOUR = 24 * 60, 30


def method_of(kind: str, facts: Facts) -> str:
    """The iTIP method of the letter's calendar part, "" for a letter without one."""
    return METHODS.get(kind, "") if "link" in facts else ""


def sender_of(facts: Facts) -> str:
    """The +token address of one invitee: From and ORGANIZER of all their letters, for the meeting's whole life."""
    settings: Settings = current_app.extensions["eventsys.settings"]
    local, _at, host = settings.mail.sender.rpartition("@")
    return f"{local}+{facts['link']}@{host}" if "link" in facts else settings.mail.sender


def octets(kind: str, common: Facts, facts: Facts, words: Facts, description: str) -> bytes:
    """The calendar object for this one invitee; the same facts give the same octets."""
    if method_of(kind, facts) == "REQUEST":
        return write.request(_event(kind, common, facts, words, description))
    return write.cancel(_event(kind, common, facts, words, description))


def _event(kind: str, common: Facts, facts: Facts, words: Facts, description: str) -> Event:
    return Event(
        uid=common["uid"],
        sequence=common["sequence"],
        stamp=_instant(common, "stamp"),
        modified=_instant(common, "modified"),
        starts_at=_instant(common, "starts_at"),
        ends_at=_instant(common, "ends_at"),
        zone=common["zone"],
        summary=words["title"],
        organizer=Party(words["office"], sender_of(facts)),
        description=description,
        location=place(common, words["language"]) if words["venue"] or words["address"] else "",
        url=words["page"],
        attendees=_attendees(facts, words),
        status=Status.CANCELLED if kind == "cancellation" else Status.CONFIRMED,
        comment=words["reason"],
        alarms=(DAY_BEFORE, HALF_HOUR) if method_of(kind, facts) == "REQUEST" else (),
    )


def _attendees(facts: Facts, words: Facts) -> tuple[Attendee, ...]:
    """The invitee, and where they stand in for somebody that person's line too (RFC 5546 3.2.2.3)."""
    status = STATUS.get(words["reply"], PartStat.NEEDS_ACTION)
    role = ROLES.get(facts.get("role", ""), Role.REQUIRED)
    absent, standing = _other(facts, "for_email"), _other(facts, "to_email")
    own = Attendee(
        Party(words["name"], facts["email"]),
        role=role,
        status=status,
        rsvp=status is not PartStat.DELEGATED and role is not Role.OBSERVER,
        delegated_from=absent,
        delegated_to=standing if status is PartStat.DELEGATED else None,
    )
    if absent is None:
        return (own,)
    sent = Attendee(
        Party(text_of(facts, "for", words["language"]), absent),
        role=role,
        status=PartStat.DELEGATED,
        rsvp=False,
        delegated_to=facts["email"],
    )
    return sent, own


def _other(facts: Facts, name: str) -> str | None:
    other: str = facts.get(name, "")
    return other if other and other.casefold() != facts["email"].casefold() else None


def _instant(common: Facts, name: str) -> Any:
    return instant_of(common, name)
