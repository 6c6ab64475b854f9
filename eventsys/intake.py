"""One message from a mail server's pipe: `eventsys mail-in`. A composition root of its own, for it runs once a message.

The exit code is the answer to the mail server (sysexits.h): 0 when the message is taken in, now or before; EX_TEMPFAIL
for everything else, so that the server keeps the message and tries again. Nothing is ever sent back to whoever wrote.
"""

from __future__ import annotations

import logging
from typing import BinaryIO

from eventsys import create_app, schema
from eventsys.config import from_environment
from eventsys.core.language import use_language
from eventsys.incoming.models import Door
from eventsys.incoming.operations.take import take_in
from eventsys.incoming.reading import office_of
from eventsys.incoming.text import LONGEST_MESSAGE

log = logging.getLogger("eventsys.incoming")

EX_OK = 0
EX_TEMPFAIL = 75
PIECE = 64 * 1024


def take_in_from(stream: BinaryIO) -> int:
    """Take in the message on the stream; returns the exit code. Never raises."""
    try:
        data = _read(stream)
        settings = from_environment()
        app = create_app(settings)
        schema.require_current(app)
        with app.app_context(), use_language("zh"):
            taken = take_in(data, Door.PIPE, office_of(settings))
    except Exception as error:
        log.error("the message was not taken in and has to come again: %s", error)
        return EX_TEMPFAIL
    log.info("message %s %s", taken.id, "taken in" if taken.is_new else "was taken in before")
    return EX_OK


def _read(stream: BinaryIO) -> bytes:
    """The message, cut beyond the limit; the rest is read too, or the mail server would take that for a failure."""
    data = stream.read(LONGEST_MESSAGE + 1)
    while stream.read(PIECE):
        pass
    return data
