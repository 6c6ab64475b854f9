"""A meeting as a calendar object, and the texts of it that feeds join."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from flask import current_app

from eventsys.calendar.feed import for_everybody, prepared
from eventsys.calendar.model import Attendee, Event, Party, Status
from eventsys.config import Settings
from eventsys.core.language import LANGUAGES, choose, use_language
from eventsys.core.language import gettext as _
from eventsys.directory.models import Organization
from eventsys.meetings.models import Meeting, MeetingState


def event_of(
    meeting: Meeting,
    *,
    language: str,
    organizer: Party | None = None,
    attendees: tuple[Attendee, ...] = (),
    url: str | None = None,
    stamp: datetime | None = None,
    for_participants: bool = False,
    alarms: tuple[int, ...] = (),
) -> Event:
    """The meeting as a VEVENT at its present revision, in one language.

    `organizer` is the office's own address unless given (a letter gives its +token address), `url` the public page.
    `for_participants` adds what only they may know: online link, reply deadline's contact, notes. `stamp` is DTSTAMP.
    """
    with use_language(language):
        return Event(
            uid=meeting.uid,
            sequence=meeting.sequence,
            stamp=stamp or meeting.modified_at,
            modified=meeting.modified_at,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            zone=meeting.zone,
            summary=_summary(meeting),
            organizer=organizer or office_of(meeting.convener, language),
            description="\n".join(_description(meeting, for_participants)),
            location=place_of(meeting),
            url=page_url(meeting) if url is None else url,
            attendees=attendees,
            status=Status.CANCELLED if meeting.state is MeetingState.CANCELLED else Status.CONFIRMED,
            comment=meeting.reason(),
            alarms=alarms,
        )


def prepare_calendar(meeting: Meeting) -> None:
    """Write the public VEVENT and the one of those invited on the row, which must have its id, in both languages."""
    meeting.calendar_zh, meeting.calendar_en = (
        for_everybody(event_of(meeting, language=language)) for language in LANGUAGES
    )
    meeting.inside_zh, meeting.inside_en = (
        prepared(event_of(meeting, language=language, for_participants=True)) for language in LANGUAGES
    )
    meeting.prepared_at = meeting.modified_at


def new_uid() -> str:
    """A calendar identity for life (RFC 5545 3.8.4.7): unique, and of this installation."""
    return f"{uuid4()}@{_settings().host}"


def office_of(convener: Organization, language: str) -> Party:
    """The convening office as the organizer: its own address, the installation's where it has none that is usable."""
    name = convener.name(language)
    try:
        return Party(name, convener.email)
    except ValueError:
        return Party(name, _settings().mail.sender)


def page_url(meeting: Meeting) -> str:
    """The address of its page, absolute."""
    return f"{_settings().public_url}/meetings/{meeting.id}"


def place_of(meeting: Meeting) -> str:
    """Venue and address in one line, in the current language."""
    comma = choose("，", ", ")
    return comma.join(part for part in (meeting.venue(), meeting.address()) if part)


def _summary(meeting: Meeting) -> str:
    if meeting.state is not MeetingState.CANCELLED:
        return meeting.title()
    word = _("Postponed") if meeting.postponed else _("Cancelled")
    return _("[%(state)s] %(title)s", state=word, title=meeting.title())


def _description(meeting: Meeting, for_participants: bool) -> list[str]:
    lines = [_("Convened by: %(office)s", office=meeting.convener.name())]
    if meeting.reason():
        lines.append(_("Reason: %(reason)s", reason=meeting.reason()))
    if for_participants:
        stands = meeting.state is not MeetingState.CANCELLED
        lines += [
            _("%(label)s: %(value)s", label=label, value=value)
            for label, value, shown in (
                (_("Join online"), meeting.online_url, stands),
                (_("Contact"), contact_of(meeting), True),
                (_("Notes"), meeting.notes(), stands),
            )
            if value and shown
        ]
    return lines


def contact_of(meeting: Meeting) -> str:
    """Name, telephone and e-mail of the contact in one line, in the current language."""
    return choose("，", ", ").join(
        part for part in (meeting.contact_name, meeting.contact_phone, meeting.contact_email) if part
    )


def _settings() -> Settings:
    settings: Settings = current_app.extensions["eventsys.settings"]
    return settings
