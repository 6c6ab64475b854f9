"""What one person's calendar was sent, read back from the letters in the queue."""

from __future__ import annotations

from dataclasses import dataclass

from icalendar import Calendar

from tests.invitations.asking import letters, words


@dataclass(frozen=True)
class Said:
    """One calendar object: its method, revision and moment, who asks, and every attendee as (address, PARTSTAT)."""

    kind: str
    method: str
    sequence: int
    stamp: str
    organizer: str
    attendees: tuple[tuple[str, str], ...]


def said_to(address: str) -> list[Said]:
    """Everything said to this address, in the order in which it was queued."""
    found = []
    for letter in letters():
        rendered = words(letter)
        if letter.address == address and rendered.calendar:
            found.append(_read(letter.kind, rendered.calendar))
    return found


def _read(kind: str, octets: bytes) -> Said:
    calendar = Calendar.from_ical(octets)
    event = calendar.events[0]
    people = event.get("ATTENDEE", [])
    return Said(
        kind,
        str(calendar["METHOD"]),
        int(event["SEQUENCE"]),
        event["DTSTAMP"].to_ical().decode(),
        str(event["ORGANIZER"]).removeprefix("mailto:"),
        tuple(
            (str(each).removeprefix("mailto:"), str(each.params["PARTSTAT"]))
            for each in (people if isinstance(people, list) else [people])
        ),
    )


def grows(said: list[Said]) -> bool:
    """Whether each message is a later revision than the one before, as a calendar orders them (RFC 5546 2.1.5)."""
    moments = [each.stamp for each in said]
    return moments == sorted(set(moments)) and [each.sequence for each in said] == sorted(
        each.sequence for each in said
    )
