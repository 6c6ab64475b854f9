"""Sending what was claimed: render, build, hand over, mark. Runs in the worker; only claims and marks write."""

from __future__ import annotations

import logging
import re
import secrets
import socket
import time
from collections.abc import Callable, Sequence

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from eventsys.config import Settings
from eventsys.core.language import HTML_LANG, use_language
from eventsys.core.letters import Facts, Rendered, kind_of
from eventsys.core.transaction import write
from eventsys.delivery.operations import (
    Claim,
    Claimed,
    claim,
    keep,
    mark_deferred,
    mark_failed,
    mark_sent,
    put_back,
)
from eventsys.mail.address import Address
from eventsys.mail.local import LocalMailbox
from eventsys.mail.message import Mail, build
from eventsys.mail.smtp import Security, SmtpSettings, SmtpTransport
from eventsys.mail.transport import Accepted, Deferred, Outcome, Refused, Transport, Unsure

log = logging.getLogger("eventsys.delivery")

RENEW_SECONDS = 60.0


def deliver_due(stopping: Callable[[], bool] = lambda: False) -> int:
    """Send everything that is due, in small claims over one connection; returns how many letters were accepted.

    Ends early when `stopping()` says so, after the letter at hand, and when no letter gets out just now: what was
    claimed and not tried is put back uncounted, so the next sweep begins with it.
    """
    settings: Settings = current_app.extensions["eventsys.settings"]
    with transport_of(settings) as transport:
        return _Round(settings, transport, stopping).run()


class _Round:
    """One worker's walk through what is due."""

    def __init__(self, settings: Settings, transport: Transport, stopping: Callable[[], bool]) -> None:
        self._settings = settings
        self._transport = transport
        self._stopping = stopping
        self._worker = f"{socket.gethostname()[:40]}-{secrets.token_hex(6)}"
        self._sent = 0
        self._ended = False

    def run(self) -> int:
        while not (self._ended or self._stopping()) and (claimed := self._claim()).due:
            self._send_all(claimed.letters)
        return self._sent

    def _claim(self) -> Claim:
        with write():
            return claim(self._worker)

    def _send_all(self, letters: Sequence[Claimed]) -> None:
        held, renewed = {letter.id for letter in letters}, time.monotonic()
        for position, letter in enumerate(letters):
            if self._ended or self._stopping():
                return self._put_back(letters[position:])
            if time.monotonic() - renewed > RENEW_SECONDS:
                with write():
                    held, renewed = keep(letters[position:], self._worker), time.monotonic()
            if letter.id in held:
                self._send(letter)
        return None

    def _put_back(self, letters: Sequence[Claimed]) -> None:
        with write():
            put_back(letters, self._worker)

    def _send(self, letter: Claimed) -> None:
        outcome = self._handed_over(letter)
        self._ended = isinstance(outcome, Deferred) and outcome.away
        self._sent += isinstance(outcome, Accepted)
        if self._ended:
            log.warning("no letter gets out just now: %s", outcome)
        with write():
            _mark(letter, self._worker, outcome)

    def _handed_over(self, letter: Claimed) -> Outcome:
        """What sending came to; a letter that cannot be made is refused, so that it shows up and holds up nothing."""
        try:
            sender, data = build_letter(letter, self._settings)
        except SQLAlchemyError:
            raise
        except Exception as error:
            log.exception("letter %s could not be made", letter.id)
            return Refused(f"{type(error).__name__}: {error}")
        try:
            return self._transport.send(sender, letter.address, data)
        except ValueError as error:
            return Refused(str(error))


def transport_of(settings: Settings) -> Transport:
    """The way out: the relay of the settings, or the local mailbox when there is none."""
    mail = settings.mail
    if not mail.host:
        return local_mailbox(settings)
    security = Security(mail.security)
    return SmtpTransport(SmtpSettings(mail.host, mail.port, mail.user, mail.password, security))


def local_mailbox(settings: Settings) -> LocalMailbox:
    """Where letters lie when no relay is set up, exactly as they would be sent."""
    return LocalMailbox(settings.data / "mailbox")


def message_id(letter: Claimed, host: str) -> str:
    """The same for every try of one letter, so that receivers drop a second copy (RFC 5322 3.6.4)."""
    return f"<{re.sub('[^a-z0-9]+', '-', letter.key.lower())}@{host}>"


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
        message_id=message_id(letter, settings.host),
        date=letter.queued_at,
        language=HTML_LANG[letter.language],
    )
    return sender, build(mail)


def words_of(kind: str, common: Facts, facts: Facts, language: str) -> Rendered:
    """The words of a letter as its recipient reads them. Raises `KeyError` for a kind that nobody registered."""
    with use_language(language):
        return kind_of(kind).render(common, facts, language)


def _mark(letter: Claimed, worker: str, outcome: Outcome) -> None:
    match outcome:
        case Accepted(answer):
            mark_sent(letter, worker, answer)
        case Refused(reason):
            mark_failed(letter, worker, reason)
        case Unsure(reason) if not kind_of(letter.kind).resend:
            mark_failed(letter, worker, reason)
        case Deferred(reason) | Unsure(reason):
            mark_deferred(letter, worker, reason)
