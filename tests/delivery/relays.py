"""Two relays that can be killed: one that can be asked for a Message-ID, one that cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests import postfix
from tests.delivery.sink import Taken, sinking

KINDS = ("plain", "postfix")


class Killable(Protocol):
    """A mail server as a process."""

    port: int

    def start(self) -> None: ...

    def kill(self) -> None: ...


@dataclass
class Relay:
    """A relay, and what a worker is told about it."""

    server: Killable
    settings: dict[str, str]
    can_be_asked: bool

    def taken(self) -> Counter[str]:
        """How often it took a letter over, by Message-ID."""
        if isinstance(self.server, postfix.Postfix):
            return self.server.taken()
        return Counter(each.message_id for each in self.letters())

    def letters(self) -> list[Taken]:
        """The letters that a relay took which keeps what it took."""
        found: list[Taken] = self.server.taken()  # type: ignore[attr-defined]
        return found


@contextmanager
def running(kind: str, folder: Path) -> Iterator[Relay]:
    """The relay of one kind, for the length of the block."""
    if kind == "postfix":
        with postfix.running() as server:
            told = {
                "EVENTSYS_RELAY_QUERY": "postfix",
                "EVENTSYS_SMTP_LOG": str(server.log),
                "EVENTSYS_POSTFIX_FOLDER": str(server.settings),
            }
            yield Relay(server, told, can_be_asked=True)
        return
    with sinking(folder / "taken.jsonl") as sink:
        yield Relay(sink, {}, can_be_asked=False)
