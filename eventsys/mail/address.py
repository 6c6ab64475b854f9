"""One exact address, or none: a header may not smuggle in a second recipient."""

import re
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address as ParsedAddress

LONGEST_LOCAL_PART = 64
LONGEST_ADDRESS = 254

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@{_LABEL}(?:\.{_LABEL})*")
_USUAL = re.compile(rf"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@{_LABEL}(?:\.{_LABEL})*")


@dataclass(frozen=True, slots=True)
class Address:
    """A display name, possibly empty, and one exact address. Raises ValueError for anything else."""

    name: str
    email: str

    def __post_init__(self) -> None:
        exact_address(self.email)


def exact_address(text: str) -> str:
    """Return the text if it is exactly one plain address (RFC 5321 dot-string at a domain name), else raise ValueError.

    No display name, comment, quoting, blank or address literal, and nothing that reads as an encoded word.
    """
    found = _PLAIN.fullmatch(text)
    if not found or len(text) > LONGEST_ADDRESS or len(found["local"]) > LONGEST_LOCAL_PART or "=?" in text:
        raise ValueError(f"not one plain address: {text!r}")
    if _USUAL.fullmatch(text):
        return text
    try:
        parsed = ParsedAddress(addr_spec=text).addr_spec
    except HeaderParseError as error:
        raise ValueError(f"not one plain address: {text!r}") from error
    if parsed != text:
        raise ValueError(f"not one plain address: {text!r}")
    return text
