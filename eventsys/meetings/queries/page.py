"""The page of one meeting, from one query: who may see it, its entity tag, and its facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Integer, Row, bindparam, select

from eventsys.core import reading
from eventsys.core.actor import Actor
from eventsys.core.language import choose, current_language
from eventsys.core.stamps import NOTICES, OFFICES, Stamp
from eventsys.directory.models import Organization
from eventsys.meetings.models import Meeting, MeetingKind, MeetingState, Visibility
from eventsys.meetings.policy import is_shown, sees_inside

COLUMNS = (
    *(
        "id",
        "version",
        "modified_at",
        "state",
        "scheduled_at",
        "visibility",
        "kind",
        "postponed",
        "title_zh",
        "title_en",
    ),
    *("starts_at", "ends_at", "zone", "venue_zh", "venue_en", "address_zh", "address_en", "reason_zh", "reason_en"),
    *("online_url", "reply_by", "contact_name", "contact_phone", "contact_email", "notes_zh", "notes_en"),
    "alarms",
)


@dataclass(frozen=True, slots=True)
class Inside:
    """What only participants and staff see."""

    online_url: str
    reply_by: datetime | None
    contact: tuple[str, ...]
    notes: str


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """A meeting as its page says it, in the current language. `inside` is None for the public."""

    id: int
    title: str
    kind: MeetingKind
    state: MeetingState
    postponed: bool
    reason: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    venue: str
    address: str
    convener: str
    is_public: bool
    inside: Inside | None


def _number(name: str) -> Any:
    return select(Stamp.number).where(Stamp.name == name).scalar_subquery()


_PAGE: Any = (
    select(
        *(getattr(Meeting, name) for name in COLUMNS),
        Organization.path,
        Organization.name_zh.label("convener_zh"),
        Organization.name_en.label("convener_en"),
        _number(OFFICES).label("offices"),
        _number(NOTICES).label("notices"),
    )
    .join(Organization, Organization.id == Meeting.convener_id)
    .where(Meeting.id == bindparam("meeting_id", type_=Integer))
)


_WITH_TEXT = {
    language: _PAGE.add_columns(text.label("calendar"))
    for language, text in (("zh", Meeting.calendar_zh), ("en", Meeting.calendar_en))
}


def page_row(meeting_id: int, calendar: str = "") -> Row[Any] | None:
    """The columns of a page, with the convener and the numbers of what else stands on it; one query.

    With a language as `calendar` it also has the prepared VEVENT in it, as the column of that name.
    """
    return reading.row(_WITH_TEXT.get(calendar, _PAGE), meeting_id=meeting_id)


def access(actor: Actor, row: Row[Any]) -> bool | None:
    """None when the actor may not see the page, else whether they see what is inside."""
    if not is_shown(row.state, row.scheduled_at):
        return None
    inside = actor.signed_in and sees_inside(actor, row.visibility, row.path, participates=participates(actor, row.id))
    return inside if inside or row.visibility is Visibility.PUBLIC else None


def participates(actor: Actor, meeting_id: int) -> bool:
    """Whether the actor is invited to the meeting, or answers for somebody who is.

    Asked of a callable `(actor, meeting_id) -> bool` that the application may bind as `eventsys.participates`:
    invitations come after meetings in the line of domains.
    """
    ask = current_app.extensions.get("eventsys.participates")
    return bool(ask and ask(actor, meeting_id))


def parts_of_tag(row: Row[Any], actor: Actor, inside: bool) -> tuple[object, ...]:
    """Everything that the page depends on beside the language; the viewer where the page is not the public's."""
    viewer = actor.account_id if actor.signed_in else None
    return ("meeting", row.id, row.version, row.modified_at, row.offices, row.notices, viewer, inside)


def page_of(row: Row[Any], inside: bool) -> MeetingPage:
    """The row of `page_row` in the current language."""
    english = current_language() == "en"

    def words(name: str) -> str:
        chinese_text, english_text = getattr(row, f"{name}_zh"), getattr(row, f"{name}_en")
        return str(english_text or chinese_text) if english else str(chinese_text or english_text)

    return MeetingPage(
        id=row.id,
        title=words("title"),
        kind=row.kind,
        state=row.state,
        postponed=row.postponed,
        reason=words("reason"),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=row.zone,
        venue=words("venue"),
        address=words("address"),
        convener=words("convener"),
        is_public=row.visibility is Visibility.PUBLIC,
        inside=_inside(row) if inside else None,
    )


def _inside(row: Row[Any]) -> Inside:
    contact = tuple(part for part in (row.contact_name, row.contact_phone, row.contact_email) if part)
    return Inside(row.online_url, row.reply_by, contact, choose(row.notes_zh, row.notes_en))
