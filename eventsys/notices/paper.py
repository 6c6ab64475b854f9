"""A published notice as a paper: each language that it has, one after the other, with the facts of its page."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from eventsys.core.language import LANGUAGES, choose, use_language
from eventsys.core.language import gettext as _
from eventsys.notices.page import NoticePage, page_of
from eventsys.rendering.paper import Paper, Part, words_of
from eventsys.rendering.reading import PICTURES

EDITION = 2
_PICTURE = re.compile(rf'<img src="{re.escape(PICTURES)}([^"]+)"')


def paper_of(rows: Mapping[str, Row[Any]], zone: str, base: str, pictures: Mapping[str, bytes]) -> Paper:
    """The paper of a notice's version; `rows` are those of `queries.public` by language, `base` the public address."""
    row = rows[LANGUAGES[0]]
    parts = tuple(_part(rows[code], code, zone) for code in LANGUAGES if getattr(row, f"in_{code}"))
    return Paper(
        title=choose(row.title_zh, row.title_en, parts[0].language),
        office=parts[0].office,
        address=f"{base}/notices/{row.year}/{row.slug}",
        parts=parts,
        pictures=pictures,
    )


def picture_names(body: str) -> list[str]:
    """The names of the pictures that a body shows; `body` is in the one form that rich text is kept in."""
    return _PICTURE.findall(body)


def mark_of(paper: Paper) -> str:
    """A sum of everything that the paper says, and of how it is printed. Pictures are known by their names."""
    words = {**asdict(paper), "pictures": sorted(paper.pictures), "edition": EDITION}
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()


def _part(row: Row[Any], language: str, zone: str) -> Part:
    with use_language(language):
        page = page_of(row, zone)
        return Part(
            language=language,
            office=choose(row.convener_zh, row.convener_en),
            title=page.title,
            byline=page.byline,
            remarks=_remarks(page),
            body=str(page.body),
            facts_title=_("The meeting"),
            facts=words_of((*page.facts, *page.register)),
        )


def _remarks(page: NoticePage) -> tuple[str, ...]:
    """What happened to the text since it was first published."""
    corrected = f"{_('Corrected on %(day)s.', day=page.corrected)} {page.note}" if page.note and page.corrected else ""
    earlier = (
        _("This is an earlier version. The address below shows the notice as it is now.") if page.is_earlier else ""
    )
    return tuple(words for words in (earlier, corrected, redaction_words(page)) if words)


def redaction_words(page: NoticePage) -> str:
    """That words were taken out, and why."""
    if not page.redacted:
        return ""
    return _("On %(day)s words were taken out of this notice: %(reason)s", day=page.redacted, reason=page.redacted_why)
