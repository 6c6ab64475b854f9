"""Kinds of letters: how the facts of one in the outbox become words, and whether they still hold.

A domain registers its kinds in its `letters.py`; the worker knows only this interface.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eventsys.core.outbox import Letter

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter in words. `calendar` is the bytes of its text/calendar part, `method` its iTIP method (RFC 6047 2.4).

    `sender` overrides the office's address: invitations come from their own +token address, the calendar's ORGANIZER.
    `unsubscribe_url` takes one POST to leave (RFC 8058), for letters that somebody subscribed to.
    """

    subject: str
    text: str
    html: str
    calendar: bytes | None = None
    method: str = ""
    sender_name: str = ""
    sender: str = ""
    unsubscribe_url: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of letter.

    `render(common, facts, language)` makes the words, outside any transaction. `stale(letters)` returns the ids of
    those whose facts the record no longer says; they are superseded instead of sent. `resend` says whether a letter
    whose fate is unknown (the worker died, the server hung up after DATA) is sent again under the same Message-ID.
    """

    name: str
    render: Callable[[Facts, Facts, str], Rendered]
    stale: Callable[[Sequence[Letter]], set[int]]
    resend: bool = True


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known. Registering a name twice is an error of the programme."""
    if kind.name in _kinds and _kinds[kind.name] is not kind:
        raise ValueError(f"letter kind {kind.name} is registered twice")
    _kinds[kind.name] = kind


def kind_of(name: str) -> Kind:
    """The kind of this name. Raises `KeyError` when no domain registered it."""
    return _kinds[name]


def never_stale(letters: Sequence[Letter]) -> set[int]:
    """For letters that say nothing that the record could contradict."""
    return set()
