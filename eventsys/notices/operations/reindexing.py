"""The search index made anew: the words of every version from its text, then the database's own index of them."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from eventsys.core import search
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.notices.models import NoticeVersion
from eventsys.notices.text import NoticeText

BATCH = 200


def reindex(said: Callable[[str], object] | None = None) -> int:
    """Returns how many versions had other words than their text; says after each step what was done.

    Short units of work: pages are served and letters sent meanwhile.
    """
    say = said or str
    changed = _refresh_words()
    say(f"notice_version: {changed} texts had other words")
    for name in search.SEARCHED:
        with write() as session:
            search.rebuild(session.connection(), name)
        say(f"{name}: index made anew")
    return changed


def _refresh_words() -> int:
    changed, after = 0, 0
    while ids := _ids(after):
        with write():
            for row in db.session.scalars(select(NoticeVersion).where(NoticeVersion.id.in_(ids)).with_for_update()):
                words = NoticeText.of(row).search_text
                if row.search_text != words:
                    row.search_text = words
                    changed += 1
        after = ids[-1]
    return changed


def _ids(after: int) -> list[int]:
    ids = list(
        db.session.scalars(
            select(NoticeVersion.id).where(NoticeVersion.id > after).order_by(NoticeVersion.id).limit(BATCH)
        )
    )
    db.session.rollback()
    return ids
