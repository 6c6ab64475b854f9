"""Personal links: made from a stored random value and a server key, so a stolen database opens none of them.

A token is `<key number><link id><mark>`: the link id finds the row, the mark is an HMAC-SHA256 over purpose and link
id, cut to 128 bits. The key number allows the server key to be replaced while older links keep working.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

LINK_ID_LENGTH = 26
MARK_LENGTH = 26


def new_link_id() -> str:
    """128 random bits as 26 lower-case base32 characters."""
    return _base32(secrets.token_bytes(16))


class LinkSigner:
    """Makes and checks the tokens of one purpose ('reply', 'calendar', ...); the newest key comes first."""

    def __init__(self, keys: Sequence[str], purpose: str) -> None:
        self._keys = {str(len(keys) - index): key.encode() for index, key in enumerate(keys)}
        self._newest = str(len(keys))
        self._purpose = purpose

    def token(self, link_id: str) -> str:
        """The token that goes into a letter."""
        return self._newest + link_id + self._mark(self._newest, link_id)

    def link_id(self, token: str) -> str | None:
        """The link id of a genuine token, None for anything else; takes the same time for every wrong token."""
        key_id, link_id, mark = token[:1], token[1 : 1 + LINK_ID_LENGTH], token[1 + LINK_ID_LENGTH :]
        known = key_id in self._keys
        expected = self._mark(key_id if known else self._newest, link_id)
        genuine = hmac.compare_digest(mark.encode(), expected.encode())
        return link_id if genuine and known else None

    def _mark(self, key_id: str, link_id: str) -> str:
        message = f"{self._purpose}|{link_id}".encode()
        return _base32(hmac.new(self._keys[key_id], message, hashlib.sha256).digest()[:16])


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=").lower()
