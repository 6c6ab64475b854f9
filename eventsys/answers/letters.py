"""A receipt for each sending, to whoever answered; a request to change answers to the office, and its answer back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from eventsys.accounts.queries import liaisons_of
from eventsys.answers.models import AnswerSheet, ChangeRequest
from eventsys.core.actor import Actor
from eventsys.core.formats import moment
from eventsys.core.language import choose, use_language
from eventsys.core.language import gettext as _
from eventsys.core.letters import Facts, Kind, Rendered, never_stale
from eventsys.core.outbox import Recipient, enqueue
from eventsys.directory.models import Organization, Person
from eventsys.extensions import db
from eventsys.invitations import words
from eventsys.invitations.facts import is_address
from eventsys.invitations.letters.words import organization_page, public_url
from eventsys.invitations.models import Ask
from eventsys.invitations.queries import replies
from eventsys.invitations.queries.portal import visible
from eventsys.invitations.queries.shapes import PlaceState, ReplyRow
from eventsys.meetings.models import Meeting
from eventsys.web.pages import render_plain

RECEIPT, REQUEST, CLOSED = "answers_receipt", "change_request", "change_request_closed"


def queue_receipt(ask: Ask, sheet: AnswerSheet, place_ids: Sequence[int], *, by: Actor) -> int:
    """Queue the receipt of a sending: to the liaison who signed in, by the link to all liaisons. Returns how many."""
    meeting = db.session.get_one(Meeting, ask.meeting_id)
    organization = db.session.get_one(Organization, ask.organization_id)
    rows = replies.rows(meeting.id, only=visible([organization.id]))
    common = {
        "title_zh": meeting.title_zh,
        "title_en": meeting.title_en,
        "office_zh": meeting.convener.name_zh,
        "office_en": meeting.convener.name_en,
        "organization_zh": organization.name_zh,
        "organization_en": organization.name_en,
        "zone": meeting.zone,
        "at": sheet.sent_at.isoformat() if sheet.sent_at else "",
        "by": sheet.filler or sheet.sent_by,
        "note": sheet.note,
        "link": ask.link_id if ask.link_revoked_at is None else "",
        "rows": [_row(row) for row in rows if row.place_id in set(place_ids)],
    }
    letters = [
        _letter(f"{RECEIPT}:{ask.id}:{sheet.sent_number}:p{person.id}", person, organization)
        for person in _readers(organization, by)
        if is_address(person.email)
    ]
    return enqueue(RECEIPT, common, letters, meeting_id=meeting.id)


def rendered(common: Facts, facts: Facts, language: str) -> Rendered:
    """What was answered, by whom and when, and where it can be changed."""
    with use_language(language):
        title = _title(common)
        organization = choose(common["organization_zh"], common["organization_en"])
        when = moment(datetime.fromisoformat(common["at"]), common["zone"])
        parts: dict[str, Any] = {
            "before": [
                _("Dear %(name)s,", name=choose(facts["name_zh"], facts["name_en"])),
                _(
                    "The answers of %(organization)s to “%(title)s” were received on %(when)s, sent by %(who)s.",
                    organization=organization,
                    title=title,
                    when=when,
                    who=common["by"],
                ),
                *[_line(row) for row in common["rows"]],
                *([_("Note: %(text)s", text=common["note"])] if common["note"] else []),
            ],
            "link": f"{organization_page(common['link'])}?lang={language}" if common["link"] else "",
            "button": _("Open the answers"),
            "after": [_("Was it not you? Please tell the convening office.")],
        }
        return _letter_of(common, _("Answers received: %(title)s", title=title), parts)


def _readers(organization: Organization, by: Actor) -> list[Person]:
    if by.person_id is not None:
        person = db.session.get(Person, by.person_id)
        return [person] if person else []
    return liaisons_of({organization.id: organization.path}).get(organization.id, [])


def _row(row: ReplyRow) -> dict[str, str]:
    return {
        "title_zh": row.post_zh or row.title_zh,
        "title_en": row.post_en or row.title_en,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "state": row.state.value,
        "reason": row.comment,
    }


def _line(row: Facts) -> str:
    """`副区长：请假待批，率团出访`."""
    title, name = choose(row["title_zh"], row["title_en"]), choose(row["name_zh"], row["name_en"])
    who = choose("　", " ").join(text for text in (title, name) if text) or _("Place")
    said = str(words.STATES[PlaceState(row["state"])])
    answer = choose("，", ", ").join(text for text in (said, row["reason"]) if text)
    return _("%(label)s: %(value)s", label=who, value=answer)


def queue_request(ask: Ask, request: ChangeRequest) -> int:
    """Tell the convening office, at the meeting's contact, that an organization wants to change its answers."""
    meeting = db.session.get_one(Meeting, ask.meeting_id)
    office = meeting.convener
    address = next((each for each in (meeting.contact_email, office.email) if is_address(each)), "")
    if not address:
        return 0
    name = meeting.contact_name or office.name(office.language)
    letter = (f"{REQUEST}:{request.id}", Recipient(name, address, office.language), {"name_zh": name, "name_en": name})
    return enqueue(REQUEST, _about(ask, meeting, request), [letter], meeting_id=meeting.id)


