"""Pictures that come in: looked at as bytes, decoded with a bound, and encoded anew so that nothing else stays in them.

A picture is what its first bytes say, never its name. What is kept is a JPEG, or a PNG where something shines through;
neither comments nor the place where it was taken survive.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from eventsys.core.language import gettext as _

MAGIC = (
    (b"\xff\xd8\xff", "JPEG", ("jpg", "jpeg")),
    (b"\x89PNG\r\n\x1a\n", "PNG", ("png",)),
    (b"RIFF", "WEBP", ("webp",)),
)
LARGEST_FILE = 12 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 1600
LONGEST_KEPT = 2_000_000
QUALITIES = (82, 70, 55, 40)
DAMAGED = (
    *(UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, zlib.error, struct.error),
    *(OSError, ValueError, SyntaxError, MemoryError, EOFError, LookupError, TypeError, OverflowError),
)


class NotAPicture(ValueError):
    """A file that is no picture that can be taken; `reason` says why and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as it is kept: its bytes, `jpg` or `png`, and its size in pixels."""

    content: bytes
    ending: str
    width: int
    height: int


def encoded(content: bytes, name: str) -> Encoded:
    """The picture in the file, at most `LONGEST_SIDE` pixels long; raises `NotAPicture`.

    `name` is what the file was called: an ending that says something else than the first bytes is refused.
    """
    if len(content) > LARGEST_FILE:
        raise NotAPicture(_("The file is larger than %(size)s MB. Make it smaller.", size=LARGEST_FILE // 1024 // 1024))
    kind = _kind(content, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _encoded(_opened(content, kind))
    except NotAPicture:
        raise
    except DAMAGED as error:
        raise NotAPicture(_("This is no picture, or a damaged one. Choose a JPEG, PNG or WebP file.")) from error


def _kind(content: bytes, name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    for magic, kind, endings in MAGIC:
        if content.startswith(magic) and (kind != "WEBP" or content[8:12] == b"WEBP"):
            if ending not in endings:
                raise NotAPicture(
                    _("The file's name says that it is something else than it is. Rename it, or choose another.")
                )
            return kind
    raise NotAPicture(_("This is no picture, or a damaged one. Choose a JPEG, PNG or WebP file."))


def _opened(content: bytes, kind: str) -> Image.Image:
    """The picture, its size known before any of it is decoded."""
    image = Image.open(io.BytesIO(content), formats=[kind])
    if image.width * image.height > MOST_PIXELS:
        raise NotAPicture(_("The picture has more than %(number)s million pixels.", number=MOST_PIXELS // 1_000_000))
    image.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
    return image


def _encoded(image: Image.Image) -> Encoded:
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    if _shines_through(upright):
        kept, plain = io.BytesIO(), upright.convert("RGBA")
        Image.frombytes("RGBA", plain.size, plain.tobytes()).save(kept, "PNG", optimize=True)
        if kept.tell() <= LONGEST_KEPT:
            return Encoded(kept.getvalue(), "png", upright.width, upright.height)
        ground = Image.new("RGBA", plain.size, "white")
        upright = Image.alpha_composite(ground, plain)
    plain = upright.convert("RGB")
    bare = Image.frombytes("RGB", plain.size, plain.tobytes())
    for quality in QUALITIES:
        kept = io.BytesIO()
        bare.save(kept, "JPEG", quality=quality, optimize=True, progressive=True)
        if kept.tell() <= LONGEST_KEPT:
            break
    return Encoded(kept.getvalue(), "jpg", plain.width, plain.height)


def _shines_through(image: Image.Image) -> bool:
    if image.mode == "P":
        return "transparency" in image.info
    return image.mode in {"RGBA", "LA", "PA", "La", "RGBa"}
