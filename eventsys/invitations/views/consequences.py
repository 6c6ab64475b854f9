"""What a change or a cancellation would do, said before it is done: who is told, what, and whose answer is reset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eventsys.core.language import LANGUAGES, current_language
from eventsys.core.letters import Rendered
from eventsys.invitations.facts import Invitee, Liaison, common_facts
from eventsys.invitations.letters import preview
from eventsys.invitations.models import Reply
from eventsys.invitations.operations.cancel import CANCELLATION
from eventsys.invitations.operations.change import UPDATE, Reason, before_facts
from eventsys.invitations.queries.change import Told, answers_to_reset, change_of, told
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting, MeetingState


@dataclass(frozen=True, slots=True)
class Consequences:
    """`kinds` of facts that change, who gets a letter of `letter_kind`, and whose answers are `reset`."""

    kinds: Sequence[str]
    letter_kind: str
    readers: Sequence[Invitee | Liaison]
    unaware: int
    reset: Sequence[Invitee]
    common: Mapping[str, Any]
    may_tell_words: bool = False

    @property
    def letters(self) -> int:
        return len(self.readers)

    def in_language(self, language: str) -> int:
        return sum(row.language == language for row in self.readers)

    @property
    def resets(self) -> bool:
        return bool(self.reset)

    @property
    def languages(self) -> list[str]:
        """The languages in which letters go out."""
        return [code for code in LANGUAGES if self.in_language(code)]

    @property
    def letters_to_read(self) -> list[tuple[str, Rendered]]:
        """One letter in each language used, as language and words."""
        read = [(code, letter_of(self, code)) for code in self.languages]
        return [(code, words) for code, words in read if words is not None]


def changing(
    meeting: Meeting, facts: MeetingFacts, *, tell_words: bool = False, reason: Reason | None = None
) -> Consequences:
    """What these facts would do."""
    change, readers = change_of(meeting, facts), told(meeting)
    tells = change.is_significant or tell_words
    common = {
        **common_facts(meeting, facts),
        "before": before_facts(meeting),
        "changes": change.shown,
        **(reason or Reason()).facts(),
    }
    return Consequences(
        kinds=change.kinds,
        letter_kind=UPDATE,
        readers=readers.readers if tells else (),
        unaware=_unaware(readers) if tells else len(readers.waiting),
        reset=answers_to_reset(meeting) if change.resets else (),
        common=common,
        may_tell_words=not change.is_significant,
    )


def cancelling(meeting: Meeting, reason: Reason, *, postponed: bool) -> Consequences:
    """What cancelling would do; a draft tells nobody."""
    readers = told(meeting)
    return Consequences(
        kinds=(),
        letter_kind=CANCELLATION,
        readers=readers.informed if meeting.state is not MeetingState.DRAFT else (),
        unaware=_unaware(readers),
        reset=(),
        common={**common_facts(meeting), **reason.facts(), "postponed": postponed},
    )


def letter_of(going: Consequences, language: str) -> Rendered | None:
    """The letter to the first reader of that language, else to the first of all in it; None when none goes out."""
    language = language if language in LANGUAGES else current_language()
    reader = next((row for row in going.readers if row.language == language), None)
    reader = reader or next(iter(going.readers), None)
    if reader is None:
        return None
    return preview.shown(going.letter_kind, going.common, reader, _news(going, reader), language)


def _news(going: Consequences, reader: Invitee | Liaison) -> dict[str, Any]:
    if isinstance(reader, Liaison):
        return {}
    is_reset = reader.attendee_id in {row.attendee_id for row in going.reset}
    return {"reply": Reply.PENDING.value if is_reset else reader.reply.value, "reset": is_reset}


def _unaware(readers: Told) -> int:
    return sum(readers.new_to(row) for row in readers.readers)
