"""Pictures that are none, that lie about their kind, that are too large; and that nothing rides along in one."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from eventsys.rendering.images import LONGEST_SIDE, NotAPicture, encoded


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object) -> bytes:
    kept = io.BytesIO()
    Image.new(mode, size, 128 if mode == "L" else (200, 30, 30, 100)[: len(mode)]).save(kept, kind, **options)
    return kept.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose head tells of billions of pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("kind", "mode", "name", "ending"),
    [
        ("JPEG", "RGB", "a.jpg", "jpg"),
        ("JPEG", "L", "a.JPEG", "jpg"),
        ("PNG", "RGB", "a.png", "jpg"),
        ("PNG", "RGBA", "a.png", "png"),
        ("WEBP", "RGB", "a.webp", "jpg"),
    ],
)
def test_what_is_taken(kind: str, mode: str, name: str, ending: str) -> None:
    kept = encoded(picture(kind, mode=mode), name)
    assert (kept.ending, kept.width, kept.height) == (ending, 40, 30)
    assert Image.open(io.BytesIO(kept.content)).format == {"jpg": "JPEG", "png": "PNG"}[ending]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.jpg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg"),
        (b"<html><script>alert(1)</script>", "a.jpg"),
        (b"GIF89a" + b"\0" * 50, "a.gif"),
        (b"%PDF-1.7", "a.pdf"),
        (picture("PNG"), "a.jpg"),
        (picture("JPEG"), "a.html"),
        (picture("JPEG"), "a"),
        (picture("JPEG")[:60], "a.jpg"),
        (b"\xff\xd8\xff" + b"<script>" * 20, "a.jpg"),
        (b"RIFF\0\0\0\0WAVE" + b"\0" * 40, "a.webp"),
        (png_that_claims(60_000, 60_000), "a.png"),
        (png_that_claims(2**31 - 1, 2**31 - 1), "a.png"),
        (picture("PNG", (8000, 6400), "L"), "a.png"),
        (b"\xff\xd8\xff" + b"\0" * (12 * 1024 * 1024), "a.jpg"),
    ],
)
def test_what_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(NotAPicture):
        encoded(content, name)


def test_a_long_picture_is_made_smaller() -> None:
    kept = encoded(picture("JPEG", (3200, 1000)), "a.jpg")
    assert (kept.width, kept.height) == (LONGEST_SIDE, 500)


def test_nothing_rides_along() -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    exif[0x0112] = 6
    content = picture("JPEG", (40, 30), exif=exif.tobytes(), comment=b"secret comment") + b"<script>alert(1)</script>"
    kept = encoded(content, "a.jpg")
    assert b"secret" not in kept.content
    assert b"script" not in kept.content
    assert (kept.width, kept.height) == (30, 40), "turned as the camera was held"


@given(st.integers(0, 600), st.binary(min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_a_damaged_picture_is_refused_or_read_and_never_more(at: int, noise: bytes) -> None:
    whole = bytearray(picture("PNG", mode="RGBA"))
    whole[at : at + len(noise)] = noise
    try:
        kept = encoded(bytes(whole), "a.png")
    except NotAPicture:
        return
    assert kept.width * kept.height <= LONGEST_SIDE**2
