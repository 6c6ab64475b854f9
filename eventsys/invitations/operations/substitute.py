"""To name people: a substitute for somebody, a person for a place that is to be named."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import func, select

from eventsys.core.actor import Actor, Channel
from eventsys.core.clock import now
from eventsys.core.errors import DomainError, Stale
from eventsys.core.language import gettext as _
from eventsys.core.names import HAN
from eventsys.core.tokens import new_link_id
from eventsys.core.transaction import check_version
from eventsys.directory.models import Person
from eventsys.extensions import db
from eventsys.invitations.deadlines import UNTIL_DEADLINE, whom_to_call
from eventsys.invitations.facts import is_address
from eventsys.invitations.models import Attendee, Leave, Place, Reply
from eventsys.invitations.operations.answer import check_seen
from eventsys.invitations.operations.place import (
    Answering,
    Identified,
    answer_of,
    check_open,
    current_attendee,
    lock_attendee,
    lock_place,
    put_down,
    set_answer,
)
from eventsys.invitations.operations.send import invite
from eventsys.invitations.operations.succession import LONGEST_CHAIN, ancestors, holds_another_place, stand_down
from eventsys.invitations.operations.tell import tell_delegation
from eventsys.meetings.models import Meeting

MOST_A_DAY = 5
LONGEST_COMMENT = 1000
_CHINESE = re.compile(f"[{HAN}]")


@dataclass(frozen=True, slots=True)
class Named:
    """Who is named: somebody of the directory (`person_id`; the words then come from there), or free text."""

    name: str = ""
    title: str = ""
    phone: str = ""
    email: str = ""
    person_id: int | None = None


def name_substitute(
    attendee: Identified,
    named: Named,
    *,
    by: Actor,
    channel: Channel | None = None,
    source: str = "",
    caller: str = "",
    version: int | None = None,
    seen: int | None = None,
    reason: str = "",
) -> Attendee:
    """Put a substitute on the attendee's place; the attendee's reply becomes `delegated`. Returns the substitute.

    A substitute with an e-mail address is invited, the attendee gets a copy. An earlier substitute of the same attendee
    steps down. Raises `Closed`, `Stale`, and `DomainError` for a fourth hand, a circle, somebody who has a place, and
    one more by link or mail than a place may have on a day.
    """
    channel = channel or by.channel
    found = lock_attendee(attendee.id)
    row = found.attendee
    if version is not None:
        check_version(row, version)
    check_open(found.meeting, found.place, channel)
    check_seen(found, seen)
    _check_pace(found, channel)
    _check_present(found, by=by, channel=channel)
    named = _described(named)
    _check_chain(row, named)
    before = answer_of(row)
    set_answer(row, Reply.DELEGATED, Leave.NONE, reason, by=by, channel=channel)
    row.is_current = False
    said = f"{_in_words(named)}\n{reason}".strip()[:LONGEST_COMMENT]
    put_down("delegated", found, before, by=by, channel=channel, comment=said, source=source, caller=caller)
    db.session.flush()
    substitute = _put_on(found.place, found.meeting, named, row)
    put_down(
        "named",
        replace(found, attendee=substitute),
        {},
        by=by,
        channel=channel,
        comment="",
        source=source,
        caller=caller,
    )
    _tell(found.meeting, substitute, by=by)
    tell_delegation(row, by=by)
    return substitute


def name_person(
    place: Identified,
    named: Named,
    *,
    by: Actor,
    channel: Channel | None = None,
    source: str = "",
    caller: str = "",
) -> Attendee:
    """Name somebody for a place that is to be named, and invite them. Returns the attendee.

    Raises `Stale` (with the present attendee) when somebody was named meanwhile, `Closed`, and `DomainError` for
    somebody who already has a place at the meeting.
    """
    channel = channel or by.channel
    row, meeting = lock_place(place.id)
    present = current_attendee(row)
    if present is not None:
        raise Stale(_("Somebody was named for this place while this page was open."), current=present)
    check_open(meeting, row, channel)
    attendee = _put_on(row, meeting, _described(named), None)
    put_down(
        "named", Answering(meeting, row, attendee), {}, by=by, channel=channel, comment="", source=source, caller=caller
    )
    _tell(meeting, attendee, by=by)
    return attendee


def _check_pace(found: Answering, channel: Channel) -> None:
    """A link that got around must not become a way to write to ever new addresses."""
    if channel not in UNTIL_DEADLINE:
        return
    since = now() - timedelta(days=1)
    statement = select(func.count()).select_from(Attendee)
    statement = statement.where(Attendee.place_id == found.place.id, Attendee.created_at > since)
    if (db.session.scalar(statement.where(Attendee.stands_in_for_id.is_not(None))) or 0) >= MOST_A_DAY:
        contact = whom_to_call(found.meeting)
        raise DomainError(_("Too many people were named for this place today. %(contact)s", contact=contact))


def _check_present(found: Answering, *, by: Actor, channel: Channel) -> None:
    """Whoever names a substitute is on the place, or had named the one who is: that one steps down."""
    if found.attendee.is_current:
        return
    present = current_attendee(found.place)
    if present is None:
        return
    if found.attendee.id not in {row.id for row in ancestors(present)}:
        contact = whom_to_call(found.meeting)
        raise DomainError(_("Somebody else has been named for this place. %(contact)s", contact=contact))
    stand_down(found, present, by=by, channel=channel)


def _described(named: Named) -> Named:
    """The name and address in words, also of somebody from the directory. Raises `DomainError` for what is missing."""
    if named.person_id is not None:
        person = db.session.get(Person, named.person_id)
        if person is None or person.merged_into_id is not None:
            raise DomainError(_("Choose somebody from the list."), field="person")
        name = person.name_zh or person.name_en
        return replace(named, name=name, phone=named.phone or person.phone, email=named.email or person.email)
    if not named.name.strip():
        raise DomainError(_("Enter the name."), field="name")
    if named.email and not is_address(named.email):
        raise DomainError(_("Enter one e-mail address, such as name@example.org, or leave it empty."), field="email")
    return named


def _check_chain(attendee: Attendee, named: Named) -> None:
    """Up to three hands, and never a circle."""
    chain = [attendee, *ancestors(attendee)]
    if len(chain) > LONGEST_CHAIN:
        raise DomainError(_("This place was handed on three times. Attend, or decline and it goes back."))
    for row in chain:
        if named.email and named.email.casefold() == row.email.casefold():
            raise DomainError(
                _("This is the address of somebody who handed the place on. Enter the substitute's own, or none."),
                field="email",
            )
        if _is_same(row, named):
            raise DomainError(_("A substitute is somebody else: the place cannot go round in a circle."), field="name")


def _is_same(row: Attendee, named: Named) -> bool:
    """Whether it is the same person: the same record, or one name with nothing that tells two people apart."""
    if named.person_id is not None and row.person_id is not None:
        return named.person_id == row.person_id
    if named.name not in {row.name_zh, row.name_en} - {""}:
        return False
    told_apart = (named.email and row.email) or (named.phone and row.phone and named.phone != row.phone)
    return not told_apart


def _put_on(place: Place, meeting: Meeting, named: Named, absent: Attendee | None) -> Attendee:
    """The attendee of this place from now on."""
    person = db.session.get(Person, named.person_id) if named.person_id is not None else None
    name = (person.name_zh, person.name_en) if person else in_languages(named.name)
    title = in_languages(named.title) if named.title else _title_of(place, absent)
    row = Attendee(
        meeting_id=meeting.id,
        place_id=place.id,
        person_id=named.person_id,
        name_zh=name[0],
        name_en=name[1],
        title_zh=title[0],
        title_en=title[1],
        email=named.email,
        phone=named.phone,
        language=_language_of(place, person, absent),
        stands_in_for_id=absent.id if absent else None,
        link_id=new_link_id(),
        is_current=True,
        reply=Reply.PENDING,
        leave=Leave.NONE,
        comment="",
        created_at=now(),
    )
    if holds_another_place(row):
        raise DomainError(_("This person already has another place at the meeting."), field="person")
    db.session.add(row)
    db.session.flush()
    return row


def _title_of(place: Place, absent: Attendee | None) -> tuple[str, str]:
    """The post's words for somebody named for it; a substitute has only those of their own."""
    if absent is None and place.post is not None:
        return place.post.title_zh, place.post.title_en
    return "", ""


def _language_of(place: Place, person: Person | None, absent: Attendee | None) -> str:
    if person is not None and person.language:
        return person.language
    if absent is not None:
        return absent.language
    return place.organization.language if place.organization is not None else "zh"


def in_languages(text: str) -> tuple[str, str]:
    """A typed text as its Chinese and its English form: it is one of them, the other stays empty."""
    return (text, "") if _CHINESE.search(text) else ("", text)


def _in_words(named: Named) -> str:
    return " ".join(text for text in (named.title, named.name) if text)


def _tell(meeting: Meeting, attendee: Attendee, *, by: Actor) -> None:
    """Invite whoever was named, where an address is known and the roll is still open."""
    if attendee.email:
        invite(meeting, [attendee], by=by)


def put_on_person(place: Place, meeting: Meeting, person_id: int) -> Attendee:
    """Put somebody of the directory on a place that nobody is on, with the words of its post; nobody is told.

    Raises `DomainError` for somebody who already has a place at the meeting.
    """
    return _put_on(place, meeting, _described(Named(person_id=person_id)), None)
