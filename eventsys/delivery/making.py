"""A letter made: from its facts to the octets that leave."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from eventsys.config import Settings
from eventsys.core.language import HTML_LANG, use_language
from eventsys.core.letters import Facts, Rendered, kind_of
from eventsys.delivery.operations import Claimed
from eventsys.mail.address import Address
from eventsys.mail.message import Mail, build

log = logging.getLogger("eventsys.delivery")


@dataclass(frozen=True, slots=True)
class Made:
    """A letter ready to leave: the envelope's sender and the octets; or why it cannot be made."""

    sender: str = ""
    data: bytes = b""
    fault: str = ""


def made(letter: Claimed, settings: Settings) -> Made:
    """The letter, or its fault: one that cannot be made is refused, so that it shows up and holds up nothing."""
    try:
        return Made(*build_letter(letter, settings))
    except SQLAlchemyError:
        raise
    except Exception as error:
        log.exception("letter %s could not be made", letter.id)
        return Made(fault=f"{type(error).__name__}: {error}")


def build_letter(letter: Claimed, settings: Settings) -> tuple[str, bytes]:
    """The envelope's sender and the octets of a letter. Raises `ValueError` for an address nobody can write to."""
    words = words_of(letter.kind, letter.common, letter.facts, letter.language)
    sender = words.sender or settings.mail.sender
    mail = Mail(
        sender=Address(words.sender_name, sender),
        to=Address(letter.recipient, letter.address),
        subject=words.subject,
        text=words.text,
        html=words.html,
        calendar=words.calendar,
        method=words.method or None,
        message_id=letter.message_id,
        date=letter.written_at,
        language=HTML_LANG[letter.language],
        unsubscribe_url=words.unsubscribe_url,
    )
    return sender, build(mail)


def words_of(kind: str, common: Facts, facts: Facts, language: str) -> Rendered:
    """The words of a letter as its recipient reads them. Raises `KeyError` for a kind that nobody registered."""
    with use_language(language):
        return kind_of(kind).render(common, facts, language)
