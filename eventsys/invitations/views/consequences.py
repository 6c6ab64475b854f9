"""What a change or a cancellation would do, said before it is done: who is told, what, and whose answer is reset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from eventsys.core.clock import now
from eventsys.core.language import LANGUAGES, current_language
from eventsys.core.letters import Facts, Rendered
from eventsys.invitations.comparison import Compared, compared
from eventsys.invitations.facts import Invitee, Liaison, common_facts
from eventsys.invitations.holding import LEAD, differences
from eventsys.invitations.letters import preview
from eventsys.invitations.models import Leave, Reply
from eventsys.invitations.operations.cancel import CANCELLATION
from eventsys.invitations.operations.change import UPDATE, Reason, before_facts
from eventsys.invitations.operations.hold import UNTOLD
from eventsys.invitations.queries.change import Told, change_of, told
from eventsys.invitations.queries.held import is_known, organization_name
from eventsys.invitations.words import LEAVES, REPLIES
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting, MeetingState


@dataclass(frozen=True, slots=True)
class Consequences:
    """`kinds` of facts that change, fact by fact, who gets a letter of `letter_kind`, and whose answers are `reset`.

    `facts` stand for the record's own in the letter, `more` is what it says beside them.
    """

    meeting: Meeting
    kinds: Sequence[str]
    letter_kind: str
    readers: Sequence[Invitee | Liaison]
    unaware: int
    reset: Sequence[Invitee] = ()
    facts: MeetingFacts | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    may_tell_words: bool = False
    compared: Sequence[Compared] = ()

    @property
    def letters(self) -> int:
        return len(self.readers)

    def in_language(self, language: str) -> int:
        return sum(row.language == language for row in self.readers)

    @property
    def resets(self) -> bool:
        return bool(self.reset)

    def answer_of(self, row: Invitee) -> str:
        """What somebody has answered so far; leave says more than the decline it stands beside."""
        return str(LEAVES[row.leave] if row.leave is not Leave.NONE else REPLIES[row.reply])

    @property
    def languages(self) -> list[str]:
        """The languages in which letters go out."""
        return [code for code in LANGUAGES if self.in_language(code)]

    @property
    def letters_to_read(self) -> list[tuple[str, Rendered]]:
        """One letter in each language used, as language and words."""
        common = self.common()
        read = [(code, letter_of(self, code, common)) for code in self.languages]
        return [(code, words) for code, words in read if words is not None]

    def common(self) -> dict[str, Any]:
        """What all letters say; it reads the agenda."""
        return {**common_facts(self.meeting, self.facts), **self.more}


class Timing(NamedTuple):
    """Whether a change waits for further edits; `soon`: it would, but the meeting begins."""

    waits: bool = False
    soon: bool = False


def timing(meeting: Meeting, facts: MeetingFacts) -> Timing:
    """When these facts would take effect: a meeting that nobody knows of, or that begins, is changed at once."""
    soon = min(meeting.starts_at, facts.starts_at) - LEAD <= now()
    known = is_known(meeting) and not set(differences(meeting, facts)) <= UNTOLD
    return Timing(known and not soon, known and soon)


def changing(
    meeting: Meeting,
    facts: MeetingFacts,
    *,
    tell_words: bool = False,
    reason: Reason | None = None,
    readers: Told | None = None,
) -> Consequences:
    """What these facts would do; `readers` are those told, where they are known already."""
    change, readers = change_of(meeting, facts), readers or told(meeting)
    tells = change.is_significant or tell_words
    return Consequences(
        meeting=meeting,
        kinds=change.kinds,
        letter_kind=UPDATE,
        readers=readers.readers if tells else (),
        unaware=_unaware(readers) if tells else len(readers.waiting),
        reset=readers.answered if change.resets else (),
        facts=facts,
        more={"before": before_facts(meeting), "changes": change.shown, **(reason or Reason()).facts()},
        may_tell_words=not change.is_significant,
        compared=compared(MeetingFacts.of(meeting), facts, organization_name),
    )


def cancelling(meeting: Meeting, reason: Reason, *, postponed: bool) -> Consequences:
    """What cancelling would do; a draft tells nobody."""
    readers = told(meeting)
    return Consequences(
        meeting=meeting,
        kinds=(),
        letter_kind=CANCELLATION,
        readers=readers.informed if meeting.state is not MeetingState.DRAFT else (),
        unaware=_unaware(readers),
        more={**reason.facts(), "postponed": postponed},
    )


def letter_of(going: Consequences, language: str, common: Facts | None = None) -> Rendered | None:
    """The letter to the first reader of that language, else to the first of all in it; None when none goes out."""
    language = language if language in LANGUAGES else current_language()
    reader = next((row for row in going.readers if row.language == language), None)
    reader = reader or next(iter(going.readers), None)
    if reader is None:
        return None
    return preview.shown(going.letter_kind, common or going.common(), reader, _news(going, reader), language)


def _news(going: Consequences, reader: Invitee | Liaison) -> dict[str, Any]:
    if isinstance(reader, Liaison):
        return {}
    is_reset = reader.attendee_id in {row.attendee_id for row in going.reset}
    return {"reply": Reply.PENDING.value, "leave": "", "reset": True} if is_reset else {}


def _unaware(readers: Told) -> int:
    return sum(readers.new_to(row) for row in readers.readers)
