"""The +token addresses that invitations come from (`invitations.letters.calendar.sender_of`); addresses compared."""

from __future__ import annotations

from collections.abc import Iterable

from eventsys.core.tokens import LINK_ID_LENGTH


def link_ids(recipients: Iterable[str], sender: str) -> tuple[str, ...]:
    """The link ids in addresses like `local+<link id>@host` of our own `sender`, each once."""
    local, _at, host = sender.lower().rpartition("@")
    start, end = f"{local}+", f"@{host}"
    found: dict[str, None] = {}
    for each in recipients:
        address = each.strip().lower()
        link = address[len(start) : -len(end)]
        if address.startswith(start) and address.endswith(end) and len(link) == LINK_ID_LENGTH and link.isalnum():
            found[link] = None
    return tuple(found)


def is_same(first: str | None, second: str | None) -> bool:
    """Whether both are the same address; an empty one is nobody's."""
    return bool(first and second) and str(first).casefold() == str(second).casefold()


def domain_of(address: str | None) -> str:
    """The domain of an address, in small letters; "" without one."""
    return (address or "").rpartition("@")[2].lower()
