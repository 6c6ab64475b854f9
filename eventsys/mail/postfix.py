"""Asking Postfix whether it has a letter: by its Message-ID in the mail log, by its number in the queue.

`cleanup` logs the Message-ID as soon as it reads the header, when the message may still be lost; `qmgr` logs
`<number>: from=<…>` once it is safe in the queue, and `postqueue -j` lists what the queue manager has not seen yet.
"""

from __future__ import annotations

import json
import mmap
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

REMEMBERED = timedelta(days=6)
QUEUE_SECONDS = 20.0
_LOGGED = b"message-id=<"
_NUMBER = re.compile(rb"([0-9A-Za-z]+): \Z")


class Fate(StrEnum):
    """What the relay says about a letter."""

    TAKEN = "taken"
    NOT_TAKEN = "not_taken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Found:
    """What the relay says, and where it says so."""

    fate: Fate
    words: str = ""


@dataclass(frozen=True, slots=True)
class Postfix:
    """A Postfix on this machine: its mail log (the one before it lies beside it as `.1`), and how to list its queue."""

    log: Path
    postqueue: Sequence[str] = ("postqueue", "-j")

    def ask(self, message_id: str, since: datetime, at: datetime) -> Found:
        """What became of the letter that was tried at `since`; unknown where neither log nor queue can say."""
        if at - since > REMEMBERED:
            return Found(Fate.UNKNOWN)
        try:
            with self._texts() as texts:
                seen = list(_seen(texts, message_id))
        except (OSError, LookupError):
            return Found(Fate.UNKNOWN)
        safe = next((number for number, is_safe in seen if is_safe), None)
        if safe:
            return Found(Fate.TAKEN, f"relay's log: {safe}")
        return self._asked_queue([number for number, _is_safe in seen]) if seen else Found(Fate.NOT_TAKEN)

    def _asked_queue(self, numbers: Sequence[str]) -> Found:
        """For a letter that the log saw come in, and not get through."""
        try:
            said = subprocess.run(list(self.postqueue), capture_output=True, timeout=QUEUE_SECONDS, check=True).stdout  # noqa: S603 - the operator's own command
            queued = {json.loads(line)["queue_id"] for line in said.splitlines() if line.strip()}
        except (OSError, subprocess.SubprocessError, ValueError, LookupError):
            return Found(Fate.UNKNOWN)
        waiting = next((number for number in numbers if number in queued), None)
        return Found(Fate.TAKEN, f"relay's queue: {waiting}") if waiting else Found(Fate.NOT_TAKEN)

    @contextmanager
    def _texts(self) -> Iterator[list[mmap.mmap]]:
        """The log before and the log, as far as they hold anything.

        Raises OSError, and LookupError when they tell of no message at all: then this is not the relay's log.
        """
        with ExitStack() as stack:
            files = [stack.enter_context(self.log.open("rb"))]
            before = self.log.with_name(f"{self.log.name}.1")
            if before.exists():
                files.insert(0, stack.enter_context(before.open("rb")))
            full = [file.fileno() for file in files if file.seek(0, 2)]
            texts = [stack.enter_context(mmap.mmap(number, 0, access=mmap.ACCESS_READ)) for number in full]
            if all(text.find(_LOGGED) < 0 for text in texts):
                raise LookupError(f"{self.log} tells of no message")
            yield texts


def _seen(texts: Sequence[mmap.mmap], message_id: str) -> Iterator[tuple[str, bool]]:
    """The queue numbers under which the message came in, each with whether the queue manager took it over later."""
    logged = f"message-id={message_id}".encode()
    for index, text in enumerate(texts):
        position = text.find(logged)
        while position >= 0:
            line_start = text.rfind(b"\n", 0, position) + 1
            if found := _NUMBER.search(text[line_start:position]):
                after = [(text, position + len(logged)), *((each, 0) for each in texts[index + 1 :])]
                yield found[1].decode(), _is_safe(found[1], after)
            position = text.find(logged, position + len(logged))


def _is_safe(number: bytes, after: Sequence[tuple[mmap.mmap, int]]) -> bool:
    """Whether the queue manager speaks of the number in what follows, before another message has it."""
    for text, start in after:
        safe, other = text.find(b" %b: from=<" % number, start), text.find(b" %b: %b" % (number, _LOGGED), start)
        if safe >= 0 or other >= 0:
            return safe >= 0 and (other < 0 or safe < other)
    return False
