"""Guards: every route has exactly one, and what has none is refused.

    @bp.get("/workspace/meetings/<int:meeting_id>/")
    @allowed(can_read_meeting, find_meeting)
    def show(meeting): ...

A guard loads the subject, asks the policy, and hands the subject to the handler. A foreign object is 404, as if it did
not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Flask, Response, abort, current_app, g, request
from werkzeug.wrappers import Response as BaseResponse

from eventsys.core.actor import ANONYMOUS, Actor

View = Callable[..., Any]
Predicate = Callable[..., bool]
GUARD = "__guard__"
OPEN_ENDPOINTS = {"static"}


@dataclass(frozen=True, slots=True)
class Guard:
    """What stands before a route: its kind and, for 'allowed', the policy that it asks."""

    kind: str
    predicate: Predicate | None = None
    load: Callable[..., Any] | None = None

    @property
    def needs_sign_in(self) -> bool:
        return self.kind in {"signed_in", "allowed"}


def public(view: View) -> View:
    """Anybody may call this route."""
    return _attach(view, Guard("public"))


def by_link(load: Callable[..., Any]) -> Callable[[View], View]:
    """Whoever brings a genuine personal link: `load(**url values)` returns its subject, or None for 404."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> Any:
            subject = load(**values)
            if subject is None:
                abort(404)
            return view(subject)

        return _attach(guarded, Guard("link", load=load))

    return decorate


def signed_in(view: View) -> View:
    """Anybody with an account."""

    @wraps(view)
    def guarded(**values: Any) -> Any:
        return view(**values) if current_actor().signed_in else ask_to_sign_in()

    return _attach(guarded, Guard("signed_in"))


def allowed(predicate: Predicate, load: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Whoever the policy lets: `predicate(actor, subject)`, or `predicate(actor)` when nothing is loaded.

    `load(**url values)` returns the subject or None; the handler gets the subject alone.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> Any:
            actor = current_actor()
            if not actor.signed_in:
                return ask_to_sign_in()
            if load is None:
                return view(**values) if predicate(actor) else abort(403)
            subject = load(**values)
            if subject is None or not predicate(actor, subject):
                abort(404)
            return view(subject)

        return _attach(guarded, Guard("allowed", predicate, load))

    return decorate


def guard_of(app: Flask, endpoint: str) -> Guard | None:
    """The guard of a route, None when it has none."""
    return getattr(app.view_functions.get(endpoint), GUARD, None)


def current_actor() -> Actor:
    """Who is asking, loaded once a request by what `create_app` bound."""
    if "actor" not in g:
        g.actor = current_app.extensions["eventsys.actor"]() or ANONYMOUS
    actor: Actor = g.actor
    return actor


def ask_to_sign_in() -> BaseResponse | Response | tuple[str, int]:
    """Lead to the sign-in page and back; what was typed is kept (bound by `create_app`)."""
    answer: BaseResponse = current_app.extensions["eventsys.sign_in"]()
    return answer


def deny_unguarded(app: Flask) -> None:
    """Refuse every route without a guard: forgetting one closes a page instead of opening it."""

    @app.before_request
    def refuse() -> None:
        endpoint = request.endpoint
        if endpoint is None or endpoint in OPEN_ENDPOINTS:
            return
        if guard_of(app, endpoint) is None:
            abort(404)


def guard_foreign(app: Flask, endpoint: str, kind: str) -> None:
    """Record the guard of a route that a library registered and guards itself."""
    setattr(app.view_functions[endpoint], GUARD, Guard(kind))


def _attach(view: View, guard: Guard) -> View:
    setattr(view, GUARD, guard)
    return view
