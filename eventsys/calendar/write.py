"""Calendar objects as octets (RFC 5545): invitation, cancellation, one file, and the feed.

A VEVENT is prepared once for a revision (`component`), a feed then only joins texts (`publish`). Lines end with CRLF
and are folded at 75 octets. Every text is cleaned first, so nothing typed by a person can become a property. A zone
that is no IANA name raises ValueError everywhere.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from icalendar import Alarm, Calendar, Component, vCalAddress, vDuration, vText, vUri
from icalendar import Event as VEvent

from eventsys.calendar import text, zones
from eventsys.calendar.model import Attendee, Event, Party, Status

PRODUCT = "-//eventsys//eventsys//EN"
_TAIL = b"END:VCALENDAR\r\n"
_END = b"END:VEVENT\r\n"


class _Text(vText):
    r"""A TEXT value escaped as RFC 5545 §3.3.11 says; the library takes a typed `\N` for a line break."""

    def to_ical(self) -> bytes:
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode()


def request(event: Event) -> bytes:
    """METHOD:REQUEST, an invitation or its update (RFC 5546 §3.2.2), for the one recipient named in `attendees`.

    Raises ValueError without an attendee, without a summary, and when the organizer is an attendee: Outlook then takes
    the recipient for the organizer.
    """
    if not event.attendees or not text.line(event.summary):
        raise ValueError("a request names an attendee and has a summary")
    _refuse_organizer_as_attendee(event)
    vevent = _vevent(event)
    for attendee in event.attendees:
        vevent.add("ATTENDEE", _attendee(attendee, asks=True))
    _add_alarms(vevent, event)
    return _calendar("REQUEST", [event], [_octets(vevent)])


def cancel(event: Event) -> bytes:
    """METHOD:CANCEL (RFC 5546 §3.2.5): of the whole event if its status is CANCELLED, else for the attendees listed.

    Raises ValueError when the event stands and nobody is listed, and when the organizer is an attendee.
    """
    if event.status is not Status.CANCELLED and not event.attendees:
        raise ValueError("an event that stands is cancelled for somebody")
    _refuse_organizer_as_attendee(event)
    vevent = _vevent(event, status=event.status is Status.CANCELLED)
    for attendee in event.attendees:
        vevent.add("ATTENDEE", _attendee(attendee, asks=False))
    return _calendar("CANCEL", [event], [_octets(vevent)])


def decline_counter(event: Event) -> bytes:
    """METHOD:DECLINECOUNTER (RFC 5546 §3.2.8): another time that an attendee proposed is not taken; `comment` says why.

    Of the event it names the revision that stands, and nothing more: the method allows neither times nor attendees, and
    a SEQUENCE only where it is not 0.
    """
    vevent = VEvent()
    vevent.add("UID", event.uid)
    if event.sequence:
        vevent.add("SEQUENCE", event.sequence)
    vevent.add("DTSTAMP", event.stamp.astimezone(UTC))
    comment = text.paragraphs(event.comment)
    if comment:
        vevent.add("COMMENT", _Text(comment))
    vevent.add("ORGANIZER", _address(event.organizer, {}))
    return _calendar("DECLINECOUNTER", [], [_octets(vevent)])


def component(event: Event) -> bytes:
    """The VEVENT alone, prepared for `publish`: without attendees and alarms."""
    return _octets(_vevent(event))


def single(event: Event) -> bytes:
    """METHOD:PUBLISH (RFC 5546 §3.2.1) of one event, as a file to keep: without attendees, with its alarms."""
    vevent = _vevent(event)
    _add_alarms(vevent, event)
    return _calendar("PUBLISH", [event], [_octets(vevent)])


def single_prepared(prepared: bytes, *, zone: str, summary: str, alarms: tuple[int, ...]) -> bytes:
    """`single` of a VEVENT that `component` prepared: only its alarms are written now."""
    added = _alarm_octets(summary, alarms)
    zone_used = zones.definition(zone) if b"\r\nDTSTART;TZID=" in prepared else b""
    return b"".join((_published_head(), zone_used, prepared.removesuffix(_END), added, _END, _TAIL))


def publish(
    components: Iterable[bytes],
    *,
    name: str,
    zones: Iterable[str],
    language: str,
    source_url: str | None = None,
    refresh: timedelta,
    color: str = "",
) -> bytes:
    """A feed (RFC 7986) of prepared components; `zones` are the IANA names they use, `language` a BCP 47 tag.

    `refresh` is how often a reader should fetch it again, in whole seconds; `color` a name of CSS for the calendar.
    Without a `source_url` the feed does not say where it is from: the address of a personal one is a key.
    """
    head = _feed_head(name, language, source_url, refresh, color)
    return b"".join((head, *_definitions(zones), *components, _TAIL))


@lru_cache(maxsize=64)
def _feed_head(name: str, language: str, source_url: str | None, refresh: timedelta, color: str) -> bytes:
    head = _head("PUBLISH")
    head.add("NAME", _Text(text.line(name), params={"LANGUAGE": text.common_name(language)}))
    head.add("X-WR-CALNAME", _Text(text.line(name)))
    head.add("REFRESH-INTERVAL", refresh, parameters={"VALUE": "DURATION"})
    head.add("X-PUBLISHED-TTL", vDuration(refresh))
    if source_url:
        head.add("SOURCE", vUri(text.uri(source_url)), parameters={"VALUE": "URI"})
    if color:
        head.add("COLOR", _Text(color))
    return _octets(head).removesuffix(_TAIL)


def _calendar(method: str, events: Iterable[Event], components: Iterable[bytes]) -> bytes:
    return _joined(_head(method), [event.zone for event in events if _shows_zone(event)], components)


def _head(method: str) -> Calendar:
    head = Calendar()
    head.add("PRODID", PRODUCT)
    head.add("VERSION", "2.0")
    head.add("CALSCALE", "GREGORIAN")
    head.add("METHOD", method)
    return head


@lru_cache(maxsize=1)
def _published_head() -> bytes:
    return _octets(_head("PUBLISH")).removesuffix(_TAIL)


def _joined(head: Calendar, names: Iterable[str], components: Iterable[bytes]) -> bytes:
    return b"".join([_octets(head).removesuffix(_TAIL), *_definitions(names), *components, _TAIL])


def _definitions(names: Iterable[str]) -> list[bytes]:
    return [zones.definition(name) for name in sorted(set(names))]


def _octets(part: Component) -> bytes:
    octets: bytes = part.to_ical(sorted=False)
    return octets


def _vevent(event: Event, *, status: bool = True) -> VEvent:
    """The properties that every method carries, in their order; `status` says whether STATUS is one of them."""
    vevent = VEvent()
    vevent.add("UID", event.uid)
    vevent.add("SEQUENCE", event.sequence)
    vevent.add("DTSTAMP", event.stamp.astimezone(UTC))
    vevent.add("LAST-MODIFIED", event.modified.astimezone(UTC))
    for name, moment in (("DTSTART", event.starts_at), ("DTEND", event.ends_at)):
        vevent.add(name, _shown(event, moment))
    vevent.add("SUMMARY", _Text(text.line(event.summary)))
    for name, value in (
        ("LOCATION", text.line(event.location)),
        ("DESCRIPTION", text.paragraphs(event.description)),
        ("COMMENT", text.paragraphs(event.comment)),
    ):
        if value:
            vevent.add(name, _Text(value))
    if event.url:
        vevent.add("URL", vUri(text.uri(event.url)))
    if status:
        vevent.add("STATUS", event.status.value)
    vevent.add("ORGANIZER", _address(event.organizer, {}))
    return vevent


def _shows_zone(event: Event) -> bool:
    """Whether both times can be told in the event's zone; else they are written in UTC."""
    return all(zones.describes(event.zone, moment) for moment in (event.starts_at, event.ends_at))


