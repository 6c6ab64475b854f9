"""Words for letters: their kinds, their states, and our own reasons why one was not sent."""

from __future__ import annotations

import re

from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.core.outbox import LetterState

UNKNOWN_FATE = "unknown-fate"
UNKNOWN_KIND = "unknown-kind"
UNCHECKED = "unchecked"
GIVEN_UP = "given-up"

OUR_REASONS = {
    UNKNOWN_FATE: _l("The sending was interrupted. It is not known whether the letter left, so it was not sent twice."),
    UNKNOWN_KIND: _l("This version of the software does not know this kind of letter."),
    UNCHECKED: _l("The letter could not be compared with the record."),
    GIVEN_UP: _l("The sending was interrupted again and again."),
}

STATES = {
    LetterState.QUEUED: (_l("Queued"), "grey"),
    LetterState.SENDING: (_l("Sending"), "tint"),
    LetterState.SENT: (_l("Sent"), "tint"),
    LetterState.DEFERRED: (_l("Deferred"), "ochre"),
    LetterState.FAILED: (_l("Not delivered"), "vermilion"),
    LetterState.SUPERSEDED: (_l("Superseded"), "outline"),
}

KINDS = {
    "invitation": _l("Invitation"),
    "update": _l("Change of meeting"),
    "cancellation": _l("Cancellation"),
    "withdrawal": _l("Withdrawn invitation"),
    "reminder": _l("Reminder"),
    "leave_decision": _l("Decision on leave"),
    "naming": _l("Request to name somebody"),
}

_ADDRESS = re.compile(r"[^\s<>@\"']+@")


def kind_words(kind: str) -> str:
    """What a kind of letter is called; its own name where it is a letter of the accounts."""
    return str(KINDS[kind]) if kind in KINDS else _("Account letter")


def reason_words(reason: str, *, with_addresses: bool) -> str:
    """Why a letter waits or failed: our words, or the server's, without anybody's address where that is asked."""
    if reason in OUR_REASONS:
        return str(OUR_REASONS[reason])
    return reason if with_addresses else _ADDRESS.sub("…@", reason)
