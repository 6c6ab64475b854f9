"""Word of a publication: one letter to each participant and subscriber, queued with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eventsys.core.outbox import Recipient, enqueue
from eventsys.notices.announcements import CORRECTED, PUBLISHED
from eventsys.notices.models import Notice, NoticeVersion
from eventsys.notices.queries.audience import participants, subscribers
from eventsys.rendering.richtext import plain_text

LEAD = 400
Queued = tuple[str, Recipient, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Audience:
    """Who gets a letter when a notice is published or corrected."""

    participants: bool = False
    subscribers: bool = True


def announce(notice: Notice, version: NoticeVersion, audience: Audience) -> int:
    """Queue the letters of a version that was just published; returns how many. One to each address, whoever has it."""
    letters = list(_letters(notice, version, audience))
    if not letters:
        return 0
    kind = PUBLISHED if version.number == 1 else CORRECTED
    return enqueue(kind, _common(notice, version), letters)


def _letters(notice: Notice, version: NoticeVersion, audience: Audience) -> Iterator[Queued]:
    """Subscribers first: theirs is the letter that one can leave by."""
    told: set[str] = set()
    mark = f"notice:{version.id}"
    for row in subscribers() if audience.subscribers else []:
        told.add(row.email)
        yield f"{mark}:s{row.id}", Recipient("", row.email, row.language), {"subscription_id": row.id}
    for row in participants(notice.meeting_id) if audience.participants else []:
        address = row.email.lower()
        if address not in told:
            told.add(address)
            name = row.name_en if row.language == "en" else row.name_zh
            yield f"{mark}:a{row.id}", Recipient(name or row.name_zh or row.name_en, row.email, row.language), {}


def _common(notice: Notice, version: NoticeVersion) -> dict[str, Any]:
    return {
        "notice_id": notice.id,
        "version_id": version.id,
        "path": f"/notices/{notice.year}/{notice.slug}",
        "title_zh": version.title_zh,
        "title_en": version.title_en,
        "lead_zh": _lead(version.body_zh),
        "lead_en": _lead(version.body_en),
        "note_zh": version.correction_zh,
        "note_en": version.correction_en,
        "office_zh": notice.meeting.convener.name_zh,
        "office_en": notice.meeting.convener.name_en,
    }


def _lead(body: str) -> str:
    """The first paragraph."""
    words = plain_text(body[: 8 * LEAD]).split("\n\n", 1)[0]
    return words if len(words) <= LEAD else words[:LEAD].rstrip() + "…"
