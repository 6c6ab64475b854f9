"""Words for letters: their kinds, their states, our own reasons why one was not sent, and what a preview leaves out."""

from __future__ import annotations

import re
from dataclasses import replace

from eventsys.core.language import lazy_gettext as _l
from eventsys.core.letters import Rendered
from eventsys.core.outbox import LetterState

UNKNOWN_FATE = "unknown-fate"
UNKNOWN_KIND = "unknown-kind"
UNCHECKED = "unchecked"
GIVEN_UP = "given-up"

OUR_REASONS = {
    UNKNOWN_FATE: _l("Sending was interrupted. The letter may have left, so it was not sent a second time."),
    UNKNOWN_KIND: _l("This version of the software does not know this kind of letter."),
    UNCHECKED: _l("The letter could not be compared with the record."),
    GIVEN_UP: _l("Sending was interrupted again and again."),
}

STATES = {
    LetterState.QUEUED: (_l("Queued"), "grey"),
    LetterState.SENDING: (_l("Being sent"), "tint"),
    LetterState.SENT: (_l("Sent"), "tint"),
    LetterState.DEFERRED: (_l("Deferred"), "ochre"),
    LetterState.FAILED: (_l("Not delivered"), "vermilion"),
    LetterState.SUPERSEDED: (_l("Superseded"), "outline"),
}

KINDS = {
    "invitation": _l("Invitation"),
    "update": _l("Change of meeting"),
    "cancellation": _l("Cancellation"),
    "withdrawal": _l("Invitation withdrawn"),
    "reminder": _l("Reminder"),
    "leave_decision": _l("Decision on leave"),
    "account_invitation": _l("Invitation to an account"),
    "password_reset": _l("Way to a new password"),
    "password_changed": _l("Password changed"),
}
OTHER_KIND = _l("Letter")

LANGUAGES = {"zh": _l("Chinese"), "en": _l("English")}

_ADDRESS = re.compile(r"[^\s<>@\"']+@")
_KEY = re.compile(r"(?<=/)[A-Za-z0-9_.~-]{40,}")
_LINK = re.compile(r"https?://[!-;=?-~]+")


def kind_words(kind: str) -> str:
    """What a kind of letter is called."""
    return str(KINDS.get(kind, OTHER_KIND))


def reason_words(reason: str, *, with_address: bool) -> str:
    """Why a letter waits or failed: our words, or the server's, without the address where that may not be seen."""
    if reason in OUR_REASONS:
        return str(OUR_REASONS[reason])
    return reason if with_address else _ADDRESS.sub("…@", reason)


def without_keys(words: Rendered) -> Rendered:
    """The letter without what opens something for whoever holds it: a reader must not answer in another's name."""
    return replace(words, text=_KEY.sub("…", words.text), html=_KEY.sub("…", words.html))


def links_in(text: str) -> list[str]:
    """The addresses in a letter's plain text, each once."""
    return list(dict.fromkeys(_LINK.findall(text)))
