"""Sending what was claimed: make, hand over, mark. Runs in the worker; only claims and marks write.

The next letter is made while the relay makes up its mind about the one at hand. That one is marked before the next one
goes on its way, so a worker that dies leaves one letter of unknown fate, the one that it was handing over.
"""

from __future__ import annotations

import logging
import secrets
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import assert_never

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from eventsys.config import Settings
from eventsys.core.clock import now
from eventsys.core.letters import kind_of
from eventsys.core.reasons import RELAY_HAS_IT, UNKNOWN_FATE
from eventsys.core.sending import LONGEST_NAME, pause_now
from eventsys.core.transaction import AtOnce, write
from eventsys.delivery.making import Made, made
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
from eventsys.delivery.way import relay_of, transport_of, way_of
from eventsys.mail.postfix import Fate
from eventsys.mail.transport import Accepted, Deferred, Outcome, Refused, Transport, Unsure

log = logging.getLogger("eventsys.delivery")

RENEW_SECONDS = 60.0


def deliver_due(stopping: Callable[[], bool] = lambda: False, name: str = "") -> int:
    """Send everything that is due, in small claims over one connection; returns how many letters were accepted.

    Ends early when `stopping()` says so, after the letter at hand, when an administrator pauses sending, and when no
    letter gets out just now: what was claimed and not tried is put back uncounted, so the next sweep begins with it.
    """
    settings: Settings = current_app.extensions["eventsys.settings"]
    if pause_now():
        return 0
    with transport_of(settings) as transport, AtOnce() as marks:
        return _Round(settings, transport, marks, stopping, name or worker_name()).run()


def worker_name() -> str:
    """A name that no other worker has, with its machine's."""
    return f"{socket.gethostname()[: LONGEST_NAME - 13]}-{secrets.token_hex(6)}"


class _Round:
    """One worker's walk through what is due."""

    def __init__(
        self, settings: Settings, transport: Transport, marks: AtOnce, stopping: Callable[[], bool], name: str
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._marks = marks
        self._stopping = stopping
        self._worker = name
        self._way = way_of(settings)
        self._relay = relay_of(settings)
        self._ahead: dict[int, Made] = {}
        self._sent = 0
        self._ended = False

    def run(self) -> int:
        while not (self._ended or self._stopping()) and (claimed := self._claim()).due:
            self._send_all(claimed.letters)
        return self._sent

    def _claim(self) -> Claim:
        with write():
            return claim(self._worker, self._way)

    def _send_all(self, letters: Sequence[Claimed]) -> None:
        held, renewed = {letter.id for letter in letters}, time.monotonic()
        for position, letter in enumerate(letters):
            if self._ended or self._stopping():
                return self._put_back(letters[position:])
            if time.monotonic() - renewed > RENEW_SECONDS:
                with write():
                    held, renewed = keep(letters[position:], self._worker), time.monotonic()
            if letter.id in held:
                self._send(letter, next(iter(letters[position + 1 :]), None))
        return None

    def _put_back(self, letters: Sequence[Claimed]) -> None:
        with write():
            put_back(letters, self._worker)

    def _send(self, letter: Claimed, following: Claimed | None) -> None:
        outcome = self._known(letter) or self._handed_over(letter, following)
        is_away = isinstance(outcome, Deferred) and outcome.away
        if is_away:
            log.warning("no letter gets out just now: %s", outcome)
        self._sent += isinstance(outcome, Accepted)
        self._ended = not self._marked(letter, outcome) or is_away

    def _known(self, letter: Claimed) -> Outcome | None:
        """What became of an earlier try of unknown fate, as the relay says; None when the letter has to be sent.

        A letter of which nobody can tell goes again only where its kind allows it.
        """
        if letter.unsure_since is None:
            return None
        found = self._relay.ask(letter.message_id, letter.unsure_since, now()) if self._relay else None
        if found and found.fate is Fate.TAKEN:
            log.info("letter %s is with the relay already: %s", letter.id, found.words)
            return Accepted(RELAY_HAS_IT)
        if found and found.fate is Fate.UNKNOWN and not kind_of(letter.kind).resend:
            return Unsure(UNKNOWN_FATE)
        return None

    def _handed_over(self, letter: Claimed, following: Claimed | None) -> Outcome:
        """What sending came to; the following letter is made meanwhile."""
        ready = self._ahead.pop(letter.id, None) or made(letter, self._settings)
        if ready.fault:
            return Refused(ready.fault)

        def make_following() -> None:
            if following:
                with suppress(SQLAlchemyError):
                    self._ahead[following.id] = made(following, self._settings)

        try:
            return self._transport.send(ready.sender, letter.address, ready.data, make_following)
        except ValueError as error:
            return Refused(str(error))

    def _marked(self, letter: Claimed, outcome: Outcome) -> bool:
        """Write down what became of the letter; whether the next one may leave."""
        match outcome:
            case Accepted(answer):
                at = letter.unsure_since if answer == RELAY_HAS_IT else None
                return mark_sent(self._marks, letter, self._worker, answer, at)
            case Refused(reason):
                with write():
                    mark_failed(letter, self._worker, reason)
            case Deferred(reason):
                with write():
                    mark_deferred(letter, self._worker, reason)
            case Unsure(reason) if self._way.resolves or kind_of(letter.kind).resend:
                with write():
                    mark_deferred(letter, self._worker, reason, is_unsure=True)
            case Unsure():
                with write():
                    mark_failed(letter, self._worker, UNKNOWN_FATE, is_unsure=True)
            case _:
                assert_never(outcome)
        return pause_now() is None
