"""What a text may not say, or should not: findings, each with its place, asked again before every step.

    findings(version)   all of them, in the current language; those that stop the notice first

Findings that do not stop it ask for a word why not, which is kept with the version (`FindingReason`) and shown to the
reviewers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eventsys.core.language import current_language
from eventsys.core.language import gettext as _
from eventsys.meetings.models import Meeting
from eventsys.notices.checks.counts import counts
from eventsys.notices.checks.dates import dates
from eventsys.notices.checks.finding import Finding, Kind, Looked, looked_at
from eventsys.notices.checks.parted import parted
from eventsys.notices.checks.people import organizations, people
from eventsys.notices.checks.personal import personal_data
from eventsys.notices.checks.shape import headings, pictures, unfinished
from eventsys.notices.checks.style import empty_words, punctuation, quotation_marks
from eventsys.notices.models import AvoidedWord, NoticeVersion
from eventsys.notices.queries.house import words_of
from eventsys.notices.queries.record import Record, record_of

__all__ = ["Finding", "Kind", "findings", "findings_in"]


def findings(version: NoticeVersion, meeting: Meeting | None = None) -> list[Finding]:
    """What the check finds in a saved version."""
    meeting = meeting or version.notice.meeting
    return findings_in(looked_at(version), record_of(meeting), words_of(meeting.convener.path))


def findings_in(looked: Looked, record: Record, words: Sequence[AvoidedWord] = ()) -> list[Finding]:
    """What the check finds in a text: each once, those that stop the notice first, then in the order of the fields."""
    by_key = {finding.key: finding for finding in _all(looked, record, words)}
    order = list(dict.fromkeys(passage.field for passage in looked.passages))
    return sorted(
        by_key.values(),
        key=lambda each: (not each.blocks, order.index(each.field) if each.field in order else len(order)),
    )


def _all(looked: Looked, record: Record, words: Sequence[AvoidedWord]) -> Iterator[Finding]:
    yield from parted(looked, record)
    yield from dates(looked, record.meeting)
    yield from counts(looked, record)
    yield from organizations(looked, record)
    yield from people(looked, record)
    yield from unfinished(looked)
    yield from pictures(looked)
    yield from headings(looked)
    yield from personal_data(looked)
    yield from avoided(looked, words)
    yield from quotation_marks(looked)
    yield from punctuation(looked)
    yield from empty_words(looked)


def avoided(looked: Looked, words: Sequence[AvoidedWord]) -> Iterator[Finding]:
    """Words of the office's own list, in whatever case they are written."""
    for passage in looked.passages:
        text = passage.text.casefold()
        for word in words:
            at = text.find(word.words.casefold())
            if at >= 0:
                said = passage.text[at : at + len(word.words)]
                yield Finding(Kind.AVOIDED, passage.field, said, _avoided(said, word), blocks=word.blocks)


def _avoided(said: str, word: AvoidedWord) -> str:
    message = _("“%(words)s” is on the office's list of words to avoid.", words=said)
    if word.instead:
        message = _("“%(words)s”: the office writes “%(instead)s”.", words=said, instead=word.instead)
    return f"{message}{'' if current_language() == 'zh' else ' '}{word.note}".strip()
