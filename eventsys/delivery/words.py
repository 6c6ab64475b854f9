"""Words for letters: their kinds, their states, our own reasons why one was not sent, and what a preview leaves out."""

from __future__ import annotations

import re
from dataclasses import replace

from eventsys.core.language import lazy_gettext as _l
from eventsys.core.letters import Rendered
from eventsys.core.outbox import LetterState, LetterStep

STATES = {
    LetterState.QUEUED: (_l("Queued"), "grey"),
    LetterState.SENDING: (_l("Being sent"), "tint"),
    LetterState.SENT: (_l("Sent"), "tint"),
    LetterState.DEFERRED: (_l("Deferred"), "ochre"),
    LetterState.FAILED: (_l("Not delivered"), "vermilion"),
    LetterState.BOUNCED: (_l("Returned"), "vermilion"),
    LetterState.SUPERSEDED: (_l("Superseded"), "outline"),
}

STEPS = {
    LetterStep.SENT: _l("Sent"),
    LetterStep.DEFERRED: _l("Put off"),
    LetterStep.FAILED: _l("Not delivered"),
    LetterStep.DELAYED: _l("A mail server reports a delay"),
    LetterStep.BOUNCED: _l("Returned by a mail server"),
    LetterStep.BOUNCED_EARLIER: _l("An earlier copy was returned"),
    LetterStep.INTERRUPTED: _l("Sending was interrupted"),
    LetterStep.SUPERSEDED: _l("Superseded"),
    LetterStep.AGAIN: _l("Sent again"),
}

KINDS = {
    "invitation": _l("Invitation"),
    "update": _l("Change of meeting"),
    "cancellation": _l("Cancellation"),
    "withdrawal": _l("Invitation withdrawn"),
    "reminder": _l("Reminder"),
    "leave_decision": _l("Decision on leave"),
    "on_behalf": _l("Receipt for what was recorded on behalf"),
    "leave_notice": _l("Decision on leave, to the liaison"),
    "resend": _l("Notice sent again"),
    "delegation": _l("Substitute entered"),
    "return": _l("Asked again in person"),
    "decline_counter": _l("Proposed time refused"),
    "receipt": _l("Receipt for an answer"),
    "extension": _l("More time to answer"),
    "answers_receipt": _l("Receipt for an organization's answers"),
    "change_request": _l("Request to change answers"),
    "change_request_closed": _l("About a request to change answers"),
    "account_invitation": _l("Invitation to an account"),
    "password_reset": _l("Way to a new password"),
    "password_changed": _l("Password changed"),
    "review_asked": _l("A text to review"),
    "review_reminder": _l("Reminder of a text to review"),
    "notice_published": _l("Publication of a notice"),
    "notice_corrected": _l("Correction of a notice"),
    "subscription_confirm": _l("Confirmation of a subscription"),
}
OTHER_KIND = _l("Letter")

LANGUAGES = {"zh": _l("Chinese"), "en": _l("English")}

_SENDER_KEY = re.compile(r"(?<=\+)[a-z2-7]{26}(?=@)")
_FOLD = re.compile(r"\r?\n[ \t]")
_KEY = re.compile(r"(?<=/)[A-Za-z0-9_.~-]{40,}")
_LINK = re.compile(r"https?://[!-;=?-~]+")


def kind_words(kind: str) -> str:
    """What a kind of letter is called."""
    return str(KINDS.get(kind, OTHER_KIND))


def without_keys(words: Rendered) -> Rendered:
    """The letter without what opens something for whoever holds it: a reader must not answer in another's name."""
    return replace(words, text=_KEY.sub("…", words.text), html=_KEY.sub("…", words.html))


def links_in(text: str) -> list[str]:
    """The addresses in a letter's plain text, each once."""
    return list(dict.fromkeys(_LINK.findall(text)))


def calendar_words(words: Rendered) -> str:
    """The letter's calendar part as lines, without what opens something; "" for a letter without one."""
    text = _FOLD.sub("", (words.calendar or b"").decode("utf-8", "replace")).replace("\r\n", "\n")
    return _KEY.sub("…", _SENDER_KEY.sub("…", text))
