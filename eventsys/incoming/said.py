"""What a message says, as separate things: pure, before anybody looks at the record."""

from __future__ import annotations

from dataclasses import dataclass

from eventsys.calendar.model import PartStat
from eventsys.calendar.read import Answerer, Item, Method
from eventsys.incoming.models import EntryState, Said
from eventsys.incoming.reasons import Why
from eventsys.incoming.seat import is_same
from eventsys.invitations.models import Reply
from eventsys.mail.received import Bounce, Reason, Received, Verdict

MOST_THINGS = 10
EVENT = "VEVENT"
REPLIES = {
    PartStat.ACCEPTED: Reply.ACCEPTED,
    PartStat.TENTATIVE: Reply.TENTATIVE,
    PartStat.DECLINED: Reply.DECLINED,
    PartStat.DELEGATED: Reply.DELEGATED,
}
IN_WORDS = frozenset({Reason.NO_CALENDAR, Reason.FORWARDED})


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that a message says. `state` and `reason` are what becomes of it where nobody decides otherwise."""

    said: Said
    state: EntryState = EntryState.WAITING
    reason: str = ""
    item: Item | None = None
    bounce: Bounce | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Who answers in an item, and what. `delegate` is the line of whom they name, or who answers in their stead."""

    own: Answerer | None
    delegate: Answerer | None

    @property
    def answerer(self) -> Answerer | None:
        return self.own or self.delegate


def things_of(received: Received) -> list[Thing]:
    """At least one thing, so that no message goes unseen; never more than ten."""
    found = _things(received)
    if len(found) > MOST_THINGS:
        return [Thing(Said.UNREADABLE, reason=Why.TOO_MUCH)]
    return found or [Thing(Said.OTHER, EntryState.KEPT, Reason.ONE_OCCURRENCE.value)]


def _things(received: Received) -> list[Thing]:
    first = received.items[0] if received.items else None
    match received.verdict:
        case Verdict.APPLY:
            return [Thing(Said.ANSWER, item=item) for item in _of(received, Method.REPLY)]
        case Verdict.PROPOSAL:
            return [Thing(Said.PROPOSAL, item=item) for item in _of(received, Method.COUNTER)]
        case Verdict.BOUNCE:
            return [Thing(Said.BOUNCE, bounce=bounce) for bounce in received.bounces]
        case Verdict.REJECT if received.reason is Reason.ONE_OCCURRENCE:
            return []
        case Verdict.REJECT:
            return [Thing(Said.UNREADABLE, reason=received.reason.value, item=first)]
        case Verdict.IGNORE:
            return [_ignored(received, first)]


def _ignored(received: Received, first: Item | None) -> Thing:
    """A REFRESH is no answer, but it is answered; a letter in words is for people; the rest is only kept."""
    if first is not None and first.method is Method.REFRESH and received.reason is Reason.NO_ANSWER:
        return Thing(Said.REFRESH, item=first)
    if received.bounces:
        return Thing(Said.BOUNCE, bounce=received.bounces[0])
    if received.reason in IN_WORDS and not received.automatic:
        return Thing(Said.WORDS, reason=received.reason.value, item=first)
    return Thing(Said.OTHER, EntryState.KEPT, received.reason.value, item=first)


def _of(received: Received, method: Method) -> list[Item]:
    """The items that count, each once. We issue no recurring meetings, so one occurrence alone is none of ours."""
    found = [item for item in received.items if item.method is method and item.component == EVENT]
    return list(dict.fromkeys(item for item in found if item.recurrence_id is None))


def words_of(item: Item, whose: str, received: Received) -> Words:
    """Who answers in this item, where the invitee's address is `whose` ("" when nobody knows it)."""
    lines = item.attendees
    own = next((line for line in lines if is_same(line.address, whose)), None)
    named = own.delegated_to if own is not None and own.partstat is PartStat.DELEGATED else None
    delegate = next(
        (
            line
            for line in lines
            if line is not own and (is_same(line.address, named) or is_same(line.delegated_from, whose))
        ),
        None,
    )
    if own is not None or delegate is not None:
        return Words(own, delegate)
    return Words(_speaker(lines, received), None)


def _speaker(lines: tuple[Answerer, ...], received: Received) -> Answerer | None:
    """The line of whoever wrote the mail, else the only one that answers, else the first."""
    for address in (received.reply_to, received.sender):
        for line in lines:
            if is_same(line.address, address):
                return line
    answering = [line for line in lines if line.partstat in REPLIES]
    return answering[0] if len(answering) == 1 else next(iter(lines), None)


def is_written_by(line: Answerer, received: Received) -> bool:
    """Whether the mail says that it comes from this line's address."""
    return is_same(line.address, received.sender) or is_same(line.address, received.reply_to)
