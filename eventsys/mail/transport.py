"""What sending a letter can come to, and what every way out has in common."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self


@dataclass(frozen=True, slots=True)
class Accepted:
    """The next server has it, and answered so. Not: it was delivered, or read."""

    answer: str = ""


@dataclass(frozen=True, slots=True)
class Deferred:
    """Nobody has it; trying again later may help. `away`: no letter gets out just now, whoever it is for."""

    reason: str
    away: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody has it; the same letter to the same address will be refused again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """The letter was handed over, the answer was lost: the next server may have it or not."""

    reason: str


def nothing() -> None:
    """What a sender does while it waits, unless somebody has something better."""


Outcome = Accepted | Deferred | Refused | Unsure


class Transport(Protocol):
    """A way out for letters. As a context it keeps what is dear to open, such as a connection, until it is left."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, sender: str, recipient: str, data: bytes, meanwhile: Callable[[], None] = nothing) -> Outcome:
        """Hand over one letter; both addresses are those of the envelope. Raises ValueError for no exact address.

        `meanwhile` is done at most once, while the server makes up its mind about the letter.
        """
        ...
