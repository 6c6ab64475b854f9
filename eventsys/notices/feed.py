"""The Atom feed of notices (RFC 4287). An entry's `updated` moves when it is corrected or withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from feedgenerator import Atom1Feed
from sqlalchemy import Row

from eventsys.core.language import HTML_LANG, choose
from eventsys.core.language import gettext as _
from eventsys.notices.models import NoticeState

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Feed(Atom1Feed):  # type: ignore[misc]
    """Says when it last changed even while it is empty, so that it is the same octets each time."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=EPOCH)


def feed_of(rows: Sequence[Row[Any]], *, base: str, office: str, language: str) -> str:
    """The feed in one language; a text that is not in it stands in the other."""
    address = f"{base}/notices/feed.atom?lang={language}"
    title = _("Notices of meetings, %(office)s", office=office) if office else _("Notices of meetings")
    feed = Feed(
        title=title,
        link=f"{base}/notices/",
        description="",
        language=HTML_LANG[language],
        feed_url=address,
        feed_guid=f"{base}/notices/feed.atom",
        author_name=office or None,
    )
    for row in rows:
        _add(feed, row, base)
    return str(feed.writeString("utf-8"))


def _add(feed: Feed, row: Row[Any], base: str) -> None:
    link = f"{base}/notices/{row.year}/{row.slug}"
    title = choose(row.title_zh, row.title_en)
    withdrawn = row.state is NoticeState.WITHDRAWN
    feed.add_item(
        title=_("[Withdrawn] %(title)s", title=title) if withdrawn else title,
        link=link,
        description=None,
        content=_withdrawn(row) if withdrawn else _corrected(row) + choose(row.body_zh, row.body_en),
        unique_id=link,
        pubdate=row.published_at,
        updateddate=row.modified_at,
        author_name=choose(row.department_zh, row.department_en) or choose(row.convener_zh, row.convener_en),
    )


def _withdrawn(row: Row[Any]) -> str:
    reason = choose(row.withdrawn_reason_zh, row.withdrawn_reason_en)
    return _paragraph(_("This notice was withdrawn: %(reason)s", reason=reason))


def _corrected(row: Row[Any]) -> str:
    note = choose(row.correction_zh, row.correction_en)
    return _paragraph(_("Corrected: %(note)s", note=note)) if note else ""


def _paragraph(words: str) -> str:
    return f"<p>{escape(words, quote=False)}</p>"
