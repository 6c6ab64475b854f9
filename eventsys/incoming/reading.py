"""The mailbox that the worker reads, bound to the verbs that take its messages in."""

from __future__ import annotations

import logging
from threading import Event

from flask import Flask
from sqlalchemy import select

from eventsys.config import Settings
from eventsys.core.language import use_language
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.incoming.models import Door, MailboxPosition
from eventsys.incoming.operations.position import mark_answered, mark_fault, remember
from eventsys.incoming.operations.take import Office, take_in
from eventsys.mail.imap import Arrived, ImapSettings, follow
from eventsys.mail.smtp import Security

log = logging.getLogger("eventsys.incoming")


def office_of(settings: Settings) -> Office:
    """What taking in has to know about this installation."""
    return Office(settings.mail.sender, settings.mailbox.authserv_id)


def read_mailbox(app: Flask, settings: Settings, stopping: Event) -> None:
    """Take in what comes into the mailbox of the settings until stopping; returns at once when there is none."""
    found = settings.mailbox
    if not found.host:
        return
    imap = ImapSettings(
        found.host,
        found.port,
        found.user,
        found.password,
        Security(found.security),
        found.folder,
        poll=found.poll_seconds,
    )
    log.info("reading the mailbox at %s", found.host)
    follow(imap, MailboxReader(app, settings), stopping)


def mailbox_name(settings: Settings) -> str:
    """What one mailbox is remembered by."""
    found = settings.mailbox
    return f"{found.user}@{found.host}:{found.port}/{found.folder}"


class MailboxReader:
    """An `imap.Reader`: a message and the position after it are kept together or not at all."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._office = office_of(settings)
        self._mailbox = mailbox_name(settings)

    def position(self, uidvalidity: int) -> int:
        with self._app.app_context():
            row = db.session.execute(
                select(MailboxPosition.uidvalidity, MailboxPosition.uid).where(MailboxPosition.mailbox == self._mailbox)
            ).one_or_none()
        return row.uid if row is not None and row.uidvalidity == uidvalidity else 0

    def take(self, arrived: Arrived) -> None:
        def position() -> None:
            remember(self._mailbox, arrived.uidvalidity, arrived.uid)

        with self._app.app_context(), use_language("zh"):
            take_in(arrived.data, Door.MAILBOX, self._office, arrived_at=arrived.at, together_with=position)

    def answered(self) -> None:
        with self._app.app_context(), write():
            mark_answered(self._mailbox)

    def failed(self, reason: str) -> None:
        with self._app.app_context(), write():
            mark_fault(self._mailbox, reason)
