"""A workbook's package, looked at before anything in it is read: how much it holds, and that it holds no traps.

An XLSX file is a ZIP archive of XML. A small one can unpack to gigabytes, and its XML can ask for entities that grow
or fetch; so every part is inflated once, with a limit, only to be counted and looked through.
"""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from eventsys.core.language import gettext as _
from eventsys.exchange.reading.rows import Unreadable

LARGEST_FILE = 10 * 1024 * 1024
LARGEST_UNPACKED = 64 * 1024 * 1024
LARGEST_PART = {"xl/worksheets/": LARGEST_UNPACKED, "xl/sharedStrings.xml": LARGEST_UNPACKED}
LARGEST_OTHER_PART = 8 * 1024 * 1024
MOST_PARTS = 1000
STEEP, STEEP_FROM = 250, 1024 * 1024
PIECE = 1 << 16
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORKBOOK = "xl/workbook.xml"
DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
LONGEST_DECLARATION = 9


def is_package(data: bytes) -> bool:
    """Whether the file says that it is an archive."""
    return data[:4] in {b"PK\x03\x04", b"PK\x05\x06"}


def looked_through(data: bytes) -> None:
    """Raise `Unreadable` for a package that is no workbook, too large when it is unpacked, or holds a trap."""
    try:
        with ZipFile(BytesIO(data)) as package:
            parts = package.infolist()
            _check_declared(parts)
            left = LARGEST_UNPACKED
            for part in parts:
                left -= _inflated(package, part, left)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error) as error:
        raise _damaged() from error


def _damaged() -> Unreadable:
    return Unreadable(lambda: _("The file is damaged or is no workbook. Save it again as .xlsx or .csv."))


def _too_large() -> Unreadable:
    return Unreadable(
        lambda: _(
            "The workbook is much larger inside than the file: more than %(number)s MB. It was not opened. "
            "Copy the rows into a new workbook, or save them as .csv.",
            number=LARGEST_UNPACKED // 1024 // 1024,
        )
    )


def _check_declared(parts: list[ZipInfo]) -> None:
    """What the directory of the archive says, before a byte is inflated."""
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or len(set(names)) != len(names):
        raise _damaged()
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(lambda: _("The file is protected by a password. Save it without one."))
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED or any(_is_steep(part) for part in parts):
        raise _too_large()
    if WORKBOOK not in names:
        raise Unreadable(lambda: _("This is no Excel workbook (.xlsx). Save the table as .xlsx or .csv."))


def _is_steep(part: ZipInfo) -> bool:
    return part.file_size > STEEP_FROM and part.file_size > STEEP * max(1, part.compress_size)


def _inflated(package: ZipFile, part: ZipInfo, left: int) -> int:
    """How large the part really is. Raises `Unreadable` as soon as it is more than `left`, or for a declaration."""
    most = min(left, _limit_of(part.filename))
    is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    size, tail = 0, b""
    with package.open(part) as source:
        while piece := source.read(PIECE):
            size += len(piece)
            if size > most:
                raise _too_large()
            if is_xml and (b"\x00" in piece or DECLARATION.search(tail + piece)):
                raise _damaged()
            tail = piece[-LONGEST_DECLARATION:]
    return size


def _limit_of(name: str) -> int:
    return next((limit for start, limit in LARGEST_PART.items() if name.startswith(start)), LARGEST_OTHER_PART)
