"""The headers of a message that a stranger wrote: who, to whom, when. Data, never proof, but for `authenticated`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.headerregistry import AddressHeader, HeaderRegistry
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

import authres
from authres.core import AuthenticationResult

from eventsys.calendar.octets import decoded
from eventsys.mail.address import exact_address

_LONGEST_MAILBOX = 2000
_LONGEST_RECIPIENTS = 64 * 1024
_LONGEST_RESULTS = 8 * 1024
_LONGEST_SUBJECT = 500
_RECIPIENTS = (
    "to",
    "cc",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "x-forwarded-to",
    "original-recipient",
    "resent-to",
    "resent-cc",
    "apparently-to",
)
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,990}>")
_FOLD = re.compile(r"[\r\n]+")
_BULK = frozenset({"bulk", "list", "junk", "auto_reply"})
_MACHINES = ("x-autoreply", "x-autorespond", "x-auto-reply-from", "x-failed-recipients")
_RESULTS = authres.all_features()
_VOUCHED = {"dkim": ("d", "i"), "dmarc": ("from",), "arc": ("d", "from")}
_parsed = HeaderRegistry()


class Envelope:
    """The headers of a message, by lower-case name."""

    def __init__(self, message: Message) -> None:
        self._values: dict[str, list[str]] = {}
        self._order: list[str] = []
        for name, value in message.raw_items():
            self._values.setdefault(name.lower(), []).append(_FOLD.sub("", str(value)))

    def __bool__(self) -> bool:
        return bool(self._values)

    def all(self, name: str) -> list[str]:
        """The values of a header, unfolded; octets beyond ASCII are surrogates."""
        return self._values.get(name.lower(), [])

    def first(self, name: str) -> str:
        """The topmost value of a header, empty without it."""
        return next(iter(self.all(name)), "")

    def mailbox(self, name: str) -> str | None:
        """The one plain address of a header that stands there once, in lower case; None for anything else."""
        values = self.all(name)
        if len(values) != 1 or len(values[0]) > _LONGEST_MAILBOX:
            return None
        try:
            header = _parsed(name, values[0])
            addresses = header.addresses if isinstance(header, AddressHeader) else ()
            return _plain(addresses[0].addr_spec) if len(addresses) == 1 else None
        except (ValueError, LookupError, AttributeError, RecursionError, HeaderParseError):
            return None

    def recipients(self) -> tuple[str, ...]:
        """Every plain address that the message went to, in lower case, each once."""
        found = [address for name in _RECIPIENTS for address in _addresses(self.all(name))]
        return tuple(dict.fromkeys(found))

    def subject(self) -> str:
        """The subject as text in one line, cut at 500 characters."""
        return readable(self.first("subject"))[:_LONGEST_SUBJECT]

    def message_id(self, name: str = "message-id") -> str:
        """The last message id of a header in its angle brackets, empty without one."""
        return next(reversed(_MESSAGE_ID.findall(_ascii(self.first(name)))), "")

    def date(self) -> datetime | None:
        """Date in UTC; None when it is missing or garbage."""
        try:
            date = parsedate_to_datetime(_ascii(self.first("date"))[:200])
            return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            return None

    def has_no_return_path(self) -> bool:
        """Whether the sender wants no answer (RFC 5321 §4.5.5)."""
        return self.first("return-path").replace(" ", "") == "<>"

    def is_automatic(self) -> bool:
        """Whether a machine wrote it: Auto-Submitted (RFC 3834), Precedence, a list, no return path."""
        submitted = self.first("auto-submitted").partition(";")[0].strip().lower()
        return (
            submitted not in ("", "no")
            or self.first("precedence").strip().lower() in _BULK
            or bool(self.first("list-id"))
            or any(self.all(name) for name in _MACHINES)
            or self.has_no_return_path()
        )

    def authenticated(self, authserv_id: str) -> frozenset[str]:
        """The domains for which the topmost Authentication-Results says pass, if it is signed `authserv_id` (RFC 8601).

        Only the topmost one is ours for certain: what stands below it may have come with the message.
        """
        written = self.first("authentication-results")
        if not authserv_id or not written or len(written) > _LONGEST_RESULTS:
            return frozenset()
        try:
            header = _RESULTS.parse_value(_ascii(written).strip())
        except (authres.AuthResError, RecursionError):
            return frozenset()
        if header.authserv_id != authserv_id.strip().lower():
            return frozenset()
        return frozenset(domain for result in header.results for domain in _vouched(result))


def readable(value: str) -> str:
    """A header's value as text in one line, its encoded words read (RFC 2047), without control characters."""
    raw = value.encode("utf-8", "surrogateescape")
    if not raw.isascii():
        value = decoded(raw)
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError, LookupError):
        pieces = [(value, None)]
    text = "".join(
        decoded(piece, charset or "") if isinstance(piece, bytes) else str(piece) for piece, charset in pieces
    )
    return _UNSEEN.sub(" ", text).strip()


def _vouched(result: AuthenticationResult) -> Iterable[str]:
    names = _VOUCHED.get(str(result.method).lower(), ())
    if str(result.result).lower() != "pass":
        return
    for prop in result.properties:
        if prop.type == "header" and prop.name in names and prop.value:
            yield str(prop.value).rpartition("@")[2].lower().rstrip(".")


def _addresses(values: list[str]) -> Iterable[str]:
    bare = [value.rpartition("rfc822;")[2] for value in values]
    if sum(map(len, bare)) > _LONGEST_RECIPIENTS:
        return
    try:
        pairs = getaddresses(bare)
    except RecursionError:
        return
    for _, address in pairs:
        plain = _plain(address)
        if plain:
            yield plain


def _plain(address: str) -> str | None:
    try:
        return exact_address(address).lower()
    except ValueError:
        return None


def _ascii(value: str) -> str:
    return value.encode("ascii", "replace").decode("ascii")
