"""The press: a process of its own in which papers become files, and nothing else.

Typst, its fonts and python-docx need more memory than a web worker may have, and hold the interpreter while they work.
So the press is started for some papers and ends after them. It may be killed at any moment: it keeps nothing.

    with Press() as press:
        made = press.make(Form.PDF, paper, made_at)
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Any, BinaryIO, Self

from eventsys.rendering.paper import Paper, Part

SECONDS = 30.0
MEMORY = 2 * 1024**3


class Form(StrEnum):
    """What a paper is made into."""

    PDF = "pdf"
    DOCX = "docx"


@dataclass(frozen=True, slots=True)
class Made:
    """A file; `pages` is 0 where only the reader's own programme knows."""

    data: bytes
    pages: int


class CannotPrint(Exception):
    """The press ended, took too long, or refused the paper; the message says which."""


class Press:
    """A press that is running while the block lasts. Make papers from one thread."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "eventsys.rendering.press"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        with suppress(OSError):
            self._process.communicate()

    def make(self, form: Form, paper: Paper, made_at: datetime) -> Made:
        """The paper as a file. Raises `CannotPrint`; another paper needs another press then."""
        order = {"form": form.value, "made_at": made_at.isoformat(), "paper": _outgoing(paper)}
        watch = threading.Timer(SECONDS, self._process.kill)
        watch.start()
        try:
            return self._asked(json.dumps(order).encode())
        except (OSError, ValueError) as error:
            raise CannotPrint(f"the press ended: {error}") from error
        finally:
            watch.cancel()

    def _asked(self, order: bytes) -> Made:
        into, out = self._process.stdin, self._process.stdout
        if into is None or out is None:
            raise ValueError("no pipes")
        into.write(order + b"\n")
        into.flush()
        head = json.loads(out.readline() or b"{}")
        if "length" not in head:
            raise CannotPrint(str(head.get("refused", "it said nothing")))
        data = out.read(head["length"])
        if len(data) != head["length"]:
            raise ValueError("it was cut off")
        return Made(data, head["pages"])


def main(orders: BinaryIO, out: BinaryIO) -> None:
    """Make one paper after the other, until nobody asks any more."""
    for line in orders:
        try:
            made = _made(json.loads(line))
        except Exception as error:
            out.write(json.dumps({"refused": f"{type(error).__name__}: {error}"}).encode() + b"\n")
        else:
            out.write(json.dumps({"length": len(made.data), "pages": made.pages}).encode() + b"\n" + made.data)
        out.flush()


def _made(order: dict[str, Any]) -> Made:
    paper, made_at = _incoming(order["paper"]), datetime.fromisoformat(order["made_at"])
    if order["form"] == Form.DOCX:
        from eventsys.rendering.docx import docx

        return Made(docx(paper, made_at), 0)
    from eventsys.rendering.pdf import pdf

    made = pdf(paper, made_at)
    return Made(made.data, made.pages)


def _outgoing(paper: Paper) -> dict[str, Any]:
    pictures = {name: b64encode(data).decode() for name, data in paper.pictures.items()}
    return {**asdict(paper), "pictures": pictures}


def _incoming(values: dict[str, Any]) -> Paper:
    pictures = {name: b64decode(data) for name, data in values["pictures"].items()}
    return Paper(**{**values, "parts": tuple(_part(each) for each in values["parts"]), "pictures": pictures})


def _part(values: dict[str, Any]) -> Part:
    pairs = {name: tuple((label, words) for label, words in values[name]) for name in ("byline", "facts")}
    return Part(**{**values, **pairs, "remarks": tuple(values["remarks"])})


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main(sys.stdin.buffer, sys.stdout.buffer)
