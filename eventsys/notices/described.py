"""A notice described to machines: schema.org as JSON-LD, Open Graph, and the names of Chinese government sites."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import Row

from eventsys.core.language import HTML_LANG, choose
from eventsys.notices.models import NoticeState
from eventsys.notices.page import NoticePage, index_number
from eventsys.notices.queries.search import bare

LEAD = 200
LOCALES = {"zh": "zh_CN", "en": "en_GB"}
_SAFE = tuple((sign, f"\\u{ord(sign):04x}") for sign in "<>&\u2028\u2029")


@dataclass(frozen=True, slots=True)
class About:
    """What stands in the head of the page: `data` is JSON that cannot end its element."""

    address: str
    alternates: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...]
    properties: tuple[tuple[str, str], ...]
    data: Markup


def about(row: Row[Any], page: NoticePage, site: str, base: str, zone: str) -> About | None:
    """The description of a published notice; None for one that is withdrawn."""
    if row.state is not NoticeState.PUBLISHED or row.published_at is None:
        return None
    language = "zh" if page.text_lang == HTML_LANG["zh"] else "en"
    address = f"{base}{page.path}"
    published, modified = (_local(at, zone) for at in (row.published_at, row.modified_at))
    lead = _lead(str(page.body))
    convener = choose(row.convener_zh, row.convener_en, language)
    source = choose(row.department_zh, row.department_en, language) or convener
    return About(
        address=address,
        alternates=tuple(
            (HTML_LANG[code], f"{address}?lang={code}") for code in HTML_LANG if getattr(row, f"in_{code}")
        ),
        names=(
            ("description", lead),
            ("SiteName", site),
            ("ArticleTitle", page.title),
            ("PubDate", f"{published:%Y-%m-%d %H:%M}"),
            ("ContentSource", source),
        ),
        properties=(
            ("og:type", "article"),
            ("og:title", page.title),
            ("og:description", lead),
            ("og:url", address),
            ("og:site_name", site),
            ("og:locale", LOCALES[language]),
            ("article:published_time", published.isoformat()),
            ("article:modified_time", modified.isoformat()),
        ),
        data=_data(
            {
                "@context": "https://schema.org",
                "@type": "NewsArticle",
                "@id": address,
                "url": address,
                "headline": page.title,
                "description": lead,
                "inLanguage": [HTML_LANG[code] for code in HTML_LANG if getattr(row, f"in_{code}")],
                "datePublished": published.isoformat(),
                "dateModified": modified.isoformat(),
                "version": page.number,
                "identifier": index_number(row) or None,
                "author": _author(row, language) or {"@type": "GovernmentOrganization", "name": convener},
                "publisher": {"@type": "GovernmentOrganization", "name": convener},
                "correction": page.note or None,
                "about": {
                    "@type": "Event",
                    "name": choose(row.meeting_title_zh, row.meeting_title_en, language),
                    "startDate": f"{_local(row.starts_at, row.zone):%Y-%m-%d}",
                    "organizer": {"@type": "GovernmentOrganization", "name": convener},
                },
                "encoding": [
                    {"@type": "MediaObject", "encodingFormat": kind, "contentUrl": f"{address}.{ending}"}
                    for ending, kind in (("pdf", "application/pdf"), ("docx", DOCX))
                ],
            }
        ),
    )


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _author(row: Row[Any], language: str) -> dict[str, str]:
    name = choose(row.author_zh, row.author_en, language)
    return {"@type": "Person", "name": name} if name else {}


def _data(values: dict[str, Any]) -> Markup:
    """JSON inside a script element that runs nothing: no character of it can end the element."""
    words = json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False)
    # Sign by sign: `translate` looks every character up.
    for sign, safe in _SAFE:
        words = words.replace(sign, safe)
    return Markup(words)  # noqa: S704 - nothing of markup is left in it


def _lead(body: str) -> str:
    """The first paragraph, cut to what search engines show."""
    words = next((line.strip() for line in bare(body[: 12 * LEAD]).split("\n") if line.strip()), "")
    return words if len(words) <= LEAD else words[:LEAD].rstrip() + "…"


def _local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))
