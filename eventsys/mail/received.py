"""What a received message says: an answer, a proposal, a bounce, or nothing for us. Every octet is hostile."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import Message
from enum import IntEnum, StrEnum

from eventsys.calendar.read import Doubt, Item, Method, Unreadable, read
from eventsys.mail import bounces, parts
from eventsys.mail.bounces import Bounce
from eventsys.mail.envelope import Envelope, readable

__all__ = ["Bounce", "Reason", "Received", "Verdict", "understand"]

_log = logging.getLogger(__name__)

_CALENDAR_TYPES = frozenset({"text/calendar", "text/x-vcalendar", "text/vcalendar"})
_FILE_TYPES = frozenset({"application/ics", "application/calendar", "application/x-ics", "text/x-ics"})
_FILE_NAMES = (".ics", ".ical", ".icalendar", ".ifb", ".vcs")
_TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_SEALED_TYPES = frozenset(
    {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted", "application/octet-stream+pgp"}
)
_BEGINNING = re.compile(
    rb"[\s\x00]{0,64}(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]{0,64}B\x00?E\x00?G\x00?I\x00?N\x00?:", re.IGNORECASE
)
_MOST_CANDIDATES = 8


class Verdict(StrEnum):
    """What has to become of a message.

    | verdict  | means                                                                                    |
    |----------|------------------------------------------------------------------------------------------|
    | APPLY    | a usable REPLY: whether it may be applied is for those to say who know the meeting       |
    | PROPOSAL | a COUNTER: never touches the answer, whatever PARTSTAT says                              |
    | IGNORE   | no answer (REQUEST, CANCEL, REFRESH, auto-reply, a forwarded mail): logged, no change    |
    | REJECT   | meant as an answer perhaps, but malformed, incomplete or unreadable: people look at it   |
    | BOUNCE   | a letter could not be delivered                                                          |
    """

    APPLY = "apply"
    PROPOSAL = "proposal"
    IGNORE = "ignore"
    REJECT = "reject"
    BOUNCE = "bounce"


class Reason(StrEnum):
    """Why a message got its verdict; a closed set, so that it can be said in both languages."""

    ANSWER = "answer"
    PROPOSAL = "proposal"
    BOUNCED = "bounced"
    NO_ANSWER = "no-answer"  # another METHOD, or none: `items[0].method`
    NO_CALENDAR = "no-calendar"  # a letter in words; of a person unless `automatic`
    AUTOMATIC = "automatic"
    DELAYED = "delayed"
    REPORT = "report"  # delivered, displayed, complained: no failure
    FORWARDED = "forwarded"
    OTHER_COMPONENT = "other-component"
    NO_ATTENDEE = "no-attendee"
    NO_PARTSTAT = "no-partstat"
    NO_UID = "no-uid"
    NO_START = "no-start"
    ONE_OCCURRENCE = "one-occurrence"
    TNEF = "tnef"
    ENCRYPTED = "encrypted"
    NOT_A_CALENDAR = "not-a-calendar"
    CUT_OFF = "cut-off"
    EMPTY = "empty"
    CALENDAR_TOO_LARGE = "calendar-too-large"
    TOO_MANY_COMPONENTS = "too-many-components"
    TOO_MANY_ATTENDEES = "too-many-attendees"
    TOO_LARGE = "too-large"
    TOO_MANY_LINES = "too-many-lines"
    TOO_DEEP = "too-deep"
    TOO_MANY_PARTS = "too-many-parts"
    NOT_A_MESSAGE = "not-a-message"
    NOT_INVITED = "not-invited"
    NOT_FOUND = "not-found"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message as it was understood.

    `sender` and `reply_to` are the one plain lower-case address there, or None: data, not proof. `authenticated` holds
    the domains that our own mail server vouches for. `recipients` are all addresses it was sent to. `automatic` is True
    for what no person wrote: never answer it by mail. `message_id` stands in angle brackets, or is empty.
    """

    verdict: Verdict
    items: tuple[Item, ...] = ()
    reason: Reason
    sender: str | None = None
    reply_to: str | None = None
    recipients: tuple[str, ...] = ()
    subject: str = ""
    message_id: str = ""
    date: datetime | None = None
    automatic: bool = False
    bounces: tuple[Bounce, ...] = ()
    authenticated: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one part, or several that agree, come to."""

    verdict: Verdict
    reason: Reason
    items: tuple[Item, ...] = ()
    bounces: tuple[Bounce, ...] = ()


def understand(data: bytes, *, authserv_id: str = "") -> Received:
    """Read one message (RFC 5322) or one bare calendar object; never raises.

    `authserv_id` is the name under which our own mail server writes Authentication-Results (RFC 8601); without it
    nobody is authenticated.
    """
    try:
        return understood(data, authserv_id)
    except Exception:  # a mailbox must not stop at one message
        _log.exception("A message of %s octets could not be read", len(data))
        return Received(verdict=Verdict.REJECT, reason=Reason.FAILED)


def understood(data: bytes, authserv_id: str = "") -> Received:
    """As `understand`, but an error of our own comes through: for tests."""
    if _BEGINNING.match(data):
        return bare_object(data)
    try:
        message = parts.opened(data)
    except parts.Excess as excess:
        message = parts.headers_only(data)
        return _received(Envelope(message), _Reading(Verdict.REJECT, Reason(excess.limit.value)), authserv_id)
    envelope = Envelope(message)
    return _received(envelope, _read(message, envelope), authserv_id)


def bare_object(data: bytes) -> Received:
    """Read one calendar object that came without a mail."""
    reading = _calendar(data)
    return Received(verdict=reading.verdict, reason=reading.reason, items=reading.items)


def _received(envelope: Envelope, reading: _Reading, authserv_id: str) -> Received:
    return Received(
        verdict=reading.verdict,
        items=reading.items,
        reason=reading.reason,
        sender=envelope.mailbox("from"),
        reply_to=envelope.mailbox("reply-to"),
        recipients=envelope.recipients(),
        subject=envelope.subject(),
        message_id=envelope.message_id(),
        date=envelope.date(),
        automatic=envelope.is_automatic() or reading.reason in _OF_SERVERS,
        bounces=reading.bounces,
        authenticated=envelope.authenticated(authserv_id),
    )


_OF_SERVERS = frozenset({Reason.BOUNCED, Reason.DELAYED, Reason.REPORT})


def _read(message: Message, envelope: Envelope) -> _Reading:
    """Reports first: what they bring back is ours. Then calendar objects, then what a mail server says in words."""
    if not envelope:
        return _Reading(Verdict.REJECT, Reason.NOT_A_MESSAGE)
    if bounces.is_report(message):
        return _report(bounces.reported(message, envelope), Reason.REPORT)
    leaves = list(parts.leaves(message))
    reading = _chosen(leaves)
    if reading and reading.verdict in (Verdict.APPLY, Verdict.PROPOSAL):
        return reading
    told = bounces.told(message, envelope)
    if told:
        return _report(told, Reason.REPORT)
    return reading or _without_calendar(leaves, envelope)


def _report(found: tuple[Bounce, ...], other: Reason) -> _Reading:
    if any(bounce.permanent for bounce in found):
        return _Reading(Verdict.BOUNCE, Reason.BOUNCED, bounces=found)
    return _Reading(Verdict.IGNORE, Reason.DELAYED if found else other, bounces=found)


def _without_calendar(leaves: list[Message], envelope: Envelope) -> _Reading:
    kinds = {part.get_content_type() for part in leaves}
    names = {_file_name(part) for part in leaves}
    if kinds & _TNEF_TYPES or "winmail.dat" in names:
        return _Reading(Verdict.REJECT, Reason.TNEF)
    if kinds & _SEALED_TYPES or "smime.p7m" in names:
        return _Reading(Verdict.REJECT, Reason.ENCRYPTED)
    if envelope.is_automatic():
        return _Reading(Verdict.IGNORE, Reason.AUTOMATIC)
    forwarded = any(kind.startswith("message/") for kind in kinds)
    return _Reading(Verdict.IGNORE, Reason.FORWARDED if forwarded else Reason.NO_CALENDAR)


def _chosen(leaves: list[Message]) -> _Reading | None:
    """The best of the parts: what is announced as an answer first; a copy, or one that disagrees, counts for nothing.

    Another REPLY in the same mail that answers something else is an answer as well. A broken part is looked past for
    an answer, but not for what is none.
    """
    ranked = [(rank, part) for part in leaves if (rank := _rank(part)) is not _Rank.NONE]
    readings = [_part(part) for _, part in sorted(ranked, key=lambda each: each[0])[:_MOST_CANDIDATES]]
    sound = [reading for reading in readings if reading.verdict is not Verdict.REJECT]
    if not sound or (sound[0].verdict is Verdict.IGNORE and readings[0].verdict is Verdict.REJECT):
        return readings[0] if readings else None
    return _joined(sound[0], sound[1:]) if sound[0].verdict is Verdict.APPLY else sound[0]


class _Rank(IntEnum):
    """How much a part looks like the message itself."""

    ANNOUNCED = 0
    CALENDAR = 1
    FILE = 2
    TEXT = 3
    NONE = 4


def _rank(part: Message) -> _Rank:
    kind = part.get_content_type()
    if kind in _CALENDAR_TYPES:
        return _Rank.ANNOUNCED if parts.parameter(part, "method") else _Rank.CALENDAR
    if kind in _FILE_TYPES or _file_name(part).endswith(_FILE_NAMES):
        return _Rank.FILE if part.get_content_maintype() != "message" else _Rank.NONE
    hidden = kind in ("text/plain", "application/octet-stream") and _BEGINNING.match(parts.octets(part))
    return _Rank.TEXT if hidden else _Rank.NONE


def _part(part: Message) -> _Reading:
    """The reading of a part; as it came, where the encoding that it names makes no sense of it."""
    charset, method = parts.parameter(part, "charset"), parts.parameter(part, "method")
    reading = _calendar(parts.octets(part), charset, method)
    raw = parts.raw_octets(part) if reading.verdict is Verdict.REJECT else b""
    if b"BEGIN:VCALENDAR" not in raw.upper():
        return reading
    plain = _calendar(raw, charset, method)
    return plain if plain.verdict is not Verdict.REJECT else reading


def _file_name(part: Message) -> str:
    name = parts.parameter(part, "filename", "content-disposition") or parts.parameter(part, "name")
    return readable(name).lower()


def _calendar(octets: bytes, charset: str = "", announced: str = "") -> _Reading:
    try:
        items = read(octets, charset=charset, announced=announced)
    except Unreadable as error:
        return _Reading(Verdict.REJECT, Reason(error.reason.value))
    verdict, reason = _judged(items)
    return _Reading(verdict, reason, items)


def _judged(items: Iterable[Item]) -> tuple[Verdict, Reason]:
    """The best that any item is good for: an answer, a proposal, something that should have been one, nothing."""
    order = (Verdict.APPLY, Verdict.PROPOSAL, Verdict.REJECT, Verdict.IGNORE)
    return min((_judgement(item) for item in items), key=lambda judged: order.index(judged[0]))


def _judgement(item: Item) -> tuple[Verdict, Reason]:
    if item.component != "VEVENT":
        return Verdict.IGNORE, Reason.OTHER_COMPONENT
    if item.method is Method.REPLY:
        return _of_reply(item)
    if item.method is not Method.COUNTER:
        return Verdict.IGNORE, Reason.NO_ANSWER
    if item.uid is None:
        return Verdict.REJECT, Reason.NO_UID
    return (Verdict.PROPOSAL, Reason.PROPOSAL) if item.raw_start else (Verdict.REJECT, Reason.NO_START)


def _of_reply(item: Item) -> tuple[Verdict, Reason]:
    """Whether a REPLY is complete. We issue no recurring meetings, so an answer to one occurrence alone is none."""
    flaws = (
        (not item.attendees, Reason.NO_ATTENDEE),
        (all(each.partstat is None for each in item.attendees), Reason.NO_PARTSTAT),
        (item.uid is None, Reason.NO_UID),
        (item.recurrence_id is not None, Reason.ONE_OCCURRENCE),
    )
    return next(((Verdict.REJECT, reason) for flaw, reason in flaws if flaw), (Verdict.APPLY, Reason.ANSWER))


def _joined(first: _Reading, others: list[_Reading]) -> _Reading:
    """The first reading with those items of other REPLYs that answer something else."""
    items = list(first.items)
    said = {key: answer for item in items for key, answer in _answers(item)}
    disagrees = False
    for item in (item for other in others if other.verdict is Verdict.APPLY for item in other.items):
        answers = dict(_answers(item))
        disagrees = disagrees or any(said.get(key, answer) != answer for key, answer in answers.items())
        if not answers.keys() & said.keys():
            items.append(item)
            said.update(answers)
    if disagrees:
        items[0] = replace(items[0], warnings=(*items[0].warnings, Doubt.OTHER_PART_DISAGREES))
    return replace(first, items=tuple(items))


def _answers(item: Item) -> Iterable[tuple[tuple[str | None, str | None, str], str | None]]:
    for each in item.attendees:
        yield (item.uid, item.recurrence_id, each.address or each.raw), each.partstat
