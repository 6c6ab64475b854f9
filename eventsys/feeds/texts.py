"""Prepared texts of meetings, kept as octets in each process once they were read.

All who were asked to a meeting are shown the same text, and it never changes: a later one has a later `prepared_at`. So
nothing here depends on who asks; that is decided for each row of a calendar, every time.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import bindparam, select, type_coerce
from sqlalchemy.types import String

from eventsys.core import reading
from eventsys.meetings.models import Meeting

MOST = 8192


class Text(NamedTuple):
    """A text, when it was made, and the zone that its times are in."""

    prepared: str
    octets: bytes
    zone: str


Texts = Mapping[int, Text]
_STATEMENTS = {
    language: select(Meeting.id, type_coerce(Meeting.prepared_at, String), text, Meeting.zone).where(
        Meeting.id.in_(bindparam("ids", expanding=True)), text != ""
    )
    for language, text in (("zh", Meeting.inside_zh), ("en", Meeting.inside_en))
}
_kept: dict[str, dict[int, Text]] = {language: {} for language in _STATEMENTS}
_turn = threading.Lock()


def texts_of(meetings: Iterable[tuple[int, str | None]], language: str) -> Texts:
    """The texts of meetings by id, each with when it was made; those that are not kept yet are read by one query.

    What has no text (a draft) is not among them.
    """
    kept = _kept[language]
    lacking = [number for number, prepared in meetings if number not in kept or kept[number].prepared != prepared]
    if not lacking:
        return kept
    read = {row[0]: Text(row[1], row[2].encode(), row[3]) for row in reading.rows(_STATEMENTS[language], ids=lacking)}
    _keep(kept, read)
    return {**kept, **read}


def _keep(kept: dict[int, Text], read: dict[int, Text]) -> None:
    """Keep what was read; when there are too many, what was read first goes."""
    with _turn:
        for number in read:
            kept.pop(number, None)
        kept.update(read)
        for number in list(kept)[: max(0, len(kept) - MOST)]:
            del kept[number]


def forget_texts() -> None:
    """Read every text anew: the database is another one."""
    with _turn:
        for kept in _kept.values():
            kept.clear()