def queue_closed(ask: Ask, request: ChangeRequest) -> int:
    """Tell the organization's liaisons what the office says to their request."""
    meeting = db.session.get_one(Meeting, ask.meeting_id)
    organization = db.session.get_one(Organization, ask.organization_id)
    people = liaisons_of({organization.id: organization.path}).get(organization.id, [])
    letters = [_letter(f"{CLOSED}:{request.id}:p{person.id}", person, organization) for person in people]
    found = [letter for letter in letters if is_address(letter[1].address)]
    return enqueue(CLOSED, _about(ask, meeting, request), found, meeting_id=meeting.id)


def request_rendered(common: Facts, facts: Facts, language: str) -> Rendered:
    """An organization's request, for the office."""
    with use_language(language):
        organization, title = choose(common["organization_zh"], common["organization_en"]), _title(common)
        page = f"{public_url()}/workspace/meetings/{common['meeting_id']}/answers/{common['organization_id']}"
        parts: dict[str, Any] = {
            "before": [
                _("Dear %(name)s,", name=choose(facts["name_zh"], facts["name_en"])),
                _(
                    "%(organization)s asks to change its answers to “%(title)s”:",
                    organization=organization,
                    title=title,
                ),
                common["words"],
                choose("，", ", ").join(text for text in (common["by"], common["phone"]) if text),
            ],
            "link": page,
            "button": _("Open the request"),
            "after": [],
        }
        subject = _("Request to change answers: %(organization)s, %(title)s", organization=organization, title=title)
        return _letter_of(common, subject, parts)


def closed_rendered(common: Facts, facts: Facts, language: str) -> Rendered:
    """What became of a request, for the organization."""
    with use_language(language):
        parts: dict[str, Any] = {
            "before": [
                _("Dear %(name)s,", name=choose(facts["name_zh"], facts["name_en"])),
                _("Your request to change the answers to “%(title)s” was dealt with.", title=_title(common)),
                _("You wrote: %(text)s", text=common["words"]),
                *([_("The convening office wrote: %(text)s", text=common["reply"])] if common["reply"] else []),
            ],
            "link": f"{organization_page(common['link'])}?lang={language}" if common["link"] else "",
            "button": _("Open the answers"),
            "after": [],
        }
        return _letter_of(common, _("About your request: %(title)s", title=_title(common)), parts)


def _about(ask: Ask, meeting: Meeting, request: ChangeRequest) -> dict[str, Any]:
    organization = db.session.get_one(Organization, ask.organization_id)
    return {
        "title_zh": meeting.title_zh,
        "title_en": meeting.title_en,
        "office_zh": meeting.convener.name_zh,
        "office_en": meeting.convener.name_en,
        "organization_zh": organization.name_zh,
        "organization_en": organization.name_en,
        "meeting_id": meeting.id,
        "organization_id": organization.id,
        "link": ask.link_id if ask.link_revoked_at is None else "",
        "words": request.words,
        "by": request.by,
        "phone": request.phone,
        "reply": request.reply,
    }


def _letter(key: str, person: Person, organization: Organization) -> tuple[str, Recipient, dict[str, str]]:
    language = person.language or organization.language
    name = choose(person.name_zh, person.name_en, language)
    to = Recipient(name, person.email, language, organization_id=organization.id)
    return key, to, {"name_zh": person.name_zh, "name_en": person.name_en}


def _letter_of(common: Facts, subject: str, parts: dict[str, Any]) -> Rendered:
    office = choose(common["office_zh"], common["office_en"])
    text, html = (
        render_plain(f"letters/accounts_letter.{ending}", subject=subject, office=office, **parts)
        for ending in ("txt", "html")
    )
    return Rendered(subject, text, html, sender_name=office)


def _title(common: Facts) -> str:
    return choose(common["title_zh"], common["title_en"])


KINDS: tuple[Kind, ...] = (
    Kind(RECEIPT, rendered, never_stale, resend=False),
    Kind(REQUEST, request_rendered, never_stale),
    Kind(CLOSED, closed_rendered, never_stale),
)
