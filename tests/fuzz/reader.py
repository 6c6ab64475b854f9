"""The process that reads: apart from the one that makes messages up, so that its memory is its own."""

from __future__ import annotations

import logging
import resource
import time
import traceback
from multiprocessing.connection import Connection

from eventsys.mail.received import understood
from tests.fuzz.octets import seeds


def read_all(line: Connection) -> None:
    """Read each message that comes and say its verdict, the seconds, the megabytes grown so far, and the error.

    The seconds are the processor's: reading waits for nothing, so on an idle machine they are those of the clock.
    """
    logging.disable(logging.CRITICAL)
    for data in seeds():
        understood(data)
    begun = _megabytes()
    while True:
        data = line.recv_bytes()
        verdict, error = "raised", ""
        began = time.process_time()
        try:
            verdict = understood(data, "mx.example.gov.cn").verdict.value
        except Exception:
            error = traceback.format_exc()
        line.send((verdict, time.process_time() - began, _megabytes() - begun, error))


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
