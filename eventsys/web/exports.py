"""A line in the log for each file that somebody takes out of the working pages: who, what, how much."""

from __future__ import annotations

import logging

from flask import Flask, Response, request

from eventsys.web.access import current_actor

log = logging.getLogger("eventsys.exports")
WORKING = ("/workspace/", "/portal/", "/checkin/")


def install(app: Flask) -> None:
    """Log every attachment that leaves a working page. Only the path: what was searched for may name people."""
    log.setLevel(logging.INFO)
    if not log.hasHandlers():
        log.addHandler(logging.StreamHandler())

    @app.after_request
    def note(answer: Response) -> Response:
        if answer.status_code == 200 and _is_file(answer) and request.path.startswith(WORKING):
            actor = current_actor()
            log.info(
                "export account=%s address=%s path=%s bytes=%s",
                actor.account_id or "-",
                actor.address or "-",
                request.path,
                answer.content_length if answer.content_length is not None else "-",
            )
        return answer


def _is_file(answer: Response) -> bool:
    return answer.headers.get("Content-Disposition", "").startswith("attachment")
