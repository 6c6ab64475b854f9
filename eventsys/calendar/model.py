"""What a calendar object says, before it is written. Times are aware, addresses bare (without `mailto:`)."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LARGEST_SEQUENCE = 2**31 - 1
LONGEST_UID = 255

_ADDRESS = re.compile(r'[^\s@"<>\x00-\x1f\x7f]+@[^\s@"<>\x00-\x1f\x7f]+', re.ASCII)
_UID = re.compile(r"[!-~]+")


class Role(StrEnum):
    """How an attendee takes part (RFC 5545 §3.2.16)."""

    CHAIR = "CHAIR"
    REQUIRED = "REQ-PARTICIPANT"
    OPTIONAL = "OPT-PARTICIPANT"
    OBSERVER = "NON-PARTICIPANT"


class PartStat(StrEnum):
    """What an attendee answered (RFC 5545 §3.2.12)."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"
    DELEGATED = "DELEGATED"


class CuType(StrEnum):
    """What kind of calendar user an attendee is (RFC 5545 §3.2.3)."""

    INDIVIDUAL = "INDIVIDUAL"
    GROUP = "GROUP"
    RESOURCE = "RESOURCE"
    ROOM = "ROOM"
    UNKNOWN = "UNKNOWN"


class Status(StrEnum):
    """Whether the event stands (RFC 5545 §3.8.1.11)."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


def _check_address(email: str) -> None:
    if not (email.isascii() and _ADDRESS.fullmatch(email)):
        raise ValueError(f"not one plain address: {email!r}")


@dataclass(frozen=True, slots=True)
class Party:
    """A name and a bare address. Raises ValueError for what is not one plain ASCII address."""

    name: str
    email: str

    def __post_init__(self) -> None:
        _check_address(self.email)


@dataclass(frozen=True, slots=True)
class Attendee:
    """One ATTENDEE line. `delegated_to` and `delegated_from` are bare addresses (RFC 5546 §3.2.2.3)."""

    party: Party
    role: Role = Role.REQUIRED
    status: PartStat = PartStat.NEEDS_ACTION
    rsvp: bool = True
    delegated_to: str | None = None
    delegated_from: str | None = None
    cutype: CuType = CuType.INDIVIDUAL

    def __post_init__(self) -> None:
        for other in (self.delegated_to, self.delegated_from):
            if other is not None:
                _check_address(other)
                if other.casefold() == self.party.email.casefold():
                    raise ValueError(f"{other!r} cannot stand in for itself")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One VEVENT at one revision.

    `stamp` is the moment of this message (DTSTAMP), `modified` that of the revision; `zone` is the IANA name in which
    the times are shown; `alarms` are minutes before the start. Raises ValueError for naive times, an end before the
    start, a UID that is not printable ASCII of at most 255 octets, and a SEQUENCE outside 0 to 2^31-1.
    """

    uid: str
    sequence: int
    stamp: datetime
    modified: datetime
    starts_at: datetime
    ends_at: datetime
    zone: str
    summary: str
    organizer: Party
    description: str = ""
    location: str = ""
    url: str = ""
    attendees: tuple[Attendee, ...] = ()
    status: Status = Status.CONFIRMED
    comment: str = ""
    alarms: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not _UID.fullmatch(self.uid) or len(self.uid) > LONGEST_UID:
            raise ValueError(f"not a UID: {self.uid!r}")
        if not 0 <= self.sequence <= LARGEST_SEQUENCE:
            raise ValueError(f"not a SEQUENCE: {self.sequence}")
        for moment in (self.stamp, self.modified, self.starts_at, self.ends_at):
            if moment.utcoffset() is None:
                raise ValueError(f"a time without a zone: {moment}")
        if self.ends_at < self.starts_at:
            raise ValueError("the event ends before it starts")
        if any(minutes < 0 for minutes in self.alarms):
            raise ValueError("an alarm is minutes before the start")
