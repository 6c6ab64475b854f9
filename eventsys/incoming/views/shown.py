"""How entries are shown: rows of lists, and what a proposal would change, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eventsys.core.formats import moment
from eventsys.core.language import gettext as _
from eventsys.incoming.models import EntryState, Said
from eventsys.incoming.queries.lists import Line
from eventsys.incoming.queries.people import Standing
from eventsys.incoming.words import SAID, STATES, TRUST, TRUST_TONES, answer_words, reason_words
from eventsys.invitations.letters.words import when
from eventsys.invitations.models import Reply
from eventsys.invitations.words import LEAVES
from eventsys.invitations.words import REPLIES as ANSWERS
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class Row:
    """An entry in a list."""

    id: int
    what: str
    about: str
    sender: str
    subject: str
    state: tuple[str, str]
    trust: tuple[str, str] | None
    note: str
    arrived: str
    meeting_id: int | None
    meeting_title: str


def row_of(line: Line, zone: str, at: datetime) -> Row:
    """A line of a list."""
    return Row(
        line.id,
        what_of(line),
        line.who,
        line.sender or line.address,
        line.subject,
        state_of(line),
        trust_of(line),
        reason_words(line.reason),
        moment(line.arrived_at, line.zone or zone, at),
        line.meeting_id,
        line.meeting_title,
    )


def what_of(line: Line) -> str:
    """What an entry says, in few words."""
    if line.said is Said.ANSWER and line.reply is not None:
        return _("%(what)s: %(answer)s", what=SAID[line.said], answer=answer_words(line.reply))
    return str(SAID[line.said])


def state_of(line: Line) -> tuple[str, str]:
    """What became of it, as a word; what taking in means differs by what was said."""
    if line.state is EntryState.APPLIED:
        words = {
            Said.PROPOSAL: _("Proposal accepted"),
            Said.REFRESH: _("Sent again"),
            Said.BOUNCE: _("Noted at the letter"),
        }
        return words.get(line.said, str(STATES[line.state][0])), STATES[line.state][1]
    words_of_state, tone = STATES[line.state]
    return str(words_of_state), tone


def trust_of(line: Line) -> tuple[str, str] | None:
    """How certain it is whose words these are; nothing where that says little (a report, stray mail)."""
    if line.trust is None or line.said not in (Said.ANSWER, Said.PROPOSAL, Said.WORDS, Said.REFRESH):
        return None
    return str(TRUST[line.trust]), TRUST_TONES[line.trust]


def standing_words(standing: Standing) -> str:
    """How the attendee's answer stands now, in words; leave says more than the decline it stands beside."""
    words = str(LEAVES[standing.leave] if standing.leave in LEAVES else ANSWERS[standing.reply])
    if standing.reply is Reply.DELEGATED and standing.substitute():
        return _("%(answer)s: %(who)s", answer=words, who=standing.substitute())
    return words


def compared(meeting: Meeting, facts: MeetingFacts) -> list[tuple[str, str, str]]:
    """What a proposal would change: label, as it is, as proposed; only what differs."""
    now, then = MeetingFacts.of(meeting), facts
    zone = meeting.zone
    rows = [
        (_("Time"), when(now.starts_at, now.ends_at, zone), when(then.starts_at, then.ends_at, zone)),
        (_("Replies close"), _moment(now.reply_by, zone), _moment(then.reply_by, zone)),
        (_("Location"), _place(now), _place(then)),
    ]
    return [row for row in rows if row[1] != row[2]]


def _moment(at: datetime | None, zone: str) -> str:
    return moment(at, zone) if at else _("No deadline")


def _place(facts: MeetingFacts) -> str:
    texts = (facts.venue_zh, facts.venue_en, facts.address_zh, facts.address_en)
    return _("; ").join(dict.fromkeys(text for text in texts if text)) or _("none")
