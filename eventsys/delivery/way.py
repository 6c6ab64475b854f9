"""The way out: by which transport, under which names, at which pace, and whom to ask about a letter of unknown fate."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

from eventsys.config import Settings
from eventsys.delivery.identity import Identities
from eventsys.mail.local import LocalMailbox
from eventsys.mail.postfix import Postfix
from eventsys.mail.smtp import Security, SmtpSettings, SmtpTransport
from eventsys.mail.transport import Transport


@dataclass(frozen=True, slots=True)
class Way:
    """What a claim needs to know. `resolves`: a letter of unknown fate is never doubled, for somebody can be asked."""

    identities: Identities
    resolves: bool = False
    domain_workers: int = 0
    domain_rates: Mapping[str, int] = field(default_factory=dict)


def way_of(settings: Settings) -> Way:
    """As the settings say. The local mailbox knows what it has: putting a letter into it again does nothing."""
    mail = settings.mail
    return Way(
        Identities(settings.host, settings.secret_keys[0]),
        resolves=bool(mail.query) or not mail.host,
        domain_workers=mail.domain_workers,
        domain_rates=dict(mail.domain_rates),
    )


def relay_of(settings: Settings) -> Postfix | None:
    """Whom to ask what became of a letter; None where nobody can be asked."""
    mail = settings.mail
    if not mail.host or mail.query != "postfix":
        return None
    folder = ("-c", mail.postfix_folder) if mail.postfix_folder else ()
    return Postfix(mail.log, ("postqueue", *folder, "-j"))


def transport_of(settings: Settings) -> Transport:
    """The relay of the settings, or the local mailbox when there is none."""
    mail = settings.mail
    if not mail.host:
        return local_mailbox(settings)
    hello = _hello(settings.host)
    security, seconds = Security(mail.security), float(mail.seconds)
    return SmtpTransport(
        SmtpSettings(
            mail.host, mail.port, mail.user, mail.password, security, timeout=seconds, deadline=seconds, hello=hello
        )
    )


def local_mailbox(settings: Settings) -> LocalMailbox:
    """Where letters lie when no relay is set up, exactly as they would be sent."""
    return LocalMailbox(settings.data / "mailbox")


def _hello(host: str) -> str:
    """Our name to the relay; an address without a name stands in brackets (RFC 5321 4.1.3)."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"
