"""A receipt for each sending: what the organization answered, to whoever answered for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from eventsys.accounts.queries import liaisons_of
from eventsys.answers.models import AnswerSheet
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
from eventsys.invitations.letters.words import organization_page
from eventsys.invitations.models import Ask
from eventsys.invitations.queries import replies
from eventsys.invitations.queries.portal import visible
from eventsys.invitations.queries.shapes import PlaceState, ReplyRow
from eventsys.meetings.models import Meeting
from eventsys.web.pages import render_plain

RECEIPT = "answers_receipt"


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
        (
            f"{RECEIPT}:{ask.id}:{sheet.sent_number}:p{person.id}",
            Recipient(
                choose(person.name_zh, person.name_en, person.language or organization.language),
                person.email,
                person.language or organization.language,
                organization_id=organization.id,
            ),
            {"name_zh": person.name_zh, "name_en": person.name_en},
        )
        for person in _readers(organization, by)
        if is_address(person.email)
    ]
    return enqueue(RECEIPT, common, letters, meeting_id=meeting.id)


def rendered(common: Facts, facts: Facts, language: str) -> Rendered:
    """What was answered, by whom and when, and where it can be changed."""
    with use_language(language):
        office = choose(common["office_zh"], common["office_en"])
        title = choose(common["title_zh"], common["title_en"])
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
        subject = _("Answers received: %(title)s", title=title)
        text, html = (
            render_plain(f"letters/accounts_letter.{ending}", subject=subject, office=office, **parts)
            for ending in ("txt", "html")
        )
    return Rendered(subject, text, html, sender_name=office)


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


KINDS: tuple[Kind, ...] = (Kind(RECEIPT, rendered, never_stale, resend=False),)
