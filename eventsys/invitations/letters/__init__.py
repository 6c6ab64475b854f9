"""Letters about a meeting's facts: their kinds, their words in both languages, and when they are out of date."""

from __future__ import annotations

from functools import partial

from eventsys.core.letters import Kind
from eventsys.invitations.letters.render import rendered
from eventsys.invitations.letters.stale import out_of_date

ONCE = {"reminder", "receipt", "on_behalf"}

KINDS: tuple[Kind, ...] = tuple(
    Kind(name, partial(rendered, name), partial(out_of_date, name), resend=name not in ONCE)
    for name in (
        *("invitation", "update", "cancellation", "withdrawal", "reminder"),
        *("leave_decision", "leave_notice", "on_behalf"),
        *("resend", "delegation", "return", "decline_counter", "receipt", "extension"),
    )
)
