"""A paper that comes in beside an answer: what it is stands in its first bytes, never in its name or type."""

from __future__ import annotations

from dataclasses import dataclass

from eventsys.core.language import gettext as _
from eventsys.core.text import TextRefused, clean_line
from eventsys.rendering.images import NotAPicture, encoded

LARGEST = 5 * 1024 * 1024
LONGEST_NAME = 120
PDF = b"%PDF-"
TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class NotAPaper(ValueError):
    """A file that cannot be taken; `reason` says why and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as it is kept: its name without an ending, `pdf`, `jpg` or `png`, and its bytes."""

    name: str
    ending: str
    content: bytes


def taken(content: bytes, name: str) -> Paper:
    """The paper in a file: a PDF as it is, a JPEG or PNG encoded anew. Raises `NotAPaper`."""
    if len(content) > LARGEST:
        raise NotAPaper(_("The file is larger than %(size)s MB. Make it smaller.", size=LARGEST // 1024**2))
    if content.startswith(PDF):
        return Paper(_plain(name), "pdf", content)
    if not content.startswith(PICTURES):
        raise NotAPaper(_("Hand in a PDF, a JPEG or a PNG file."))
    try:
        picture = encoded(content, name)
    except NotAPicture as error:
        raise NotAPaper(error.reason) from error
    return Paper(_plain(name), picture.ending, picture.content)


def _plain(name: str) -> str:
    """A file's name as a line of text, without folders and ending."""
    last = name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or _("Document")
    try:
        return clean_line(last.replace('"', ""), 10_000)[:LONGEST_NAME] or _("Document")
    except TextRefused:
        return _("Document")
