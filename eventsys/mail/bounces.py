"""Letters of ours that came back: reports by the standard (RFC 3464) and what servers say in words.

A report in words is believed only from a mail server, never from a person: the sender is its postmaster or there is no
return path. flufl.bounce knows the formats of the world; those of Chinese providers stand here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser

import nh3
from flufl.bounce import all_failures

from eventsys.mail import parts
from eventsys.mail.address import exact_address
from eventsys.mail.envelope import Envelope, readable

_LONGEST_REASON = 500
_MOST_RECIPIENTS = 50
_LONGEST_TEXT = 20_000
_MOST_LINES = 400
_LONGEST_LINE = 300
_SERVERS = frozenset({"mailer-daemon", "postmaster", "maildaemon", "mail-daemon", "mdaemon", "mailerdaemon"})
_SOME_SERVER = "mailer-daemon@localhost"
_RETURNED = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"})
_STATUS = re.compile(r"(?<![0-9.])([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")
_SAID = re.compile(r"(?<![0-9.])[45][0-9]{2}[ -][^\n]{0,300}")
_ADDRESS = re.compile(r"[A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_MESSAGE_ID = re.compile(r"^message-id:[ \t]*(<[^<>\s]{1,250}>)", re.IGNORECASE | re.MULTILINE)
_RETURNED_BELOW = re.compile(
    "original message|returned message|copy of (?:the|your) message|message headers follow"
    "|原邮件|原始邮件|原信|邮件原文",
    re.IGNORECASE,
)
_CHINESE_FAILURE = re.compile("退信|被退回|退回来|退回的邮件|(?:投递|发送|递送)失败|未能送达|拒收")
_CHINESE_DELAY = re.compile("延迟|稍后(?:会|将)?(?:再次|重新)?尝试|暂时无法")
_CHINESE_UNREACHED = re.compile("无法(?:被)?(?:送达|投递|发送)|不存在")
_LINE_ENDS = re.compile("<(?:br|/p|/div|/tr|/li|/td|/h[1-6])[^<>]*>", re.IGNORECASE)
_DELIVERY = frozenset({"message/delivery-status", "message/global-delivery-status"})
_OTHER_REPORTS = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
_ENCODING = "Content-Transfer-Encoding"
_BLANK_LINE = re.compile(r"\r?\n[ \t]*\r?\n")
_PREFIX = re.compile(r"^[A-Za-z0-9-]{1,40}[ \t]*;[ \t]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """One recipient whom a letter of ours did not reach (RFC 3464).

    `recipient` is a plain lower-case address, empty if unknown; `message_id` is that of our letter in angle brackets,
    empty if unknown; `status` is like `5.1.1`, empty if unknown; `permanent` is False while the server still tries.
    """

    recipient: str
    message_id: str = ""
    status: str = ""
    reason: str = ""
    permanent: bool = True


def is_report(message: Message) -> bool:
    """Whether it reports on a message (RFC 6522): delivery, display, complaint."""
    kinds = [message, *parts.leaves(message)]
    return message.get_content_type() == "multipart/report" or any(_reports(part) for part in kinds)


def reported(message: Message, envelope: Envelope) -> tuple[Bounce, ...]:
    """Whom a delivery report names as not reached, or not yet; nobody when it reports anything else."""
    leaves = list(parts.leaves(message))
    status = [part for part in leaves if part.get_content_type() in _DELIVERY]
    letter = _returned(leaves)
    message_id = _letter_id(letter, envelope)
    found = [bounce for part in status for block in _blocks(part) for bounce in _by_block(block, message_id)]
    if found or any(_fields(block) for part in status for block in _blocks(part)):
        return tuple(found[:_MOST_RECIPIENTS])
    if parts.parameter(message, "report-type").lower() not in ("", "delivery-status"):
        return ()
    return told(message, envelope, certain=True) or _unknown(letter, message_id)


def told(message: Message, envelope: Envelope, *, certain: bool = False) -> tuple[Bounce, ...]:
    """Whom a mail server names in words; nobody unless a server wrote it, or it is certain that it is a bounce."""
    if not certain and not _is_of_server(envelope):
        return ()
    leaves = list(parts.leaves(message))
    text = _said(leaves)
    own = {envelope.mailbox("from") or "", *envelope.recipients()}
    temporary, permanent = _by_library(text, envelope)
    if not temporary and not permanent:
        temporary, permanent = _in_chinese(text, envelope, own)
    message_id = _letter_id(_returned(leaves), envelope) or _id_in(text)
    status, reason = _status(text), _reason(text)
    return tuple(
        Bounce(recipient=each, message_id=message_id, status=status, reason=reason, permanent=each in permanent)
        for each in sorted((temporary | permanent) - own)[:_MOST_RECIPIENTS]
    )


def _reports(part: Message) -> bool:
    return part.get_content_type() in _DELIVERY | _OTHER_REPORTS


def _blocks(part: Message) -> list[Message]:
    """The groups of fields of a delivery status; the parser parts them, unless they are encoded or of another kind."""
    groups = parts.inside(part)
    if any(map(_fields, groups)):
        return groups
    whole = Message()
    whole[_ENCODING] = str(part.get(_ENCODING, "8bit"))
    whole.set_payload(b"\n\n".join(map(_written, groups)).decode("ascii", "surrogateescape"))
    return [HeaderParser().parsestr(group) for group in _BLANK_LINE.split(parts.text(whole))[:_MOST_RECIPIENTS]]


def _written(group: Message) -> bytes:
    """A group of fields as it stood in the message."""
    fields = "".join(f"{name}: {value}\n" for name, value in group.raw_items())
    return fields.encode("ascii", "surrogateescape") + b"\n" + parts.raw_octets(group)


def _fields(block: Message) -> bool:
    return bool(block.get("Final-Recipient") or block.get("Original-Recipient")) and bool(block.get("Action"))


def _by_block(block: Message, message_id: str) -> Iterator[Bounce]:
    action = _value(block, "Action").partition(" ")[0].lower()
    if not _fields(block) or action not in ("failed", "delayed"):
        return
    said = _value(block, "Diagnostic-Code")
    status = _status(_value(block, "Status"))
    yield Bounce(
        recipient=_recipient(block),
        message_id=message_id,
        status=_more_exact(status, _status(said)),
        reason=_PREFIX.sub("", said)[:_LONGEST_REASON],
        permanent=action == "failed",
    )


def _value(block: Message, name: str) -> str:
    return " ".join(readable(str(block.get(name, ""))).split())


def _recipient(block: Message) -> str:
    """The address as we wrote it, before others forwarded the letter; else the last one."""
    for name in ("Original-Recipient", "Final-Recipient"):
        address = _plain(_PREFIX.sub("", _value(block, name)))
        if address:
            return address
    return ""


def _more_exact(status: str, other: str) -> str:
    """A server that writes 5.0.0 often says in words what it was."""
    return other if other and (not status or status.endswith(".0.0")) else status


def _returned(leaves: list[Message]) -> Message | None:
    """Our own letter, or its headers, as the report brings it back."""
    for part in leaves:
        if part.get_content_type() in _RETURNED:
            inside = parts.inside(part)
            return inside[0] if inside else HeaderParser().parsestr(parts.text(part)[:_LONGEST_TEXT].lstrip())
    return None


def _letter_id(letter: Message | None, envelope: Envelope) -> str:
    """The Message-ID of our letter: in what came back, else what the report answers."""
    own = Envelope(letter).message_id() if letter else ""
    return own or envelope.message_id("in-reply-to") or envelope.message_id("references")


def _unknown(letter: Message | None, message_id: str) -> tuple[Bounce, ...]:
    """A failure that names nobody: each letter of ours goes to one person, so the letter says who."""
    recipients = Envelope(letter).recipients() if letter else ()
    return (Bounce(recipient=recipients[0] if len(recipients) == 1 else "", message_id=message_id),)


def _is_of_server(envelope: Envelope) -> bool:
    sender = envelope.mailbox("from") or ""
    bare = envelope.first("from").lower()
    return (
        sender.partition("@")[0] in _SERVERS
        or ("@" not in bare and any(bare.strip().startswith(name) for name in _SERVERS))
        or envelope.has_no_return_path()
        or bool(envelope.all("x-failed-recipients"))
    )


def _said(leaves: list[Message]) -> str:
    """What it says to people, without the letter that it brings back, in lines of bearable length."""
    for kind in ("text/plain", "text/html"):
        for part in leaves:
            if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
                text = parts.text(part)[:_LONGEST_TEXT]
                if text.strip():
                    return _cut(_plain_text(text) if kind == "text/html" else text)
    return ""


def _plain_text(markup: str) -> str:
    return html.unescape(nh3.clean(_LINE_ENDS.sub("\n", markup), tags=set()))


def _cut(text: str) -> str:
    return "\n".join(line[:_LONGEST_LINE] for line in text.splitlines()[:_MOST_LINES])


def _by_library(text: str, envelope: Envelope) -> tuple[set[str], set[str]]:
    report = Message()
    report["From"] = envelope.mailbox("from") or _SOME_SERVER
    for failed in envelope.all("x-failed-recipients"):
        report["X-Failed-Recipients"] = failed[:_LONGEST_LINE].encode("ascii", "replace").decode()
    report["Content-Type"] = "text/plain"
    report.set_payload(text)
    temporary, permanent = all_failures(report)
    return _plain_ones(temporary), _plain_ones(permanent)


def _plain_ones(addresses: Iterable[bytes]) -> set[str]:
    found = (_plain(address.decode("ascii", "replace")) for address in addresses)
    return {address for address in found if address}


def _in_chinese(text: str, envelope: Envelope, own: set[str]) -> tuple[set[str], set[str]]:
    """The first address above the letter that came back, where a Chinese provider says that it could not deliver."""
    above = _RETURNED_BELOW.split(text, maxsplit=1)[0] or text
    named = [address for address in map(_plain, _ADDRESS.findall(above)) if address and address not in own]
    others = {address: None for address in named if address.partition("@")[0] not in _SERVERS}
    first = set(list(others)[:1])
    whole = f"{envelope.subject()}\n{above}"
    if _CHINESE_FAILURE.search(whole):
        return set(), first
    if _CHINESE_DELAY.search(whole):
        return first, set()
    return set(), first if _CHINESE_UNREACHED.search(whole) else set()


def _id_in(text: str) -> str:
    found = _MESSAGE_ID.search(text)
    return found[1] if found else ""


def _status(text: str) -> str:
    found = _STATUS.search(text)
    return found[1] if found else ""


def _reason(text: str) -> str:
    """What the other server answered, or the first words."""
    found = _SAID.search(text)
    words = found[0] if found else " ".join(text.split())
    return readable(words)[:_LONGEST_REASON]


def _plain(text: str) -> str | None:
    try:
        return exact_address(text.strip().strip("<>").strip()).lower()
    except ValueError:
        return None
