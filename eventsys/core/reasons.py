"""Why a letter waits, failed or left: our own reasons, in words; a server's are shown as it gave them."""

from __future__ import annotations

import re

from eventsys.core.language import lazy_gettext as _l

UNKNOWN_FATE = "unknown-fate"
UNKNOWN_KIND = "unknown-kind"
UNCHECKED = "unchecked"
GIVEN_UP = "given-up"
RELAY_HAS_IT = "relay-has-it"

OUR_REASONS = {
    UNKNOWN_FATE: _l("Sending was interrupted. The letter may have left, so it was not sent a second time."),
    UNKNOWN_KIND: _l("This version of the software does not know this kind of letter."),
    UNCHECKED: _l("The letter could not be compared with the record."),
    GIVEN_UP: _l("Sending was interrupted again and again."),
    RELAY_HAS_IT: _l("Sending was interrupted. The mail server was asked and has the letter."),
}

_ADDRESS = re.compile(r"[^\s<>@\"']+@")


def reason_words(reason: str, *, with_address: bool) -> str:
    """Why a letter waits or failed: our words, or the server's, without the address where that may not be seen."""
    if reason in OUR_REASONS:
        return str(OUR_REASONS[reason])
    return reason if with_address else _ADDRESS.sub("…@", reason)
