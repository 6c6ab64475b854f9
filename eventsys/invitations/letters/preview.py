"""A letter before it is queued, exactly as it will be, but with a link that opens nothing."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response

from eventsys.core.language import gettext as _
from eventsys.core.letters import Facts, Rendered
from eventsys.invitations.facts import Invitee, Liaison, liaison_facts, personal_facts
from eventsys.invitations.letters.render import rendered

NOBODY = "2" * 26
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)


def shown(
    kind: str, common: Facts, to: Invitee | Liaison, more: dict[str, Any] | None = None, language: str | None = None
) -> Rendered:
    """The letter to this reader, in their language or in another."""
    facts = personal_facts(to, "", **(more or {})) if isinstance(to, Invitee) else liaison_facts(to, "", **(more or {}))
    if isinstance(to, Invitee):
        facts["link"] = NOBODY
    elif "answer_link" in facts:
        facts["answer_link"] = NOBODY
    return rendered(kind, common, facts, language or to.language)


def page(letter: Rendered, *, as_text: bool) -> Response:
    """The letter alone, for a sandboxed frame: no script, no request, no form, no way out."""
    return _alone(letter.text if as_text else letter.html, "text/plain" if as_text else "text/html")


def nothing() -> Response:
    """What the frame says when no letter would go out."""
    return _alone(_("No letter goes out."), "text/plain")


def _alone(words: str, mimetype: str) -> Response:
    answer = make_response(words)
    answer.mimetype = mimetype
    answer.headers["Content-Security-Policy"] = POLICY
    return answer
