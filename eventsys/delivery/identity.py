"""What a letter is called on its way: its Message-ID (RFC 5322 3.6.4)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

MARK = 10


@dataclass(frozen=True, slots=True)
class Identities:
    """Makes Message-IDs: the same for the same letter, and not to be guessed by who has not seen it.

    The mark keeps strangers from reporting somebody else's letter as undeliverable.
    """

    host: str
    secret: str

    def message_id(self, key: str, life: int = 0) -> str:
        """The Message-ID of the letter with this key; another `life` of the same letter has another."""
        readable = re.sub("[^a-z0-9]+", "-", key.lower()).strip("-")[:50]
        mark = hmac.new(self.secret.encode(), f"message|{key}|{life}".encode(), hashlib.sha256).digest()
        return f"<{readable}.{base64.b32encode(mark).decode()[:MARK].lower()}@{self.host}>"
