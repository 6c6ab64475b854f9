"""The way out into a folder: a Maildir that holds each letter exactly as it would be sent.

A Message-ID is claimed before its letter is stored, and the claim names the letter's key. So delivering again, after a
crash or from a second worker, finishes the same letter and never makes another.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from hashlib import sha256
from itertools import count
from mailbox import Maildir
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from eventsys.mail import shown
from eventsys.mail.address import exact_address
from eventsys.mail.shown import Letter, Summary
from eventsys.mail.transport import Accepted, Deferred, Outcome, nothing

_CLAIMS = "claims"
_LONGEST_HEADERS = 32 * 1024
_serial = count()


@dataclass(frozen=True, slots=True)
class Page:
    """A page of letters, newest first; `before_key` asks for the next one, None when this is the last."""

    letters: tuple[Summary, ...]
    before_key: str | None


class LocalMailbox:
    """A `Transport` into a Maildir, made if it is missing, and the reader of what lies there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("cur", "new", "tmp", _CLAIMS):
            (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing stays open."""

    def send(self, sender: str, recipient: str, data: bytes, meanwhile: Callable[[], None] = nothing) -> Outcome:
        """Put one letter into the folder; Deferred when the disk refuses. Raises ValueError for no exact address."""
        exact_address(sender)
        exact_address(recipient)
        try:
            return self.deliver(data)
        except OSError as error:
            return Deferred(str(error), away=True)

    def deliver(self, data: bytes) -> Accepted:
        """Store the letter, unless one with its Message-ID is here already. Raises OSError when the disk refuses."""
        identity = _identity(data)
        claim = self._folder / _CLAIMS / identity
        known = claim.exists()
        if not known:
            self._take(claim, f"{time.time_ns():020}Q{next(_serial):06}.{identity[:16]}.local")
        key = claim.read_text("ascii")
        if not (known and key in self._maildir()):
            self._written(data).replace(self._folder / "new" / key)
        return Accepted(key)

    def page(self, before_key: str | None = None, limit: int = 50, search: str = "") -> Page:
        """The letters before a key, newest first, whose subject or recipient contain every word of `search`."""
        found: list[Summary] = []
        for summary in self._summaries(before_key):
            if _matches(summary, search):
                if len(found) == limit:
                    return Page(tuple(found), found[-1].key)
                found.append(summary)
        return Page(tuple(found), None)

    def read(self, key: str) -> bytes:
        """The letter's octets. Raises KeyError if there is none."""
        return self._maildir().get_bytes(key)

    def letter(self, key: str) -> Letter:
        """The letter taken apart, for showing. Raises KeyError if there is none."""
        return shown.letter(key, self.read(key))

    def _maildir(self) -> Maildir:
        return Maildir(self._folder, create=False)

    def _summaries(self, before_key: str | None) -> Iterator[Summary]:
        maildir = self._maildir()
        for key in sorted(maildir.keys(), reverse=True):
            if before_key is None or key < before_key:
                with suppress(KeyError), maildir.get_file(key) as file:
                    yield shown.summary(key, file.read(_LONGEST_HEADERS))

    def _take(self, claim: Path, key: str) -> None:
        """Write the key into the claim, unless somebody else was first."""
        draft = self._written(key.encode("ascii"))
        with suppress(FileExistsError):
            claim.hardlink_to(draft)
        draft.unlink()

    def _written(self, data: bytes) -> Path:
        """A new file under tmp/ whose content is on the disk."""
        path = self._folder / "tmp" / uuid4().hex
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return path


def _identity(data: bytes) -> str:
    """A name for the letter that is safe in a path: by its Message-ID, or its content if it has none."""
    message_id = BytesHeaderParser().parsebytes(data).get("Message-ID")
    return sha256(str(message_id).strip().encode() if message_id else data).hexdigest()


def _matches(summary: Summary, search: str) -> bool:
    text = f"{summary.subject}\n{summary.to}".casefold()
    return all(word in text for word in search.casefold().split())
