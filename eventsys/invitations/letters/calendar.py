"""The calendar part of a letter (RFC 5546): REQUEST to those asked, CANCEL to those no longer asked, DECLINECOUNTER."""

from __future__ import annotations

from typing import Any

from flask import current_app

from eventsys.calendar import write
from eventsys.calendar.model import Attendee, Event, PartStat, Party, Role, Status
from eventsys.config import Settings
from eventsys.core.letters import Facts
from eventsys.invitations.facts import REQUESTS, instant_of, text_of
from eventsys.invitations.letters.words import place
from eventsys.meetings.alarms import USUAL, minutes_of

METHODS = {
    **dict.fromkeys(REQUESTS, "REQUEST"),
    "cancellation": "CANCEL",
    "withdrawal": "CANCEL",
    "decline_counter": "DECLINECOUNTER",
}
WRITERS = {"REQUEST": write.request, "CANCEL": write.cancel, "DECLINECOUNTER": write.decline_counter}
ROLES = {"chair": Role.CHAIR, "required": Role.REQUIRED, "optional": Role.OPTIONAL, "observer": Role.OBSERVER}
STATUS = {
    "accepted": PartStat.ACCEPTED,
    "tentative": PartStat.TENTATIVE,
    "declined": PartStat.DECLINED,
    "delegated": PartStat.DELEGATED,
}


def method_of(kind: str, facts: Facts) -> str:
    """The iTIP method of the letter's calendar part, "" for a letter without one.

    Nor is there one in a letter to the office's own mailbox: the organizer would be asked by the organizer.
    """
    return METHODS.get(kind, "") if "link" in facts and not _is_own(facts["email"]) else ""


def sender_of(facts: Facts) -> str:
    """The +token address of one invitee: From and ORGANIZER of all their letters, for the meeting's whole life."""
    settings: Settings = current_app.extensions["eventsys.settings"]
    local, _at, host = settings.mail.sender.rpartition("@")
    return f"{local}+{facts['link']}@{host}" if "link" in facts else settings.mail.sender


def octets(kind: str, common: Facts, facts: Facts, words: Facts, description: str) -> bytes:
    """The calendar object for this one invitee; the same facts give the same octets."""
    return WRITERS[METHODS[kind]](_event(kind, common, facts, words, description))


def attendee_line(method: str, facts: Facts, name: str) -> str:
    """The ATTENDEE line of an invitee who stands in for nobody, and for whom nobody does; "" where the method has none.

    Raises ValueError for what is not one plain address.
    """
    if method == "DECLINECOUNTER":
        return ""
    role = ROLES.get(facts.get("role", ""), Role.REQUIRED)
    return write.attendee_line(_asked(name, facts["email"], role, facts.get("reply", "")), asks=method == "REQUEST")


def _event(kind: str, common: Facts, facts: Facts, words: Facts, description: str) -> Event:
    return Event(
        uid=common["uid"],
        sequence=common["sequence"] + facts.get("ahead", 0),
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
        comment=words["note"] if kind == "decline_counter" else words["reason"],
        alarms=_alarms(kind, common, words),
    )


def _alarms(kind: str, common: Facts, words: Facts) -> tuple[int, ...]:
    """The meeting's reminders for somebody who may come; letters queued before meetings had their own know none."""
    if METHODS[kind] != "REQUEST" or words["reply"] == "delegated":
        return ()
    return minutes_of(common.get("alarms", USUAL))


def _attendees(facts: Facts, words: Facts) -> tuple[Attendee, ...]:
    """The invitee, between whom they stand in for and who stands in for them (RFC 5546 3.2.2.3)."""
    role = ROLES.get(facts.get("role", ""), Role.REQUIRED)
    absent = _other(facts, "for_email")
    standing = _other(facts, "to_email") if words["reply"] == "delegated" else None
    own = _asked(words["name"], facts["email"], role, words["reply"], came_from=absent, went_to=standing)
    lines = [own]
    if absent is not None:
        name = text_of(facts, "for", words["language"])
        lines.insert(0, _asked(name, absent, role, "delegated", went_to=facts["email"]))
    if standing is not None:
        name = text_of(facts, "to", words["language"])
        lines.append(_asked(name, standing, role, facts.get("to_reply", ""), came_from=facts["email"]))
    return tuple(lines)


def _asked(
    name: str, email: str, role: Role, reply: str, *, came_from: str | None = None, went_to: str | None = None
) -> Attendee:
    status = STATUS.get(reply, PartStat.NEEDS_ACTION)
    return Attendee(
        Party(name, email),
        role=role,
        status=status,
        rsvp=status is not PartStat.DELEGATED and role is not Role.OBSERVER,
        delegated_from=came_from,
        delegated_to=went_to,
    )


def _other(facts: Facts, name: str) -> str | None:
    other: str = facts.get(name, "")
    return other if other and other.casefold() != facts["email"].casefold() else None


def _is_own(email: str) -> bool:
    """Whether it is the mailbox of all +token addresses, or one of these."""
    settings: Settings = current_app.extensions["eventsys.settings"]
    local, _at, host = email.casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{host}" == settings.mail.sender.casefold()


def _instant(common: Facts, name: str) -> Any:
    return instant_of(common, name)
