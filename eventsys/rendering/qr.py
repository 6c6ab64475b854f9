"""QR codes as pictures that stand in the page itself."""

from __future__ import annotations

import segno


def qr_picture(text: str) -> str:
    """A data URI of the text's code in SVG. Raises ValueError for text beyond ASCII, which several readers lose."""
    if not text.isascii():
        raise ValueError("a QR code holds ASCII text")
    picture: str = segno.make_qr(text, error="m").svg_data_uri(scale=4, border=3, dark="#12284c", light="#fff")
    return picture
