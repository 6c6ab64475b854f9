"""Who may keep a page: everybody's caches what the public sees, only the browser what somebody signed in sees."""

from __future__ import annotations

from flask import Response

from eventsys.core.actor import Actor


def only_for(actor: Actor, answer: Response) -> Response:
    """Close the answer to shared caches when somebody is signed in."""
    if actor.signed_in:
        answer.cache_control.public = False
        answer.cache_control.private = True
    return answer
