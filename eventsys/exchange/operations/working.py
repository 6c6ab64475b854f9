"""One turn of the worker: the oldest import that waits is read or written, and old ones are forgotten."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import delete, select

from eventsys.core.clock import now
from eventsys.core.language import gettext as _
from eventsys.core.transaction import write
from eventsys.exchange.findings import in_both
from eventsys.exchange.models import IN_WORK, Import, ImportFile, ImportRow, ImportState
from eventsys.exchange.operations.holding import Hold, Lost, Tell, claim, unheard
from eventsys.exchange.operations.reading import end_unreadable, read_file
from eventsys.exchange.operations.writing import end_writing, write_import
from eventsys.extensions import db

log = logging.getLogger("eventsys.exchange")

MOST_TRIES = 3
KEPT = timedelta(days=30)
ROWS_AT_ONCE = 1000


def advance(worker: str, told: Tell = unheard) -> bool:
    """Take the oldest import that waits and bring it on as far as it goes; whether there was one."""
    hold = claim(worker, told)
    if hold is None:
        return False
    try:
        _work(hold)
    except Lost:
        log.info("import %s was stopped or taken over", hold.import_id)
        hold.let_go()
    finally:
        db.session.rollback()
    return True


def _work(hold: Hold) -> None:
    if hold.state is ImportState.WRITING and hold.attempts > MOST_TRIES:
        end_writing(hold)
    elif hold.state is ImportState.WRITING:
        write_import(hold)
    elif hold.attempts > MOST_TRIES:
        end_unreadable(
            hold, in_both(lambda: _("Reading this file failed several times. Save it again as .xlsx or .csv."))
        )
    else:
        read_file(hold)


def forget_old() -> None:
    """Delete the rows of imports that ended, or that nobody decided about, a month ago; what is counted stays."""
    old = select(Import.id).where(Import.created_at < now() - KEPT, Import.state.not_in(IN_WORK))
    while True:
        some = select(ImportRow.id).where(ImportRow.import_id.in_(old)).limit(ROWS_AT_ONCE)
        with write():
            gone = db.session.connection().execute(delete(ImportRow).where(ImportRow.id.in_(some))).rowcount
            db.session.execute(delete(ImportFile).where(ImportFile.import_id.in_(old)))
        if not gone:
            return