def _shown(event: Event, moment: datetime) -> datetime:
    return moment.astimezone(zones.zone(event.zone) if _shows_zone(event) else UTC)


def _attendee(attendee: Attendee, *, asks: bool) -> vCalAddress:
    """One ATTENDEE with its parameters in the order other calendars write them; RSVP only where an answer is asked."""
    params = {"CUTYPE": attendee.cutype.value, "ROLE": attendee.role.value, "PARTSTAT": attendee.status.value}
    if asks:
        params["RSVP"] = "TRUE" if attendee.rsvp else "FALSE"
    if attendee.delegated_to:
        params["DELEGATED-TO"] = f"mailto:{attendee.delegated_to}"
    if attendee.delegated_from:
        params["DELEGATED-FROM"] = f"mailto:{attendee.delegated_from}"
    return _address(attendee.party, params)


def attendee_line(attendee: Attendee, *, asks: bool) -> str:
    """The one line of a request (`asks`) or a cancellation that is somebody's own, folded, without its end."""
    octets: bytes = VEvent().content_line("ATTENDEE", _attendee(attendee, asks=asks), sorted=False).to_ical()
    return octets.decode()


def _address(party: Party, params: dict[str, str]) -> vCalAddress:
    name = text.common_name(party.name)
    return vCalAddress(f"mailto:{party.email}", params=params | ({"CN": name} if name else {}))


def _add_alarms(vevent: VEvent, event: Event) -> None:
    for alarm in _alarms(event.summary, event.alarms):
        vevent.add_component(alarm)


def _alarms(summary: str, minutes: tuple[int, ...]) -> list[Alarm]:
    """One reminder for each number of minutes before the start."""
    found = []
    for each in minutes:
        alarm = Alarm()
        alarm.add("ACTION", "DISPLAY")
        alarm.add("TRIGGER", -timedelta(minutes=each))
        alarm.add("DESCRIPTION", _Text(text.line(summary)))
        found.append(alarm)
    return found


@lru_cache(maxsize=512)
def _alarm_octets(summary: str, minutes: tuple[int, ...]) -> bytes:
    return b"".join(_octets(alarm) for alarm in _alarms(summary, minutes))


def _refuse_organizer_as_attendee(event: Event) -> None:
    if event.organizer.email.casefold() in {attendee.party.email.casefold() for attendee in event.attendees}:
        raise ValueError("the organizer's address cannot be an attendee's")
