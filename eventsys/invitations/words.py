"""How answers are said: the states of a place, the doors by which an answer came, what happened in its history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from eventsys.core.actor import Channel
from eventsys.core.clock import to_local
from eventsys.core.language import LazyText, choose
from eventsys.core.language import lazy_gettext as _l
from eventsys.core.outbox import LetterState
from eventsys.invitations.models import Leave, PlaceRole, Reply
from eventsys.invitations.operations.leave import LeaveDecision
from eventsys.invitations.queries.conflicts import ConflictKind
from eventsys.invitations.queries.shapes import FURTHER, OBSERVERS, OTHER_POSTS, PlaceState

STATES: Mapping[PlaceState, LazyText] = {
    PlaceState.ACCEPTED: _l("Accepted"),
    PlaceState.SUBSTITUTE: _l("Substitute"),
    PlaceState.TENTATIVE: _l("Tentative"),
    PlaceState.LEAVE_REQUESTED: _l("Leave requested"),
    PlaceState.ON_LEAVE: _l("On leave"),
    PlaceState.DECLINED: _l("Declined"),
    PlaceState.NO_REPLY: _l("No reply"),
    PlaceState.TO_BE_NAMED: _l("To be named"),
    PlaceState.PREPARED: _l("Prepared"),
    PlaceState.OPTIONAL: _l("Free to come"),
}
TONES: Mapping[PlaceState, str] = {
    PlaceState.ACCEPTED: "tint",
    PlaceState.SUBSTITUTE: "outline",
    PlaceState.TENTATIVE: "ochre",
    PlaceState.LEAVE_REQUESTED: "vermilion",
    PlaceState.ON_LEAVE: "grey",
    PlaceState.DECLINED: "grey",
    PlaceState.NO_REPLY: "dashed",
    PlaceState.TO_BE_NAMED: "vermilion",
    PlaceState.PREPARED: "dashed",
    PlaceState.OPTIONAL: "dashed",
}
SHAPES: Mapping[PlaceState, str] = {
    PlaceState.ACCEPTED: "full",
    PlaceState.SUBSTITUTE: "outline",
    PlaceState.TENTATIVE: "half",
    PlaceState.LEAVE_REQUESTED: "mine",
    PlaceState.ON_LEAVE: "dash",
    PlaceState.DECLINED: "dash",
    PlaceState.NO_REPLY: "empty",
    PlaceState.TO_BE_NAMED: "mine",
    PlaceState.PREPARED: "empty",
    PlaceState.OPTIONAL: "empty",
}
REPLIES: Mapping[Reply, LazyText] = {
    Reply.PENDING: _l("No reply"),
    Reply.ACCEPTED: _l("Accepted"),
    Reply.TENTATIVE: _l("Tentative"),
    Reply.DECLINED: _l("Declined"),
    Reply.DELEGATED: _l("Substitute named"),
}
LEAVES: Mapping[Leave, LazyText] = {
    Leave.REQUESTED: _l("Leave requested"),
    Leave.GRANTED: _l("Leave granted"),
    Leave.REFUSED: _l("Leave refused"),
}
ROLES: Mapping[PlaceRole, LazyText] = {
    PlaceRole.CHAIR: _l("Chair"),
    PlaceRole.REQUIRED: _l("Attends"),
    PlaceRole.OPTIONAL: _l("Free to come"),
    PlaceRole.OBSERVER: _l("Observer"),
}
CHANNELS: Mapping[Channel, LazyText] = {
    Channel.LINK: _l("own link"),
    Channel.PORTAL: _l("liaison"),
    Channel.ON_BEHALF: _l("on behalf"),
    Channel.WEB: _l("office"),
    Channel.MAIL: _l("by mail"),
    Channel.DOOR: _l("at the door"),
    Channel.WORKER: _l("system"),
    Channel.COMMAND: _l("system"),
}
CHANNEL_SENTENCES: Mapping[Channel, LazyText] = {
    Channel.LINK: _l("By the personal link"),
    Channel.PORTAL: _l("By the liaison, in the portal"),
    Channel.ON_BEHALF: _l("On behalf, by the convening office"),
    Channel.WEB: _l("By the convening office"),
    Channel.MAIL: _l("By mail"),
    Channel.DOOR: _l("At the door"),
    Channel.WORKER: _l("By the system"),
    Channel.COMMAND: _l("By the system"),
}
SOURCES: Mapping[str, LazyText] = {
    "phone": _l("Telephone"),
    "paper": _l("Paper"),
    "fax": _l("Fax"),
    "message": _l("Text message"),
    "mail": _l("E-mail"),
    "in_person": _l("In person"),
}
MAIL_TRUST: Mapping[str, LazyText] = {
    "signed": _l("signed"),
    "unsigned": _l("unsigned"),
    "unsure": _l("unsure whose"),
}
ACTS: Mapping[str, LazyText] = {
    "accepted": _l("Accepted"),
    "tentative": _l("Answered tentatively"),
    "declined": _l("Declined"),
    "leave": _l("Asked for leave"),
    "delegated": _l("Named a substitute"),
    "named": _l("Named for this place"),
    "returned": _l("The place came back, unanswered"),
    "stood_down": _l("No longer on this place"),
    "leave_granted": _l("Leave granted"),
    "leave_refused": _l("Leave refused"),
    "undone": _l("The answer was undone"),
    "merged": _l("Given up: the same person keeps another place"),
    "reset": _l("Asked again, because the time changed"),
    "called": _l("Called by telephone"),
}
DECISIONS: Mapping[LeaveDecision, LazyText] = {
    LeaveDecision.GRANT: _l("Grant leave"),
    LeaveDecision.GRANT_AND_ASK: _l("Grant leave and ask for a substitute"),
    LeaveDecision.REFUSE: _l("Refuse leave, with a reason"),
}
LETTERS: Mapping[str, LazyText] = {
    "invitation": _l("Invited by mail"),
    "update": _l("Told of a change"),
    "cancellation": _l("Told of the cancellation"),
    "withdrawal": _l("Told that the place is withdrawn"),
    "reminder": _l("Reminded"),
    "leave_decision": _l("Told of the decision on leave"),
    "on_behalf": _l("The liaison got a receipt for what was recorded"),
    "leave_notice": _l("The liaison was told of the decision on leave"),
    "resend": _l("The notice was sent again"),
    "delegation": _l("Told that a substitute is entered"),
    "return": _l("Told that the place is theirs again"),
    "decline_counter": _l("Told that the proposed time is not possible"),
    "receipt": _l("Receipt for an answer by mail"),
    "extension": _l("Given more time to answer"),
}
LETTER_STATES: Mapping[LetterState, LazyText] = {
    LetterState.QUEUED: _l("waiting to be sent"),
    LetterState.SENDING: _l("being sent"),
    LetterState.SENT: _l("handed to the mail server"),
    LetterState.DEFERRED: _l("will be tried again"),
    LetterState.FAILED: _l("could not be delivered"),
    LetterState.BOUNCED: _l("was returned"),
    LetterState.SUPERSEDED: _l("replaced by a newer letter"),
}
LANGUAGE_WORDS: Mapping[str, LazyText] = {"zh": _l("in Chinese"), "en": _l("in English")}

CONFLICTS: Mapping[ConflictKind, LazyText] = {
    ConflictKind.ELSEWHERE: _l("Expected at another meeting at that time"),
    ConflictKind.TWICE: _l("The substitute already has a place at this meeting"),
    ConflictKind.LEFT: _l("No longer holds the post on that day"),
    ConflictKind.NOT_YET: _l("Does not hold the post yet on that day"),
    ConflictKind.ABOLISHED: _l("The post no longer exists on that day"),
    ConflictKind.CLOSED: _l("The organization no longer exists on that day"),
}
COLUMNS: Mapping[int, LazyText] = {
    OTHER_POSTS: _l("Other posts"),
    FURTHER: _l("Further places"),
    OBSERVERS: _l("Observers"),
}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short_day(at: datetime, zone: str) -> str:
    """`8月12日`, `12 Aug`: for the small words beside a state."""
    local = to_local(at, zone)
    return choose(f"{local.month}月{local.day}日", f"{local.day} {_MONTHS[local.month - 1]}")
