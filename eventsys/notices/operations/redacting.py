"""Words that the law wants gone: taken out of every version of a notice and of everything that was made from them.

The log keeps that it happened, who did it and why; it does not say the words again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.outbox import Letter, LetterBatch
from eventsys.core.stamps import NOTICES, raise_stamp
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.notices.models import (
    FindingReason,
    Notice,
    NoticeRedaction,
    NoticeReview,
    NoticeRevision,
    NoticeState,
    NoticeVersion,
    ReviewEvent,
)
from eventsys.notices.operations.files import forget_files
from eventsys.notices.operations.recording import put_down
from eventsys.notices.text import WRITTEN, NoticeText
from eventsys.rendering.replacing import replaced, whole

MARKS = {"zh": "〔依法隐去〕", "en": "[redacted]"}
SHORTEST = 2
BODIES = ("body_zh", "body_en")


def places_of(notice: Notice, words: str) -> dict[int, int]:
    """How often the words stand in each version, by its number; only versions in which they do."""
    rows = db.session.scalars(select(NoticeVersion).where(NoticeVersion.notice_id == notice.id))
    found = {row.number: _text(_written(row), words)[1] for row in rows}
    return {number: count for number, count in sorted(found.items()) if count}


def redact(
    notice: Notice, words: str, reason_zh: str, reason_en: str, seen: int | None = None, *, by: Actor
) -> NoticeRedaction:
    """Replace words by a mark in every version, saved text and remark, in letters that wait; files are made anew.

    `seen` is how many places the actor had before them. Raises `DomainError` without a reason, for words that are too
    short or stand nowhere, and when there are other places than were shown.
    """
    raise_stamp(NOTICES)
    row = locked(Notice, notice.id)
    if len(words) < SHORTEST:
        raise DomainError(_("Type at least two characters that are to go."), field="words")
    if not reason_zh and not reason_en:
        raise DomainError(_("Give the reason"), field="reason_zh")
    versions = [locked(NoticeVersion, each) for each in _ids(NoticeVersion, row.id)]
    places = sum(_redact_version(version, words) for version in versions)
    if not places:
        raise DomainError(_("No version of this notice holds these words."), field="words")
    if seen is not None and seen != places:
        raise DomainError(_("The words stand in other places now. Look at them again."), field="words")
    ids = [version.id for version in versions]
    _redact_beside(row, ids, words)
    for version_id in ids:
        forget_files(version_id)
    at = now()
    if row.state is not NoticeState.UNPUBLISHED:
        row.modified_at = max(at, row.modified_at + timedelta(seconds=1))
    mark = NoticeRedaction(
        notice_id=row.id,
        at=at,
        account_id=by.account_id,
        by=by.label,
        reason_zh=reason_zh,
        reason_en=reason_en,
        places=places,
    )
    db.session.add(mark)
    reasons = {"reason_zh": reason_zh, "reason_en": reason_en, "places": places}
    put_down(row, versions[-1], "redact", by, reason=reason_zh or reason_en, after=reasons)
    return mark


def _ids(model: type[Any], notice_id: int) -> list[int]:
    return list(db.session.scalars(select(model.id).where(model.notice_id == notice_id).order_by(model.id)))


def _redact_version(row: NoticeVersion, words: str) -> int:
    """The version's columns and the words that it is found by; returns how many places changed."""
    texts, places = _text(_written(row), words)
    if places:
        for name, value in NoticeText(**texts).columns().items():
            setattr(row, name, value)
    row.facts = _deep(row.facts, words)
    return places


def _redact_beside(notice: Notice, version_ids: list[int], words: str) -> None:
    """Saved texts, words of reviewers, the public reason of a withdrawal, and letters that wait."""
    for revision in db.session.scalars(select(NoticeRevision).where(NoticeRevision.version_id.in_(version_ids))):
        text, places = _text({name: str(value) for name, value in revision.text.items()}, words)
        if places:
            revision.text = text
        revision.facts = _deep(revision.facts, words)
    for model, column in ((FindingReason, "reason"), (NoticeReview, "remarks"), (ReviewEvent, "reason")):
        for each in db.session.scalars(select(model).where(model.version_id.in_(version_ids))):
            setattr(each, column, _line(getattr(each, column), words, "zh")[0])
    for language, mark in MARKS.items():
        name = f"withdrawn_reason_{language}"
        setattr(notice, name, whole(words).sub(mark, getattr(notice, name)))
    batches = select(Letter.batch_id).where(Letter.key.like("notice:%"), Letter.kind.like("notice_%"))
    for batch in db.session.scalars(select(LetterBatch).where(LetterBatch.id.in_(batches))):
        if batch.common.get("notice_id") == notice.id:
            common = {name: _value(name, value, words) for name, value in batch.common.items()}
            db.session.execute(update(LetterBatch).where(LetterBatch.id == batch.id).values(common=common))


def _written(row: NoticeVersion) -> dict[str, str]:
    return {name: getattr(row, name) for name in WRITTEN}


def _text(texts: Mapping[str, str], words: str) -> tuple[dict[str, str], int]:
    """The texts by the names of their columns, and how many places changed."""
    changed = {
        name: replaced(value, words, MARKS[name[-2:]])
        if name in BODIES
        else _line(value, words, "en" if name.endswith("_en") else "zh")
        for name, value in texts.items()
    }
    return {name: value for name, (value, _count) in changed.items()}, sum(count for _value, count in changed.values())


def _line(text: str, words: str, language: str) -> tuple[str, int]:
    return whole(words).subn(MARKS[language], text)


def _value(name: str, value: Any, words: str) -> Any:
    return _line(value, words, "en" if name.endswith("_en") else "zh")[0] if isinstance(value, str) else value


def _deep(value: Any, words: str) -> Any:
    """Words inside a JSON value."""
    if isinstance(value, str):
        return _line(value, words, "zh")[0]
    if isinstance(value, dict):
        return {key: _deep(each, words) for key, each in value.items()}
    return [_deep(each, words) for each in value] if isinstance(value, list) else value
