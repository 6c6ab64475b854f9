"""Files that show what goes out, reviewed as diffs. `GOLDEN=write pytest tests/calendar tests/mail` writes them."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "golden" / "calendar"


def golden(name: str, octets: bytes) -> bytes:
    """The octets that the file of this name holds, written first if that was asked for."""
    path = FOLDER / name
    if os.environ.get("GOLDEN") == "write":
        path.write_bytes(octets)
    return path.read_bytes()
